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


def without_spilled(said: Sequence[Observation]) -> list[Observation]:
    """Observations of one look without the litter that leans on an overflowing bin."""
    bins = [
        o.box
        for o in said
        if o.issue == "bin_overflowing" and o.presence is Presence.PRESENT and o.score >= _SURE and o.box is not None
    ]
    return [o for o in said if not (o.issue == "litter" and o.box and any(_leans_on(o.box, b) for b in bins))]


def _leans_on(bag: Box, place: Box) -> bool:
    touches = bag.intersection(place) > 0 and abs(bag.y1 - place.y1) <= _FOOT * place.height
    return touches and bag.width <= _LEANS * place.width
