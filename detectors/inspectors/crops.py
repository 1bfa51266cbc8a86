"""Crops of registered things, all of one size and stance, with their outline: what the state models look at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box, Region
from detectors.values import Image

Crop = NDArray[np.uint8]

THING_SIZE = 64
"""Width and height of a thing's crop, px; the thing itself is `THING_TALL` high, its foot in row `THING_FOOT`."""
THING_TALL, THING_FOOT = 46, 58
_UPPER_TALL, _UPPER_FOOT = 84, 94  # the upper half of a thing beside the whole: its height and its foot's row, px
_LOWER_TALL, _LOWER_FOOT = 92, 58  # the lower part of a tree beside the whole: the tree's height, its foot's row, px
HEAD_SIZE = 48
"""Width and height of the crop of a lamp's head, px."""
_LAMP_TALL, _LAMP_FOOT = 26, 34  # the whole lamp beside its head: its height and the row of its foot, px
_COLUMN_TALL, _COLUMN_ROOM, _COLUMN_FOOT = 110, 1.46, 0.89  # px at most; its crop's side in its height; its foot's row
PLACE_SIZE, PLACE_LONG = 64, 38
"""Width and height of the crop of a bench's or bin's place, px; the longer side of the place is `PLACE_LONG`."""
OTHERS, SHARED = 85, 170
"""What a crop is marked with where other registered things are, outside its thing's outline and inside."""
# The rim of a bin, where it overflows: so wide in its crop, px, its middle at this share of the bin's height; what is
# wider than high fills the crop no more than a bin of this height does.
_RIM_WIDE, _RIM_AT, _RIM_TALL = 40, 0.25, 0.4

KEPT = 4096
"""Outlines of which is remembered what follows from them: those of a hundred cameras."""
_LOW_SHARE = 0.03  # the lowest points of an outline, as a share of its height, are its foot
# How far round a crop the picture is looked at: so that a turned crop has no empty corners; else a few of its pixels.
_REACH, _MARGIN = 1.5, 3.0
# The head fills this share of the lamp's height at the top of its outline, whatever the style; a little beside it
# counts, for outlines are drawn by hand or rounded.
_HEAD_SHARE, _HEAD_RIM = 0.17, 0.024
# A head on an arm is the outer part of a top that is this wide, as a share of the lamp's height, both in 0-1 of the
# picture's sides: a fifth in pixels of 16:9. Lanterns and globes are slimmer.
_ARM_WIDTH, _ARM_OUTER, _ARM_SIDE = 0.11, 0.5, 1.5
# Of a lamp whose foot the picture's lower edge cuts off nobody knows the height. The sides of its outline meet where it
# stands, or farther down where it is no arm; and a head is no taller than so many times its width on a 16:9 picture.
_CUT_FROM, _CUT_TALL, _ASPECT = 0.985, 1.4, 16 / 9
_CUT_LEVELS, _CUT_MOST = (0.5, 0.97), 3.0  # shares of its height where the sides are measured; times what is seen
# A head is shown with so much round it: a share of the lamp's height, or of its own width, and never less than, px.
_SHOWN_TALL, _SHOWN_WIDE, _SHOWN_LEAST = 0.5, 1.6, 14.0


@lru_cache(maxsize=KEPT)
def foot_of(region: Region) -> tuple[float, float]:
    """Where a standing thing meets the ground, 0-1: the middle of the lowest points of its outline."""
    box = region.box
    low = [x for x, y in region.points if y >= box.y1 - _LOW_SHARE * box.height]
    return (min(low) + max(low)) / 2, box.y1


@lru_cache(maxsize=KEPT)
def head_box(region: Region) -> Box:
    """Where a lamp's head is: the whole top of a post, the outer end of an arm."""
    whole, tall = region.box, _stature(region)
    rim = _HEAD_RIM * tall
    x0, x1 = _head_span(region)
    return Box.of((x0 - rim, whole.y0 - rim, x1 + rim, whole.y0 + _HEAD_SHARE * tall))


def thing_crop(image: Image, region: Region, turn: float = 0.0) -> Crop:
    """A whole thing and its surround, scaled to the same height, its foot always in the same place.

    Args:
        turn: degrees by which the crop is turned about the foot; for training.

    Returns:
        (THING_SIZE, THING_SIZE, 4) uint8: blue, green, red, and 255 inside the outline.
    """
    return _thing_cut(region, image.shape[1], image.shape[0], turn).of(image)


def stance_crop(image: Image, region: Region, turn: float = 0.0) -> Crop:
    """A whole lamp or tree as in `thing_crop`, and its upper half from nearer, where boughs and leaves are told apart.

    Args:
        turn: see `thing_crop`.

    Returns:
        (THING_SIZE, THING_SIZE, 8) uint8: blue, green, red, and 255 inside the outline; the same of the upper half.
    """
    upper = _part_cut(region, image.shape[1], image.shape[0], turn, _UPPER_TALL, _UPPER_FOOT).of(image)
    return np.concatenate([thing_crop(image, region, turn), upper], axis=2)


def felled_crop(image: Image, region: Region, turn: float = 0.0) -> Crop:
    """A whole tree as in `thing_crop`, and its trunk from nearer: whether it stands where it is registered.

    Args:
        turn: see `thing_crop`.

    Returns:
        (THING_SIZE, THING_SIZE, 8) uint8: blue, green, red, and 255 inside the outline; the same of the lower part.
    """
    lower = _part_cut(region, image.shape[1], image.shape[0], turn, _LOWER_TALL, _LOWER_FOOT).of(image)
    return np.concatenate([thing_crop(image, region, turn), lower], axis=2)


def column_crop(image: Image, region: Region) -> Crop:
    """A lamp and what is round it as sharp as the picture shows them, large ones scaled down: (n, n, 4) uint8.

    The foot lies at `column_foot(n)`. Blue, green, red, and 255 inside the outline.
    """
    return _column_cut(region, image.shape[1], image.shape[0]).of(image)


def column_foot(size: int) -> tuple[float, float]:
    """Where the foot of a lamp lies in its `column_crop` of that size, px."""
    return size / 2, _COLUMN_FOOT * size


def column_tall(size: int) -> float:
    """How tall a lamp is in its `column_crop` of that size, px."""
    return size / _COLUMN_ROOM


def head_crop(image: Image, region: Region, turn: float = 0.0) -> Crop:
    """A lamp's head and what is round it, the head in the middle; and the whole lamp with the ground that it lights.

    Args:
        region: outline of the whole lamp.
        turn: degrees by which the crop is turned about the head; for training.

    Returns:
        (HEAD_SIZE, HEAD_SIZE, 8) uint8: blue, green, red, and 255 inside the outline; the same of the whole lamp.
    """
    width, height = image.shape[1], image.shape[0]
    views = _head_cut(region, width, height, turn).of(image), _lamp_cut(region, width, height).of(image)
    return np.concatenate(views, axis=2)


def place_crop(image: Image, region: Region, turn: float = 0.0, others: tuple[Box, ...] = ()) -> Crop:
    """The place of a bench or bin and what is round it, in the middle; shows as well what it does not hold.

    Args:
        region: where it is registered; only its box counts, as `discover` knows no more.
        turn: degrees by which the crop is turned about its middle; for training.
        others: where other benches and bins are registered.

    Returns:
        (PLACE_SIZE, PLACE_SIZE, 4) uint8: blue, green, red, and 255 inside the box, `OTHERS` and `SHARED` where
        others are.
    """
    return _place_cut(region.box, image.shape[1], image.shape[0], turn, others).of(image)


def bin_crop(image: Image, region: Region, turn: float = 0.0) -> Crop:
    """A bin with what is round it, and its rim from nearer: of a bin that is large in the picture this shows more.

    Args:
        region: see `place_crop`, as `turn`.

    Returns:
        (PLACE_SIZE, PLACE_SIZE, 8) uint8: the place's crop, and the same of the bin's upper part.
    """
    rim = _rim_cut(region.box, image.shape[1], image.shape[0], turn).of(image)
    return np.concatenate([place_crop(image, region, turn), rim], axis=2)


@dataclass(frozen=True, slots=True)
class _Cut:
    """How a crop is made of any picture of one size.

    Attributes:
        part: rows and columns of the picture that it needs.
        shrunk: by how much these are scaled first, at most 1.
        to_crop: (2, 3) affine matrix from there to the crop.
        outline: (size, size) uint8, 255 inside.
    """

    part: tuple[slice, slice]
    shrunk: float
    to_crop: NDArray[np.float64]
    outline: NDArray[np.uint8]

    def of(self, image: Image) -> Crop:
        part = image[self.part]
        if self.shrunk < 1.0:
            part = cv2.resize(part, None, fx=self.shrunk, fy=self.shrunk, interpolation=cv2.INTER_AREA)
        colours = cv2.warpAffine(part, self.to_crop, self.outline.shape, flags=cv2.INTER_LINEAR)
        crop = np.asarray(cv2.cvtColor(colours, cv2.COLOR_BGR2BGRA), np.uint8)  # 0.01 ms; copied by NumPy 0.09
        crop[..., 3] = self.outline
        return crop


def _thing_cut(region: Region, width: int, height: int, turn: float) -> _Cut:
    return _part_cut(region, width, height, turn, THING_TALL, THING_FOOT)


@lru_cache(maxsize=KEPT)
def _part_cut(region: Region, width: int, height: int, turn: float, tall: int, foot: int) -> _Cut:
    """The crop in which a thing is so tall (px) and stands in the middle of that row."""
    x, y = foot_of(region)
    scale = tall / max(1.0, region.box.height * height)
    return _cut(region, (width, height), (x * width, y * height), scale, (THING_SIZE / 2, foot), THING_SIZE, turn)


@lru_cache(maxsize=KEPT)
def _column_cut(region: Region, width: int, height: int) -> _Cut:
    x, y = foot_of(region)
    tall = max(1.0, region.box.height * height)
    scale = min(1.0, _COLUMN_TALL / tall)
    size = round(_COLUMN_ROOM * tall * scale)
    return _cut(region, (width, height), (x * width, y * height), scale, column_foot(size), size, 0.0)


@lru_cache(maxsize=KEPT)
def _head_cut(region: Region, width: int, height: int, turn: float) -> _Cut:
    head = head_box(region)
    x, y = head.centre
    side = max(_SHOWN_TALL * _stature(region) * height, _SHOWN_WIDE * head.width * width, _SHOWN_LEAST)
    middle = (HEAD_SIZE / 2, HEAD_SIZE / 2)
    return _cut(region, (width, height), (x * width, y * height), HEAD_SIZE / side, middle, HEAD_SIZE, turn)


@lru_cache(maxsize=KEPT)
def _lamp_cut(region: Region, width: int, height: int) -> _Cut:
    x, y = foot_of(region)
    scale = _LAMP_TALL / max(1.0, region.box.height * height)
    return _cut(region, (width, height), (x * width, y * height), scale, (HEAD_SIZE / 2, _LAMP_FOOT), HEAD_SIZE, 0.0)


@lru_cache(maxsize=KEPT)
def _place_cut(box: Box, width: int, height: int, turn: float, others: tuple[Box, ...] = ()) -> _Cut:
    x, y = box.centre
    scale = PLACE_LONG / max(1.0, box.width * width, box.height * height)
    middle, whole = (PLACE_SIZE / 2, PLACE_SIZE / 2), Region.rectangle(box)
    regions = tuple(Region.rectangle(other) for other in others)
    return _cut(whole, (width, height), (x * width, y * height), scale, middle, PLACE_SIZE, turn, regions)


@lru_cache(maxsize=KEPT)
def _rim_cut(box: Box, width: int, height: int, turn: float) -> _Cut:
    rim = box.centre[0] * width, (box.y0 + _RIM_AT * box.height) * height
    scale = _RIM_WIDE / max(1.0, box.width * width, _RIM_TALL * box.height * height)
    middle, whole = (PLACE_SIZE / 2, PLACE_SIZE / 2), Region.rectangle(box)
    return _cut(whole, (width, height), rim, scale, middle, PLACE_SIZE, turn)


def _cut(
    region: Region,
    shape: tuple[int, int],
    fixed: tuple[float, float],
    scale: float,
    to: tuple[float, float],
    size: int,
    turn: float,
    others: tuple[Region, ...] = (),
) -> _Cut:
    """Scale and turn the picture so that the point `fixed` (px) comes to lie at `to` in the crop."""
    width, height = shape
    # From the fixed point to the left, up, right and down, px of the picture.
    reach = np.full(4, _REACH * size) if turn else np.array([to[0], to[1], size - to[0], size - to[1]]) + _MARGIN
    before, above, after, below = reach / scale
    left, top = max(0, int(fixed[0] - before)), max(0, int(fixed[1] - above))
    rows = slice(top, min(height, int(fixed[1] + below) + 1))
    columns = slice(left, min(width, int(fixed[0] + after) + 1))
    shrunk = min(1.0, scale)
    moved = (np.array(fixed) - (left, top)) * shrunk
    to_crop = cv2.getRotationMatrix2D((float(moved[0]), float(moved[1])), turn, scale / shrunk)
    to_crop[:, 2] += np.array(to) - moved
    own, others_are = np.zeros((2, size, size), np.uint8)
    for outline, marked in ((own, region), *((others_are, other) for other in others)):
        corners = (np.array(marked.points) * (width, height) - (left, top)) * shrunk
        cv2.fillPoly(outline, [np.rint(corners @ to_crop[:, :2].T + to_crop[:, 2]).astype(np.int32)], 255)
    own[others_are > 0] = np.where(own > 0, SHARED, OTHERS)[others_are > 0]
    return _Cut((rows, columns), shrunk, to_crop, own)


@lru_cache(maxsize=KEPT)
def _stature(region: Region) -> float:
    """Height of a lamp on the picture, 0-1: of its outline, or what it would be if the lower edge did not cut it."""
    seen = region.box.height
    if region.box.y1 < _CUT_FROM:
        return seen
    x0, x1 = _head_span(region)
    by_width = _CUT_TALL * (x1 - x0) * _ASPECT / _HEAD_SHARE
    return max(seen, min(by_width, _stands_at(region)[1] - region.box.y0))


def _stands_at(region: Region) -> tuple[float, float]:
    """Where a lamp meets the ground; below the picture where its lower edge cuts it."""
    whole = region.box
    if whole.y1 < _CUT_FROM:
        return foot_of(region)
    upper, lower = (crossings(region, whole.y0 + share * whole.height) for share in _CUT_LEVELS)
    steps = (_CUT_LEVELS[1] - _CUT_LEVELS[0]) * whole.height
    farthest = (_CUT_MOST - _CUT_LEVELS[1]) * whole.height / steps
    if len(upper) < 2 or len(lower) < 2 or np.ptp(upper) <= np.ptp(lower):  # nothing tells where its sides meet
        return foot_of(region)[0], whole.y0 + _CUT_MOST * whole.height
    beyond = min(farthest, float(np.ptp(lower) / (np.ptp(upper) - np.ptp(lower))))
    left, right = min(lower) + (min(lower) - min(upper)) * beyond, max(lower) + (max(lower) - max(upper)) * beyond
    return (left + right) / 2, whole.y0 + _CUT_LEVELS[1] * whole.height + steps * beyond


def _head_span(region: Region) -> tuple[float, float]:
    """Left and right end of a lamp's head, 0-1."""
    whole, (foot, ground) = region.box, _stands_at(region)
    top = whole.y0 + _HEAD_SHARE * whole.height
    xs = [x for x, y in region.points if y <= top] + crossings(region, top)
    x0, x1 = min(xs), max(xs)
    left, right = foot - x0, x1 - foot
    if x1 - x0 > _ARM_WIDTH * (ground - whole.y0):
        if left > _ARM_SIDE * right:
            return x0, x0 + _ARM_OUTER * (x1 - x0)
        if right > _ARM_SIDE * left:
            return x1 - _ARM_OUTER * (x1 - x0), x1
    return x0, x1


def crossings(region: Region, level: float) -> list[float]:
    """Where the outline crosses a level, x 0-1."""
    points = region.points
    return [
        xa + (xb - xa) * (level - ya) / (yb - ya)
        for (xa, ya), (xb, yb) in zip(points, points[1:] + points[:1], strict=True)
        if (ya - level) * (yb - level) < 0
    ]
