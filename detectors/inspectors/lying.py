"""What newly lies on a path, when the detector has no name for it: judged from its size, its shape and its colour."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from detectors.background import Change
from detectors.geometry import Box
from detectors.inspectors.base import Scene
from detectors.inspectors.trees import FALLEN_CLASS
from detectors.values import Asset, LightState

# A thing this high is in the way, a lower one is litter: a bag obstructs, a can does not. Where nothing tells the
# scale, the width of the path does: paths are 3-6 m wide.
_IN_THE_WAY_M, _IN_THE_WAY_OF_PATH = 0.25, 0.09
# Litter is low, or many small things side by side: heaps of 17 places are at most as high as wide, eight cases 1.5
# times and more, two stacked cartons 1.2 times.
_UPRIGHT_M, _UPRIGHT = 0.6, 1.1
# Water lies wide and flat, is smooth for how much it differs from the paving, and has no colour of its own: it shows
# the sky. On four drawn views puddles have a roughness of 0.1-2.2 and branches of 1.3-2.4, so colour has to help.
# The detector has a name for each puddle of 12 rendered clips; what it had none for and was called water were cartons
# and pallets with their shadows, 0.9 to 1.5 m wide. Those wider than a metre the judge of standing things knows.
_WATER_M, _WATER_OF_PATH, _WATER_ASPECT, _WATER_ROUGHNESS, _WATER_COLOUR = 1.0, 0.15, 1.5, 2.0, 8.0
# What is wider is no heap that its colours could prove: on the PETS clip cones and a tape, 4 m wide, are called litter;
# the heaps of 16 rendered places are up to 3.5 m wide. On one walk a lamp that nobody saw go out left 7 m of dusk.
_WIDEST_HEAP_M = 3.6
# Heaps are of many colours, what is one thing is of one, and the paving that shows beside it makes a line with that in
# the plane of colours. Of things cut out, 36 px wide, over grey and compressed: 40 heaps of photographs have 0.8 to 7.3
# (29 of them 2 and more), 14 branches at most 1.2, 39 cases 1.6, three bicycles 1.8.
MOTLEY = 2.0
# A motley change so low, m, and so many times as wide as high is a heap. One by night that the detector calls a bicycle
# (walk 79, in view) is 0.73 to 0.78 m high, 1.6 m wide, and has 3.0 to 3.3. Choices.
_HEAP_M, _HEAP_WIDE = 0.9, 1.5
# Lamps lie on wet paving as glints, which come and go with the rain: a little brighter, in the paving's own colour. On
# a rendered night of rain one has 1.16 and 1.0; eleven things that came to lie on night walks of rendered places are
# all darker than the lamps' light round them (at most 0.8 of what was there).
# Sun through a crown that leans does the same by day, and the paving shows in it, which no plain thing lets through: on
# walk 73 such a patch has 1.1 to 1.2, 0 to 1.4 and a roughness of 4.3 to 4.7. Of 17 sets of clips, all in view, nothing
# that came to lie there by day and has no name is like that.
_GLINT_GAIN, _GLINT_COLOUR, _SUNLIT_ROUGHNESS = (1.0, 1.4), 3.0, 3.5
# What is low in the picture (share of its height) and so many times as wide is a line, not a piece or a heap: barrier
# tape in the wind, a cable, a joint. Of the tape of the PETS clip most parts are 2.5 to 11 times as wide as high, and
# at most 0.017 high; its other parts are specks, each seen at one look alone. Leaving both out costs no finding on 114
# clips of known places with litter, full bins, branches and water, and of the samples.
_LOW, _LINE, _SPECK = 0.02, 2.5, 0.0125
# Width and height, m, of what nobody stumbles over: a tape that swings between those who pass on the PETS clip was in
# the way, 0.11 m wide and 0.28 m high. A choice.
_SLIGHT_M = (0.2, 0.45)


def is_line(box: Box, scene: Scene) -> bool:
    """Whether a change that the detector has no name for is a line across the picture rather than a thing."""
    return box.height < _LOW and box.width * scene.frame.width >= _LINE * box.height * scene.frame.height


def is_speck(box: Box) -> bool:
    """Whether a change is so low that it must be seen again before it is taken for a thing."""
    return box.height < _SPECK


def is_glint(change: Change, light: LightState) -> bool:
    """Whether a change that the detector has no name for is only light on the ground: lamps' or the sun's."""
    brighter = _GLINT_GAIN[0] < change.gain < _GLINT_GAIN[1] and change.colour < _GLINT_COLOUR
    return brighter and (light is LightState.NIGHT or change.roughness >= _SUNLIT_ROUGHNESS)


def kind_of(change: Change, path: Asset, metre: float | None, scene: Scene) -> str:
    """The issue that a change on a path is.

    Args:
        metre: picture height of a metre there, None where nothing tells the scale.
    """
    box = change.box
    width = box.width * scene.frame.width / scene.frame.height
    if change.motley >= MOTLEY and box.height < _UPRIGHT * width:
        return "litter"
    across = box.width / _width_at(path, box.y1)
    large = width >= _WATER_M * metre if metre else across >= _WATER_OF_PATH
    flat = width >= _WATER_ASPECT * box.height and change.roughness < _WATER_ROUGHNESS
    if large and flat and change.colour < _WATER_COLOUR:
        return "path_flooded"
    in_the_way = box.height >= _IN_THE_WAY_M * metre if metre else across >= _IN_THE_WAY_OF_PATH
    return "path_obstructed" if in_the_way else "litter"


def is_upright(box: Box, metre: float | None, scene: Scene) -> bool:
    """Whether a thing stands too high for litter, however much the detector calls it so: a case, a box, a bag."""
    width = box.width * scene.frame.width / scene.frame.height
    return metre is not None and box.height >= max(_UPRIGHT_M * metre, _UPRIGHT * width)


def heaps(changes: Sequence[Change], metre_at: Callable[[float], float | None], scene: Scene) -> list[Box]:
    """What came to lie there as a heap by its colours and its shape alone; branches have many colours at times too.

    Args:
        metre_at: picture height of a metre on a line of the picture, None where nothing tells the scale.
    """
    branches = [box for _, _, box in scene.detections.named(FALLEN_CLASS)]
    motley = [c.box for c in changes if c.motley >= MOTLEY and _lies_as_heap(c.box, metre_at(c.box.y1), scene)]
    return [box for box in motley if all(box.intersection(branch) == 0.0 for branch in branches)]


def _lies_as_heap(box: Box, metre: float | None, scene: Scene) -> bool:
    width = box.width * scene.frame.width / scene.frame.height
    return metre is not None and box.height <= _HEAP_M * metre and width >= _HEAP_WIDE * box.height


def is_wide(box: Box, metre: float | None, scene: Scene) -> bool:
    """Whether a place is wider than heaps are: the light did more there than any litter."""
    return metre is not None and box.width * scene.frame.width / scene.frame.height > _WIDEST_HEAP_M * metre


def is_slight(box: Box, metre: float | None, scene: Scene) -> bool:
    """Whether a place is too narrow and too low for anything that is in the way."""
    if metre is None:
        return False
    wide = box.width * scene.frame.width / scene.frame.height
    return wide < _SLIGHT_M[0] * metre and box.height < _SLIGHT_M[1] * metre


def _width_at(path: Asset, y: float) -> float:
    """Width of a path's region on one line of the picture, 0-1: the yard-stick for what lies there."""
    assert path.region is not None
    points = path.region.points
    crossings = []
    for (x0, y0), (x1, y1) in zip(points, (*points[1:], points[0]), strict=True):
        if min(y0, y1) <= y < max(y0, y1):
            crossings.append(x0 + (y - y0) / (y1 - y0) * (x1 - x0))
    return max(crossings) - min(crossings) if len(crossings) >= 2 else path.region.box.width
