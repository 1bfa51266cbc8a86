"""Decoded frames to pictures: one working size for every rule, the whole picture only where somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation

from detectors.values import Image

WORKING_PX = 960
"""Longer side of the pictures that are looked at. The rules were made at this size and the detector sees 640 px of it;
evidence is cut from the whole picture."""


def working_size(width: int, height: int) -> tuple[int, int]:
    """Width and height at which a picture is looked at: never larger than it is."""
    scale = min(1.0, WORKING_PX / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def to_bgr(picture: VideoFrame) -> Image:
    """Convert a decoded frame to a BGR picture."""
    return np.asarray(picture.to_ndarray(format="bgr24"), np.uint8)


def working_picture(picture: VideoFrame) -> tuple[Image, Callable[[], Image] | None]:
    """A decoded frame at working size, and what makes the whole picture; None where that is the same.

    Conversion and scaling are one step: at 1080p it takes half the time of converting the whole picture.
    """
    width, height = working_size(picture.width, picture.height)
    if (width, height) == (picture.width, picture.height):
        return to_bgr(picture), None
    small = picture.reformat(width, height, format="bgr24", interpolation=Interpolation.AREA)
    return np.asarray(small.to_ndarray(), np.uint8), lambda: to_bgr(picture)


def working_copy(image: Image) -> tuple[Image, Callable[[], Image] | None]:
    """The same for a picture that is decoded already."""
    height, width = image.shape[:2]
    size = working_size(width, height)
    if size == (width, height):
        return image, None
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8), lambda: image
