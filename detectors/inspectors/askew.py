"""Trees that lean where nobody registered how they stood: a trunk aslant, among others that go up straight."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from detectors.geometry import Box
from detectors.inspectors.base import Scene
from detectors.inspectors.slant import Seen, is_shown
from detectors.inspectors.trunk import SLANTS, trunk_lines
from detectors.values import Asset, Image, LightState

# A trunk is the strongest line that goes from the lower edge of a tree's box to the middle of its crown, so high above
# the foot and so near to it (in heights of the tree). Lines are looked for round feet that lie so far apart.
_CROWN_AT, _NEAR, _FEET_APART = 0.6, 0.12, 0.3
_UPRIGHT, _ASKEW = 10, 20  # degrees
# How strong the line is, grey levels, and by how much more so than any that is upright. Of eight trees that lean on
# places 680000-770002, walks 71-80 and the samples, all in view, seven lead by 3.5 to 17.7 and one by 2.2; of 342 other
# boxes in 77 of their clips none of this strength leads by more than 2.0. With a lead of 6, which three of the seven
# miss, none of 221 near trees in photographs passed, but for three in such as lie on their side.
_STRENGTH, _LEAD = 8.0, 3.0
_PLAINLY = 6.0  # strength from which a line shows an upright tree; a choice
_LOOKS = 3  # in which a tree must lean, one after the other: a choice
_THERE_IOU = 0.45  # with its place, from which a box is of the tree that leans there
_SCORE = 0.7  # a choice
# Share of a tree that a nearer one covers, from which the line may be of that one's crown, or of what shows below it.
# Those told falsely in two autumn parks have 0.73 and 0.95, in view; of leaning ones told before 0.0.
_COVERED = 0.6
_CROSSED = 0.4  # share of a tree that a nearer one covers which leans, from which that one's trunk crosses it; a choice


@dataclass(slots=True)
class AskewTrees:
    """Tells trees that lean from the first look on, where the view was registered by its own pictures.

    Some trees grow aslant, and a wide lens makes those at its sides slant: so one is told only beside others that go up
    straight, and where these are no fewer.
    """

    _slants: dict[str, list[int]] = field(default_factory=dict)

    def look(self, trees: Sequence[Asset], scene: Scene) -> dict[str, Seen]:
        """Score and box of each tree that leans, by its id."""
        if not scene.view.proposed or scene.light is not LightState.DAY:
            return {}
        own = {t.id: t.region.box for t in trees if t.region is not None}
        for tree_id, box in own.items():
            slants = self._slants.setdefault(tree_id, [])
            if len(slants) < _LOOKS and is_shown(box, scene, False):
                slant = _slant(scene.frame.image, box)
                slants += [] if slant is None else [slant]
        settled = {i: slants for i, slants in self._slants.items() if len(slants) == _LOOKS}
        upright = sum(not any(slants) for slants in settled.values())
        shown = {i: box for i, box in own.items() if not _is_covered(box, own.values())}
        askew = {i: shown[i] for i, slants in settled.items() if all(slants) and i in shown}
        if len(askew) > upright:
            return {}
        seen = [box for _, _, box in scene.detections.named("tree")]
        return {
            i: (_SCORE, box)
            for i, box in askew.items()
            if any(box.iou(there) >= _THERE_IOU for there in seen) and not _is_crossed(box, askew.values())
        }


def _is_crossed(tree: Box, askew: Iterable[Box]) -> bool:
    return any(tree.intersection(box) >= _CROSSED * tree.area for box in askew if box.y1 > tree.y1)


def _is_covered(tree: Box, trees: Iterable[Box]) -> bool:
    return any(tree.intersection(box) >= _COVERED * tree.area for box in trees if box.y1 > tree.y1)


def _slant(image: Image, own: Box) -> int | None:
    """Degrees by which the trunk in a tree's box plainly leans, 0 where it is plainly upright; None where neither."""
    aspect = image.shape[1] / image.shape[0]
    best = dict.fromkeys(SLANTS.tolist(), 0.0)
    for aside in (-_FEET_APART, 0.0, _FEET_APART):
        shift = aside * own.height / aspect
        lines = trunk_lines(image, Box(own.x0 + shift, own.y0, own.x1 + shift, own.y1))
        if lines is None:
            return None
        for slant, strength in zip(best, lines.strength, strict=True):
            crown = lines.feet + _CROWN_AT * own.height / aspect * np.tan(np.radians(slant))
            leads = np.abs(crown - own.centre[0]) * aspect < _NEAR * own.height
            leads &= (lines.feet > own.x0) & (lines.feet < own.x1)
            best[slant] = max(best[slant], float(strength[leads].max(initial=0.0)))
    straight = max(strength for slant, strength in best.items() if abs(slant) <= _UPRIGHT)
    strength, slant = max((strength, slant) for slant, strength in best.items() if abs(slant) >= _ASKEW)
    if strength >= max(_STRENGTH, straight + _LEAD):
        return int(slant)
    return 0 if straight >= max(_PLAINLY, strength) else None
