"""Trees whose box in the picture came to lie to one side while their foot stayed: they came to lean.

A crown keeps no texture by which its turned past could be found again, and a trunk may lean by less than tells it from
a slanted one. But the detector draws a whole tree in the same place as long as it stands: both its sides move together
only when the tree does.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

from detectors.geometry import Box
from detectors.inspectors.base import Scene
from detectors.values import Asset, LightState

Sides = tuple[float, float, float]
Seen = tuple[float, Box]

_MIN_PX = 100.0  # boxes of lower trees waver by as much as they move when the tree leans
_EDGE = 0.005  # of the picture
_SCORE, _FITS = 0.5, 0.45  # score of a box, and its overlap with where the tree is registered
_FOOT = 0.05  # of the tree's height, by which its lower edge may differ
_LEAST_LOOKS, _LOOKS = 3, 8
# By how much both sides lie to one side of where they were, in heights of the tree. On 245 clips of walks, known places
# and samples (all seen when this was chosen) three trees that came to lean moved by 0.044 to 0.086 where their place
# changed by day, one of which a lamp hides the farther side by 0.03 (walk 77); the others by 0.017 at most, that one
# when it lost its leaves.
_SWUNG, _BACK = 0.026, 0.015
_PROVED = 0.5  # two proofs agree, the moved box and the changed place: a choice


@dataclass(slots=True)
class SwungTrees:
    """Tells which trees came to lean by their boxes, as long as these lie where the tree did not stand."""

    _sides: dict[str, deque[Sides]] = field(default_factory=dict)
    _leaning: set[str] = field(default_factory=set)

    def look(self, trees: Sequence[Asset], scene: Scene, changed: Callable[[str], bool]) -> dict[str, Seen]:
        """Score and box of each tree that came to lean, by its id.

        Args:
            trees: those that did not fall and are not gone.
            changed: whether a tree's place shows other edges than it did; asked where a box has just moved, for what
                changed is learnt anew after a while.
        """
        if scene.light is not LightState.DAY:  # after dark a crown is what lamps show of it
            return {}
        named = scene.detections.named("tree", min_score=_SCORE)
        whole = [(score, box) for _, score, box in named if box.x0 >= _EDGE and box.x1 <= 1.0 - _EDGE]
        leaning = {}
        for tree in trees:
            seen = _box_of(tree, trees, whole, scene)
            if seen is None:
                continue
            known, now = self._sides.setdefault(tree.id, deque(maxlen=_LOOKS)), _sides(tree, seen[1], scene)
            moved = _moved(now, known)
            if moved < _BACK:
                self._leaning.discard(tree.id)
                known.append(now)
            elif tree.id in self._leaning or (moved >= _SWUNG and changed(tree.id)):
                self._leaning.add(tree.id)
                leaning[tree.id] = 1 - (1 - seen[0]) * _PROVED, seen[1]
        return leaning


def _box_of(tree: Asset, trees: Sequence[Asset], found: Sequence[Seen], scene: Scene) -> Seen | None:
    """Score and box of a tree that is seen in its place and is no other's; None where none is, or the tree is low."""
    assert tree.region is not None
    own = tree.region.box
    if own.height * scene.frame.height < _MIN_PX or scene.hidden(own, foot=own.y1):
        return None
    others = [t.region.box for t in trees if t is not tree and t.region is not None]
    fits = [(fit, score, box) for score, box in found if (fit := own.iou(box)) >= _FITS]
    fits = [(fit, score, box) for fit, score, box in fits if all(box.iou(other) <= fit for other in others)]
    return max(fits, key=lambda f: f[0])[1:] if fits else None


def _sides(tree: Asset, box: Box, scene: Scene) -> Sides:
    """Left and right side and lower edge of a box, from where the tree is registered, in its heights."""
    assert tree.region is not None
    own, aspect = tree.region.box, scene.frame.width / scene.frame.height
    tall = own.height
    return (box.x0 - own.x0) * aspect / tall, (box.x1 - own.x0) * aspect / tall, (box.y1 - own.y1) / tall


def _moved(now: Sides, known: Sequence[Sides]) -> float:
    """By how much both sides lie to one side of where they were, its foot where it was: heights of the tree."""
    if len(known) < _LEAST_LOOKS:
        return 0.0
    left, right, foot = (at - median(before) for at, before in zip(now, zip(*known, strict=True), strict=True))
    return min(abs(left), abs(right)) if left * right > 0.0 and abs(foot) <= _FOOT else 0.0
