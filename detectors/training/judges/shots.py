"""Crops of places of benches and bins as other cameras show them: farther, compressed, a little off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from detectors.errors import LamplighterError
from detectors.geometry import Box, Region
from detectors.inspectors.crops import Crop, bin_crop, place_crop
from detectors.training.classes import INDEX
from detectors.training.judges.examples import HELD_BACK, Example
from detectors.training.judges.outlines import Points, Still, as_region, read_labelled
from detectors.training.samples import fraction_of
from detectors.training.splits import HOLD
from detectors.values import Image

_LITTER_BINS = {0: "litter", 1: "bin", 2: "bin_overflowing"}
_LEAST_LONG = 12.0  # px from which a fixed camera shows anything of a thing
_SMALL_PX = 25.0  # things whose longer side is below this are told apart in the tables
_ROUND = 1.3  # times the longer side on every side of the middle: what a turned crop needs
_OFF, _LARGER, _TURNED = 0.06, 0.12, 4.0
_QUALITY = (30, 95)


@dataclass(frozen=True, slots=True)
class Photograph:
    """A picture and its labelled boxes in px, by class name; those held back have a name that says so."""

    scene: str
    image: Image
    boxes: dict[str, Points]


@dataclass(frozen=True, slots=True)
class Told:
    """What all crops of one place have in common; see `Example`."""

    state: float
    weight: float
    scene: str
    group: str


@dataclass(frozen=True, slots=True)
class Cutter:
    """How a judge's crops are cut.

    Attributes:
        of: the crop of a region of a picture, turned by degrees; some mark where others are.
        most_long: how long things are shown at most, px: more tells no more.
    """

    of: Callable[[Image, Region, float, tuple[Box, ...]], Crop]
    most_long: float


PLACES = Cutter(place_crop, 70.0)
BINS = Cutter(lambda image, region, turn, _: bin_crop(image, region, turn), 160.0)
NONE: Points = np.empty((0, 4))


def photographs(folder: Path) -> Iterator[Photograph]:
    """The training part of the photographs of bins; what the detector's recipe keeps back is kept back here too.

    The validation part is not read.

    Raises:
        LamplighterError: no pictures there, or one cannot be read.
    """
    pictures = sorted((folder / "images" / "train").glob("*"))
    if not pictures:
        raise LamplighterError(f"{folder}: no pictures under images/train.")
    for picture in pictures:
        image, labels = read_labelled(picture)
        held = fraction_of(f"litter_bins__{picture.stem}") < HOLD
        boxes = {name: labels.get(number, np.empty((0, 4))) for number, name in _LITTER_BINS.items()}
        yield Photograph(f"{HELD_BACK if held else 'train/'}{picture.stem}", image, boxes)


def labelled(still: Still, *names: str) -> Points:
    """The boxes (n, 4) px of all things of some classes in a still."""
    return np.concatenate([still.labels.get(INDEX[name], np.empty((0, 4))) for name in names])


def long_side(box: Points) -> float:
    """Longer side of a box (4,), px."""
    return float(np.max(box[2:] - box[:2]))


def lengths(box: Points, times: int, rng: np.random.Generator, most_long: float) -> Iterator[float]:
    """How long, px, a thing is shown each of some times: as it is at most, and short as often as long."""
    most = min(long_side(box), most_long)
    if most < _LEAST_LONG:
        return
    for _ in range(times):
        yield float(np.exp(rng.uniform(np.log(_LEAST_LONG), np.log(most))))


def shot(
    image: Image, box: Points, long: float, rng: np.random.Generator, cutter: Cutter, others: Points = NONE
) -> Crop | None:
    """The crop of a place whose longer side is so many px; None where hardly anything of it is in the picture."""
    scale = min(1.0, long / long_side(box))
    size = box[2:] - box[:2]
    middle = (box[:2] + box[2:]) / 2 + rng.normal(0, _OFF, 2) * size
    half = size / 2 * rng.uniform(1 - _LARGER, 1 + _LARGER, 2)
    reach = _ROUND * long_side(box)
    left, top = np.maximum(0, np.floor(middle - reach)).astype(int).tolist()
    right, bottom = np.ceil(middle + reach).astype(int)
    part = image[top:bottom, left:right]
    if min(part.shape[:2]) < 4:
        return None
    if scale < 1.0:
        part = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    packed = cv2.imencode(".jpg", part, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(*_QUALITY))])[1]
    seen = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    corners = (np.stack([middle - half, middle + half]) - (left, top)) * scale
    (x0, y0), (x1, y1) = corners
    region = as_region(np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]), seen)
    if region is None:
        return None
    return cutter.of(seen, region, rng.uniform(-_TURNED, _TURNED), tuple(_marked(others, (left, top), scale, seen)))


def _marked(others: Points, corner: tuple[int, int], scale: float, seen: Image) -> Iterator[Box]:
    """Boxes (n, 4) px of a picture in 0-1 of a part of it, those that lie in it."""
    height, width = seen.shape[:2]
    within = (others - np.tile(corner, 2)) * scale / (width, height, width, height)
    yield from (Box.of(box.tolist()) for box in within if (box[:2] < 1).all() and (box[2:] > 0).all())


def examples(
    image: Image,
    box: Points,
    told: Told,
    times: int,
    rng: np.random.Generator,
    cutter: Cutter = PLACES,
    others: Points = NONE,
) -> Iterator[Example]:
    """A place some times, each at another length; the group tells whether it is small.

    Args:
        others: (n, 4) px where other benches and bins are.
    """
    for long in lengths(box, times, rng, cutter.most_long):
        crop = shot(image, box, long, rng, cutter, others)
        if crop is not None:
            size = ", small" if min(long, long_side(box)) < _SMALL_PX else ""
            yield Example(crop, told.state, told.weight, told.scene, told.group + size)


def overlap(box: Points, others: Points) -> Points:
    """Intersection over union of a box (4,) with others (n, 4), (n,)."""
    shared = shared_areas(box, others)
    areas = np.prod(others[:, 2:] - others[:, :2], axis=1) + np.prod(box[2:] - box[:2])
    return np.asarray(shared / np.maximum(areas - shared, 1e-6))


def shared_areas(box: Points, others: Points) -> Points:
    """Area that a box (4,) shares with each of others (n, 4), px²."""
    sides = np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2])
    return np.asarray(np.prod(np.maximum(0.0, sides), axis=1))
