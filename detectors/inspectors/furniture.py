"""Bins and benches: overflowing, from the detector on the registered place; missing, when nothing is seen there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from detectors.detector import MOVERS
from detectors.geometry import Box, Region
from detectors.inspectors.base import Scene
from detectors.inspectors.likeness import ALIKE, Likenesses, surround
from detectors.values import Asset, Detections, LightState, Observation, Presence, View

OVERFLOWING_CLASS = "bin_overflowing"
# A detection belongs to a registered bin when their boxes overlap this much; heaps are wider than the bin itself.
_SAME_BIN = 0.2
# Litter over this share of a bin that is itself not to be seen is what the bin does not hold.
_HEAPED = 0.3
# A bin that is seen is full when litter lies at its foot and the detector, if faintly, takes all of it for litter or
# for a full one.
_ALL_HEAPED, _FAINT, _AT_FOOT = 0.6, 0.15, 0.15
# A thing that was never seen is missed only where it is tall enough to be seen, and a bench or bin that is no larger is
# seen in the same frame: what the detector cannot see here at all it cannot miss. By night it must be one of its own
# kind, on ground that is hardly brighter.
_MISSED_KINDS = {"bench": ("bench",), "bin": ("bin", OVERFLOWING_CLASS)}
_MISSED_MIN_PX = 20
_LIES_OVER = ("fallen_tree", *sorted(MOVERS))  # large things that hide furniture without being like it in size
SURFACE_KINDS = ("path", "lawn", "road")
_MISSED_PEER_SIZE, _PEER_LIGHT = 1.3, 0.5
_MISSED_SCORE = 0.6
# Things that stand: their place shows the same edges as long as they do. Trees and lamps have inspectors of their own,
# and surfaces cannot go missing.
_NOT_FURNITURE = (*SURFACE_KINDS, "tree", "street_light", "camera")
_GONE_SCORE = 0.75
_QUITE_UNLIKE = 0.35  # for kinds that the detector does not know, so that it cannot say whether they are there
# A thing that was seen here must stay unseen for this many looks, for detectors waver; one never seen is missed at
# once.
_UNSEEN_LOOKS = 6
_NEVER_SEEN = 6
_SEEN_IOU, _SEEN_SCORE = 0.15, 0.2
# Of a thing that the picture's edge cuts only a strip may be in view: it is missed only if it was seen there.
_EDGE = 0.005
# After dark a place that keeps less than this share of its light shows other edges whatever stands there. The light is
# that of the place and of half its size round it.
_LIGHT_KEPT, _ROUND = 0.75, 0.5


@dataclass(slots=True)
class FurnitureInspector:
    """bin_overflowing, on registered bins and on bins nobody registered; asset_missing, for bins and benches."""

    view: View
    _unseen: dict[str, int] = field(default_factory=dict)
    _was_there: set[str] = field(default_factory=set)
    _usual_light: dict[str, float] = field(default_factory=dict)
    _likeness: Likenesses = field(default_factory=Likenesses)

    def look(self, scene: Scene) -> list[Observation]:
        """See `Inspector.look`."""
        full = scene.detections.named(OVERFLOWING_CLASS)
        bins = scene.view.of_kind("bin")
        observations = [self._judge(b, _those_of(b, full, bins), scene) for b in bins]
        observations += [
            Observation("bin_overflowing", Presence.PRESENT, score, None, "bin", box)
            for _, score, box in full
            if not any(_same(b, box) for b in bins)
        ]
        things = [a for a in scene.view.assets if a.region is not None and a.kind not in _NOT_FURNITURE]
        return observations + self._missing(things, scene)

    def _missing(self, things: list[Asset], scene: Scene) -> list[Observation]:
        seen = [a for a in things if _is_seen(a, scene)]
        return [self._miss(a, seen, scene) for a in things]

    def _miss(self, asset: Asset, seen: list[Asset], scene: Scene) -> Observation:
        place = _box(asset)
        hidden = scene.hidden(place)
        if asset in seen or asset.kind not in _MISSED_KINDS:
            self._was_there.add(asset.id)
        itself = None if hidden else self._likeness.look(asset.id, scene.light, scene.frame.image, place)
        if asset.id not in self._was_there:  # what never was there must not be taken for the thing
            itself = None
        if asset in seen or (itself is not None and itself >= ALIKE):
            self._unseen[asset.id] = 0
            self._usual_light[asset.id] = _light_at(place, scene)
            return _say_missing(asset, Presence.ABSENT)
        if asset.id not in self._was_there and _is_cut(place):
            return _say_missing(asset, Presence.UNKNOWN, "the picture's edge cuts it")
        if place.height * scene.frame.height < _MISSED_MIN_PX:
            return _say_missing(asset, Presence.UNKNOWN, "too small to tell")
        if hidden or _something_else(asset, scene):
            return _say_missing(asset, Presence.UNKNOWN, "something else is there")
        by_day = scene.light is LightState.DAY
        if not by_day and _light_at(place, scene) < _LIGHT_KEPT * self._usual_light.get(asset.id, 0.0):
            return _say_missing(asset, Presence.UNKNOWN, "its light went out")
        if itself is not None and itself < (ALIKE if by_day and asset.kind in _MISSED_KINDS else _QUITE_UNLIKE):
            return replace(_say_missing(asset, Presence.PRESENT), score=_GONE_SCORE)
        if reason := _why_not_missed(asset, seen, scene):
            return _say_missing(asset, Presence.UNKNOWN, reason)
        self._unseen[asset.id] = self._unseen.get(asset.id, _NEVER_SEEN) + 1
        if self._unseen[asset.id] < _UNSEEN_LOOKS:
            return replace(_say_missing(asset, Presence.UNKNOWN, "not seen for a moment"), ask_again=True)
        return _say_missing(asset, Presence.PRESENT)

    def _judge(self, asset: Asset, full: list[tuple[float, Box]], scene: Scene) -> Observation:
        place = _box(asset)
        if scene.hidden(place):
            return Observation("bin_overflowing", Presence.UNKNOWN, 0.0, asset.id, asset.kind, place, "hidden")
        scores = list(full)
        if not any(place.iou(box) >= _SAME_BIN for _, _, box in scene.detections.named("bin", min_score=_SEEN_SCORE)):
            heaps = scene.detections.named("litter")
            scores += [(score, box) for _, score, box in heaps if place.intersection(box) >= _HEAPED * place.area]
        elif faint := _faintly_full(asset, scene):
            # Two faint proofs that agree are surer than either.
            scores += [(1 - (1 - faint) * (1 - score), place) for score in _at_foot(place, scene)]
        if not scores:
            return Observation("bin_overflowing", Presence.ABSENT, 0.7, asset.id, asset.kind, place)
        score, box = max(scores, key=lambda s: s[0])
        return Observation("bin_overflowing", Presence.PRESENT, score, asset.id, asset.kind, box)


def _is_seen(asset: Asset, scene: Scene) -> bool:
    found = scene.detections.named(*_MISSED_KINDS.get(asset.kind, ()), min_score=_SEEN_SCORE)
    return any(_box(asset).iou(box) >= _SEEN_IOU for _, _, box in found)


def _is_cut(place: Box) -> bool:
    return place.x0 <= _EDGE or place.x1 >= 1.0 - _EDGE or place.y1 >= 1.0 - _EDGE


def _light_at(place: Box, scene: Scene) -> float:
    """Mean grey level, 0-255, of a place and what is round it."""
    grey = scene.frame.grey
    x0, y0, x1, y1 = place.grown(_ROUND).pixels(grey.shape[1], grey.shape[0])
    return float(grey[y0:y1, x0:x1].mean())


def _why_not_missed(asset: Asset, seen: list[Asset], scene: Scene) -> str:
    """Why nothing can be said of a thing that is not to be seen; "" when it must be gone."""
    by_day = scene.light is LightState.DAY
    place = surround(scene.frame.image, _box(asset), _neighbours(asset, scene))
    peers = [a for a in seen if _box(a).height <= _MISSED_PEER_SIZE * _box(asset).height]
    if not by_day:
        peers = [a for a in peers if a.kind == asset.kind]
    if not peers:
        return "nothing like it is seen in this view"
    if place is None:
        return "other things hide its place"
    if not by_day and all(place.light < _PEER_LIGHT * light for light in _lights_of(peers, scene)):
        return "too dark to tell"
    return "" if place.blends else "not seen, but something stands there"


def _lights_of(things: list[Asset], scene: Scene) -> list[float]:
    """How light the ground round some things is, 0-255, where it is to be seen."""
    places = (surround(scene.frame.image, _box(a), _neighbours(a, scene)) for a in things)
    return [place.light for place in places if place is not None]


def _faintly_full(asset: Asset, scene: Scene) -> float:
    """Score with which the detector takes all of a bin for litter or for a full bin; 0 when it does not."""
    place = _box(asset)
    heaps = scene.detections.named("litter", min_score=_FAINT)
    full = scene.detections.named(OVERFLOWING_CLASS, min_score=_FAINT)
    scores = [score for _, score, box in heaps if place.intersection(box) >= _ALL_HEAPED * place.area]
    return max([*scores, *(score for _, score, box in full if _same(asset, box))], default=0.0)


def _at_foot(place: Box, scene: Scene) -> list[float]:
    """Scores of the litter that lies round the foot of a bin and not all over it."""
    reach = _AT_FOOT * place.height
    foot = Box.of((place.x0 - reach, place.y1 - reach, place.x1 + reach, place.y1 + reach))
    heaps = [(score, box) for _, score, box in scene.detections.named("litter") if box.intersection(foot) > 0]
    return [score for score, box in heaps if place.intersection(box) < _ALL_HEAPED * place.area]


def _something_else(asset: Asset, scene: Scene) -> bool:
    """Whether something stands in an asset's place that is not another registered asset behind it, or lies over it."""
    place, others = _box(asset), [region.box for region in _neighbours(asset, scene)]
    for name, _, box in scene.detections:
        over_it = name in _LIES_OVER and place.intersection(box) >= _HEAPED * place.area
        if over_it or (place.iou(box) >= _SEEN_IOU and not any(box.iou(other) >= _SEEN_IOU for other in others)):
            return True
    return False


def _neighbours(asset: Asset, scene: Scene) -> list[Region]:
    """Where the other registered things of the view stand."""
    standing = [a for a in scene.view.assets if a.id != asset.id and a.kind not in SURFACE_KINDS]
    return [a.region for a in standing if a.region is not None]


def _say_missing(asset: Asset, presence: Presence, reason: str = "") -> Observation:
    score = _MISSED_SCORE if presence is Presence.PRESENT else 0.0
    return Observation("asset_missing", presence, score, asset.id, asset.kind, _box(asset), reason)


def _box(asset: Asset) -> Box:
    assert asset.region is not None
    return asset.region.box


def _those_of(asset: Asset, full: Detections, bins: list[Asset]) -> list[tuple[float, Box]]:
    """Scores and boxes of the full bins that are this one and none that stands beside it."""
    mine = [(score, box) for _, score, box in full if _same(asset, box)]
    return [(score, box) for score, box in mine if all(_box(b).iou(box) <= _box(asset).iou(box) for b in bins)]


def _same(asset: Asset, box: Box) -> bool:
    return _box(asset).iou(box) >= _SAME_BIN
