"""Bins and benches: overflowing, from the detector on the registered place; missing, when nothing is seen there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from detectors.geometry import Box
from detectors.inspectors.base import Scene
from detectors.inspectors.likeness import ALIKE, Likenesses, blends
from detectors.values import Asset, Detections, LightState, Observation, Presence, View

OVERFLOWING_CLASS = "bin_overflowing"
# A detection belongs to a registered bin when their boxes overlap this much; heaps are wider than the bin itself.
_SAME_BIN = 0.2
# Litter over this share of a bin that is itself not to be seen is what the bin does not hold.
_HEAPED = 0.3
# A bin that is seen is full when litter lies at its foot and the detector, if faintly, takes all of it for litter or
# for a full one.
_ALL_HEAPED, _FAINT, _AT_FOOT = 0.6, 0.15, 0.15
# A thing is missed only by day, where it is tall enough to be seen, and where a thing of its kind that is no larger
# is seen in the same frame: what the detector cannot see here at all it cannot miss.
_MISSED_KINDS = {"bench": ("bench",), "bin": ("bin", OVERFLOWING_CLASS)}
_MISSED_MIN_PX = 24
SURFACE_KINDS = ("path", "lawn", "road")
_MISSED_PEER_SIZE = 1.3
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


@dataclass(slots=True)
class FurnitureInspector:
    """bin_overflowing, on registered bins and on bins nobody registered; asset_missing, for bins and benches."""

    view: View
    _unseen: dict[str, int] = field(default_factory=dict)
    _was_there: set[str] = field(default_factory=set)
    _likeness: Likenesses = field(default_factory=Likenesses)

    def look(self, scene: Scene) -> list[Observation]:
        """See `Inspector.look`."""
        full = scene.detections.named(OVERFLOWING_CLASS)
        bins = scene.view.of_kind("bin")
        observations = [self._judge(b, full, scene) for b in bins]
        observations += [
            Observation("bin_overflowing", Presence.PRESENT, score, None, "bin", box)
            for _, score, box in full
            if not any(_same(b, box) for b in bins)
        ]
        things = [a for a in scene.view.assets if a.region is not None and a.kind not in _NOT_FURNITURE]
        return observations + [
            o for kind in sorted({a.kind for a in things}) for o in self._missing(kind, things, scene)
        ]

    def _missing(self, kind: str, things: list[Asset], scene: Scene) -> list[Observation]:
        assets = [a for a in things if a.kind == kind]
        found = [box for _, _, box in scene.detections.named(*_MISSED_KINDS.get(kind, ()), min_score=_SEEN_SCORE)]
        seen = {a.id: a for a in assets if any(_box(a).iou(box) >= _SEEN_IOU for box in found)}
        return [self._miss(a, seen, scene) for a in assets]

    def _miss(self, asset: Asset, seen: dict[str, Asset], scene: Scene) -> Observation:
        place = _box(asset)
        hidden = scene.hidden(place)
        if asset.id in seen or asset.kind not in _MISSED_KINDS:
            self._was_there.add(asset.id)
        itself = None if hidden else self._likeness.look(asset.id, scene.light, scene.frame.image, place)
        if asset.id not in self._was_there:  # what never was there must not be taken for the thing
            itself = None
        if asset.id in seen or (itself is not None and itself >= ALIKE):
            self._unseen[asset.id] = 0
            return _say_missing(asset, Presence.ABSENT)
        if place.height * scene.frame.height < _MISSED_MIN_PX:
            return _say_missing(asset, Presence.UNKNOWN, "too small to tell")
        if hidden or _something_else(asset, scene):
            return _say_missing(asset, Presence.UNKNOWN, "something else is there")
        by_day = scene.light is LightState.DAY
        if itself is not None and itself < (ALIKE if by_day and asset.kind in _MISSED_KINDS else _QUITE_UNLIKE):
            return replace(_say_missing(asset, Presence.PRESENT), score=_GONE_SCORE)
        if not by_day:
            return _say_missing(asset, Presence.UNKNOWN, "too dark to tell")
        if not any(_box(peer).height <= _MISSED_PEER_SIZE * place.height for peer in seen.values()):
            return _say_missing(asset, Presence.UNKNOWN, "nothing of its kind is seen in this view")
        if not blends(scene.frame.image, place, _neighbours(asset, scene)):
            return _say_missing(asset, Presence.UNKNOWN, "not seen, but something stands there")
        self._unseen[asset.id] = self._unseen.get(asset.id, _NEVER_SEEN) + 1
        if self._unseen[asset.id] < _UNSEEN_LOOKS:
            return replace(_say_missing(asset, Presence.UNKNOWN, "not seen for a moment"), ask_again=True)
        return _say_missing(asset, Presence.PRESENT)

    def _judge(self, asset: Asset, full: Detections, scene: Scene) -> Observation:
        place = _box(asset)
        if scene.hidden(place):
            return Observation("bin_overflowing", Presence.UNKNOWN, 0.0, asset.id, asset.kind, place, "hidden")
        scores = [(score, box) for _, score, box in full if _same(asset, box)]
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
    """Whether something stands in an asset's place that is not another registered asset behind it."""
    others = _neighbours(asset, scene)
    return any(
        _box(asset).iou(box) >= _SEEN_IOU and not any(box.iou(other) >= _SEEN_IOU for other in others)
        for _, _, box in scene.detections
    )


def _neighbours(asset: Asset, scene: Scene) -> list[Box]:
    """Where the other registered things of the view stand."""
    standing = [a for a in scene.view.assets if a.id != asset.id and a.kind not in SURFACE_KINDS]
    return [a.region.box for a in standing if a.region is not None]


def _say_missing(asset: Asset, presence: Presence, reason: str = "") -> Observation:
    score = _MISSED_SCORE if presence is Presence.PRESENT else 0.0
    return Observation("asset_missing", presence, score, asset.id, asset.kind, _box(asset), reason)


def _box(asset: Asset) -> Box:
    assert asset.region is not None
    return asset.region.box


def _same(asset: Asset, box: Box) -> bool:
    return _box(asset).iou(box) >= _SAME_BIN
