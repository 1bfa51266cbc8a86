"""Bins and benches: whether one is missing, when nothing but ground is in its place; and whether a bin overflows."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import cv2
import numpy as np

from detectors.detector import MOVERS
from detectors.geometry import Box, Region
from detectors.inspectors.absence import Absence
from detectors.inspectors.base import Scene
from detectors.inspectors.bins import LIGHT_KEPT, OVERFLOWING_CLASS, Bins, box_of, is_hidden, light_at
from detectors.inspectors.crops import KEPT, place_crop
from detectors.inspectors.darkness import is_dark
from detectors.inspectors.likeness import ALIKE, Alike, Likenesses
from detectors.inspectors.past import Past
from detectors.inspectors.state_models import state_model
from detectors.inspectors.vanished import Vanished
from detectors.values import Asset, LightState, Observation, Presence, View

# What the detector knows, and the judge of bare places has learnt.
_MISSED_KINDS = {"bench": ("bench",), "bin": ("bin", OVERFLOWING_CLASS)}
_NOT_STANDING = ("path", "lawn", "road", "camera")
# Other things that stand: their place shows the same edges as long as they do. Trees and lamps have inspectors of their
# own, and surfaces cannot go missing.
_NOT_FURNITURE = (*_NOT_STANDING, "tree", "street_light")
# Where a place is bare that was not, a faint box is of what is beside or behind it (0.26-0.45 in four rendered places).
_SEEN_IOU, _SEEN_SCORE, _SURELY_SEEN = 0.15, 0.2, 0.5
# What was seen there and is no more must be surely gone: of held-back places where something stands 0.9 % pass by
# themselves, 2.7 % beside other things, 0.5 % behind leaves, before the detector is asked; 79 and 82 % of the bare
# ones. By night black leaves pass for ground: in the dark only a change tells.
_BARE = 0.85
_GONE = 0.8  # what was never surely seen there may be a bench that the detector does not know: see `Absence`
# What another registered thing hides says nothing: the rest of the place is judged as well, where it is so wide, px. On
# stills the judge tells narrower parts apart less well.
_REST_WIDE, _REST_BARE = 10, 0.75
# Shown no longer than this a thing is too small to tell, px: a far bench that `discover` proposed at 7 x 12 was missed
# falsely in three clips; the smallest of 22 rendered ones that truly were missing or full is 10 px at its shorter side.
_LEAST_PX = 14
# What nobody saw there, and is shown no longer than this, may stand among leaves or behind a bin, where the judge sees
# none of it: from the start benches of 21-25 px were missed falsely on five cameras (walks 22, 52 and 53, the plaza and
# 690002, some of them mirrored, swaying or through another lens). Of 20 found so that truly were missing one has 21
# px and is lost, the others 27 and more. All but that one were seen when this was chosen.
_STRANGER_PX = 26
# What another registered bench or bin hides so much of the detector may never see (a bench behind a bin, by night, was
# missed falsely in five clips of 780001): there, and by day, the judge of bare places decides; in view, choices.
_HIDES, _BARE_BEHIND = 0.4, 0.7
# What is so far within the crown of a nearer tree, which fills so much of its box from the top, stands behind leaves:
# the judge sees ground between them. Bins were missed so from the start in all clips of two places (820013, 840004). In
# view; choices.
_IN_CROWN, _CROWN = 0.7, 0.7
# Of what the side of the picture cuts to so narrow a strip, what is left may hold nothing: only a change tells.
_SIDE = 0.002  # of the picture
_FINE = 128  # columns and rows of a place in which it is told what is seen where
_CHANGED = 0.5  # odds, and rise of them, from which what was seen there before is gone
_STANDS = 0.2  # odds up to which something surely stands there, by day: what cannot be seen for dark is never bare
# A judge that holds a place for bare while a box so like it is seen there is no witness of it afterwards: so it was of
# a bench beside columns and a bin, in six clips by night (walk 54), and of one of 690002, both seen when this was
# chosen; of 29 things that are missing, on as many clips, one has such a box.
_LIKE_IT = 0.4
# What shows no more, while what is round it shows as before, is gone, be there ground or a wall behind it: what stands
# before a place now is seldom as narrow as that. Measured on photographs, see docs/evaluation_assets.md.
_QUITE_UNLIKE, _ROUND_ALIKE, _UNLIKE_SCORE = 0.4, 0.75, 0.75
_EDGE = 0.005  # of the picture
_WENT_SCORE = 0.75  # of what was surely seen and is seen no more; a choice
# What was surely seen in a place by day left it where no box fits the place any more, its edges are others while those
# round it are not, and the judge finds it barer (0.5 is nine times likelier): not even surely bare, for spots of light
# on grass were a bench to it and, off its place, to the detector (walk 73). Of 10,708 looks at benches and bins on 245
# clips, seen when this was chosen, no box fits 34 at things that are missing, with edges of 0.14 to 0.62 and odds risen
# 8 times and more, and 51 at others, with edges of 0.78 and more, or behind a tree that fell or leans.
_OTHER, _ROUND_THE_SAME, _BARER = 0.7, 0.9, 0.45


@dataclass(frozen=True, slots=True)
class _Bare:
    """How surely nothing stands in a place, 0-1, and in what other things leave of it: 0 where that tells nothing."""

    whole: float
    rest: float


@dataclass(slots=True)
class FurnitureInspector:
    """bin_overflowing, on registered bins and on bins nobody registered; asset_missing, for bins, benches and signs."""

    view: View
    _past: Past = field(default_factory=Past)
    _usual_light: dict[str, float] = field(default_factory=dict)
    _likeness: Likenesses = field(default_factory=Likenesses)
    _bins: Bins = field(default_factory=Bins)
    _vanished: Vanished = field(default_factory=Vanished)
    _misjudged: set[tuple[str, LightState]] = field(default_factory=set)
    _left: set[str] = field(default_factory=set)
    _absence: Absence = field(default_factory=Absence)

    def look(self, scene: Scene) -> list[Observation]:
        """See `Inspector.look`."""
        things = [a for a in scene.view.assets if a.region is not None and a.kind not in _NOT_FURNITURE]
        judged = [a for a in things if a.kind in _MISSED_KINDS and not is_hidden(box_of(a), scene)]
        bare = _bare(judged, scene)
        vanished = self._vanished.look(judged, _MISSED_KINDS, scene)
        missing = [self._miss(a, bare.get(a.id), a.id in vanished, scene) for a in things]
        gone = {o.asset_id for o in missing if o.presence is Presence.PRESENT and o.asset_id is not None}
        return self._bins.look(scene, gone) + missing

    def _miss(self, asset: Asset, bare: _Bare | None, vanished: bool, scene: Scene) -> Observation:
        if is_hidden(box_of(asset), scene):
            return _say_missing(asset, Presence.UNKNOWN, "hidden")
        if _is_tiny(box_of(asset), scene):
            return _say_missing(asset, Presence.UNKNOWN, "too small to tell")
        alike = self._likeness.look(asset.id, scene.light, scene.frame.image, box_of(asset))
        if alike is not None and alike.itself >= ALIKE:
            self._usual_light[asset.id] = light_at(box_of(asset), scene)
        if vanished and (alike is None or alike.itself < _OTHER):  # else it shows as ever, and the detector wavers
            return _say_missing(asset, Presence.PRESENT, score=_WENT_SCORE)
        if bare is None:
            return self._unlike(asset, alike, scene)
        risen = self._past.risen(asset.id, scene.light, bare.whole)
        if self._has_left(asset, alike, risen, scene):
            return _say_missing(asset, Presence.PRESENT, score=_WENT_SCORE)
        bared = bare.whole >= _BARE and risen >= _CHANGED
        if bare.whole >= _CHANGED > risen and _is_seen(asset, scene, _SEEN_SCORE, _LIKE_IT):
            self._misjudged.add((asset.id, scene.light))
        told = (asset.id, scene.light) not in self._misjudged and not _is_tiny(box_of(asset), scene, _STRANGER_PX)
        told = told and not _is_behind_leaves(box_of(asset), scene)
        tells = told and not is_dark(box_of(asset), scene) and not _is_strip(box_of(asset), scene)
        gone = self._never_there(asset, bare, scene)
        if tells and gone and not self._lost_light(asset, scene):
            return _say_missing(asset, Presence.PRESENT, score=gone)
        if _is_seen(asset, scene, _SURELY_SEEN if bared else _SEEN_SCORE):
            return _say_missing(asset, Presence.ABSENT)
        odds = max(bare.whole, bare.rest)
        surely = (tells and bare.whole >= _BARE) or (told and bare.rest >= _REST_BARE)
        bared = min(bare.whole, risen) >= _CHANGED and not self._lost_light(asset, scene)
        if surely or bared:
            return _say_missing(asset, Presence.PRESENT, score=odds)
        if self._has_gone(asset, alike, scene):
            return _say_missing(asset, Presence.PRESENT, score=_UNLIKE_SCORE)
        if odds <= _STANDS and scene.light is LightState.DAY:
            return _say_missing(asset, Presence.ABSENT)
        return _say_missing(asset, Presence.UNKNOWN, "not seen, but something stands there")

    def _never_there(self, asset: Asset, bare: _Bare, scene: Scene) -> float:
        """How surely nothing stands in a place where nothing surely was seen until now; 0 where that is not sure.

        What was proposed from the pictures that are looked at was seen in them: seen faintly it is no less there. And
        of what the picture's edge cuts too little may show.
        """
        place, others = box_of(asset), _others(asset.id, scene)
        if scene.view.proposed or _is_cut(place):
            return 0.0
        gone = self._absence.odds(asset.id, place, _MISSED_KINDS[asset.kind], others, bare.whole, scene)
        if not self._absence.is_stranger(asset.id):
            return 0.0
        if all(place.intersection(other) < _HIDES * place.area for other in others):
            return gone if gone >= _GONE else 0.0
        seen = _is_seen(asset, scene, _SEEN_SCORE)
        return bare.whole if scene.light is LightState.DAY and bare.whole >= _BARE_BEHIND and not seen else 0.0

    def _unlike(self, asset: Asset, alike: Alike | None, scene: Scene) -> Observation:
        """Of a kind that neither the detector nor the judge knows: whether its place shows other edges than before."""
        if alike is None:
            return _say_missing(asset, Presence.UNKNOWN, "not known well enough yet")
        if alike.itself >= ALIKE:
            return _say_missing(asset, Presence.ABSENT)
        if self._lost_light(asset, scene):
            return _say_missing(asset, Presence.UNKNOWN, "its light went out")
        if self._has_gone(asset, alike, scene):
            return _say_missing(asset, Presence.PRESENT, score=_UNLIKE_SCORE)
        return _say_missing(asset, Presence.UNKNOWN, "not seen, but something stands there")

    def _has_left(self, asset: Asset, alike: Alike | None, risen: float, scene: Scene) -> bool:
        """Whether what was surely seen in a place by day left it, and was not seen there again since."""
        if scene.light is not LightState.DAY:
            return False
        if not self._vanished.is_out_of_place(asset.id):
            self._left.discard(asset.id)
        elif alike is not None and alike.itself < _OTHER and alike.around >= _ROUND_THE_SAME and risen >= _BARER:
            self._left.add(asset.id)  # nobody covers it, even faintly: then it would not be out of place
        return asset.id in self._left

    def _has_gone(self, asset: Asset, alike: Alike | None, scene: Scene) -> bool:
        """Whether a thing shows no more, and nobody, nothing larger, no darkness and no change of light hides it."""
        if alike is None or alike.itself >= _QUITE_UNLIKE or alike.around < _ROUND_ALIKE:
            return False
        if is_dark(box_of(asset), scene):
            return False  # its edges drown in the noise: at grey level 3 a bin kept 0.38 to 0.86 of its likeness
        faint = [box for _, _, box in scene.detections.named(*MOVERS)]
        return not scene.hidden(box_of(asset), faint) and not self._lost_light(asset, scene)

    def _lost_light(self, asset: Asset, scene: Scene) -> bool:
        """Whether less light falls on a place after dark than when the thing there looked as ever."""
        usual = LIGHT_KEPT * self._usual_light.get(asset.id, 0.0)
        return scene.light is not LightState.DAY and light_at(box_of(asset), scene) < usual


def _is_tiny(place: Box, scene: Scene, least_px: float = _LEAST_PX) -> bool:
    return max(place.width * scene.frame.width, place.height * scene.frame.height) < least_px


def _is_cut(place: Box) -> bool:
    return min(place.x0, place.y0) < _EDGE or max(place.x1, place.y1) > 1.0 - _EDGE


def _is_strip(place: Box, scene: Scene) -> bool:
    """Whether the picture's left or right edge cuts a place so that hardly any of it is seen."""
    cut = place.x0 <= _SIDE or place.x1 >= 1 - _SIDE
    return cut and place.width * scene.frame.width < _REST_WIDE


def _is_behind_leaves(place: Box, scene: Scene) -> bool:
    """Whether a place lies within the crown of a registered tree: below it is the trunk, whose foot is nearer then."""
    trees = [tree.region.box for tree in scene.view.of_kind("tree") if tree.region is not None]
    crowns = [Box(t.x0, t.y0, t.x1, t.y0 + _CROWN * t.height) for t in trees]
    return any(place.intersection(crown) >= _IN_CROWN * place.area for crown in crowns)


def _bare(assets: list[Asset], scene: Scene) -> dict[str, _Bare]:
    """How surely nothing stands in the place of each, by its crops."""
    if not assets:
        return {}
    rests = {a.id: rest for a in assets if (rest := _rest_of(a, scene)) is not None}
    places = [*(box_of(a) for a in assets), *rests.values()]
    ids = [*(a.id for a in assets), *rests]
    crops = [
        place_crop(scene.frame.image, Region.rectangle(place), others=_others(asset_id, scene))
        for asset_id, place in zip(ids, places, strict=True)
    ]
    odds = state_model("place_bare").judge(crops)[:, 1].tolist()
    of_rests = dict(zip(rests, odds[len(assets) :], strict=True))
    return {a.id: _Bare(whole, of_rests.get(a.id, 0.0)) for a, whole in zip(assets, odds, strict=False)}


def _others(asset_id: str, scene: Scene) -> tuple[Box, ...]:
    """Where the other benches and bins of the view are."""
    things = (a for a in scene.view.assets if a.kind in _MISSED_KINDS and a.region is not None)
    return tuple(box_of(a) for a in things if a.id != asset_id)


def _rest_of(asset: Asset, scene: Scene) -> Box | None:
    """The part of a place where no other registered thing is seen; None where it is the whole or cannot tell."""
    place = box_of(asset)
    others = [a for a in scene.view.assets if a.kind not in _NOT_STANDING and a.id != asset.id]
    near = tuple(o.region for o in others if o.region is not None and place.intersection(o.region.box) > 0)
    rest = _widest_rest(place, near) if near else None
    if rest is None or rest.width * scene.frame.width < _REST_WIDE or is_dark(rest, scene):
        return None
    return rest


@lru_cache(maxsize=KEPT)
def _widest_rest(place: Box, others: tuple[Region, ...]) -> Box | None:
    """The widest part of a place, as high as this, that other regions leave; None where that is all or nothing."""
    shared = np.zeros((_FINE, _FINE), np.uint8)
    for region in others:
        within = (np.array(region.points) - (place.x0, place.y0)) / (place.width, place.height)
        cv2.fillPoly(shared, [np.rint(within * _FINE).astype(np.int32)], 1)
    edges = np.flatnonzero(np.diff(shared.any(axis=0), prepend=True, append=True))
    start, end = max(zip(edges[::2], edges[1::2], strict=True), key=lambda run: int(run[1] - run[0]), default=(0, 0))
    if not 0 < end - start < _FINE:
        return None
    x0, x1 = (place.x0 + float(edge) / _FINE * place.width for edge in (start, end))
    return Box(x0, place.y0, x1, place.y1)


def _is_seen(asset: Asset, scene: Scene, min_score: float, least_iou: float = _SEEN_IOU) -> bool:
    """Whether a box shows a thing in its place."""
    place, found = box_of(asset), scene.detections.named(*_MISSED_KINDS[asset.kind], min_score=min_score)
    return any(place.iou(box) >= least_iou for _, _, box in found)


def _say_missing(asset: Asset, presence: Presence, reason: str = "", score: float = 0.0) -> Observation:
    return Observation("asset_missing", presence, score, asset.id, asset.kind, box_of(asset), reason)
