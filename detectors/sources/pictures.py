"""Decoded frames to pictures: one working size for every rule, the whole picture only where somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter

from detectors.values import Image

WORKING_PX = 960
"""Longer side of the pictures that are looked at. The rules were made at this size and the detector sees 640 px of it;
evidence is cut from the whole picture."""
# As FFmpeg numbers them: colours of BT.601, or not told, which it takes for the same; grey levels 16-235.
_BT601, _LIMITED = (2, 5, 6), (0, 1)


def working_size(width: int, height: int) -> tuple[int, int]:
    """Width and height at which a picture is looked at: never larger than it is."""
    scale = min(1.0, WORKING_PX / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def to_bgr(picture: VideoFrame) -> Image:
    """Convert a decoded frame to a BGR picture."""
    return np.asarray(picture.to_ndarray(format="bgr24"), np.uint8)


def still_damaged(before: bool, picture: VideoFrame) -> bool:
    """Whether a picture shows damage: its own, or that of those before it, which lasts until the next key frame.

    The decoder says of H.264 where it had to guess; of H.265 it does not.

    Args:
        before: the same of the picture before it, in the order of showing.
    """
    return picture.is_corrupt or (before and not picture.key_frame)


class WorkingPictures:
    """Makes pictures of working size of one source's decoded frames. For one thread."""

    def __init__(self) -> None:
        # Kept, because making it ready for every frame anew takes a third of its time.
        self._scaler = VideoReformatter()

    def of(self, picture: VideoFrame) -> tuple[Image, Callable[[], Image] | None]:
        """A frame at working size, and what makes the whole picture; None where that is the same."""
        size = working_size(picture.width, picture.height)
        if size == (picture.width, picture.height):
            return to_bgr(picture), None
        small = _by_planes(picture, size) if _is_plain(picture, size) else self._scaled(picture, size)
        return small, lambda: to_bgr(picture)

    def _scaled(self, picture: VideoFrame, size: tuple[int, int]) -> Image:
        small = self._scaler.reformat(picture, *size, format="bgr24", interpolation=Interpolation.AREA)
        return np.asarray(small.to_ndarray(), np.uint8)


def _is_plain(picture: VideoFrame, size: tuple[int, int]) -> bool:
    """Whether a frame is coded as nearly all cameras do, and a whole number of times as large as wanted."""
    width, height = size
    whole = picture.width % width == 0 and picture.height % height == 0 and width % 2 == 0 and height % 2 == 0
    coded = picture.format.name == "yuv420p" and picture.colorspace in _BT601 and picture.color_range in _LIMITED
    return whole and coded


def _by_planes(picture: VideoFrame, size: tuple[int, int]) -> Image:
    """Brightness and colours scaled first, each by itself, and converted when they are small.

    At 1080p it takes a quarter of what scaling and converting at once took (0.5 ms of CPU, 2.0), and comes nearer to
    the exact colours: on a frame of the bench's clip green was 1.6 levels too dark, and is off by 0.1.
    """
    width, height = size
    planes = np.empty((height * 3 // 2, width), np.uint8)
    luma, colours = planes[:height], planes[height:].reshape(2, height // 2, width // 2)
    for source, target in zip(picture.planes, (luma, *colours), strict=True):
        level = np.frombuffer(memoryview(source), np.uint8).reshape(source.height, source.line_size)[:, : source.width]
        cv2.resize(level, target.shape[::-1], dst=target, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(planes, cv2.COLOR_YUV2BGR_I420), np.uint8)


def working_copy(image: Image) -> tuple[Image, Callable[[], Image] | None]:
    """The same for a picture that is decoded already."""
    height, width = image.shape[:2]
    size = working_size(width, height)
    if size == (width, height):
        return image, None
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8), lambda: image
