"""Decodes as little of a video as gives a picture about every so many seconds.

Packets are read in groups: a key frame and what builds on it. A group that holds no wanted time is never decoded; where
a key frame is near enough only that is; else the group is decoded up to the picture that is wanted.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from detectors.sources.pictures import still_damaged

if TYPE_CHECKING:
    VideoPacket = Packet[VideoStream]

LATE_SHARE = 0.5
"""A look may come this share of the interval late when that spares decoding from one key frame towards the next."""
SKIP_FROM = 20
"""Pictures between two looks from which those that no other picture builds on are not decoded. What is then found next
lies two or three pictures later, which is nothing in an interval of 20."""
LONGEST_GROUP = 300
"""Packets held at most: a stream that sends a single key frame must not fill the memory."""
_SPARE = 2  # packets decoded past the first that is late enough, for that one may be a picture that is skipped
_EPSILON_S = 1e-6
_MAX_DAMAGE = 1000  # damaged packets after which the rest is given up


@dataclass(slots=True)
class Group:
    """Packets in the order of decoding, and the time of each one's picture, in seconds.

    Attributes:
        packets: the first of them alone where only key frames are read (`keys.KeyIndex`).
        begins: whether the first is a key frame; False in the later parts of a very long group.
        next_key_s: time of the key frame that follows; None where it is not known or the video ends.
        goes_on: whether the next group builds on this one, as the parts of a very long group do.
    """

    packets: list[VideoPacket]
    times: list[float]
    begins: bool
    next_key_s: float | None = None
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture, its time in seconds as the container tells it, and its number in the order of showing.

    Attributes:
        damaged: see `Frame`.
    """

    frame: VideoFrame
    seconds: float
    index: int
    damaged: bool = False


@dataclass(slots=True)
class Plan:
    """What is wanted next, and which packets of a group must be decoded for it.

    Attributes:
        every_s: seconds between two looks.
        skipping: whether pictures that no other builds on are left out.
        wanted_s: the next time wanted, on the container's clock; None before the first picture, which is always taken.
    """

    every_s: float
    skipping: bool = False
    wanted_s: float | None = None
    picks: deque[float] = field(default_factory=deque)

    def feed(self, group: Group) -> int:
        """How many packets of a group to decode, in their order, having noted the times wanted in it."""
        if not group.times:
            return 0
        shown = sorted(group.times)
        if self.wanted_s is None:
            self.wanted_s = shown[0]
        needed = 0
        for at_s in shown:
            if at_s < self.wanted_s - _EPSILON_S:
                continue
            is_key = group.begins and at_s == group.times[0]
            if not is_key and self._may_wait(group.next_key_s):
                break
            self.picks.append(self.wanted_s)
            needed = max(needed, 1 if is_key else self._reach(group, at_s))
            self.wanted_s = max(self.wanted_s + self.every_s, at_s + self.every_s / 2)
        return len(group.packets) if group.goes_on else needed

    def take(self, seconds: float) -> bool:
        """Whether a decoded picture is one that was waited for."""
        if not self.picks or seconds < self.picks[0] - _EPSILON_S:
            return False
        while self.picks and self.picks[0] <= seconds + _EPSILON_S:
            self.picks.popleft()
        return True

    def _may_wait(self, next_key_s: float | None) -> bool:
        assert self.wanted_s is not None
        return next_key_s is not None and next_key_s - self.wanted_s <= LATE_SHARE * self.every_s

    def _reach(self, group: Group, at_s: float) -> int:
        """Packets to decode until the picture of a time comes out, or one a little later when pictures are skipped."""
        if not self.skipping:
            return group.times.index(at_s) + 1
        first = next(i for i, t in enumerate(group.times) if t >= at_s)
        return min(len(group.times), first + 1 + _SPARE)


def groups(packets: Iterator[VideoPacket], damage: list[str]) -> Iterator[Group]:
    """Gather the packets of one stream into groups, past damaged places, each named in `damage`.

    Packets without a time are left out: a video that gives none must be decoded whole.
    """
    group, tick_s = Group([], [], True), None
    while (packet := next_packet(packets, damage)) is not None:
        if packet.pts is None or packet.size == 0:
            continue
        tick_s = tick_s or packet.time_base
        # As exact as the fraction, in a tenth of its time: there are fifty packets to a look.
        seconds = packet.pts * tick_s.numerator / tick_s.denominator
        full = len(group.packets) >= LONGEST_GROUP
        if group.packets and (packet.is_keyframe or full):
            group.next_key_s = seconds if packet.is_keyframe else None
            group.goes_on = not packet.is_keyframe
            yield group
            group = Group([], [], packet.is_keyframe)
        group.packets.append(packet)
        group.times.append(seconds)
    if group.packets:
        yield group


def next_packet(packets: Iterator[VideoPacket], damage: list[str]) -> VideoPacket | None:
    """The next packet that can be read, past damaged places, each named in `damage`; None at the end."""
    while len(damage) <= _MAX_DAMAGE:
        try:
            return next(packets, None)
        except FFmpegError as error:
            damage.append(str(error.strerror or error))
    return None


class Sampler:
    """Runs a plan over the groups of one stream, with its decoder.

    Attributes:
        plan: what it is to find.
        last_s: time of the latest picture met, decoded or not; None before the first.
    """

    def __init__(self, stream: VideoStream, plan: Plan, damage: list[str]) -> None:
        self.plan = plan
        self._decoder, self._damage = stream.codec_context, damage
        assert stream.time_base is not None
        self._tick_s = stream.time_base
        self._numbers: dict[float, int] = {}
        self._met = 0
        self._damaged = False
        self.last_s: float | None = None

    def pictures(self, found: Iterable[Group]) -> Iterator[Picture]:
        """The pictures wanted, in order of time."""
        for group in found:
            shown = sorted(group.times)
            self.last_s = shown[-1] if self.last_s is None else max(self.last_s, shown[-1])
            needed = self.plan.feed(group)
            if needed:
                self._numbers.update({t: self._met + n for n, t in enumerate(shown)})
            self._met += len(shown)
            for packet in group.packets[:needed]:
                yield from self._decode(packet)
        yield from self._decode(None)

    def _decode(self, packet: VideoPacket | None) -> Iterator[Picture]:
        try:
            frames = self._decoder.decode(packet)
        except FFmpegError as error:
            self._damage.append(str(error.strerror or error))
            self._damaged = True
            return
        for frame in frames:
            self._damaged = still_damaged(self._damaged, frame)
            # The last frames of a video come without a time base of their own.
            seconds = None if frame.pts is None else float(frame.pts * self._tick_s)
            if seconds is None or not self.plan.take(seconds):
                continue
            number = self._numbers.get(seconds, self._met)
            self._numbers = {t: n for t, n in self._numbers.items() if t > seconds}
            yield Picture(frame, seconds, number, self._damaged)
