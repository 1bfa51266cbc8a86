"""A lamp that leans or broke: one job, and what of it is seen beside its foot is nothing in the way of its own."""

from __future__ import annotations

from collections.abc import Sequence

from detectors.geometry import Box
from detectors.values import Observation, Presence

# A piece touches the outline in which the lamp stood, ends at its foot or above, and is this much smaller; choices,
# with two walks in view where the foot of a lamp that leans was told as a thing in the way.
_TOUCHES, _BELOW, _SMALLER = 0.005, 0.02, 0.5


def without_pieces(said: Sequence[Observation]) -> list[Observation]:
    """Observations of one look without what is in the way and is a piece of a lamp that is damaged in the same look."""
    lamps = [o.box for o in said if o.issue == "light_damaged" and o.presence is Presence.PRESENT and o.box is not None]
    return [o for o in said if not (o.issue == "path_obstructed" and o.box and any(_is_piece(o.box, b) for b in lamps))]


def _is_piece(place: Box, lamp: Box) -> bool:
    near = Box(lamp.x0 - _TOUCHES, lamp.y0, lamp.x1 + _TOUCHES, lamp.y1 + _BELOW)
    return place.intersection(near) > 0 and place.y1 <= near.y1 and place.height <= _SMALLER * lamp.height
