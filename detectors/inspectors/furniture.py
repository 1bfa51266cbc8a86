"""Bins and benches: whether one is missing, when nothing but ground is in its place; and whether a bin overflows."""

from __future__ import annotations

from dataclasses import dataclass, field

from detectors.geometry import Box, Region
from detectors.inspectors.base import Scene
from detectors.inspectors.bins import OVERFLOWING_CLASS, Bins, box_of, is_dark
from detectors.inspectors.crops import place_crop
from detectors.inspectors.likeness import ALIKE, Likenesses
from detectors.inspectors.past import Past
from detectors.inspectors.state_models import state_model
from detectors.values import Asset, LightState, Observation, Presence, View

# What the detector knows, and the judge of bare places has learnt.
_MISSED_KINDS = {"bench": ("bench",), "bin": ("bin", OVERFLOWING_CLASS)}
SURFACE_KINDS = ("path", "lawn", "road")
# Other things that stand: their place shows the same edges as long as they do. Trees and lamps have inspectors of their
# own, and surfaces cannot go missing.
_NOT_FURNITURE = (*SURFACE_KINDS, "tree", "street_light", "camera")
_SEEN_IOU, _SEEN_SCORE = 0.15, 0.2
# What nobody saw there must be surely gone: on tuning clips a bench behind a crown got up to 0.87. And black leaves by
# night pass for ground: in the dark only a change tells.
_BARE = 0.9
_CHANGED = 0.5  # odds, and rise of them, from which what was seen there before is gone
_STANDS = 0.2  # odds up to which something surely stands there, by day: what cannot be seen for dark is never bare
_QUITE_UNLIKE, _UNLIKE_SCORE = 0.35, 0.75
# After dark a place that keeps less than this share of its light shows other edges whatever stands there. The light is
# that of the place and of half its size round it.
_LIGHT_KEPT, _ROUND = 0.75, 0.5


@dataclass(slots=True)
class FurnitureInspector:
    """bin_overflowing, on registered bins and on bins nobody registered; asset_missing, for bins, benches and signs."""

    view: View
    _past: Past = field(default_factory=Past)
    _usual_light: dict[str, float] = field(default_factory=dict)
    _likeness: Likenesses = field(default_factory=Likenesses)
    _bins: Bins = field(default_factory=Bins)

    def look(self, scene: Scene) -> list[Observation]:
        """See `Inspector.look`."""
        things = [a for a in scene.view.assets if a.region is not None and a.kind not in _NOT_FURNITURE]
        judged = [a for a in things if a.kind in _MISSED_KINDS and not scene.hidden(box_of(a))]
        bare = _bare(judged, scene)
        missing = [self._miss(a, bare.get(a.id), scene) for a in things]
        gone = {o.asset_id for o in missing if o.presence is Presence.PRESENT and o.asset_id is not None}
        return self._bins.look(scene, gone) + missing

    def _miss(self, asset: Asset, bare: float | None, scene: Scene) -> Observation:
        if scene.hidden(box_of(asset)):
            return _say_missing(asset, Presence.UNKNOWN, "hidden")
        if bare is None:
            return self._unlike(asset, scene)
        risen = self._past.risen(asset.id, scene.light, bare)
        if _is_seen(asset, scene):
            return _say_missing(asset, Presence.ABSENT)
        if min(bare, risen) >= _CHANGED or (bare >= _BARE and not is_dark(box_of(asset), scene)):
            return _say_missing(asset, Presence.PRESENT, score=bare)
        if bare <= _STANDS and scene.light is LightState.DAY:
            return _say_missing(asset, Presence.ABSENT)
        return _say_missing(asset, Presence.UNKNOWN, "not seen, but something stands there")

    def _unlike(self, asset: Asset, scene: Scene) -> Observation:
        """Of a kind that neither the detector nor the judge knows: whether its place shows other edges than before."""
        place = box_of(asset)
        itself = self._likeness.look(asset.id, scene.light, scene.frame.image, place)
        if itself is None:
            return _say_missing(asset, Presence.UNKNOWN, "not known well enough yet")
        if itself >= ALIKE:
            self._usual_light[asset.id] = _light_at(place, scene)
            return _say_missing(asset, Presence.ABSENT)
        by_day = scene.light is LightState.DAY
        if not by_day and _light_at(place, scene) < _LIGHT_KEPT * self._usual_light.get(asset.id, 0.0):
            return _say_missing(asset, Presence.UNKNOWN, "its light went out")
        if itself < _QUITE_UNLIKE:
            return _say_missing(asset, Presence.PRESENT, score=_UNLIKE_SCORE)
        return _say_missing(asset, Presence.UNKNOWN, "not seen, but something stands there")


def _bare(assets: list[Asset], scene: Scene) -> dict[str, float]:
    """How surely nothing stands in the place of each, 0-1, by its crop."""
    if not assets:
        return {}
    crops = [place_crop(scene.frame.image, Region.rectangle(box_of(a))) for a in assets]
    return {a.id: float(odds) for a, odds in zip(assets, state_model("place_bare").judge(crops)[:, 1], strict=True)}


def _is_seen(asset: Asset, scene: Scene) -> bool:
    found = scene.detections.named(*_MISSED_KINDS[asset.kind], min_score=_SEEN_SCORE)
    return any(box_of(asset).iou(box) >= _SEEN_IOU for _, _, box in found)


def _light_at(place: Box, scene: Scene) -> float:
    """Mean grey level, 0-255, of a place and what is round it."""
    grey = scene.frame.grey
    x0, y0, x1, y1 = place.grown(_ROUND).pixels(grey.shape[1], grey.shape[0])
    return float(grey[y0:y1, x0:x1].mean())


def _say_missing(asset: Asset, presence: Presence, reason: str = "", score: float = 0.0) -> Observation:
    return Observation("asset_missing", presence, score, asset.id, asset.kind, box_of(asset), reason)
