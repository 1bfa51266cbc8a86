"""What a place on paving shows against the paving round it: a thing, a stain, or the shade of a tree.

A single picture tells it, so it holds from the first look on. Stains and shade only darken the paving; things are
brighter, have a colour of their own, or are blacker than wet or shaded paving gets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box, Region
from detectors.levels import median, quantiles
from detectors.values import Image

Lab = NDArray[np.float32]

_BESIDE = 0.6  # the paving is looked at as far as this share of a place's size round it
_MIN_PX = 20
# By how much a thing must differ from nearly all of the paving: lightness and colour of CIELAB at 8 bits.
_LIGHTER, _COLOURED, _USUAL = 8.0, 6.0, 0.97
# The stain of the PETS clip and the shade of trees keep at least half of the paving's lightness.
_BLACK = 0.5
_STANDS_OUT, _PLAIN = 0.1, 0.06
# Two proofs that agree, the detector's and this one, are surer than the first alone.
_PROOF, GUESS = 0.3, 0.3  # a detector's score that is fainter is no proof
# Of the detector's score of what a stain may be: on the PETS clip a dark patch of the road reaches 0.67.
STAIN_SHARE = 0.75
# Shade covers nearly all of a place, evenly, leaves this much light, no strong edges, and hardly another colour.
# Over rendered walks shade has 0.63-0.74, 0.83 and 4-5; of eleven puddles none comes near in all of them.
_SHADED, _SHADE_LIGHT, _SHADE_EVEN, _SHADE_COLOUR, _DARKER = 0.6, (0.45, 0.85), 0.75, 7.0, 0.85

# Lamplight between shadows is brighter than the ground round it, what is sunk into the ground is not: by night 73
# sights of holes on eight photographs have at most 1.16 times its light, 29 of 31 of light called a hole more than 1.2.
_LIT = 1.2
# Grey level, 0-255, that a quarter of a place must reach to be judged. Of 42 puddles and broken slabs by night, on
# walks and known places, the darkest has 15; a cover whose lamp was out, called water, 5 to 8.
_UNLIT = 12.0
# Sun on grass is lighter grass, and leaves have more colour than it. What is far lighter and has lost the colour is
# paper or a bag: of three heaps on lawns the brightest tenth is 1.8-3 times as light as the grass and has 0.05-0.3 of
# its colour; sun between shadows of twigs, faintly called litter on a fourth, has 0.55 and more. Where the ground has
# hardly any colour (paving, earth, grass by night) nothing is said.
_FAR_LIGHTER, _PALE, _GREEN, _BRIGHTEST = 1.6, 0.4, 8.0, 0.9


@dataclass(frozen=True, slots=True)
class _Place:
    inside: Lab
    beside: Lab


def stands_out(image: Image, box: Box, others: Iterable[Box] = (), paths: Sequence[Region] = ()) -> float | None:
    """Share of a place that no stain and no shade can be, 0-1; None where there is too little paving to tell.

    Args:
        others: what hides the paving: people, other things.
        paths: where the paving is; without them all that is round the place is taken for it.
    """
    place = _place(image, box, others, paths)
    if place is None:
        return None
    middle = _middle(place.beside)
    usual_light, usual_dark = quantiles(place.beside[:, 0], _USUAL, 1 - _USUAL)
    apart = _colour_apart(place.inside, middle)
    coloured = apart > quantiles(_colour_apart(place.beside, middle), _USUAL)[0] + _COLOURED
    light = place.inside[:, 0] > usual_light + _LIGHTER
    black = place.inside[:, 0] < min(_BLACK * float(middle[0]), usual_dark - _LIGHTER)
    return float((coloured | light | black).mean())


def surer(score: float, image: Image, box: Box, others: Iterable[Box] = (), paths: Sequence[Region] = ()) -> float:
    """The detector's score of a thing on the ground: raised where the picture shows one, lowered for a stain.

    Args:
        others, paths: see `stands_out`.
    """
    share = stands_out(image, box, others, paths)
    if share is None or share < _PLAIN:
        return STAIN_SHARE * score
    return twice(score) if score >= GUESS and share >= _STANDS_OUT else score


def twice(score: float) -> float:
    """The score of what another proof shows as well."""
    return 1 - (1 - score) * (1 - _PROOF)


def is_shade(image: Image, box: Box, others: Iterable[Box] = ()) -> bool:
    """Whether a place is only darker than the ground round it, evenly and softly: the shade of a tree."""
    place = _place(image, box.grown(-0.15), (*others, box))
    if place is None:
        return False
    middle = _middle(place.beside)
    light = (place.inside[:, 0] + 4) / (float(middle[0]) + 4)
    core = place.inside[light < _DARKER]
    if len(core) < _SHADED * len(light):
        return False
    light = light[light < _DARKER]
    typical, darkest = quantiles(light, 0.5, 0.05)
    even = darkest >= _SHADE_EVEN * typical
    colour = float(np.hypot(*(_middle(core)[1:] - middle[1:])))
    return _SHADE_LIGHT[0] < typical < _SHADE_LIGHT[1] and even and colour < _SHADE_COLOUR


def is_lit(image: Image, box: Box) -> bool:
    """Whether a place is brighter than the ground round it, as lamplight that falls through a crown is."""
    place = _place(image, box, ())
    return place is not None and float(_middle(place.inside)[0]) + 4 > _LIT * (float(_middle(place.beside)[0]) + 4)


def is_black(image: Image, box: Box) -> bool:
    """Whether hardly anything in a place is lit, so that nobody can tell what is there."""
    left, top, right, bottom = box.pixels(image.shape[1], image.shape[0])
    part = image[top:bottom, left:right]
    return float(quantiles(cv2.cvtColor(part, cv2.COLOR_BGR2GRAY).ravel(), 0.75)[0]) < _UNLIT


def is_white_on_green(image: Image, box: Box) -> bool:
    """Whether the brightest of what a box shows is far lighter than the ground round it, and without its colour."""
    place = _place(image, box, ())
    if place is None:
        return False
    light = place.inside[:, 0]
    thing, ground = _middle(place.inside[light >= quantiles(light, _BRIGHTEST)[0]]), _middle(place.beside)
    pale = _colour(thing) < _PALE * _colour(ground)
    return _colour(ground) >= _GREEN and pale and float(thing[0]) > _FAR_LIGHTER * (float(ground[0]) + 4)


def _place(image: Image, box: Box, others: Iterable[Box], paths: Sequence[Region] = ()) -> _Place | None:
    """Colours in a box and of the ground round it, as rows of L, a and b."""
    height, width = image.shape[:2]
    left, top, right, bottom = box.grown(_BESIDE).pixels(width, height)
    part = cv2.GaussianBlur(np.ascontiguousarray(image[top:bottom, left:right]), (3, 3), 0)
    lab = cv2.cvtColor(part, cv2.COLOR_BGR2LAB).astype(np.float32)
    beside = np.ones(lab.shape[:2], bool)
    for thing in (box.grown(0.1), *(other.grown(0.1) for other in others)):
        x0, y0, x1, y1 = thing.pixels(width, height)
        beside[max(0, y0 - top) : max(0, y1 - top), max(0, x0 - left) : max(0, x1 - left)] = False
    x0, y0, x1, y1 = box.pixels(width, height)
    itself = np.zeros(beside.shape, bool)
    itself[y0 - top : y1 - top, x0 - left : x1 - left] = True
    if paths:
        # Lawn, railing and water beside a path have all colours there are: against them no branch stands out.
        paved = np.logical_or.reduce([path.mask(width, height)[top:bottom, left:right] for path in paths])
        beside, itself = beside & paved, itself & paved
    inside = lab[itself]
    if min(len(inside), int(beside.sum())) < _MIN_PX:
        return None
    return _Place(inside, lab[beside])


def _middle(lab: Lab) -> Lab:
    return np.array([median(lab[:, n]) for n in range(3)], np.float32)


def _colour(lab: Lab) -> float:
    """How much colour one row of L, a and b has; greys have none."""
    return float(np.hypot(lab[1] - 128, lab[2] - 128))


def _colour_apart(lab: Lab, middle: Lab) -> Lab:
    return np.asarray(np.hypot(lab[:, 1] - middle[1], lab[:, 2] - middle[2]), np.float32)
