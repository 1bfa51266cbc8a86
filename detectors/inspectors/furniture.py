"""Bins and benches: whether one is missing, when nothing is seen in its place; and whether a bin overflows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from detectors.detector import MOVERS
from detectors.geometry import Box, Region
from detectors.inspectors.base import Scene
from detectors.inspectors.bins import OVERFLOWING_CLASS, Bins, box_of
from detectors.inspectors.likeness import ALIKE, Likenesses, surround
from detectors.values import Asset, LightState, Observation, Presence, View

# A thing that was never seen is missed only where it is tall enough to be seen, and a bench or bin that is no larger is
# seen in the same frame: what the detector cannot see here at all it cannot miss. By night it must be one of its own
# kind, on ground that is hardly brighter.
_MISSED_KINDS = {"bench": ("bench",), "bin": ("bin", OVERFLOWING_CLASS)}
# What was surely seen in some looks is not too small, whatever its size.
_MISSED_MIN_PX = 20
_SURELY_SEEN, _SURE_LOOKS = 0.6, 4
SURFACE_KINDS = ("path", "lawn", "road")
_OVER_IT = 0.3  # share of a thing's place
_LIES_OVER = ("fallen_tree", *sorted(MOVERS))  # large things that hide furniture without being like it in size
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
    _surely_seen: Counter[str] = field(default_factory=Counter)
    _usual_light: dict[str, float] = field(default_factory=dict)
    _likeness: Likenesses = field(default_factory=Likenesses)
    _bins: Bins = field(default_factory=Bins)

    def look(self, scene: Scene) -> list[Observation]:
        """See `Inspector.look`."""
        things = [a for a in scene.view.assets if a.region is not None and a.kind not in _NOT_FURNITURE]
        return self._bins.look(scene) + self._missing(things, scene)

    def _missing(self, things: list[Asset], scene: Scene) -> list[Observation]:
        seen = [a for a in things if _is_seen(a, scene)]
        return [self._miss(a, seen, scene) for a in things]

    def _miss(self, asset: Asset, seen: list[Asset], scene: Scene) -> Observation:
        place = box_of(asset)
        hidden = scene.hidden(place)
        if asset in seen or asset.kind not in _MISSED_KINDS:
            self._was_there.add(asset.id)
        self._surely_seen[asset.id] += _is_seen(asset, scene, _SURELY_SEEN)
        itself = None if hidden else self._likeness.look(asset.id, scene.light, scene.frame.image, place)
        if asset.id not in self._was_there:  # what never was there must not be taken for the thing
            itself = None
        if asset in seen or (itself is not None and itself >= ALIKE):
            self._unseen[asset.id] = 0
            self._usual_light[asset.id] = _light_at(place, scene)
            return _say_missing(asset, Presence.ABSENT)
        if asset.id not in self._was_there and _is_cut(place):
            return _say_missing(asset, Presence.UNKNOWN, "the picture's edge cuts it")
        small = place.height * scene.frame.height < _MISSED_MIN_PX
        if small and self._surely_seen[asset.id] < _SURE_LOOKS:
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


def _is_seen(asset: Asset, scene: Scene, min_score: float = _SEEN_SCORE) -> bool:
    found = scene.detections.named(*_MISSED_KINDS.get(asset.kind, ()), min_score=min_score)
    return any(box_of(asset).iou(box) >= _SEEN_IOU for _, _, box in found)


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
    place = surround(scene.frame.image, box_of(asset), _neighbours(asset, scene))
    peers = [a for a in seen if box_of(a).height <= _MISSED_PEER_SIZE * box_of(asset).height]
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
    places = (surround(scene.frame.image, box_of(a), _neighbours(a, scene)) for a in things)
    return [place.light for place in places if place is not None]


def _something_else(asset: Asset, scene: Scene) -> bool:
    """Whether something stands in an asset's place that is not another registered asset behind it, or lies over it."""
    place, others = box_of(asset), [region.box for region in _neighbours(asset, scene)]
    for name, _, box in scene.detections:
        over_it = name in _LIES_OVER and place.intersection(box) >= _OVER_IT * place.area
        if over_it or (place.iou(box) >= _SEEN_IOU and not any(box.iou(other) >= _SEEN_IOU for other in others)):
            return True
    return False


def _neighbours(asset: Asset, scene: Scene) -> list[Region]:
    """Where the other registered things of the view stand."""
    standing = [a for a in scene.view.assets if a.id != asset.id and a.kind not in SURFACE_KINDS]
    return [a.region for a in standing if a.region is not None]


def _say_missing(asset: Asset, presence: Presence, reason: str = "") -> Observation:
    score = _MISSED_SCORE if presence is Presence.PRESENT else 0.0
    return Observation("asset_missing", presence, score, asset.id, asset.kind, box_of(asset), reason)
