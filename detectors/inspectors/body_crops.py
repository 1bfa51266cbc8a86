"""Crops of what stands or lies on the ground by its box: what the judges of people and of damage look at."""

from __future__ import annotations

import cv2
import numpy as np

from detectors.geometry import Box
from detectors.inspectors.crops import Crop
from detectors.values import Image

BODY_SIZE = 48
"""Width and height of a crop, px; the box fills `_SHARE` of it along its longer side, so that the ground is seen."""
_SHARE, _LEAST_PX = 0.6, 12.0
_SHARE_WIDE = 0.2  # shade goes on round a box, damage hardly does: this shows how the ground is farther away


def body_crop(image: Image, box: Box, share: float = _SHARE) -> Crop:
    """What a box shows, and what is round it.

    Args:
        share: of the crop's side that the longer side of the box fills.

    Returns:
        (BODY_SIZE, BODY_SIZE, 4) uint8: blue, green, red, and 255 inside the box.
    """
    height, width = image.shape[:2]
    wide, tall = box.width * width, box.height * height
    reach = max(_LEAST_PX, wide, tall) / share / 2
    x, y = box.centre[0] * width, box.centre[1] * height
    x0, y0, side = round(x - reach), round(y - reach), max(1, round(2 * reach))
    part = image[max(0, y0) : y0 + side, max(0, x0) : x0 + side]
    beyond = (max(0, -y0), max(0, y0 + side - height), max(0, -x0), max(0, x0 + side - width))
    part = cv2.copyMakeBorder(part, *beyond, cv2.BORDER_REPLICATE)  # the rim of the picture goes on
    way = cv2.INTER_AREA if side > BODY_SIZE else cv2.INTER_LINEAR
    crop = np.zeros((BODY_SIZE, BODY_SIZE, 4), np.uint8)
    crop[..., :3] = cv2.resize(part, (BODY_SIZE, BODY_SIZE), interpolation=way)
    half_wide, half_tall = (max(1, round(BODY_SIZE * edge / (4 * reach))) for edge in (wide, tall))
    middle = BODY_SIZE // 2
    crop[middle - half_tall : middle + half_tall, middle - half_wide : middle + half_wide, 3] = 255
    return crop


def ground_crop(image: Image, box: Box) -> Crop:
    """A place on the ground, and the ground farther round it: (BODY_SIZE, BODY_SIZE, 8) uint8, two of `body_crop`."""
    return np.concatenate([body_crop(image, box), body_crop(image, box, _SHARE_WIDE)], axis=2)
