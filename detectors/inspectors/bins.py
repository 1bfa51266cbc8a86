"""Whether a bin overflows: what the detector calls the bin, litter over it or at its foot, and what else is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from detectors.geometry import Box
from detectors.inspectors.base import Scene
from detectors.values import Asset, Observation, Presence

OVERFLOWING_CLASS = "bin_overflowing"
# A detection belongs to a registered bin when their boxes overlap this much; heaps are wider than the bin itself.
_SAME_BIN = 0.2
_SEEN_SCORE = 0.2
# Litter over this share of a bin that is itself not to be seen is what the bin does not hold.
_HEAPED = 0.3
# A bin that is seen is full when litter lies at its foot and the detector, if faintly, takes all of it for litter or
# for a full one.
_ALL_HEAPED, _FAINT, _AT_FOOT = 0.6, 0.15, 0.15
# What a box shows beyond the bin is a heap, unless it is another registered thing: of a street's bin by night the bench
# behind it was taken for what the bin does not hold. Shares of the box, and of what lies beyond the bin; choices.
_BEYOND, _ON_ANOTHER = 0.25, 0.5
_LIKE_IN_SIZE = ("bin", "bench")
# The same box is one bin: where "bin" is the surer name for it, the other is a guess.
_SAME_BOX, _RIVAL_SHARE = 0.6, 0.75
# Where no litter lies round it and nobody saw it emptier, how the bin looks is the only proof, and must be a surer one.
_UNPROVED = 0.85
_PLAIN_SCORE, _CLEARLY, _PLAIN_LOOKS = 0.5, 0.5, 3


@dataclass(slots=True)
class Bins:
    """bin_overflowing, on registered bins and on bins nobody registered."""

    _plain: dict[str, int] = field(default_factory=dict)

    def look(self, scene: Scene) -> list[Observation]:
        """A verdict on each registered bin, and whatever else overflows."""
        bins = scene.view.of_kind("bin")
        full = _full(scene)
        strange = [(score, box) for score, box in full if not any(_same(box_of(b), box) for b in bins)]
        return [self._judge(b, _those_of(b, full, bins), scene) for b in bins] + [
            Observation("bin_overflowing", Presence.PRESENT, _proved(score, box, scene), None, "bin", box)
            for score, box in strange
        ]

    def _judge(self, asset: Asset, near: list[tuple[float, Box]], scene: Scene) -> Observation:
        place = box_of(asset)
        if scene.hidden(place):
            return Observation("bin_overflowing", Presence.UNKNOWN, 0.0, asset.id, asset.kind, place, "hidden")
        others = [box_of(a) for kind in _LIKE_IN_SIZE for a in scene.view.of_kind(kind) if a.id != asset.id]
        bins = [s for _, s, box in scene.detections.named("bin", min_score=_SEEN_SCORE) if place.iou(box) >= _SAME_BIN]
        if self._known_emptier(asset.id, max(bins, default=0.0), max((s for s, _ in near), default=0.0)):
            scores = near
        else:
            near = [(score, box) for score, box in near if not _is_another(box, place, others)]
            scores = [(_proved(score, box, scene), box) for score, box in near]
        if not bins:
            heaps = scene.detections.named("litter")
            scores += [(score, box) for _, score, box in heaps if place.intersection(box) >= _HEAPED * place.area]
        elif faint := _faintly_full(place, near, scene):
            # Two faint proofs that agree are surer than either.
            scores += [(1 - (1 - faint) * (1 - score), place) for score in _at_foot(place, scene)]
        if not scores:
            return Observation("bin_overflowing", Presence.ABSENT, 0.7, asset.id, asset.kind, place)
        score, box = max(scores, key=lambda s: s[0])
        return Observation("bin_overflowing", Presence.PRESENT, score, asset.id, asset.kind, box)

    def _known_emptier(self, asset_id: str, plain: float, full: float) -> bool:
        """Whether a bin was clearly seen not to overflow in some looks; counts this look."""
        known = self._plain.get(asset_id, 0)
        if plain >= _PLAIN_SCORE and full < _CLEARLY * plain:
            self._plain[asset_id] = known + 1
        return known >= _PLAIN_LOOKS


def box_of(asset: Asset) -> Box:
    """Where a registered thing is seen; it must have a region."""
    assert asset.region is not None
    return asset.region.box


def _same(place: Box, box: Box) -> bool:
    return place.iou(box) >= _SAME_BIN


def _those_of(asset: Asset, full: Sequence[tuple[float, Box]], bins: Sequence[Asset]) -> list[tuple[float, Box]]:
    """Scores and boxes of the full bins that are this one and none that stands beside it."""
    place = box_of(asset)
    mine = [(score, box) for score, box in full if _same(place, box)]
    return [(score, box) for score, box in mine if all(box_of(b).iou(box) <= place.iou(box) for b in bins)]


def _full(scene: Scene) -> list[tuple[float, Box]]:
    """What the detector calls overflowing, the less sure of it where it is surer that it is but a bin."""
    bins = scene.detections.named("bin", min_score=_SEEN_SCORE)
    full = []
    for _, score, box in scene.detections.named(OVERFLOWING_CLASS):
        rival = any(s > score and box.iou(b) >= _SAME_BOX for _, s, b in bins)
        full.append((_RIVAL_SHARE * score if rival else score, box))
    return full


def _is_another(box: Box, place: Box, others: Sequence[Box]) -> bool:
    """Whether a box takes in another thing behind the bin, so that it tells nothing of the bin."""
    beyond = box.area - box.intersection(place)
    if beyond < _BEYOND * box.area:
        return False
    on_others = [box.intersection(o) - _common(box, place, o) for o in others]
    return max(on_others, default=0.0) >= _ON_ANOTHER * beyond


def _common(box: Box, place: Box, other: Box) -> float:
    """Area that three boxes share."""
    width = min(box.x1, place.x1, other.x1) - max(box.x0, place.x0, other.x0)
    height = min(box.y1, place.y1, other.y1) - max(box.y0, place.y0, other.y0)
    return max(0.0, width) * max(0.0, height)


def _proved(score: float, box: Box, scene: Scene) -> float:
    """The score of an overflowing bin, if litter lies at it; less if there is none."""
    return score if _at_foot(box, scene) else _UNPROVED * score


def _faintly_full(place: Box, near: Sequence[tuple[float, Box]], scene: Scene) -> float:
    """Score with which the detector takes all of a bin for litter or for a full bin; 0 when it does not."""
    heaps = scene.detections.named("litter", min_score=_FAINT)
    scores = [score for _, score, box in heaps if place.intersection(box) >= _ALL_HEAPED * place.area]
    return max([*scores, *(score for score, _ in near if score >= _FAINT)], default=0.0)


def _at_foot(place: Box, scene: Scene) -> list[float]:
    """Scores of the litter that lies round the foot of a bin and not all over it."""
    reach = _AT_FOOT * place.height
    foot = Box.of((place.x0 - reach, place.y1 - reach, place.x1 + reach, place.y1 + reach))
    heaps = [(score, box) for _, score, box in scene.detections.named("litter") if box.intersection(foot) > 0]
    return [score for score, box in heaps if place.intersection(box) < _ALL_HEAPED * place.area]
