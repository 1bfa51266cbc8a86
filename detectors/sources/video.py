"""Video files, read by PyAV."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream

from detectors.errors import SourceError
from detectors.sources.glimpses import decoded, glimpse_times, glimpsed
from detectors.sources.keys import KeyIndex
from detectors.sources.pictures import WorkingPictures
from detectors.sources.sampling import SKIP_FROM, Picture, Plan, Sampler, groups, next_packet
from detectors.values import Frame, Image

if TYPE_CHECKING:
    from detectors.sources.sampling import VideoPacket

# A file whose last picture comes this much earlier than its header promises was cut off: containers round the
# duration to a frame or two, and audio may run on for a moment.
_CUT_SHORT_S = 1.0
# Three keep two cores busier than two do: 192 and 194 s of 1080p a second against 187, medians of five in turn.
_DECODING_THREADS = 3


class VideoFile:
    """A recorded clip. Its time is `start` plus the presentation time of each frame."""

    live = False

    def __init__(self, path: Path, start: datetime | None = None, times: tuple[datetime, ...] = ()) -> None:
        """Open the file once to learn its length.

        Args:
            start: capture time of the first frame; default is the time the file was last changed.
            times: capture time of every frame of a time-lapse; empty where the video runs at the speed of life.

        Raises:
            SourceError: no such file, an empty file, or not a video.
        """
        self._path = path
        self.spec = str(path)
        self.name = path.name
        if not path.exists():
            raise SourceError(f"{path}: no such file.")
        if path.stat().st_size == 0:
            raise SourceError(f"{path}: the file is empty.")
        self._times = times
        self._start = start or datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
        with self._open() as container:
            stream = self._stream(container)
            rate = stream.average_rate or stream.guessed_rate
            self.fps = float(rate) if rate else None
            self.duration_s = _length(container, stream, self.fps)

    def frames(self, every_s: float) -> Iterator[Frame]:
        """See `Source.frames`. Damaged places that were met are passed over and named once the rest was read."""
        read, met_s = 0, 0.0
        first_s: float | None = None
        last_s: float | None = None
        damage: list[str] = []
        with self._open() as container:
            stream = self._stream(container)
            pictures = WorkingPictures()
            sampler = Sampler(stream, self._plan(every_s), damage)
            for picture in self._pictures(container, stream, sampler, damage):
                first_s = picture.seconds if first_s is None else first_s
                read, offset_s = read + 1, picture.seconds - first_s
                image, full = pictures.of(picture.frame)
                at = self._at(picture.index, offset_s)
                before = tuple if last_s is None else partial(self._glimpses, last_s, picture.seconds)
                last_s = picture.seconds
                yield Frame(image, at, offset_s, picture.index, full, before, damaged=picture.damaged)
            met_s = (sampler.last_s or 0.0) - (first_s or 0.0)
        if read == 0:
            raise SourceError(f"{self._path}: no picture could be decoded; the file is damaged or cut off.")
        if self.duration_s is not None and met_s + _CUT_SHORT_S + 1 / (self.fps or 1) < self.duration_s:
            raise SourceError(
                f"{self._path}: the video ends early, after {met_s:.1f} of {self.duration_s:.1f} s; "
                "what came before was inspected."
            )
        if damage:
            raise SourceError(f"{self._path}: the video is damaged ({damage[0]}); what could be read was inspected.")

    def decoded(self, every_s: float) -> Iterator[Picture]:
        """The pictures that `frames` looks at, decoded and no more: what looking at them costs at the least."""
        damage: list[str] = []
        with self._open() as container:
            stream = self._stream(container)
            yield from self._pictures(container, stream, Sampler(stream, self._plan(every_s), damage), damage)

    def _glimpses(self, earlier_s: float, later_s: float) -> list[Image]:
        """Pictures between two looks, decoded by themselves, for they are wanted of few looks alone."""
        try:
            container = self._open()
        except SourceError:
            return []  # it is gone; reading on tells what that means
        with container:
            pictures, from_s = WorkingPictures(), glimpse_times(earlier_s, later_s)[0]
            timed = decoded(container, self._stream(container), from_s)
            return [pictures.of(picture)[0] for picture in glimpsed(earlier_s, later_s, timed)]

    def _plan(self, every_s: float) -> Plan:
        return Plan(every_s, skipping=self.fps is not None and every_s * self.fps >= SKIP_FROM)

    def _pictures(
        self, container: InputContainer, stream: VideoStream, sampler: Sampler, damage: list[str]
    ) -> Iterator[Picture]:
        # Threads that each decode a picture of their own: most groups give but one, so slices would not help.
        stream.codec_context.thread_type, stream.codec_context.thread_count = "FRAME", _DECODING_THREADS
        packets: Iterator[VideoPacket] = container.demux(stream)
        first = next_packet(packets, damage)
        if first is None:
            return
        packets = chain([first], packets)
        if first.pts is None:
            packets = self._timed(packets)
        elif sampler.plan.skipping:
            stream.codec_context.skip_frame = "NONREF"
        index = KeyIndex.of(stream, first, self._path.stat().st_size) if first.pts is not None else None
        if index is not None and index.suffices(self._plan(sampler.plan.every_s)):
            yield from sampler.pictures(index.groups(stream, packets, damage))
        else:
            yield from sampler.pictures(groups(packets, damage))

    def _timed(self, packets: Iterator[VideoPacket]) -> Iterator[VideoPacket]:
        """Give packets the times that their container does not: one frame after the other.

        Pictures that are shown out of the order of decoding are then off by a few frames' time.
        """
        number = 0
        for packet in packets:
            if packet.size and packet.time_base:
                packet.pts = round(number / (self.fps or 25.0) / packet.time_base)
                number += 1
            yield packet

    def _open(self) -> InputContainer:
        try:
            return av.open(str(self._path), mode="r")
        except (FFmpegError, UnicodeDecodeError) as error:
            raise SourceError(
                f"{self._path}: not a video that can be read; give a video file, a folder of pictures or a stream."
            ) from error

    def _stream(self, container: InputContainer) -> VideoStream:
        if not container.streams.video:
            raise SourceError(f"{self._path}: the file holds no video.")
        return container.streams.video[0]

    def _at(self, index: int, offset_s: float) -> datetime:
        return self._times[index] if index < len(self._times) else self._start + timedelta(seconds=offset_s)


def _length(container: InputContainer, stream: VideoStream, fps: float | None) -> float | None:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    if container.duration:
        return container.duration / av.time_base
    return stream.frames / fps if stream.frames and fps else None
