"""Benches and bins that the detector surely saw and sees no more at all, but what they hid: they went."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from detectors.detector import MOVERS
from detectors.geometry import Box
from detectors.inspectors.base import Scene
from detectors.values import Asset, LightState

# A thing is surely seen where its box has this score and overlap, in the middle of its looks, and no more where no box
# of its kind overlaps its place at all. Of some 1,500 benches and bins of rendered clips six went so, and all of them
# were missing; in the place of one the bench is seen that it hid, which no judge of bare ground takes for empty.
_SURE, _SAME_IOU, _SEEN_IOU = 0.5, 0.5, 0.15
_LEAST_LOOKS, _LOOKS = 3, 8
_FILLED = 0.6  # share of its place that another registered thing, surely seen, fills
_HIDDEN = 0.1  # share of its place that somebody or a vehicle, however faintly seen, covers
_TOGETHER = 0.5  # where more of what was surely seen went at once, it is the picture that changed


@dataclass(slots=True)
class Vanished:
    """Which registered things were surely seen and are seen no more, look by look."""

    _scores: dict[str, deque[float]] = field(default_factory=dict)
    _out_of_place: frozenset[str] = frozenset()
    _light: LightState | None = None

    def look(self, things: Sequence[Asset], kinds: Mapping[str, Sequence[str]], scene: Scene) -> frozenset[str]:
        """The ids of those that went, and in whose place another registered thing is seen.

        Args:
            kinds: the detector's names of each kind of thing.
        """
        if scene.light is not self._light:
            self._light = scene.light
            self._scores.clear()
        movers = [box for _, _, box in scene.detections.named(*MOVERS)]
        known, gone, out_of_place = 0, set(), set()
        for thing in things:
            if thing.region is None or _is_covered(thing.region.box, movers):
                continue
            own, found = thing.region.box, scene.detections.named(*kinds[thing.kind])
            scores = self._scores.setdefault(thing.id, deque(maxlen=_LOOKS))
            surely = len(scores) >= _LEAST_LOOKS and float(np.median(scores)) >= _SURE
            known += surely
            there = max((s for _, s, box in found if own.iou(box) >= _SAME_IOU), default=0.0)
            if surely and there == 0.0:
                out_of_place.add(thing.id)  # and what is known of it stays as it is
            else:
                scores.append(there)
            if surely and all(own.iou(box) < _SEEN_IOU for _, _, box in found):
                gone.add(thing.id)
        self._out_of_place = frozenset() if _are_many(out_of_place, known) else frozenset(out_of_place)
        if _are_many(gone, known):
            return frozenset()
        others = [box for t in things if t.id not in gone if (box := _surely_seen(t, kinds, scene)) is not None]
        return frozenset(t.id for t in things if t.id in gone and _is_filled(t, others))

    def is_out_of_place(self, thing_id: str) -> bool:
        """Whether a thing was surely seen in its place, and in the last look no box of its kind fitted that."""
        return thing_id in self._out_of_place


def _are_many(gone: Collection[str], known: int) -> bool:
    return len(gone) > 1 and len(gone) > _TOGETHER * known


def _surely_seen(thing: Asset, kinds: Mapping[str, Sequence[str]], scene: Scene) -> Box | None:
    """The box in which the detector surely sees a thing."""
    found = scene.detections.named(*kinds[thing.kind], min_score=_SURE)
    own = thing.region.box if thing.region is not None else None
    return next((box for _, _, box in found if own is not None and own.iou(box) >= _SAME_IOU), None)


def _is_filled(thing: Asset, others: Sequence[Box]) -> bool:
    assert thing.region is not None
    place = thing.region.box
    return any(place.intersection(box) >= _FILLED * place.area for box in others)


def _is_covered(place: Box, movers: Sequence[Box]) -> bool:
    return any(place.intersection(box) > _HIDDEN * place.area for box in movers)
