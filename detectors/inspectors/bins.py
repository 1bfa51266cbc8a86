"""Whether a bin overflows: what the detector calls it, what a judge of its crop says, and how it looked before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from detectors.geometry import Box, Region
from detectors.inspectors.base import Scene
from detectors.inspectors.bodies import Bodies
from detectors.inspectors.crops import Crop, bin_crop
from detectors.inspectors.darkness import is_dark
from detectors.inspectors.past import Past
from detectors.inspectors.rims import Rims, rim_alone
from detectors.inspectors.state_models import state_model
from detectors.inspectors.trees import FALLEN_CLASS
from detectors.values import Asset, LightState, Observation, Presence

OVERFLOWING_CLASS = "bin_overflowing"
# A detection belongs to a registered bin when their boxes overlap this much; heaps are wider than the bin itself.
_SAME_BIN = 0.2
_SEEN_SCORE = 0.2
# Litter over this share of a bin is what the bin does not hold, unless the detector believes that it sees a bin and no
# more: then a heap lies beside it. On five of twelve walks bags round a bin were told as a full bin as well.
_HEAPED, _BESIDE = 0.3, 0.5
_SAME_BOX = 0.6  # the same box is one bin, whatever names it is given
# Bins do not stand within one another: what covers so much of a registered one is a heap that leans on it, of which its
# own rim tells. Two such were told as bins of their own on walks, at 0.31 and 0.44 of the registered one.
_LEANS = 0.25
# The detector's word counts in full from this score: of five ways to weigh it this one, on held-back photographs, found
# as many overflowing bins as the best (85 of 110) with the fewest false ones but one (25).
_CLEARLY = 0.5
# Where the detector is so many times surer of a bin than of a full one, the judge's word alone is no second proof. On
# held-back photographs, by the scores of the detector before the present one, it costs none of 85 found; of `val` it
# takes 5 of 57 false ones and 1 of 144 found.
_PLAINLY = 1.5
_SURELY_RISEN = 0.75  # and there a bin must have got fuller more surely: a log that falls before one makes it seem so
# Log-odds that a bin overflows by the detector's word, the judge's of its rim and the judge's of its place (whose odds
# count down to so few): a logistic regression of 692 bins of held-back pictures, each set of equal weight, moved to the
# bar of the best F1 there. At 0.5 it finds of these 215 of 251 full ones with 20 false (the mean of word and rim 206
# with 19), of `val`, fitted on nothing but in view when the witnesses were chosen, 360 of 432 with 44 (346 with 40).
_BASE, _OF_WORD, _OF_RIM, _OF_PLACE, _LEAST_ODDS = -2.06, 4.0, 0.37, 0.33, 0.02
# A rim that has come to look another says so much more. Of two black bins that came to overflow by night (walks 76 and
# 78, seen when this was chosen) the detector was in two minds, and the judges found them free.
_OF_CHANGE = 2.5
LIGHT_KEPT = 0.75
"""After dark what keeps less than this share of its light looks another, whatever it is: a bin whose lamps went out
seemed full (grey level 52 before, 16 then)."""
_ROUND = 0.5  # of a thing's size: that light is of its place and of so much round it
# Of what the picture's edge leaves of a bin the judge tells little: of 141 that are not full (held-back stills, cut by
# their lower edge) it calls 75 full where 0.3 is left, 63 at 0.45, 48 at 0.6 and 16 at 0.8. Whole ones are higher than
# wide. So where this is left of one, height over width or width over height, only a change tells.
_EDGE, _CUT_LOW, _CUT_SIDE = 0.005, 1.1, 0.45
# Litter over a bin that is seen, but whose rim the judge finds so free, lies before it, as bags do round a bin that is
# not full. Made with walks 11-38 and the samples in view.
_FREE = 0.3
# A rim that looks another than ever, and that the judge rather finds full: two witnesses, whatever the detector calls
# the bin. A bag on the lid of one was a bin with 0.6 and a full one with 0.07 (walk 62, seen when this was made).
_RATHER = 0.5
_NOT_FULL = 0.2  # how full a bin is at most whose rim looks as ever
_FALLEN_SCORE = 0.5  # of a fallen tree that hides a place; a choice
_TOLD_FROM = 0.3  # a finding that is open stays so down to here, and nothing counts below (`ConfirmationSettings`)


@dataclass(frozen=True, slots=True)
class _Odds:
    """How surely a bin overflows, 0-1, by its place with what is round it, and by its rim alone."""

    place: float
    rim: float

    @property
    def of_rim(self) -> _Odds:
        """The same, with no more said by the place than by the rim: cones that stand there are no bin at all."""
        return _Odds(min(self.place, self.rim), self.rim)


@dataclass(frozen=True, slots=True)
class _Words:
    """Scores of the detector's words that a bin overflows, and that it is a bin and no more; 0 where it says none."""

    full: float
    plain: float


@dataclass(slots=True)
class Bins:
    """bin_overflowing, on registered bins and on bins nobody registered."""

    _past: Past = field(default_factory=Past)
    _rims: Rims = field(default_factory=Rims)
    _bodies: Bodies = field(default_factory=Bodies)
    _light: dict[str, float] = field(default_factory=dict)

    def look(self, scene: Scene, gone: Collection[str] = ()) -> list[Observation]:
        """A verdict on each registered bin, and whatever else overflows.

        Args:
            gone: bins that are not where they stood: what is seen there is behind it.
        """
        bins = [b for b in scene.view.of_kind("bin") if b.id not in gone]
        strange = [] if knows_bins(scene) else strange_bins(scene)
        crops = _crops([box_of(b) for b in bins], scene)
        odds = _judged(crops)
        told = zip(strange, full_strange(strange, scene), strict=True)
        return [self._judge(b, odds[box_of(b)], _words(b, bins, scene), crops[box_of(b)], scene) for b in bins] + [
            _told(sure, None, box) for (_, box), sure in told
        ]

    def _judge(self, asset: Asset, odds: _Odds, words: _Words, crop: Crop, scene: Scene) -> Observation:
        place, body, rim = box_of(asset), crop[..., :4], crop[..., 4:]
        if is_hidden(place, scene):
            return Observation("bin_overflowing", Presence.UNKNOWN, 0.0, asset.id, asset.kind, place, "hidden")
        lost = self._lost_light(asset, scene)
        risen = 0.0 if lost else self._past.risen(asset.id, scene.light, odds.place)
        if not lost and risen < _SURELY_RISEN:
            self._light[asset.id] = light_at(place, scene)
        if _is_cut_short(place, scene) and risen < _SURELY_RISEN:
            return Observation("bin_overflowing", Presence.UNKNOWN, 0.0, asset.id, asset.kind, place, "hidden")
        litter = scene.detections.named("litter")
        plain = words.plain
        heaps = [score for _, score, box in litter if place.intersection(box) >= _HEAPED * place.area]
        fills = odds.rim >= _FREE if words.full or plain else True
        full = max([words.full, *(heaps if fills and plain < _BESIDE else ())])
        if plain > _PLAINLY * full and risen < _SURELY_RISEN:
            risen = 0.0
        other = not lost and self._rims.is_other(asset.id, scene.light, rim)
        score = _joined(_names(full, plain), odds, _OF_CHANGE if other else 0.0)
        if not full and not plain and not risen:
            # What the detector cannot make out at all is mostly hidden, and the judge's word alone is no proof.
            return Observation("bin_overflowing", Presence.UNKNOWN, 0.0, asset.id, asset.kind, place, "hidden")
        changed = max(min(odds.place, risen), (_names(full, plain) + risen) / 2) if risen else 0.0
        if other and odds.rim >= _RATHER:
            changed = max(changed, (1 + odds.rim) / 2)
        if changed > score and changed >= _TOLD_FROM:
            if not self._bodies.is_other(asset.id, scene.light, body):
                score = changed
            elif score < _TOLD_FROM:
                return Observation("bin_overflowing", Presence.UNKNOWN, 0.0, asset.id, asset.kind, place, "hidden")
        if score < _TOLD_FROM and plain >= _BESIDE:
            self._rims.learn(asset.id, scene.light, rim)
            self._bodies.learn(asset.id, scene.light, body)
        elif score >= _TOLD_FROM and self._rims.is_as_before(asset.id, scene.light, rim):
            score = _NOT_FULL
        return _told(score, asset, place)

    def _lost_light(self, asset: Asset, scene: Scene) -> bool:
        """Whether it is too dark to tell what a bin holds, or far darker after dark than when it looked as ever."""
        place = box_of(asset)
        if is_dark(place.grown(_ROUND), scene):  # a bin itself may be black, and well lit
            return True
        usual = LIGHT_KEPT * self._light.get(asset.id, 0.0)
        return scene.light is not LightState.DAY and light_at(place, scene) < usual


def knows_bins(scene: Scene) -> bool:
    """Whether bins are registered."""
    return any(b.region is not None for b in scene.view.of_kind("bin"))


def strange_bins(scene: Scene) -> list[tuple[float, Box]]:
    """Scores and boxes of what is called a full bin where none is registered."""
    own = [box_of(b) for b in scene.view.of_kind("bin") if b.region is not None]
    # By night a bench in half light is called one with 0.9 and more; what is registered there is known.
    known = [a.region.box for a in scene.view.assets if a.kind == "bench" and a.region is not None]
    return [
        (score, box)
        for _, score, box in scene.detections.named(OVERFLOWING_CLASS)
        if not any(_same(b, box) or _leans(box, b) for b in own) and all(box.iou(k) < _SAME_BOX for k in known)
    ]


def full_strange(strange: Sequence[tuple[float, Box]], scene: Scene) -> list[float]:
    """How surely each of what is called a full bin, and is registered nowhere, is one, 0-1."""
    odds = _judged(_crops([box for _, box in strange], scene))
    return [_joined(_names(score, _bare_word(box, scene)), odds[box].of_rim) for score, box in strange]


def box_of(asset: Asset) -> Box:
    """Where a registered thing is seen; it must have a region."""
    assert asset.region is not None
    return asset.region.box


def is_hidden(place: Box, scene: Scene) -> bool:
    """Whether somebody stands before a place, or a tree fell before it."""
    fallen = [box for _, _, box in scene.detections.named(FALLEN_CLASS, min_score=_FALLEN_SCORE)]
    return scene.hidden(place) or scene.hidden(place, fallen, place.y1)


def light_at(place: Box, scene: Scene) -> float:
    """Mean grey level, 0-255, of a place and what is round it."""
    grey = scene.frame.grey
    x0, y0, x1, y1 = place.grown(_ROUND).pixels(grey.shape[1], grey.shape[0])
    return float(grey[y0:y1, x0:x1].mean())


def _crops(places: Iterable[Box], scene: Scene) -> dict[Box, Crop]:
    return {box: bin_crop(scene.frame.image, Region.rectangle(box)) for box in dict.fromkeys(places)}


def _judged(crops: Mapping[Box, Crop]) -> Mapping[Box, _Odds]:
    """How surely each place shows an overflowing bin, by its crop."""
    if not crops:
        return {}
    places = state_model("bin_full").judge(list(crops.values()))[:, 1].tolist()
    rims = state_model("bin_rim").judge([rim_alone(crop[..., 4:]) for crop in crops.values()])[:, 1].tolist()
    return {box: _Odds(place, rim) for box, place, rim in zip(crops, places, rims, strict=True)}


def _plain(scene: Scene) -> list[tuple[float, Box]]:
    """Scores and boxes of what the detector calls a bin and no more."""
    return [(score, box) for _, score, box in scene.detections.named("bin", min_score=_SEEN_SCORE)]


def _bare_word(place: Box, scene: Scene) -> float:
    """Score of the word that a bin and no more is where another is called full."""
    return max((score for score, box in _plain(scene) if place.iou(box) >= _SAME_BOX), default=0.0)


def _names(full: float, plain: float) -> float:
    """How surely a bin overflows by what the detector calls it, 0-1."""
    return full / (full + plain) * min(1.0, full / _CLEARLY) if full > 0.0 else 0.0


def _is_cut_short(place: Box, scene: Scene) -> bool:
    """Whether the picture's edge leaves too little of a bin to tell how full it is."""
    slim = place.height * scene.frame.height / max(1e-6, place.width * scene.frame.width)
    low, side = place.y1 > 1 - _EDGE, place.x0 < _EDGE or place.x1 > 1 - _EDGE
    return (low and slim < _CUT_LOW) or (side and slim > 1 / _CUT_SIDE)


def _joined(word: float, odds: _Odds, more: float = 0.0) -> float:
    """How surely a bin overflows by the detector's word and the judges', and so much log-odds more.

    Where the detector does not call it full at all the judges alone are no proof: of `val` they then find two with 0.5
    and take five others for full.
    """
    if not word:
        return 0.0
    told = _BASE + _OF_WORD * word + _OF_RIM * _logit(odds.rim) + _OF_PLACE * _logit(odds.place) + more
    return float(1 / (1 + np.exp(-told)))


def _logit(odds: float) -> float:
    kept = min(max(odds, _LEAST_ODDS), 1 - _LEAST_ODDS)
    return float(np.log(kept / (1 - kept)))


def _told(score: float, asset: Asset | None, box: Box) -> Observation:
    asset_id = None if asset is None else asset.id
    if score < _TOLD_FROM:
        return Observation("bin_overflowing", Presence.ABSENT, 1 - score, asset_id, "bin", box)
    return Observation("bin_overflowing", Presence.PRESENT, score, asset_id, "bin", box)


def _same(place: Box, box: Box) -> bool:
    return place.iou(box) >= _SAME_BIN


def _leans(box: Box, place: Box) -> bool:
    return box.intersection(place) >= _LEANS * place.area


def _words(asset: Asset, bins: Sequence[Asset], scene: Scene) -> _Words:
    """What is said of a registered bin and of none that stands beside it."""
    place = box_of(asset)

    def best(found: Sequence[tuple[float, Box]]) -> float:
        mine = [(score, box) for score, box in found if _same(place, box)]
        return max((s for s, box in mine if all(box_of(b).iou(box) <= place.iou(box) for b in bins)), default=0.0)

    full = [(score, box) for _, score, box in scene.detections.named(OVERFLOWING_CLASS)]
    return _Words(best(full), best(_plain(scene)))
