"""What detectors take for something else, told by its look: cases for people, puddles for bicycles, shade for holes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box
from detectors.inspectors.base import Scene
from detectors.inspectors.body_crops import body_crop, ground_crop
from detectors.inspectors.covers import without_covers
from detectors.inspectors.places import SAME_ISSUE_IOU
from detectors.inspectors.state_models import state_model
from detectors.values import Image

# Cases and bags that a detector knows no name for look to it, not surely, like people: on 20 rendered places each case
# is called somebody, with 0.2-0.7.
_FAINT = 0.1
SURE_PERSON = 0.8
"""Score from which nobody doubts that it is a person."""
_CUT = 0.98  # lower edge from which the picture cuts off legs
# Water is calmer than the ground round it, and shows no colour of its own: over six puddles the middle gradient is
# 0.3-1.6 times that of the ground, over three bicycles 2.3-6 times.
_CALM, _GREY, _BESIDE, _RIM = 0.9, 8.0, 0.5, 0.15
_LATEST, _PLACES = 6, 40  # looks of a place, and places, that are remembered
_ITSELF = 0.7  # IoU of boxes of one thing without what is beside it
# A crack within a slab is no job: it must be so long, or so high in the picture. On rendered places true ones measure
# 1.4 m and more, hairlines of slabs on two walks 0.5-0.6 m; holes may be smaller.
_CRACK_M = 0.8
_MIN_PX = 6  # shorter sides of a thing below this have no look


def whole_people(scene: Scene) -> list[Box]:
    """Whole boxes of what the detector takes for people, however faintly."""
    return [box for _, _, box in scene.detections.named("person", min_score=_FAINT) if box.y1 < _CUT]


def odds_of_things(image: Image, boxes: Sequence[Box]) -> list[float]:
    """For each box of somebody the odds that it is a thing, by a judge that learnt both."""
    if not boxes:
        return []
    odds = state_model("person").judge([body_crop(image, box) for box in boxes])
    return [float(thing) for thing in odds[:, 1]]


def odds_of_damage(image: Image, box: Box) -> float:
    """The odds that a box shows a hole or a crack beside any cover, by a judge that learnt what else is called so."""
    return float(state_model("damage").judge([ground_crop(without_covers(image, box), box)])[0, 1])


def odds_of_standing(image: Image, box: Box) -> float:
    """The odds that something stands in a box and is in the way, by a judge that learnt what only lies or shows."""
    return float(state_model("stands").judge([body_crop(image, box)])[0, 1])


@dataclass(slots=True)
class PlaceOdds:
    """The odds that a judge gives of places, each evened over its latest looks.

    The sensor's noise moves them from look to look: those of damage of one cover by night, 0.3 in the middle, from 0.04
    to 0.9.
    """

    judge: Callable[[Image, Box], float]
    same_iou: float = SAME_ISSUE_IOU
    _places: deque[tuple[Box, deque[float]]] = field(default_factory=lambda: deque(maxlen=_PLACES))

    def of(self, image: Image, box: Box) -> float:
        """See `judge`; the mean of this look and the latest ones at the same place."""
        known = next((odds for place, odds in self._places if place.iou(box) >= self.same_iou), None)
        if known is None:
            known = deque(maxlen=_LATEST)
            self._places.append((box, known))
        known.append(self.judge(image, box))
        return sum(known) / len(known)


def damage_odds() -> PlaceOdds:
    """The odds of damage of places that nobody has looked at yet."""
    return PlaceOdds(lambda image, box: odds_of_damage(image, box))


def standing_odds() -> PlaceOdds:
    """The odds that something stands in places; a thing and it with its shadow are two."""
    return PlaceOdds(lambda image, box: odds_of_standing(image, box), _ITSELF)


def is_hairline(box: Box, metre: float | None, scene: Scene) -> bool:
    """Whether a crack is too short to be damage.

    Args:
        metre: height of a metre there, 0-1 of the picture's height; None where nothing tells, and so nothing is short.
    """
    wide = box.width * scene.frame.width / scene.frame.height
    return metre is not None and max(wide, box.height) < _CRACK_M * metre


def is_water(image: Image, box: Box) -> bool:
    """Whether what a box shows is calmer than the ground round it, and grey, so that it is no thing with edges."""
    height, width = image.shape[:2]
    x0, y0, x1, y1 = box.pixels(width, height)
    left, top, right, bottom = box.grown(_BESIDE).pixels(width, height)
    if min(x1 - x0, y1 - y0) < _MIN_PX:
        return False
    part = np.ascontiguousarray(image[top:bottom, left:right])
    edges = _gradient(part)
    round_it = np.ones(edges.shape, bool)
    round_it[y0 - top : y1 - top, x0 - left : x1 - left] = False
    if not round_it.any():
        return False
    rim_x, rim_y = round(_RIM * (x1 - x0)), round(_RIM * (y1 - y0))
    inside = slice(y0 - top + rim_y, y1 - top - rim_y), slice(x0 - left + rim_x, x1 - left - rim_x)
    lab = cv2.cvtColor(part, cv2.COLOR_BGR2LAB)[inside].astype(np.float32)
    colour = float(np.hypot(lab[..., 1] - 128, lab[..., 2] - 128).mean())
    return colour < _GREY and float(np.median(edges[inside])) < _CALM * float(np.median(edges[round_it]))


def _gradient(part: Image) -> NDArray[np.float32]:
    grey = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY).astype(np.float32)
    across, along = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    return np.asarray(np.hypot(across, along), np.float32)
