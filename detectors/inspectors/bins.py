"""Whether a bin overflows: what the detector calls it, what a judge of its crop says, and how it looked before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from detectors.geometry import Box, Region
from detectors.inspectors.base import Scene
from detectors.inspectors.crops import place_crop
from detectors.inspectors.past import Past
from detectors.inspectors.state_models import state_model
from detectors.values import Asset, Observation, Presence

OVERFLOWING_CLASS = "bin_overflowing"
# A detection belongs to a registered bin when their boxes overlap this much; heaps are wider than the bin itself.
_SAME_BIN = 0.2
_SEEN_SCORE = 0.2
# Litter over this share of a bin is what the bin does not hold.
_HEAPED = 0.3
# What a box shows beyond the bin is a heap, unless it is another registered thing: of a street's bin by night the bench
# behind it was taken for what the bin does not hold. Shares of the box, and of what lies beyond the bin; choices.
_BEYOND, _ON_ANOTHER = 0.25, 0.5
_LIKE_IN_SIZE = ("bin", "bench")
_SAME_BOX = 0.6  # the same box is one bin, whatever names it is given
# The detector's word counts in full from this score: of five ways to weigh it this one, on held-back photographs, found
# as many overflowing bins as the best (85 of 110) with the fewest false ones but one (25).
_CLEARLY = 0.5
# The judge sees a bin 38 px long, the detector as it is: of held-back photographs of bins 60 to 120 px high the mean of
# both orders 0.93 of the pairs of a full and another one rightly and the detector 0.85; of higher ones 0.97 and 0.98.
_HALF_TO_PX, _HALF = 120.0, 0.5
# Where the detector is so many times surer of a bin than of a full one, the judge's word alone is no second proof. On
# held-back photographs, by the scores of the detector before the present one, it costs none of 85 found; of `val` it
# takes 5 of 57 false ones and 1 of 144 found.
_PLAINLY = 1.5
_TOLD_FROM = 0.3  # a finding that is open stays so down to here, and nothing counts below (`ConfirmationSettings`)


@dataclass(slots=True)
class Bins:
    """bin_overflowing, on registered bins and on bins nobody registered."""

    _past: Past = field(default_factory=Past)

    def look(self, scene: Scene, gone: Collection[str] = ()) -> list[Observation]:
        """A verdict on each registered bin, and whatever else overflows.

        Args:
            gone: bins that are not where they stood: what is seen there is behind it.
        """
        bins = [b for b in scene.view.of_kind("bin") if b.id not in gone]
        full = [(score, box) for _, score, box in scene.detections.named(OVERFLOWING_CLASS)]
        strange = [(score, box) for score, box in full if not any(_same(box_of(b), box) for b in bins)]
        odds = _judged([*(box_of(b) for b in bins), *(box for _, box in strange)], scene)
        return [self._judge(b, odds[box_of(b)], _those_of(b, full, bins), scene) for b in bins] + [
            _told(_joined(score, _plain(box, scene, _SAME_BOX), odds[box], box, scene), None, box)
            for score, box in strange
        ]

    def _judge(self, asset: Asset, odds: float, near: list[tuple[float, Box]], scene: Scene) -> Observation:
        place = box_of(asset)
        if scene.hidden(place):
            return Observation("bin_overflowing", Presence.UNKNOWN, 0.0, asset.id, asset.kind, place, "hidden")
        risen = self._past.risen(asset.id, scene.light, odds)
        others = [box_of(a) for kind in _LIKE_IN_SIZE for a in scene.view.of_kind(kind) if a.id != asset.id]
        heaps = [(score, box) for score, box in near if risen or not _is_another(box, place, others)]
        litter = [(score, box) for _, score, box in scene.detections.named("litter")]
        heaps += [(score, box) for score, box in litter if place.intersection(box) >= _HEAPED * place.area]
        full, shown = max(heaps, key=lambda heap: heap[0], default=(0.0, place))
        plain = _plain(place, scene, _SAME_BIN)
        score = _joined(full, plain, odds, place, scene)
        if not heaps and not plain and not risen:
            # What the detector cannot make out at all is mostly hidden, and the judge's word alone is no proof.
            return Observation("bin_overflowing", Presence.UNKNOWN, 0.0, asset.id, asset.kind, place, "hidden")
        if risen:
            score = max(score, min(odds, risen), (_names(full, plain) + risen) / 2)
        return _told(score, asset, shown)


def box_of(asset: Asset) -> Box:
    """Where a registered thing is seen; it must have a region."""
    assert asset.region is not None
    return asset.region.box


def _judged(places: Iterable[Box], scene: Scene) -> Mapping[Box, float]:
    """How surely each place shows an overflowing bin, 0-1, by its crop."""
    boxes = list(dict.fromkeys(places))
    if not boxes:
        return {}
    crops = [place_crop(scene.frame.image, Region.rectangle(box)) for box in boxes]
    return dict(zip(boxes, state_model("bin_full").judge(crops)[:, 1].tolist(), strict=True))


def _plain(place: Box, scene: Scene, overlap: float) -> float:
    """Score of the detector's word that a bin, and no more, is there."""
    bins = scene.detections.named("bin", min_score=_SEEN_SCORE)
    return max((score for _, score, box in bins if place.iou(box) >= overlap), default=0.0)


def _names(full: float, plain: float) -> float:
    """How surely a bin overflows by what the detector calls it, 0-1."""
    return full / (full + plain) * min(1.0, full / _CLEARLY) if full > 0.0 else 0.0


def _joined(full: float, plain: float, odds: float, place: Box, scene: Scene) -> float:
    """How surely a bin overflows by the detector's word and the judge's."""
    share = _HALF * min(1.0, _HALF_TO_PX / max(1.0, place.height * scene.frame.height))
    names = _names(full, plain)
    joined = share * odds + (1 - share) * names
    return min(joined, names) if plain > _PLAINLY * full else joined


def _told(score: float, asset: Asset | None, box: Box) -> Observation:
    asset_id = None if asset is None else asset.id
    if score < _TOLD_FROM:
        return Observation("bin_overflowing", Presence.ABSENT, 1 - score, asset_id, "bin", box)
    return Observation("bin_overflowing", Presence.PRESENT, score, asset_id, "bin", box)


def _same(place: Box, box: Box) -> bool:
    return place.iou(box) >= _SAME_BIN


def _those_of(asset: Asset, full: Sequence[tuple[float, Box]], bins: Sequence[Asset]) -> list[tuple[float, Box]]:
    """Scores and boxes of the full bins that are this one and none that stands beside it."""
    place = box_of(asset)
    mine = [(score, box) for score, box in full if _same(place, box)]
    return [(score, box) for score, box in mine if all(box_of(b).iou(box) <= place.iou(box) for b in bins)]


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
