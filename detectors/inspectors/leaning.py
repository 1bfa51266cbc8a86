"""Trees that lean out of the outline in which they stood: told by a learned judge, from the first look on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from detectors.geometry import Box
from detectors.inspectors.base import Scene
from detectors.inspectors.crops import Crop, felled_crop
from detectors.inspectors.slant import Seen, is_shown
from detectors.inspectors.state_models import Odds, SettledJudge
from detectors.values import Asset, LightState

# A box of such a score that fits where a tree stood so well shows it upright, and nobody is asked.
_UPRIGHT = (0.3, 0.75)
# Odds from which a tree leans; and where so many of those in view seem to, the register is off, not the trees.
_LEANS, _SEEMS, _SHARE = 0.8, 0.5, 0.34
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
        doubted = {i: region for i, region in shown.items() if not _is_upright(region.box, scene)}
        self.judge.look({i: felled_crop(scene.frame.image, region) for i, region in doubted.items()})
        odds = {i: float(settled[1]) for i in doubted if (settled := self.judge.odds(i)) is not None}
        seem = sum(value >= _SEEMS for value in odds.values())
        if seem > max(1.0, _SHARE * len(shown)):
            return {}
        return {i: (min(value, _MOST), regions[i].box) for i, value in odds.items() if value >= _LEANS}


def _is_upright(own: Box, scene: Scene) -> bool:
    found = scene.detections.named("tree", min_score=_UPRIGHT[0])
    return any(own.iou(box) >= _UPRIGHT[1] for _, _, box in found)
