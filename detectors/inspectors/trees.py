"""Trees: fallen, from the detector; leaning, against their own past; bare, from a learned judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from detectors.geometry import Box
from detectors.inspectors.askew import AskewTrees
from detectors.inspectors.base import Scene
from detectors.inspectors.crops import Crop, stance_crop
from detectors.inspectors.felled import FelledTrees, seen_at
from detectors.inspectors.leafage import SURELY_IN_LEAF, LeafWatch
from detectors.inspectors.leaning import LeaningTrees
from detectors.inspectors.naming import PlaceNames
from detectors.inspectors.plumb import TREES, PlumbLine
from detectors.inspectors.reddish import is_reddish
from detectors.inspectors.scale import Scale
from detectors.inspectors.seasons import is_summer, is_winter
from detectors.inspectors.slant import SlantedTrees
from detectors.inspectors.state_models import Odds, SettledJudge
from detectors.inspectors.swung import SwungTrees
from detectors.inspectors.tree_stance import TreeStance
from detectors.levels import quantiles
from detectors.values import Asset, LightState, Observation, Presence, View

FALLEN_CLASS = "fallen_tree"
# What fills the outline of a registered tree so well is that tree standing: a low crown by night was called fallen.
_STANDING = 0.6
# Two proofs that agree: what looks faintly like a fallen tree, and a tree that is gone there. Two bare trunks on a walk
# were seen with 0.3-0.5. Choices.
_GONE_PROOF, _FAINT = 0.5, 0.25
_BRANCH = "path_obstructed"  # what a branch is, of which the paths' inspector tells
_FALLEN_LOOKS = 5  # detectors waver: a tree seen lying is not judged upright again for so many looks
# Twigs and leaves can hardly be told apart in a small tree (heights in px). One that was seen in leaf and no longer is
# may be judged smaller: a far tree of 85 px that never looked otherwise was called bare, on clips meant for scoring. So
# may one in summer, surely bare among others that are surely in leaf, nearly all: of 32 of 60 to 100 px in leaf among
# such, on clean clips in view, none has more than 0.65; of two bare ones on 890000-890046 one is told (890010, 0.98).
_MIN_CROWN_PX, _MIN_STRANGER_PX = 50.0, 100.0
_BARE = 1  # second output of the crown model: in leaf, bare
_BARE_FROM, _LEAFY_BELOW = 0.6, 0.4
# In summer, among trees of which nearly all are surely in leaf, one that is rather bare than not is bare: a green crown
# right behind keeps the judge from being sure (0.53-0.58 on 720002, in view). Of rendered crops in leaf that were held
# back 0.051 have 0.5 and more, 0.040 have 0.6. Of 31 trees in leaf among such, on 186 clips in view, one has more than
# 0.23: it is seen through the boughs of a dead one.
_RATHER_BARE = 0.5
# Blossoms are light boughs to the judge of crowns (0.53-0.96 bare, on all nine rendered ones, of scenes that it did not
# learn from or hardly). What it calls bare is no bare tree where one that knows blossoms finds it rather in leaf: it
# gives those nine 0.31 at most, and of 144 bare trees told in stills that neither learnt from all 0.5 and more. In
# summer nothing is asked of it: trees that flower do so in spring.
_BARE_TO_BLOSSOMS = 0.5
# Fog hides the leaves and lifts the shadows among them: grey level of the darkest twentieth of a tree, from which
# nothing is said. On rendered views it is at most 60 in clear air; of trees at 68-103 in fog the two palest
# were called bare, and were green.
_VEILED_FROM, _DARKEST = 80.0, 0.05
# Where fewer of the other trees than this share are surely in leaf, it may be the season: of a winter row the judge
# called the far trees thin (0.16-0.48 bare), and the near ones were told; green rows with a bare tree among them are
# below 0.1. In summer, by the calendar, it is not the season: of one surely bare, or whose leaves went while it was
# looked at, the others need only rather be in leaf (of a row of open conifers the judge is sure of none, and calls one
# bare with 0.64). Crowns that the picture's edge cuts do not count there. Nor is one told that was never seen in leaf:
# in an autumn park two conifers that the upper edge cuts were called bare, in each of its eight clips. But one is that
# the detector sees stand there with both its sides in view, as those of a bare crown are where leaves reached out of
# it, and the judge surely calls bare in summer, or where all others, or nearly, are as surely in leaf. Measured with
# the judge before on the first pictures of the day clips of seven sets of places: no tree of 50 px and more, cut so and
# in leaf, has such ones. Of a row of palms whose crowns are above the picture (810008, in view) all five are rather
# bare to the judge, with up to 0.94: nor is one told where half of the others that are cut are not in leaf. (More than
# half, until of three thin birches before a house front two were told, 860006.)
_LEAFY_SHARE = 0.5
_SURELY_BARE, _IN_SEASON, _LEAST_OTHERS = 0.8, 0.75, 3
_EDGE = 0.005  # of the picture
_BEHIND = 0.4  # share of a tree that another hides, from which its own boughs cannot be told; a choice


class CrownJudge(Protocol):
    """Says how likely crowns are in leaf and bare, settled over several looks."""

    def look(self, crops: dict[str, Crop]) -> None:
        """Take in one look at some crowns, by the tree's id."""
        ...

    def odds(self, thing: str) -> Odds | None:
        """Probability of being in leaf and of being bare, None for a tree never looked at."""
        ...


@dataclass(slots=True)
class TreesInspector:
    """tree_fallen, tree_leaning and tree_bare, and asset_missing of trees."""

    view: View
    crowns: CrownJudge = field(default_factory=lambda: SettledJudge("tree_crown"))
    blossoms: CrownJudge = field(default_factory=lambda: SettledJudge("tree_blossom"))
    leaning: LeaningTrees = field(default_factory=LeaningTrees)
    _stance: TreeStance = field(default_factory=TreeStance)
    _plumb: PlumbLine = field(default_factory=lambda: PlumbLine("tree", TREES))
    _scale: Scale = field(default_factory=Scale)
    _leaves: LeafWatch = field(default_factory=LeafWatch)
    _seen_in_leaf: set[str] = field(default_factory=set)
    _reddish: set[str] = field(default_factory=set)
    _lying: dict[str, int] = field(default_factory=dict)
    _names: PlaceNames = field(default_factory=PlaceNames)
    _felled: FelledTrees = field(default_factory=FelledTrees)
    _slanted: SlantedTrees = field(default_factory=SlantedTrees)
    _askew: AskewTrees = field(default_factory=AskewTrees)
    _swung: SwungTrees = field(default_factory=SwungTrees)

    def look(self, scene: Scene) -> list[Observation]:
        """See `Inspector.look`."""
        self._scale.learn(scene)
        trees = scene.view.of_kind("tree")
        felled = self._felled.look(trees, scene)
        fallen = self._fallen(trees, scene, {o.asset_id: o.score for o in felled if o.issue == "tree_fallen"})
        upright = [t for t in trees if t.id not in self._lying]
        slanted = self._askew.look(upright, scene) | self._slanted.look(upright, scene)
        standing = [t for t in trees if t.id not in self._lying and not self._felled.is_gone(t.id)]
        told = {o.asset_id for o in fallen}
        felled = [o for o in felled if o.asset_id not in (told if o.issue == "tree_fallen" else self._lying)]
        leaning = self._plumb.look(standing, scene, self._stance.look(standing, scene))
        swung = self._swung.look(standing, scene, self._stance.changed)
        slanted = self.leaning.look(standing, scene) | swung | slanted
        said = [*felled, *leaning, *self._bare(standing, scene)]
        # What became of a tree is one question: one that leans did not fall, is not gone, and its crown is elsewhere.
        aslant = [_lean(t, *slanted[t.id]) for t in trees if t.id in slanted]
        return [*fallen, *aslant, *(o for o in said if o.asset_id not in slanted)]

    def _fallen(self, trees: list[Asset], scene: Scene, felled: Mapping[str | None, float]) -> list[Observation]:
        """What is seen to lie; but for trees that were told, with these scores, because their outline is empty."""
        self._lying = {i: looks - 1 for i, looks in self._lying.items() if looks > 1}
        claims = []
        for _, score, box in scene.detections.named(FALLEN_CLASS):
            standing = any(t.region is not None and box.iou(t.region.box) >= _STANDING for t in trees)
            gone = self._felled.fell_from(box, scene)
            fell = not standing and (gone is not None or self._scale.is_fallen_tree(box, scene))
            if not fell and (standing or not self._scale.is_branch(box, scene)):
                continue
            missed = self._felled.missed_by(box, scene)
            both = missed is not None or (score >= _FAINT and (gone is not None or self._scale.went(box, scene)))
            sure = 1 - (1 - score) * (1 - _GONE_PROOF) if both else score
            name, tree = "tree_fallen" if fell else _BRANCH, gone or missed or self._scale.stood_at(box, scene)
            claims.append(Observation(name, Presence.PRESENT, sure, tree, "tree", box, by_place=True))
        # Which of the two lies there does not change from look to look, however the measures waver.
        settled = self._names.settle(claims, scene.frame.offset_s, {})
        fallen = [o for o in settled if o.issue != _BRANCH and o.score >= felled.get(o.asset_id, 0.0)]
        self._lying |= {o.asset_id: _FALLEN_LOOKS for o in fallen if o.asset_id is not None}
        return fallen

    def _bare(self, trees: list[Asset], scene: Scene) -> list[Observation]:
        if scene.light is not LightState.DAY:
            return [_say(t, Presence.UNKNOWN, 0.0, "colours cannot be judged now") for t in trees]
        seen = {t.id: t.region for t in trees if t.region is not None and _can_be_judged(t, scene)}
        crops = {i: scene.crop_of(region) for i, region in seen.items()}
        near = {i: stance_crop(scene.frame.image, region) for i, region in seen.items()}
        self.crowns.look(near)
        bare = {i: float(odds[_BARE]) for i in seen if (odds := self.crowns.odds(i)) is not None}
        if not is_summer(scene.frame.at, scene.view.latitude):
            asked = {i: near[i] for i, share in bare.items() if share >= _RATHER_BARE}
            self.blossoms.look(asked)
            self._reddish = {i for i, crop in asked.items() if is_reddish(crop, scene.frame.image)}
        lost = self._leaves.look(crops, bare)
        self._seen_in_leaf |= {i for i, share in bare.items() if share < _LEAFY_BELOW}
        judged = [self._judge(t, bare, lost, scene) for t in trees]
        told = [o.box for o in judged if o.presence is Presence.PRESENT and o.box is not None]
        return [_seen_through(o, told) for o in judged]

    def _judge(self, tree: Asset, bare: Mapping[str, float], lost: Mapping[str, float], scene: Scene) -> Observation:
        whole = {t.id for t in scene.view.of_kind("tree") if t.region is not None and _is_whole(t.region.box)}
        summer = is_summer(scene.frame.at, scene.view.latitude)
        # What was bare when it was first seen tells nothing of a season in which this one's leaves went.
        compared = self._seen_in_leaf if summer and tree.id in lost else set(bare)
        others = [share for i, share in bare.items() if i in (whole & compared) - {tree.id}]
        assert tree.region is not None
        small = tree.region.box.height * scene.frame.height < _MIN_STRANGER_PX
        among_leafy = summer and _is_in_season(others)
        least = _RATHER_BARE if among_leafy and not small else _BARE_FROM
        seen = _judge(tree, bare, others, lost.get(tree.id), summer, least)
        if seen.presence is Presence.PRESENT and self._felled.is_doubted(tree.id):
            return _say(tree, Presence.UNKNOWN, 0.0, "not seen to stand there")
        if seen.presence is Presence.PRESENT and not summer and tree.id not in lost:
            if self._blooms(tree.id):
                return _say(tree, Presence.UNKNOWN, 0.0, "in leaf or blossom to the judge that knows blossoms")
            if tree.id in self._reddish:
                return _say(tree, Presence.UNKNOWN, 0.0, "has the colour of blossoms or autumn leaves")
        if seen.presence is not Presence.PRESENT or tree.id in self._seen_in_leaf:
            return seen
        if is_winter(scene.frame.at, scene.view.latitude):
            return _say(tree, Presence.UNKNOWN, 0.0, "bare in winter, and never seen in leaf")
        if small and not (among_leafy and bare[tree.id] >= _SURELY_BARE):
            return _say(tree, Presence.UNKNOWN, 0.0, "too small to tell, and never seen in leaf")
        shown = seen_at(tree, scene)
        sure = bare[tree.id] >= _SURELY_BARE and shown is not None and not _is_beside_cut(shown)
        in_season = summer or _is_in_season([v for i, v in bare.items() if i != tree.id])
        alike = [share for i, share in bare.items() if i not in whole | {tree.id}]
        if tree.id not in whole and not (sure and in_season and _are_mostly_in_leaf(alike)):
            return _say(tree, Presence.UNKNOWN, 0.0, "not whole in the picture, and never seen in leaf")
        return seen

    def _blooms(self, tree_id: str) -> bool:
        odds = self.blossoms.odds(tree_id)
        return odds is not None and float(odds[_BARE]) < _BARE_TO_BLOSSOMS


def _seen_through(said: Observation, bare: Sequence[Box]) -> Observation:
    """What was said of a tree, but for one that is called bare and stands behind another's bare boughs."""
    own = said.box
    if said.presence is not Presence.PRESENT or own is None:
        return said
    nearer = (box for box in bare if box.y1 > own.y1)
    if all(own.intersection(box) < _BEHIND * own.area for box in nearer):
        return said
    return replace(said, presence=Presence.UNKNOWN, score=0.0, reason="seen through the boughs of a bare tree")


def _can_be_judged(tree: Asset, scene: Scene) -> bool:
    assert tree.region is not None
    whole = tree.region.box
    tall = whole.height * scene.frame.height >= _MIN_CROWN_PX
    return tall and not scene.hidden(whole, foot=whole.y1) and not _is_veiled(whole, scene)


def _is_veiled(tree: Box, scene: Scene) -> bool:
    grey = scene.frame.grey
    x0, y0, x1, y1 = tree.pixels(grey.shape[1], grey.shape[0])
    return quantiles(grey[y0:y1, x0:x1], _DARKEST)[0] >= _VEILED_FROM


def _is_whole(tree: Box) -> bool:
    return tree.y0 > _EDGE and not _is_beside_cut(tree)


def _is_beside_cut(tree: Box) -> bool:
    return tree.x0 <= _EDGE or tree.x1 >= 1.0 - _EDGE


def _is_in_season(others: Sequence[float]) -> bool:
    """Whether nearly all other trees, by their odds of being bare, are surely in leaf."""
    leafy = sum(share < SURELY_IN_LEAF for share in others)
    return leafy >= max(_LEAST_OTHERS, _IN_SEASON * len(others))


def _are_mostly_in_leaf(others: Sequence[float]) -> bool:
    """Whether more than half of some trees, if there are any, are rather in leaf than bare."""
    return not others or sum(share < _LEAFY_BELOW for share in others) > _LEAFY_SHARE * len(others)


def _are_in_leaf(others: Sequence[float], summer: bool) -> bool:
    """Whether the other trees are in leaf, by their odds of being bare: surely so, or in summer rather than bare."""
    if summer:
        return sum(v < _LEAFY_BELOW for v in others) >= _LEAFY_SHARE * len(others)
    leafy = sum(v < SURELY_IN_LEAF for v in others)
    return leafy > 0 and leafy >= _LEAFY_SHARE * len(others)


def _judge(
    tree: Asset, bare: Mapping[str, float], others: Sequence[float], lost: float | None, summer: bool, least: float
) -> Observation:
    """What is said of a crown, from all odds of being bare, those to compare with, the score of its lost leaves, and
    the odds from which it is bare.
    """
    if tree.id not in bare:
        return _say(tree, Presence.UNKNOWN, 0.0, "too small or hidden")
    share = bare[tree.id]
    if share < _LEAFY_BELOW and lost is None:
        return _say(tree, Presence.ABSENT, 1.0 - share)
    if share < least and lost is None:
        return _say(tree, Presence.UNKNOWN, 0.0, "thin, but not bare")
    if not _are_in_leaf(others, summer and (share >= _SURELY_BARE or lost is not None)):
        return _say(tree, Presence.UNKNOWN, 0.0, "too few trees in leaf to compare with: it may be the season")
    return _say(tree, Presence.PRESENT, share if lost is None else max(share, lost))


def _lean(tree: Asset, score: float, box: Box) -> Observation:
    return Observation("tree_leaning", Presence.PRESENT, score, tree.id, tree.kind, box)


def _say(tree: Asset, presence: Presence, score: float, reason: str = "") -> Observation:
    assert tree.region is not None
    return Observation("tree_bare", presence, score, tree.id, tree.kind, tree.region.box, reason)
