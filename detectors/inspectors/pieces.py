"""A lamp that leans or broke, a tree that fell: one job, and what of it is seen apart is nothing in the way."""

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
# A piece of a tree lies within its place by this share and is this much smaller. Choices, with walk 72 in view, where
# the top of a crown that rose before the path behind it was told.
_WITHIN, _SCRAP = 0.8, 0.25


def without_pieces(said: Sequence[Observation], aspect: float) -> list[Observation]:
    """Observations of one look without what is in the way and is a piece of what is damaged or fell in the same look.

    Args:
        aspect: width over height of the picture.
    """
    lamps, trees = _present("light_damaged", said), _present("tree_fallen", said)

    def is_piece(o: Observation) -> bool:
        if o.issue != "path_obstructed" or o.box is None:
            return False
        return _is_of_lamp(o.box, lamps, aspect) or any(_is_of_tree(o.box, tree) for tree in trees)

    return [o for o in said if not is_piece(o)]


def _present(issue: str, said: Sequence[Observation]) -> list[Box]:
    return [o.box for o in said if o.issue == issue and o.presence is Presence.PRESENT and o.box is not None]


def _is_of_tree(place: Box, tree: Box) -> bool:
    return place.area <= _SCRAP * tree.area and place.intersection(tree) >= _WITHIN * place.area


def _is_of_lamp(place: Box, lamps: Sequence[Box], aspect: float) -> bool:
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
