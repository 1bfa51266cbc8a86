"""A bag that leans on a bin which overflows: one job with emptying the bin, and no order of its own."""

from __future__ import annotations

from collections.abc import Sequence

from detectors.geometry import Box
from detectors.values import Observation, Presence

_SURE = 0.5  # score from which a bin counts as overflowing, as where it is confirmed
# What is so narrow, in widths of the bin, leans on it; what is wider was strewn, and somebody has to sweep there. On
# walks (seen when this was chosen) bags at the foot of a full bin measure 1.0 to 1.9, one 2.3; litter strewn round full
# bins on nine known places and sample clips, 1.7 to 3.1 or a bin's width off, is told as often as with 1.65.
_LEANS = 1.95
_FOOT = 0.4  # of the bin's height: so far from its foot the bag ends, above or below
# What begins at the rim and hides all of it lies on the bin, with what fell down on one side; what lies to both sides
# was strewn. Heights and widths of the bin. On walks 33, 37 and 45 such heaps reach 0.2 to one side and are 1.5 to 2.1
# wide, litter strewn round a bin on a known place 0.3 and 0.7 to the sides (all seen when this was chosen).
_RIM, _SIDES, _STREWN, _HEAP = 0.15, 0.2, 0.25, 2.5
# A heap beside a bin whose rim cannot be seen begins there too, and the bin is doubtful: full with 0.53 on walk 51,
# where this lost a heap at first sight, and with 0.58 and more on the others.
_SURER = 0.55


def without_spilled(said: Sequence[Observation]) -> list[Observation]:
    """Observations of one look without the litter that leans on an overflowing bin."""
    bins = [
        (o.score, o.box)
        for o in said
        if o.issue == "bin_overflowing" and o.presence is Presence.PRESENT and o.score >= _SURE and o.box is not None
    ]
    return [
        o for o in said if not (o.issue == "litter" and o.box and any(_leans_on(o.box, b, sure) for sure, b in bins))
    ]


def _leans_on(bag: Box, place: Box, sure: float) -> bool:
    if sure >= _SURER and _lies_on(bag, place):
        return True
    touches = bag.intersection(place) > 0 and abs(bag.y1 - place.y1) <= _FOOT * place.height
    return touches and bag.width <= _LEANS * place.width


def _lies_on(heap: Box, place: Box) -> bool:
    from_rim = heap.y0 <= place.y0 + _RIM * place.height and place.y0 < heap.y1 <= place.y1 + _FOOT * place.height
    left, right = (place.x0 - heap.x0) / place.width, (heap.x1 - place.x1) / place.width
    hides = -_SIDES <= min(left, right) <= _STREWN
    return from_rim and hides and heap.width <= _HEAP * place.width
