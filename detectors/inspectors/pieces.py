"""A lamp that leans or broke: one job, and what of it is seen beside its foot or ahead is nothing in the way."""

from __future__ import annotations

import math
from collections.abc import Sequence

from detectors.geometry import Box
from detectors.values import Observation, Presence

# A piece touches the outline in which the lamp stood, ends at its foot or above, and is this much smaller; choices,
# with two walks in view where the foot of a lamp that leans was told as a thing in the way.
_TOUCHES, _BELOW, _SMALLER = 0.005, 0.02, 0.5
# The tip of an arm is as far from the lamp's foot as it was, turned by a lean (degrees, as boxes of things that lean
# are believed to be), and no longer than the arm; choices, with walk 78 in view, where it was told over the path.
_AS_FAR, _LEAN = (0.85, 1.1), 30.0


def without_pieces(said: Sequence[Observation], aspect: float) -> list[Observation]:
    """Observations of one look without what is in the way and is a piece of a lamp that is damaged in the same look.

    Args:
        aspect: width over height of the picture.
    """
    lamps = [o.box for o in said if o.issue == "light_damaged" and o.presence is Presence.PRESENT and o.box is not None]
    return [o for o in said if not (o.issue == "path_obstructed" and o.box and _is_of_one(o.box, lamps, aspect))]


def _is_of_one(place: Box, lamps: Sequence[Box], aspect: float) -> bool:
    return any(_is_piece(place, lamp) or _is_tip(place, lamp, aspect) for lamp in lamps)


def _is_piece(place: Box, lamp: Box) -> bool:
    near = Box(lamp.x0 - _TOUCHES, lamp.y0, lamp.x1 + _TOUCHES, lamp.y1 + _BELOW)
    return place.intersection(near) > 0 and place.y1 <= near.y1 and place.height <= _SMALLER * lamp.height


def _is_tip(place: Box, lamp: Box, aspect: float) -> bool:
    """Whether a place is where a lean takes the end of a lamp's arm, whichever side of its box the column stands on."""
    wide = lamp.width * aspect
    if max(place.width * aspect, place.height) > wide:
        return False
    reach, upright = math.hypot(wide, lamp.height), math.atan2(wide, lamp.height)
    (x, y), up = place.centre, lamp.y1
    for aside in ((lamp.x1 - x) * aspect, (x - lamp.x0) * aspect):  # from its foot towards where the arm reaches
        as_far = _AS_FAR[0] * reach <= math.hypot(aside, up - y) <= _AS_FAR[1] * reach
        if as_far and abs(math.atan2(aside, up - y) - upright) <= math.radians(_LEAN):
            return True
    return False
