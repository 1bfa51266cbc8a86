"""Bins: overflowing, from the detector on the registered place."""

from __future__ import annotations

from dataclasses import dataclass

from detectors.geometry import Box
from detectors.inspectors.base import Scene
from detectors.values import Asset, Detections, Observation, Presence, View

OVERFLOWING_CLASS = "bin_overflowing"
# A detection belongs to a registered bin when their boxes overlap this much; heaps are wider than the bin itself.
_SAME_BIN = 0.2


@dataclass(slots=True)
class FurnitureInspector:
    """bin_overflowing, on registered bins and on bins nobody registered."""

    view: View

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
        return observations

    def _judge(self, asset: Asset, full: Detections, scene: Scene) -> Observation:
        assert asset.region is not None
        place = asset.region.box
        if scene.hidden(place):
            return Observation("bin_overflowing", Presence.UNKNOWN, 0.0, asset.id, asset.kind, place, "hidden")
        scores = [(score, box) for _, score, box in full if _same(asset, box)]
        if not scores:
            return Observation("bin_overflowing", Presence.ABSENT, 0.7, asset.id, asset.kind, place)
        score, box = max(scores, key=lambda s: s[0])
        return Observation("bin_overflowing", Presence.PRESENT, score, asset.id, asset.kind, box)


def _same(asset: Asset, box: Box) -> bool:
    assert asset.region is not None
    return asset.region.box.iou(box) >= _SAME_BIN
