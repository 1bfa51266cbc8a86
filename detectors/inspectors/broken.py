"""Broken slabs that are called a bicycle: they are all edges too."""

from __future__ import annotations

from collections.abc import Callable

from detectors.geometry import Box
from detectors.inspectors.base import Scene
from detectors.inspectors.places import WITHIN

DAMAGE = ("pothole", "crack")
"""The detector's classes of damage."""
THIN = ("bicycle", "motorcycle")
"""Vehicles that are all edges, unlike cars: what is calm is none."""
# Scores from which the detector calls a place a hole as well, and overlap with that, where the judge of damage is
# rather sure, and where it is sure. On two walks heaps of slabs are called a bicycle (0.6-0.7) and a hole (0.5-0.7), at
# odds of 0.9 and more; on walk 81 (0.61-0.76 and 0.48-0.66, odds 0.98 and more) the bicycle's box took in a cover
# beside. Bicycles that lie there are called a hole with 0.3 to 0.7 too, at odds of 0.73 to 0.94 over several looks
# (690001, mirrored, and 770000), and rarely all of that at once. Choices, all in view.
_RATHER, _SURELY = (0.5, 0.8, 0.8), (0.4, WITHIN, 0.97)

OddsOf = Callable[[Box], float]
"""The odds that a place is damaged."""


def is_broken(box: Box, scene: Scene, odds_of: OddsOf) -> bool:
    """Whether what is called a bicycle is called a hole as well, and the judge of damage agrees."""
    for score, overlap, odds in (_RATHER, _SURELY):
        holes = [hole for _, _, hole in scene.detections.named(*DAMAGE, min_score=score)]
        if any(box.iou(hole) >= overlap and odds_of(hole) >= odds for hole in holes):
            return True
    return False
