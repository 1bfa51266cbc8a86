"""What the lower edge of the picture cuts off: only a strip of it is seen, and its name counts for less."""

from __future__ import annotations

from detectors.geometry import Box
from detectors.values import LightState

_EDGE = 0.005  # of the picture's height
# Crowns that lie there were called cracks and bicycles. Water and cars that are seen for so many metres up the picture
# are no strips; choices.
_SHARE, _DEEP_M = 0.6, 1.0
_LARGE = ("puddle", "car", "truck")
# Nor is by day what is so surely damage: of 21 branches and trees that lie there by day and 5 by night, cut off at
# three heights, strips are called a hole or a crack with up to 0.43 and 0.75, a crack that the edge cuts with 0.87 to
# 0.92.
_SURE = 0.8


def share_of_strip(name: str, score: float, box: Box, metre: float | None, light: LightState) -> float:
    """What the detector's score of a thing counts, for what the picture's edge leaves of it.

    Args:
        metre: height of a metre there, 0-1 of the picture's height; None where nothing tells.
    """
    if box.y1 < 1 - _EDGE:
        return 1.0
    if name in _LARGE:
        return 1.0 if box.height >= _DEEP_M * (metre or 1.0) else _SHARE
    sure = name in ("pothole", "crack") and score >= _SURE and light is LightState.DAY
    return 1.0 if sure else _SHARE
