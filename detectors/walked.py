"""Where people walk: ground that they keep to is a path to them, whatever it is paved with."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box, Mask
from detectors.values import Detections

_PERSON, _VEHICLE, _RIDDEN = 0.5, 0.4, 0.2  # detector scores; a bicycle below somebody is hardly seen
_VEHICLES = ("car", "truck", "motorcycle")
# No bicycles: those at a path's edge lean at walls and rails, one in its midst is surrounded by path.
_THINGS = (*_VEHICLES, "obstacle", "fallen_tree", "litter", "puddle", "pothole", "crack")
_BELOW, _GOES_ON = 0.25, 0.6  # of a thing's height the strip below it, and the share of that which must be path
_SAME, _STANDS = 0.5, 0.5  # what is in the same place in more of the looks than this share stands
_LOOKS = 2  # in one look somebody may cross a street
# How far round somebody's feet the ground is walked on, in heights of theirs, across and down the picture: a metre and
# a half, seen from a lamp post's height. Choices.
_ACROSS, _DOWN = 0.9, 0.35
# Share of the picture's width, across and down, over which steps are joined: few looks see few of them. A choice.
_GAPS = (0.15, 0.075)


def walked(looks: Sequence[Detections], paths: Mask) -> Mask:
    """Where people are seen to walk in at least two looks, between there and a path, and no vehicle is.

    Args:
        paths: (height, width), what is known for a path.

    Returns:
        (height, width).
    """
    steps = sum((_steps(seen, paths.shape) for seen in looks), start=np.zeros(paths.shape, np.uint8))
    by_foot = np.asarray(steps >= _LOOKS, np.uint8)
    width = paths.shape[1]
    across, down = (2 * round(gap * width / 2) + 1 for gap in _GAPS)
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (across, down))
    joined = cv2.morphologyEx(by_foot | paths.astype(np.uint8), cv2.MORPH_CLOSE, brush)
    return np.asarray((joined > 0) & (cv2.dilate(by_foot, brush) > 0) & ~_driven(looks, paths.shape), bool)


def stood_on(looks: Sequence[Detections], paths: Mask) -> Mask:
    """What a path's edge leaves out for a thing that stands or lies there in most looks: (height, width).

    Args:
        paths: (height, width): what else is path. It must go on below the thing, so that a car at the kerb is on none.
    """
    height, width = paths.shape
    hidden = np.zeros(paths.shape, bool)
    things = [[box for _, _, box in seen.named(*_THINGS, min_score=_VEHICLE)] for seen in looks]
    for box in (box for look in things for box in look):
        if sum(_is_among(box, others) for others in things) <= _STANDS * len(looks):
            continue
        x0, y0, x1, y1 = box.pixels(width, height)
        below = paths[y1 : y1 + max(1, round(_BELOW * (y1 - y0))), x0:x1]
        if below.size and below.mean() >= _GOES_ON:
            hidden[(y0 + y1) // 2 : y1 + 1, x0:x1] = True
    return hidden


def parked_on(looks: Sequence[Detections], shape: tuple[int, ...]) -> Mask:
    """Where a vehicle shows in most looks: (height, width)."""
    shown = sum((_vehicles_in(seen, shape, 0.0) for seen in looks), start=np.zeros(shape, np.uint8))
    return np.asarray(shown > _STANDS * len(looks), bool)


def driven_on(looks: Sequence[Detections], roads: Mask) -> Mask:
    """The pieces of road on which vehicles are seen in at least two looks: (height, width).

    Args:
        roads: (height, width), what is known for a road.
    """
    count, pieces = cv2.connectedComponents(roads.astype(np.uint8))
    seen_on = np.zeros(count, int)
    for seen in looks:
        below = {_ground_below(box, pieces) for _, _, box in seen.named(*_VEHICLES, min_score=_VEHICLE)}
        seen_on[list(below)] += 1
    seen_on[0] = 0  # no road
    return np.asarray((seen_on >= _LOOKS)[pieces], bool)


def _ground_below(box: Box, pieces: NDArray[np.int32]) -> int:
    """The number of the piece that most of the strip below a thing is of."""
    x0, y0, x1, y1 = box.pixels(pieces.shape[1], pieces.shape[0])
    below = pieces[y1 : y1 + max(1, round(_BELOW * (y1 - y0))), x0:x1]
    return int(np.bincount(below.ravel()).argmax()) if below.size else 0


def _steps(seen: Detections, shape: tuple[int, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    height, width = shape
    mask = np.zeros(shape, np.uint8)
    bicycles = [box for _, _, box in seen.named("bicycle", "motorcycle", min_score=_RIDDEN)]
    for _, _, box in seen.named("person", min_score=_PERSON):
        if any(_rides(box, bicycle) for bicycle in bicycles):
            continue  # that is no walk, but a road
        tall = box.height * height
        centre = (round(box.centre[0] * width), round(box.y1 * height))
        cv2.ellipse(mask, centre, (round(_ACROSS * tall), round(_DOWN * tall)), 0, 0, 360, 1, -1)
    return mask


def _rides(person: Box, bicycle: Box) -> bool:
    """Whether it is below somebody, its wheels no higher than their feet; one that leans behind them ends higher."""
    return person.y0 < bicycle.y0 < person.y1 <= bicycle.y1 and person.x0 <= bicycle.centre[0] <= person.x1


def _driven(looks: Sequence[Detections], shape: tuple[int, ...]) -> Mask:
    driven = sum((_vehicles_in(seen, shape, 0.5) for seen in looks), start=np.zeros(shape, np.uint8))
    return np.asarray(driven > 0, bool)


def _vehicles_in(
    seen: Detections, shape: tuple[int, ...], top: float
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Where vehicles show in one look, from so much of their height down: (height, width), 0 or 1."""
    shown = np.zeros(shape, np.uint8)
    for _, _, box in seen.named(*_VEHICLES, min_score=_VEHICLE):
        x0, y0, x1, y1 = box.pixels(shape[1], shape[0])
        shown[y0 + int(top * (y1 - y0)) : y1 + 1, x0:x1] = 1
    return shown


def _is_among(box: Box, others: Sequence[Box]) -> bool:
    return any(box.iou(other) > _SAME for other in others)
