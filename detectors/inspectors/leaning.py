"""Trees that lean out of the outline in which they stood: told by a learned judge, from the first look on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from detectors.geometry import Box, Region
from detectors.inspectors.base import Scene
from detectors.inspectors.crops import Crop, felled_crop
from detectors.inspectors.slant import Seen, is_shown
from detectors.inspectors.state_models import Odds, SettledJudge
from detectors.inspectors.trunk import trunk_lean
from detectors.values import Asset, Image, LightState

# A box of such a score that fits where a tree stood so well shows it upright, and nobody is asked.
_UPRIGHT = (0.3, 0.8)
# Share of a tree that a nearer registered one covers, from which the judge takes that one's crown for a leaning one's.
_COVERED = 0.35
# Odds from which a tree leans whose trunk is off the axis of its outline by so many degrees as well. On 96 places by
# day without harm, seen when this was made, none of 610 trees passes; by the judge alone 57 do, 42 of them behind
# others. Of five trees that lean four have odds of 0.79 and more; the trunks of all are off by 10 and more.
_LEANS, _TRUNK = 0.7, 9.0
_TOGETHER = 0.34  # where so many of those in view seem to lean the register is off, not the trees
_MOST = 0.9  # said by the judge alone


class LeaningJudge(Protocol):
    """Says how likely trees lean, settled over several looks."""

    def look(self, crops: dict[str, Crop]) -> None:
        """Take in one look at some trees, by id (`felled_crop`)."""

    def odds(self, thing: str) -> Odds | None:
        """Probability of standing and of leaning, None for a tree never looked at."""


@dataclass(slots=True)
class LeaningTrees:
    """Tells which trees lean; after dark, and where nobody registered how they stood, none."""

    judge: LeaningJudge = field(default_factory=lambda: SettledJudge("tree_leans"))

    def look(self, trees: Sequence[Asset], scene: Scene) -> dict[str, Seen]:
        """Score and box of each tree that leans, by its id."""
        if scene.light is not LightState.DAY or scene.view.proposed:
            return {}
        regions = {t.id: t.region for t in trees if t.region is not None}
        shown = {i: region for i, region in regions.items() if is_shown(region.box, scene, False)}
        boxes = [region.box for region in regions.values()]
        doubted = {i: r for i, r in shown.items() if not _is_upright(r.box, scene) and not _is_covered(r.box, boxes)}
        image = scene.frame.image
        self.judge.look({i: felled_crop(image, region) for i, region in doubted.items()})
        odds = {i: float(settled[1]) for i in doubted if (settled := self.judge.odds(i)) is not None}
        leaning = [i for i, value in odds.items() if value >= _LEANS and _is_aslant(image, regions[i])]
        if len(leaning) > max(1.0, _TOGETHER * len(shown)):
            return {}
        return {i: (min(odds[i], _MOST), regions[i].box) for i in leaning}


def _is_upright(own: Box, scene: Scene) -> bool:
    found = scene.detections.named("tree", min_score=_UPRIGHT[0])
    return any(own.iou(box) >= _UPRIGHT[1] for _, _, box in found)


def _is_covered(own: Box, trees: Sequence[Box]) -> bool:
    return any(own.intersection(box) >= _COVERED * own.area for box in trees if box.y1 > own.y1)


def _is_aslant(image: Image, region: Region) -> bool:
    lean = trunk_lean(image, region)
    return lean is not None and abs(lean) >= _TRUNK
