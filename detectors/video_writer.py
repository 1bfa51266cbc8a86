"""Writes H.264 video that browsers play."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import cv2

from detectors.values import Image

_FOR_BROWSERS: Mapping[str, str] = {"crf": "26", "preset": "veryfast"}


class H264Writer:
    """A context manager that encodes pictures one by one, and leaves no half-written file behind.

    The file is written under a temporary name beside `path` and renamed when everything is in it.
    """

    def __init__(
        self, path: Path, width: int, height: int, fps: float, coding: Mapping[str, str] = _FOR_BROWSERS
    ) -> None:
        """Start a file.

        Args:
            width, height: size of the video in pixels; odd sizes lose their last row or column, as yuv420p needs.
            fps: pictures a second at play-back.
            coding: options of the encoder.
        """
        self._path = path
        self._partial = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix or '.mp4'}")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._container = av.open(str(self._partial), "w", format="mp4", options={"movflags": "+faststart"})
        self._stream = self._container.add_stream("libx264", rate=Fraction(fps).limit_denominator(1000))
        self._stream.width, self._stream.height = width // 2 * 2, height // 2 * 2
        self._stream.pix_fmt = "yuv420p"
        self._stream.options = dict(coding)

    def __enter__(self) -> H264Writer:
        return self

    def write(self, image: Image) -> None:
        """Add a picture (BGR); one of another size is scaled to the video's."""
        size = (self._stream.width, self._stream.height)
        if (image.shape[1], image.shape[0]) != size:
            image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        for packet in self._stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")):
            self._container.mux(packet)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            for packet in self._stream.encode():
                self._container.mux(packet)
        self._container.close()
        if kind is None:
            self._partial.replace(self._path)
        else:
            self._partial.unlink(missing_ok=True)


def write_h264(path: Path, images: Iterable[Image], fps: float) -> None:
    """Write pictures of one size to `path`.

    Raises:
        ValueError: there are no pictures.
    """
    pictures = iter(images)
    first = next(pictures, None)
    if first is None:
        raise ValueError("a video needs at least one picture")
    with H264Writer(path, first.shape[1], first.shape[0], fps) as writer:
        writer.write(first)
        for image in pictures:
            writer.write(image)
