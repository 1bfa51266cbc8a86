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
# A fallen branch is no fallen tree: it is shorter than this, and than this share of what the registered trees would
# measure there. On ten clips branches are 1.9-3.2 m and 0.35-0.58 of a tree, fallen trees 3.7-7 m and 0.63-1.06.
BRANCH_M, _BRANCH_OF_TREE = 3.2, 0.62
# What is longer by this than a tree of this view would be is none that fell: far crowns side by side measure 1.3-1.5.
_TOO_LONG_OF_TREE = 1.25
_TREES_ASKED = 3
# Yard-sticks this much farther off than the nearest (lines of the picture, 0-1) are asked too: perspective is a guess.
_NEAR_LINES, _AS_NEAR = 0.1, 0.05
_EDGE = 0.01  # a tree that the picture's edge cuts is no measure
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
        known = self._sightings + _of_kinds(scene, *_SURE_KINDS)
        known = known or _of_kinds(scene, "street_light")
        if not known:
            return None
        feet, sizes = np.array([k[0] for k in known]), np.array([k[1] for k in known])
        away = np.abs(feet - line)
        near = away <= max(_NEAR_LINES, float(away.min()) + _AS_NEAR)
        metre = float(np.median(sizes[near] * _perspective(feet[near], line)))
        return metre if metre > 0 else None

    def is_branch(self, box: Box, scene: Scene) -> bool:
        """Whether what looks like a fallen tree is too short for one; False where nothing tells the scale."""
        metre, of_tree = self.metre_at(box.y1, scene), _of_tree(box, scene)
        shares = [_longest(box, scene) / (BRANCH_M * metre)] if metre is not None else []
        shares += [of_tree / _BRANCH_OF_TREE] if of_tree is not None else []
        return bool(shares) and float(np.mean(np.log(shares))) < 0

    def is_fallen_tree(self, box: Box, scene: Scene) -> bool:
        """Whether what looks like a fallen tree has a tree's length: it is no branch, and no row of far crowns."""
        of_tree = _of_tree(box, scene)
        return not self.is_branch(box, scene) and (of_tree is None or of_tree <= _TOO_LONG_OF_TREE)


def _longest(box: Box, scene: Scene) -> float:
    """Longer side of a box, in picture heights."""
    return max(box.width * scene.frame.width / scene.frame.height, box.height)


def _of_tree(box: Box, scene: Scene) -> float | None:
    """Length of a thing over the height that the registered trees would have where it lies; None without any."""
    boxes = [a.region.box for a in scene.view.of_kind("tree") if a.region is not None]
    whole = [b for b in boxes if b.y0 > _EDGE and b.y1 < 1 - _EDGE and b.height >= _MIN_HEIGHT]
    near = sorted(whole, key=lambda b: abs(b.y1 - box.y1))[:_TREES_ASKED]
    if not near:
        return None
    feet, heights = np.array([b.y1 for b in near]), np.array([b.height for b in near])
    return _longest(box, scene) / float(np.median(heights * _perspective(feet, box.y1)))


def _of_kinds(scene: Scene, *kinds: str) -> list[tuple[float, float]]:
    """Foot and picture height of a metre, from the registered things of some kinds."""
    boxes = [(a.kind, a.region.box) for a in scene.view.assets if a.kind in kinds and a.region is not None]
    return [(box.y1, box.height / _HEIGHTS[kind]) for kind, box in boxes if box.height >= _MIN_HEIGHT]


def _perspective(feet: Lines, line: float) -> Lines:
    """By how much a metre grows from the lines of the yard-sticks to another line."""
    grown = (line - _HORIZON) / np.maximum(feet - _HORIZON, 0.05)
    return np.asarray(np.clip(grown, 0.4, 2.5), np.float64)
