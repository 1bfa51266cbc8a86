"""Video files, decoded by PyAV."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from detectors.errors import SourceError
from detectors.values import Frame, Image

# A file whose last picture comes this much earlier than its header promises was cut off: containers round the
# duration to a frame or two, and audio may run on for a moment.
_CUT_SHORT_S = 1.0
_MAX_DAMAGE = 1000  # damaged packets after which the rest is given up


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
        """See `Source.frames`. Damaged places are passed over and named once the rest was read."""
        read, last_s, wanted_s = 0, 0.0, 0.0
        first_s: float | None = None
        damage: list[str] = []
        with self._open() as container:
            for index, picture in enumerate(self._pictures(container, damage)):
                seconds = self._seconds(picture, index)
                first_s = seconds if first_s is None else first_s
                read, last_s = index + 1, seconds - first_s
                if last_s + 1e-6 < wanted_s:
                    continue
                wanted_s = max(wanted_s + every_s, last_s + every_s / 2)
                yield Frame(to_bgr(picture), self._at(index, last_s), last_s, index)
        if read == 0:
            raise SourceError(f"{self._path}: no picture could be decoded; the file is damaged or cut off.")
        if self.duration_s is not None and last_s + _CUT_SHORT_S + 1 / (self.fps or 1) < self.duration_s:
            promised = f"after {last_s:.1f} of {self.duration_s:.1f} s"
            raise SourceError(f"{self._path}: the video ends early, {promised}; what came before was inspected.")
        if damage:
            raise SourceError(f"{self._path}: the video is damaged ({damage[0]}); what could be read was inspected.")

    def _pictures(self, container: InputContainer, damage: list[str]) -> Iterator[VideoFrame]:
        """Decode to the end, past damaged places, and note what was wrong."""
        stream = self._stream(container)
        stream.thread_type = "AUTO"
        packets = container.demux(stream)
        while True:
            try:
                packet = next(packets, None)
                pictures = packet.decode() if packet is not None else []
            except FFmpegError as error:
                damage.append(str(error.strerror or error))
                if len(damage) > _MAX_DAMAGE:
                    return
                continue
            if packet is None:
                return
            yield from (p for p in pictures if isinstance(p, VideoFrame))

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

    def _seconds(self, picture: VideoFrame, index: int) -> float:
        timed: float | None = picture.time
        return index / (self.fps or 25.0) if timed is None else float(timed)


def to_bgr(picture: VideoFrame) -> Image:
    """Convert a decoded frame to a BGR picture."""
    return np.asarray(picture.to_ndarray(format="bgr24"), np.uint8)


def _length(container: InputContainer, stream: VideoStream, fps: float | None) -> float | None:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    if container.duration:
        return container.duration / av.time_base
    return stream.frames / fps if stream.frames and fps else None
