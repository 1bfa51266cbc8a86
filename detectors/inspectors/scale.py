"""How large things are: metres from pixels, with what the view itself shows as the yard-stick."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box
from detectors.inspectors.base import Scene

Lines = NDArray[np.float64]

# Usual heights in metres. People tell the scale best, for they are upright and alike; benches and bins are nearly so;
# lamps are 3 to 12 m high and are asked last.
_HEIGHTS = {"person": 1.7, "bench": 0.85, "bin": 1.05, "street_light": 4.5}
_SURE_KINDS = ("bench", "bin")
_PERSON_SCORE = 0.5
_ENOUGH_PEOPLE = 5
# A fallen branch is no fallen tree: it is shorter than this.
BRANCH_M = 3.2
_MIN_HEIGHT = 0.03  # share of the picture below which a box is too coarse a measure
_MEMORY = 60
_HORIZON = 0.2  # where cameras on masts have it; only differences between near lines depend on it


@dataclass(slots=True)
class Scale:
    """Picture heights of one metre at every line of a view, learnt from people and registered furniture.

    On level ground the picture height of a metre grows in proportion to the distance below the horizon.
    """

    _sightings: list[tuple[float, float]] = field(default_factory=list)

    def learn(self, scene: Scene) -> None:
        """Remember the people of this frame."""
        for _, _, box in scene.detections.named("person", min_score=_PERSON_SCORE):
            if box.height >= _MIN_HEIGHT and box.y1 < 0.98:
                self._sightings.append((box.y1, box.height / _HEIGHTS["person"]))
        del self._sightings[:-_MEMORY]

    def metre_at(self, line: float, scene: Scene) -> float | None:
        """Picture height of a metre that stands on a line of the picture; None where nothing tells the scale.

        Args:
            line: where the ground is, 0-1 from the top.
        """
        known = self._sightings if len(self._sightings) >= _ENOUGH_PEOPLE else _of_kinds(scene, *_SURE_KINDS)
        known = known or self._sightings or _of_kinds(scene, "street_light")
        if not known:
            return None
        feet, sizes = np.array([k[0] for k in known]), np.array([k[1] for k in known])
        near = np.argsort(np.abs(feet - line))[:5]
        metre = float(np.median(sizes[near] * _perspective(feet[near], line)))
        return metre if metre > 0 else None

    def is_branch(self, box: Box, scene: Scene) -> bool:
        """Whether what looks like a fallen tree is too short for one; False where nothing tells the scale."""
        metre = self.metre_at(box.y1, scene)
        longest = max(box.width * scene.frame.width / scene.frame.height, box.height)
        return metre is not None and longest < BRANCH_M * metre


def _of_kinds(scene: Scene, *kinds: str) -> list[tuple[float, float]]:
    """Foot and picture height of a metre, from the registered things of some kinds."""
    boxes = [(a.kind, a.region.box) for a in scene.view.assets if a.kind in kinds and a.region is not None]
    return [(box.y1, box.height / _HEIGHTS[kind]) for kind, box in boxes if box.height >= _MIN_HEIGHT]


def _perspective(feet: Lines, line: float) -> Lines:
    """By how much a metre grows from the lines of the yard-sticks to another line."""
    grown = (line - _HORIZON) / np.maximum(feet - _HORIZON, 0.05)
    return np.asarray(np.clip(grown, 0.4, 2.5), np.float64)
