"""Outlines in which no tree stands: it fell, or was taken away, before the first look or while nobody could see it.

The register tells where a tree stood. A learned judge says how likely none stands there, and the detector's boxes
whether one does; what lies near its foot tells a tree that fell from one that is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from detectors.geometry import Box, Region
from detectors.inspectors.base import Scene
from detectors.inspectors.crops import KEPT, felled_crop
from detectors.inspectors.places import lying_on
from detectors.inspectors.scale import away_from_foot
from detectors.inspectors.state_models import SettledJudge
from detectors.values import Asset, Observation, Presence

_MIN_PX = 50.0  # of lower trees no trunk is seen
_EDGE = 0.005  # of the picture; the upper edge may cut a tree
# Odds from which none stands in an outline where the detector sees none either: with what lies by its foot, and alone.
_LIKELY, _SURELY = 0.7, 0.95
_MOST = 0.9  # said of a thing that nobody sees
_STANDS_BELOW = 0.5  # odds of a tree that stands
# Score and overlap of a box that shows a tree standing there.
_FITS = (0.15, 0.45)
_HABIT, _HABIT_SHARE = 0.5, 0.34  # where so many outlines look empty, the register is off, not the trees
_HIDDEN_BY = 0.3  # share of an outline that nearer registered things may cover
_GRID = (320, 180)  # width and height of the masks on which that is measured
# A tree that fell lies so near to its foot and is so long at least, both in its height; a detector that knows no such
# thing calls its crown a car, a bush or a heap.
_REACH, _LONG = 0.9, (0.3, 1.3)
_KNOWN_IOU = 0.3  # with a registered thing, which is no tree that fell
# Where the detector sees nearly all other trees stand, so many at least, one that it does not see is a proof of its
# own for what lies by its foot, for outlines that others cover are not judged. Choices.
_OTHERS_SEEN, _LEAST_OTHERS = 0.75, 3
_FACELESS = ("fallen_tree", "car", "truck", "litter", "puddle", "bicycle", "motorcycle", "bench", "tree")


@dataclass(slots=True)
class FelledTrees:
    """Tells which registered trees no longer stand in their outline, look by look."""

    _judge: SettledJudge = field(default_factory=lambda: SettledJudge("tree_gone"))
    _gone: frozenset[str] = frozenset()
    _told: frozenset[str] = frozenset()
    _doubted: frozenset[str] = frozenset()
    _lies: dict[str, Box] = field(default_factory=dict)

    def look(self, trees: Sequence[Asset], scene: Scene) -> list[Observation]:
        """tree_fallen of trees that lie by their foot, asset_missing of such as are not there at all."""
        shown = {t.id: t for t in trees if _is_shown(t, scene)}
        seen = frozenset(i for i, tree in shown.items() if seen_at(tree, scene) is not None)
        for tree_id in seen:
            self._lies.pop(tree_id, None)
        crops = {
            i: felled_crop(scene.frame.image, t.region)
            for i, t in shown.items()
            if t.region is not None and i not in seen  # what is seen to stand need not be judged
        }
        self._judge.look(crops)
        odds = {i: float(settled[1]) for i in crops if (settled := self._judge.odds(i)) is not None}
        likely = sum(value >= _HABIT for value in odds.values())
        habit = likely > 1 and likely >= _HABIT_SHARE * len(shown)
        self._gone = frozenset(i for i, value in odds.items() if value >= _LIKELY and not habit)
        self._doubted = frozenset(i for i, value in odds.items() if value >= _STANDS_BELOW)
        odds |= dict.fromkeys(seen, 0.0)
        said = [self._say(tree, odds.get(tree.id), scene) for tree in trees]
        self._told = frozenset(o.asset_id for o in said if o.presence is Presence.PRESENT and o.asset_id is not None)
        return said

    def is_gone(self, tree_id: str) -> bool:
        """Whether a tree was told as fallen or missing in the last look."""
        return tree_id in self._told

    def is_doubted(self, tree_id: str) -> bool:
        """Whether in the last look a tree was not seen to stand in its outline, and rather seemed not to."""
        return tree_id in self._doubted

    def fell_from(self, lies: Box, scene: Scene) -> str | None:
        """The tree that did not stand in the last look and may lie there: the nearest one."""
        aspect = scene.frame.width / scene.frame.height
        trees = [t for t in scene.view.of_kind("tree") if t.region is not None and t.id in self._gone]
        away = [(away_from_foot(lies, t.region.box, aspect), t.id) for t in trees if t.region is not None]
        return min((known for known in away if known[0] <= _REACH), default=(0.0, None))[1]

    def missed_by(self, lies: Box, scene: Scene) -> str | None:
        """The one tree that the detector does not see stand, among others that it sees, and that may lie there."""
        aspect = scene.frame.width / scene.frame.height
        trees = {t.id: t for t in scene.view.of_kind("tree") if t.region is not None and _is_tall(t.region.box, scene)}
        missed = {i: t.region.box for i, t in trees.items() if t.region and seen_at(t, scene) is None}
        near = [(away_from_foot(lies, box, aspect), i) for i, box in missed.items() if _is_as_long(lies, box, aspect)]
        away, tree = min(near, default=(_REACH + 1, None))
        others, seen = len(trees) - 1, len(trees) - len(missed)
        known = others >= _LEAST_OTHERS and seen >= _OTHERS_SEEN * others
        return tree if known and away <= _REACH else None

    def _say(self, tree: Asset, odds: float | None, scene: Scene) -> Observation:
        assert tree.region is not None
        if tree.id in self._gone and odds is not None:
            if (lies := _lying(tree.region.box, scene)) is not None:
                self._lies[tree.id] = lies
            if tree.id in self._lies or odds >= _SURELY:
                return self._tell(tree, tree.region.box, min(odds, _MOST))
        if odds is not None and odds < _STANDS_BELOW:
            return Observation("asset_missing", Presence.ABSENT, 1 - odds, tree.id, tree.kind, tree.region.box)
        reason = "hidden" if odds is None else "not seen, but something stands there"
        return Observation("asset_missing", Presence.UNKNOWN, 0.0, tree.id, tree.kind, tree.region.box, reason)

    def _tell(self, tree: Asset, stood: Box, score: float) -> Observation:
        """Fallen where it was seen to lie, whatever it was taken for, in some look since it went; else missing."""
        lies = self._lies.get(tree.id)
        if lies is None:
            return Observation("asset_missing", Presence.PRESENT, score, tree.id, tree.kind, stood)
        return Observation("tree_fallen", Presence.PRESENT, score, tree.id, tree.kind, lies, by_place=True)


def _is_tall(tree: Box, scene: Scene) -> bool:
    return tree.height * scene.frame.height >= _MIN_PX


def _is_as_long(lies: Box, stood: Box, aspect: float) -> bool:
    """Whether what lies is about as long as the tree was high."""
    return _LONG[0] <= max(lies.width * aspect, lies.height) / stood.height <= _LONG[1]


def _is_shown(tree: Asset, scene: Scene) -> bool:
    if tree.region is None:
        return False
    own = tree.region.box
    cut = own.x0 < _EDGE or own.x1 > 1.0 - _EDGE or own.y1 > 1.0 - _EDGE
    if cut or not _is_tall(own, scene):
        return False
    if scene.hidden(own, [*scene.movers, *scene.things], own.y1):
        return False
    nearer = tuple(
        a.region
        for a in scene.view.assets
        if a.id != tree.id and a.kind not in ("path", "lawn") and a.region is not None and a.region.box.y1 >= own.y1
    )
    return _covered(tree.region, tuple(r for r in nearer if r.box.intersection(own) > 0)) <= _HIDDEN_BY


@lru_cache(maxsize=KEPT)
def _covered(region: Region, others: tuple[Region, ...]) -> float:
    """Share of a region's area that others cover."""
    own = region.mask(*_GRID)
    return float(sum((own & other.mask(*_GRID)).sum() for other in others) / max(1, own.sum()))


def seen_at(tree: Asset, scene: Scene) -> Box | None:
    """What the detector sees stand in an outline, a tree or what it takes for one; None where it sees none."""
    assert tree.region is not None
    own, (least, overlap) = tree.region.box, _FITS
    found = [box for _, _, box in scene.detections.named("tree", min_score=least) if own.iou(box) >= overlap]
    return max(found, key=own.iou, default=None)


def _lying(stood: Box, scene: Scene) -> Box | None:
    """What may be the tree, lying near the foot of where it stood; None where nothing does."""
    aspect = scene.frame.width / scene.frame.height
    grounds = [a for a in scene.view.assets if a.kind in ("path", "lawn")]
    known = [a.region.box for a in scene.view.assets if a.region is not None and a.kind not in ("path", "lawn")]
    found = [
        (score, box)
        for name, score, box in scene.detections.named(*_FACELESS)
        if (name != "tree" or box.width * aspect >= box.height)  # a tree that is higher than wide stands
        and away_from_foot(box, stood, aspect) <= _REACH
        and _is_as_long(box, stood, aspect)
        and box.y0 > stood.y0
        and all(box.iou(other) < _KNOWN_IOU for other in known)
        and (not grounds or lying_on(box, grounds) is not None)
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else None
