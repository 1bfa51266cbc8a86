"""Live cameras: RTSP and HTTP streams, and devices on this machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import av
from av.container import InputContainer
from av.error import FFmpegError, InvalidDataError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from detectors.errors import SourceError
from detectors.sources.glimpses import Moments
from detectors.sources.pictures import WorkingPictures, still_damaged
from detectors.sources.sampling import LATE_SHARE
from detectors.values import Frame, Image

if TYPE_CHECKING:
    from detectors.sources.sampling import VideoPacket

TIMEOUT_S = 10.0
"""How long a stream may take to answer, and how long it may stay silent, before it counts as offline."""

STREAM_SCHEMES = ("rtsp://", "rtsps://", "http://", "https://", "rtmp://", "udp://", "srt://")

_MOST_HELD = 600  # packets held undecoded: 24 s of a usual stream
_MOST_BLIND = 50  # packets in a row that gave no picture before the decoder is left alone with all of them: two seconds
_MOST_BROKEN = 250  # packets in a row that cannot be decoded before the stream counts as broken: 10 s of a usual one


@dataclass(slots=True)
class GroupOfLatest:
    """The packets since the last key frame, decoded only when a picture of now is wanted.

    Some cameras send no key frames but renew a strip of the picture at a time. FFmpeg calls where a round begins a key
    frame, but nothing can be decoded from there on alone: such a stream is decoded whole, once that shows.

    Attributes:
        key_gap_s: seconds between the last two key frames; None before two were met.
        broken: packets in a row that could not be decoded.
        damaged: whether the latest picture was made of broken packets, or builds on one that was.
    """

    stream: VideoStream
    clock: Callable[[], float] = time.monotonic
    key_gap_s: float | None = None
    broken: int = 0
    damaged: bool = False
    _held: list[VideoPacket] = field(default_factory=list)
    _fed: int = 0
    _blind: int = 0
    _whole: bool = False
    _key_at: float | None = None

    def add(self, packet: VideoPacket) -> None:
        """Take in the next packet, undecoded."""
        if packet.is_keyframe:
            now = self.clock()
            self.key_gap_s = None if self._key_at is None else now - self._key_at
            self._key_at = now
            if self._whole:
                self._decode()
            elif self._fed:
                self.stream.codec_context.flush_buffers()
            self._held, self._fed = [], 0
        elif self._key_at is None:
            return  # it builds on what came before we did
        self._held.append(packet)
        if len(self._held) > _MOST_HELD:
            self._decode()

    def key_comes_within(self, seconds: float) -> bool:
        """Whether the next key frame, which is the cheapest picture, is due so soon."""
        if self._fresh_key or self._key_at is None or self.key_gap_s is None:
            return False
        return 0 < self._key_at + self.key_gap_s - self.clock() <= seconds

    def picture(self) -> VideoFrame | None:
        """The picture of the latest packet; None when nothing of the group can be decoded."""
        pictures = self._decode()
        if not pictures and self._held and not self._whole:
            # A decoder that waits for pictures out of order gives what it has when it is told that no more come. It has
            # to begin the group again after that.
            pictures = self._drain()
        self._blind = 0 if pictures else self._blind + 1
        self._whole = self._whole or self._blind > _MOST_BLIND
        return pictures[-1] if pictures else None

    @property
    def _fresh_key(self) -> bool:
        return len(self._held) == 1 and self._fed == 0

    def _decode(self) -> list[VideoFrame]:
        pictures: list[VideoFrame] = []
        for packet in self._held[self._fed :]:
            try:
                decoded = self.stream.codec_context.decode(packet)
                self.broken = 0
            except InvalidDataError:
                self.broken, self.damaged = self.broken + 1, True
                continue
            pictures += decoded
            for picture in decoded:
                self.damaged = still_damaged(self.damaged, picture)
        if len(self._held) > _MOST_HELD:
            self._held = self._held[-1:]
        self._fed = len(self._held)
        return pictures

    def _drain(self) -> list[VideoFrame]:
        try:
            pictures = self.stream.codec_context.decode(None)
        except FFmpegError:
            pictures = []
        self.stream.codec_context.flush_buffers()
        self._fed = 0
        return pictures


class LiveStream:
    """A network stream or a device. Frames carry the time they arrived at."""

    live = True
    duration_s = None

    def __init__(self, spec: str, timeout_s: float = TIMEOUT_S) -> None:
        """Name the stream; it is opened when frames are asked for.

        Args:
            spec: an address with one of STREAM_SCHEMES, a device path such as /dev/video0, or a device number.
        """
        self.spec = spec
        self.name = spec.split("@")[-1]  # an address may carry a password
        self.fps: float | None = None
        self._timeout_s = timeout_s

    def frames(self, every_s: float) -> Iterator[Frame]:
        """See `Source.frames`. Packets between two looks are not decoded, where the look can wait for a key frame."""
        with self._open() as container:
            if not container.streams.video:
                raise SourceError(f"{self.name}: the stream carries no video.")
            stream = container.streams.video[0]
            stream.codec_context.thread_count = 1  # a hundred decoders' threads would fill the memory
            rate = stream.average_rate
            self.fps = float(rate) if rate else None
            group, pictures, began = GroupOfLatest(stream), WorkingPictures(), time.monotonic()
            moments = Moments()
            wanted_s, index = 0.0, -1
            try:
                for index, packet in enumerate(container.demux(stream)):
                    if packet.size == 0:
                        continue
                    group.add(packet)
                    offset_s = time.monotonic() - began
                    if offset_s < wanted_s or group.key_comes_within(LATE_SHARE * every_s):
                        if moments.is_due(offset_s) and (glimpse := _glimpse(group, pictures)) is not None:
                            moments.keep(glimpse)
                        continue
                    picture = group.picture()
                    if group.broken > _MOST_BROKEN:
                        raise SourceError(f"{self.name}: nothing of what the stream sends can be decoded.")
                    if picture is None:
                        continue
                    wanted_s = max(wanted_s + every_s, offset_s + every_s / 2)
                    before = moments.before(offset_s, wanted_s)
                    seen = [_frame(pictures.of(picture), offset_s, index, group.damaged, before)]
                    del picture
                    yield seen.pop()  # held by whoever looks at it, and not here until the next
            except (FFmpegError, TimeoutError) as error:
                count, why = index + 1, _why(error)
                raise SourceError(f"{self.name}: the stream broke off after {count} frames ({why}).") from error
        raise SourceError(f"{self.name}: the stream ended after {index + 1} frames.")

    def _open(self) -> InputContainer:
        timeout = (self._timeout_s, self._timeout_s)
        try:
            if self.spec.isdigit() or self.spec.startswith("/dev/"):
                device = f"/dev/video{self.spec}" if self.spec.isdigit() else self.spec
                return av.open(device, format="v4l2", mode="r", timeout=timeout)
            options = {"rtsp_transport": "tcp"} if self.spec.startswith("rtsp") else {}
            return av.open(self.spec, mode="r", options=options, timeout=timeout)
        except (FFmpegError, TimeoutError, OSError, ValueError) as error:
            raise SourceError(
                f"{self.name}: no answer within {self._timeout_s:g} s or not a video stream ({_why(error)}); "
                "check the address, the camera's power and its network."
            ) from error


def _frame(
    made: tuple[Image, Callable[[], Image] | None],
    offset_s: float,
    index: int,
    damaged: bool,
    glimpses: Callable[[], Sequence[Image]],
) -> Frame:
    image, full = made
    return Frame(image, datetime.now(UTC), offset_s, index, full, glimpses, damaged=damaged)


def _glimpse(group: GroupOfLatest, pictures: WorkingPictures) -> Image | None:
    """The picture of the latest packet at working size; None where it is damaged or there is none."""
    picture = group.picture()
    return None if picture is None or group.damaged else pictures.of(picture)[0]


def _why(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error).strip() or type(error).__name__
