"""Live cameras: RTSP and HTTP streams, and devices on this machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import av
from av.container import InputContainer
from av.error import FFmpegError

from detectors.errors import SourceError
from detectors.sources.pictures import working_picture
from detectors.values import Frame

TIMEOUT_S = 10.0
"""How long a stream may take to answer, and how long it may stay silent, before it counts as offline."""

STREAM_SCHEMES = ("rtsp://", "rtsps://", "http://", "https://", "rtmp://", "udp://", "srt://")


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
        """See `Source.frames`. Frames between two looks are decoded and dropped: each picture is the latest."""
        with self._open() as container:
            if not container.streams.video:
                raise SourceError(f"{self.name}: the stream carries no video.")
            stream = container.streams.video[0]
            rate = stream.average_rate
            self.fps = float(rate) if rate else None
            began = time.monotonic()
            wanted_s, index = 0.0, -1
            try:
                for index, picture in enumerate(container.decode(stream)):
                    offset_s = time.monotonic() - began
                    if offset_s < wanted_s:
                        continue
                    wanted_s = offset_s + every_s
                    image, full = working_picture(picture)
                    yield Frame(image, datetime.now(UTC), offset_s, index, full)
            except (FFmpegError, TimeoutError) as error:
                why = f"the stream broke off after {index + 1} frames ({_why(error)})"
                raise SourceError(f"{self.name}: {why}.") from error
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


def _why(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error).strip() or type(error).__name__
