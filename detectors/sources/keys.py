"""Reads nothing of a file but its key frames, where its index tells beforehand that they will do for every look.

Reading and counting the packets between takes a twentieth of what decoding the key frames does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from av.stream import Discard
from av.video.stream import VideoStream
from numpy.typing import NDArray

from detectors.sources.sampling import Group, Plan, next_packet

if TYPE_CHECKING:
    from detectors.sources.sampling import VideoPacket

_ENTRY = np.dtype([("tick", np.int64), ("key", np.bool_), ("end", np.int64), ("hidden", np.bool_)])


@dataclass(frozen=True, slots=True)
class KeyIndex:
    """What a container's index tells of a stream whose pictures are shown in the order of decoding.

    Attributes:
        ticks: (pictures,) time of every picture, in the stream's time base.
        begins: numbers of the key frames.
        tick: seconds, as a fraction: times must be exactly those of the packets.
    """

    ticks: NDArray[np.int64]
    begins: list[int]
    tick: Fraction

    @classmethod
    def of(cls, stream: VideoStream, first: VideoPacket, file_bytes: int) -> KeyIndex | None:
        """The index of a stream, None where it is no whole one or pictures are shown out of order.

        Args:
            first: the stream's first packet.
            file_bytes: an index that reaches farther belongs to a file that was cut off; how much is missing only
                reading it tells.
        """
        entries, time_base = stream.index_entries, stream.time_base
        if not 0 < len(entries) == stream.frames or time_base is None or stream.codec_context.delay:
            return None
        told = np.fromiter(
            ((e.timestamp, e.is_keyframe, e.pos + e.size, e.is_discard) for e in entries), _ENTRY, len(entries)
        )
        in_order = first.pts == first.dts == told["tick"][0] and bool(told["key"][0])
        if not in_order or told["hidden"].any() or told["end"].max() > file_bytes:
            return None
        return cls(told["tick"], np.flatnonzero(told["key"]).tolist(), time_base)

    def suffices(self, plan: Plan) -> bool:
        """Whether a plan, which is used up by this, takes nothing but key frames."""
        return all(plan.feed(self._group(n)) <= 1 for n in range(len(self.begins)))

    def groups(self, stream: VideoStream, packets: Iterator[VideoPacket], damage: list[str]) -> Iterator[Group]:
        """As `sampling.groups` gives them, with the key frame for their only packet."""
        stream.discard = Discard.nonkey
        number_of = {tick: n for n, tick in enumerate(self.ticks[self.begins].tolist())}
        while (packet := next_packet(packets, damage)) is not None:
            # Some containers give the packets between all the same.
            number = number_of.get(packet.dts) if packet.is_keyframe and packet.size else None
            if number is not None:
                group = self._group(number)
                group.packets.append(packet)
                yield group

    def _group(self, number: int) -> Group:
        start, last = self.begins[number], number + 1 == len(self.begins)
        end = len(self.ticks) if last else self.begins[number + 1] + 1  # with the next key frame's time
        times = (self.ticks[start:end] * self.tick.numerator / self.tick.denominator).tolist()
        following = None if last else times.pop()
        return Group([], times, True, following)
