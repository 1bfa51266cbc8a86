"""What of a place the judge of standing things is asked about: all of it, and one side where its shadow lies beside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from detectors.geometry import Box
from detectors.inspectors.base import Scene
from detectors.inspectors.mistaken import PlaceOdds
from detectors.inspectors.places import WITHIN

SURE_WATER = 0.5
"""The detector's score from which it surely sees water."""
STANDS = 0.95
"""Odds from which something of no class stands there."""
RATHER = 0.5
"""Odds from which something rather stands in a place, so that one side of it may show a thing."""
# Height of what stands with its shadow, m, and line of the picture beyond which it is cut. Width over height of what
# stands with its shadow (wider are beds and kerbs), from which one is in it, a side of it; px of what is too small.
_HIGH_M, _WHOLE = (0.6, 2.4), 0.99
_WIDEST, _WITH_SHADOW, _SIDE, _LEAST_PX = 1.75, 0.9, 0.6, 14
_SLIM_M, _SLIM = 0.45, 1.1  # least height of what is higher than wide, as cones are and heaps are not; choices


def sure_water(scene: Scene) -> list[Box]:
    """Where the detector surely sees water."""
    return [box for _, _, box in scene.detections.named("puddle", min_score=SURE_WATER)]


def judged(box: Box, metre: float | None, scene: Scene, judge: PlaceOdds) -> Iterator[tuple[float, Box]]:
    """The judge's odds of a place and, where it is in doubt of one that is wide, of either side of it; none where it
    cannot tell, for what is lower or wider than things that stand, too small, or cut by the picture's edge.

    Args:
        metre: height of a metre there, 0-1 of the picture's height; None where nothing tells.
    """
    width, height = box.width * scene.frame.width, box.height * scene.frame.height
    low = _SLIM_M if height >= _SLIM * width else _HIGH_M[0]
    if width > _WIDEST * height or metre is None or not low * metre <= box.height <= _HIGH_M[1] * metre:
        return
    if max(box.y1, box.x1, 1 - box.x0) >= _WHOLE or height < _LEAST_PX or width < _LEAST_PX / 2:
        return
    odds = judge.of(scene.frame.image, box)
    yield odds, box
    # A side of a puddle is no thing of its own: where the detector is sure of water the whole place must show one.
    wet = any(box.shared(water) > WITHIN for water in sure_water(scene))
    if RATHER <= odds < STANDS and width >= _WITH_SHADOW * height and not wet:
        beside = (1 - _SIDE) * box.width
        for part in (replace(box, x1=box.x1 - beside), replace(box, x0=box.x0 + beside)):
            yield judge.of(scene.frame.image, part), part
