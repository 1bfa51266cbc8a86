"""Blossoms and autumn leaves by their colour: boughs without leaves are grey or brown, and never rather red."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.inspectors.crops import Crop
from detectors.values import Image

# How much redder than neutral (a* of CIELAB) half of what is in the upper half of an outline is; and than the picture,
# which takes out a camera's tint. Of crops cut for a judge of crowns that was tried, only neutral asked, so red are 23
# of 1,568 rendered bare ones (of two scenes), 13 of 180 photographed bare ones (of five) and 122 of 4,714 rendered ones
# in leaf, blossoms and autumn among them. With 870006 and 890034 in view, where one in blossom each was called bare.
_REDDER, _SHARE = 2.0, 0.5
_STEP = 8  # px between those that tell the picture's tint


def is_reddish(crop: Crop, picture: Image) -> bool:
    """Whether a crown has the colour of blossoms or of autumn leaves, by its `stance_crop` and the picture it is of."""
    inside = crop[..., 7] >= 128
    if not inside.any():
        return False
    tint = max(0.0, float(np.median(_redness(picture[::_STEP, ::_STEP]))))
    return float((_redness(crop[..., 4:7])[inside] - tint > _REDDER).mean()) >= _SHARE


def _redness(colours: Image) -> NDArray[np.float32]:
    """(h, w) a* of blue, green and red: 0 where neutral, above where red outweighs green."""
    lab = cv2.cvtColor(np.ascontiguousarray(colours, np.float32) / 255, cv2.COLOR_BGR2LAB)
    return np.asarray(lab[..., 1], np.float32)
