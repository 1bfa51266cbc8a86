"""Crops of trees, bare and in leaf: from labelled stills, from photographs, and drawn over both."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.errors import LamplighterError
from detectors.geometry import Region
from detectors.inspectors.crops import THING_FOOT, THING_SIZE, THING_TALL, Crop, thing_crop
from detectors.training.judges.branches import drawn
from detectors.training.judges.examples import HELD_BACK, Example, Examples
from detectors.training.judges.outlines import Outlined, Points, Still, as_region, egg, moved, read_labelled
from detectors.values import Image

# Which boxes of the photographs show bare trees, told by eye on contact sheets, and which cannot be told or are not
# whole; the others are in leaf.
_TOLD = Path(__file__).parent / "bare_photographs.json"
_LEAST_PX, _LEAST_WHOLE_PX, _EDGE_PX = 45.0, 80.0, 2.0
_SHAPES = (0.35, 1.5)  # width over height of a tree alone
_TIMES, _BARE_TIMES = 2, 4  # each tree is cut so often; bare ones are rare
_EMPTY_SHARE, _EMPTY_TRIES = 0.3, 8  # of trees, whose outline is also laid where no tree is
_DRAWN = 1500
_LEAFY_SHARE = 0.3  # of drawn trees: those in leaf are shown better by stills and photographs
_AMONG_TREES = 0.6  # share of drawn trees that stand among the picture's own green ones
_NEIGHBOUR = 0.3  # share of drawn trees that a drawn leafy neighbour stands before or behind
_HAZED = 0.15
_RECTANGLES = 0.4  # share of rectangles: what `discover` registers has no finer outline
_PLAIN_WEIGHT, _EMPTY_WEIGHT = 6.0, 3.0


@dataclass(frozen=True, slots=True)
class View:
    """A picture to draw over, and the outlines of its trees in leaf."""

    scene: str
    image: Image
    green: list[Points]


def tree_crowns(stills: list[Still], photographs: Path | None, rng: np.random.Generator) -> Examples:
    """All examples by day: of stills, of photographs where there are some, and drawn ones over their pictures.

    Args:
        photographs: folder with `images/train`, `images/val` and as much under `labels`.

    Raises:
        LamplighterError: no still by day, or photographs that are missing or cannot be read.
    """
    by_day = [still for still in stills if not still.after_dark]
    if not by_day:
        raise LamplighterError("No still by day: the judge of crowns learns from those.")
    views = [View(still.scene, still.image, _green(still)) for still in by_day]
    examples = [example for still in by_day for example in _rendered(still, rng)]
    for scene, image, found in _photographed(photographs) if photographs is not None else ():
        views.append(View(scene, image, [egg(box) for box, bare in found if not bare]))
        for box, bare in found:
            examples += _of_box(image, box, float(bare), scene, "photographs", rng)
    return Examples.of([*examples, *(_drawn(views[rng.integers(len(views))], rng) for _ in range(_DRAWN))])


def _green(still: Still) -> list[Points]:
    if still.trees or still.all_trees != 0:
        return [tree.outline for tree in still.trees if not tree.state]
    return [egg(box) for box in still.tree_boxes if _is_whole(box, still.image)]


def _rendered(still: Still, rng: np.random.Generator) -> Iterator[Example]:
    for tree in still.trees:
        if tree.height < _LEAST_PX or _is_cut(tree.outline, still.image):
            continue
        for k in range(_BARE_TIMES if tree.state else _TIMES):
            outline = tree.outline if tree.in_leaf is None or k % 2 else tree.in_leaf
            crop = _cut(still.image, outline, rng)
            if crop is not None:
                yield Example(crop, tree.state, _PLAIN_WEIGHT, still.scene, "rendered")
        empty = _nowhere(tree, still, rng) if rng.random() < _EMPTY_SHARE else None
        if empty is not None:
            yield Example(empty, 0.5, _EMPTY_WEIGHT, still.scene, "no tree there")

    if still.all_trees is not None and not still.trees:
        for box in still.tree_boxes:
            if _is_whole(box, still.image):
                yield from _of_box(still.image, box, still.all_trees, still.scene, "rendered", rng)


def _is_cut(outline: Points, image: Image) -> bool:
    """Whether the picture's edge cuts a crown, so that nobody could tell leaves from twigs."""
    (x0, y0), (x1, _) = outline.min(axis=0), outline.max(axis=0)
    return bool(x0 < _EDGE_PX or y0 < _EDGE_PX or x1 > image.shape[1] - _EDGE_PX)


def _nowhere(tree: Outlined, still: Still, rng: np.random.Generator) -> Crop | None:
    """A crop at a place of the same height in the picture where no labelled tree is: it fell, or was felled."""
    height, width = still.image.shape[:2]
    for _ in range(_EMPTY_TRIES):
        shift = np.array([rng.uniform(-0.6, 0.6) * width, rng.uniform(-0.05, 0.15) * height])
        points = tree.outline + shift
        (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
        beside = (still.tree_boxes[:, 0] > x1) | (still.tree_boxes[:, 2] < x0)
        above = (still.tree_boxes[:, 1] > y1) | (still.tree_boxes[:, 3] < y0)
        if x0 > 2 and x1 < width - 2 and y1 < height - 2 and bool(np.all(beside | above)):
            return _cut(still.image, points, rng)
    return None


def _photographed(folder: Path) -> Iterator[tuple[str, Image, list[tuple[Points, bool]]]]:
    """Name, picture, and the boxes of whole trees with whether each is bare."""
    told = json.loads(_TOLD.read_text(encoding="utf-8"))
    for part in ("train", "val"):
        pictures = sorted((folder / "images" / part).glob("*"))
        if not pictures:
            raise LamplighterError(f"{folder}: no pictures under images/{part}.")
        for picture in pictures:
            image, labels = read_labelled(picture)
            bare, unsure = (told[state].get(picture.stem, []) for state in ("bare", "unsure"))
            boxes = enumerate(labels.get(0, np.empty((0, 4))))
            found = [(box, k in bare) for k, box in boxes if k not in unsure and _is_whole(box, image)]
            yield f"{HELD_BACK if part == 'val' else 'train/'}{picture.stem}", image, found


def _is_whole(box: Points, image: Image) -> bool:
    wide, tall = box[2:] - box[:2]
    return bool(tall >= _LEAST_WHOLE_PX and _SHAPES[0] < wide / tall < _SHAPES[1] and box[3] < image.shape[0] - 3)


def _of_box(
    image: Image, box: Points, state: float, scene: str, group: str, rng: np.random.Generator
) -> Iterator[Example]:
    """Crops of a tree of which only the box is known."""
    for _ in range(_BARE_TIMES if state else 1):
        crop = _cut(image, egg(box), rng)
        if crop is not None:
            yield Example(crop, state, _PLAIN_WEIGHT, scene, group)


def _drawn(view: View, rng: np.random.Generator) -> Example:
    """A drawn tree over a piece of a picture, at times over its green trees, or with drawn ones before or behind it."""
    leafy = rng.random() < _LEAFY_SHARE
    under = _among_trees(view, rng) if rng.random() < _AMONG_TREES else _anywhere(view.image, rng)
    before = rng.random()
    seen = _beside(under, rng) if before < _NEIGHBOUR / 2 else under
    seen = drawn(seen, (THING_SIZE / 2, THING_FOOT), THING_TALL * rng.uniform(0.7, 1.08), leafy, rng)
    if _NEIGHBOUR / 2 <= before < _NEIGHBOUR:
        seen = _beside(seen, rng)
    outline = np.zeros((THING_SIZE, THING_SIZE), np.uint8)
    wide = THING_TALL * rng.uniform(0.55, 0.95)
    middle = THING_SIZE / 2 + rng.normal(0, 1.5)
    left, right = middle - wide / 2, middle + wide / 2
    if rng.random() < _RECTANGLES:
        outline[THING_FOOT - THING_TALL : THING_FOOT, round(left) : round(right)] = 255
    else:
        crown = egg(np.array([left, THING_FOOT - THING_TALL, right, THING_FOOT]))
        cv2.fillPoly(outline, [np.rint(crown).astype(np.int32)], 255)
    return Example(np.dstack([_hazed(seen, rng), outline]), float(not leafy), _PLAIN_WEIGHT, view.scene, "drawn")


def _anywhere(image: Image, rng: np.random.Generator) -> NDArray[np.uint8]:
    """A square piece of a picture, the size of a crop."""
    height, width = image.shape[:2]
    side = int(rng.uniform(0.2, 0.75) * min(height, width))
    x, y = int(rng.integers(0, width - side + 1)), int(rng.integers(0, height - side + 1))
    piece = cv2.resize(image[y : y + side, x : x + side], (THING_SIZE, THING_SIZE), interpolation=cv2.INTER_AREA)
    return np.asarray(piece, np.uint8)


def _among_trees(view: View, rng: np.random.Generator) -> NDArray[np.uint8]:
    """A piece in which one of the picture's own green trees stands beside or behind the middle."""
    if not view.green:
        return _anywhere(view.image, rng)
    outline = view.green[int(rng.integers(len(view.green)))]
    tall = float(np.ptp(outline[:, 1]))
    shift = np.array([rng.choice((-1, 1)) * rng.uniform(0.1, 0.7), rng.uniform(-0.1, 0.3)]) * tall
    region = as_region(moved(outline, 0.0, rng.uniform(0.7, 1.4), shift), view.image)
    if region is None:
        return _anywhere(view.image, rng)
    return np.ascontiguousarray(thing_crop(view.image, region)[..., :3])


def _hazed(seen: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """At times as in fog: twigs and leaves alike fade to grey."""
    if rng.random() >= _HAZED:
        return seen
    share, grey = rng.uniform(0.2, 0.6), rng.uniform(130, 220)
    return np.asarray(seen * (1 - share) + grey * share, np.uint8)


def _beside(seen: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """With a tree in leaf whose crown reaches in from one side."""
    away = THING_TALL * rng.uniform(0.3, 0.75) * rng.choice((-1, 1))
    foot = (THING_SIZE / 2 + away, THING_FOOT + THING_TALL * rng.uniform(-0.3, 0.3))
    return drawn(seen, foot, THING_TALL * rng.uniform(0.6, 1.3), True, rng)


def _cut(image: Image, outline: Points, rng: np.random.Generator) -> Crop | None:
    """A crop, the outline a little off as those drawn by hand are."""
    tall = float(np.ptp(outline[:, 1]))
    off = moved(outline, rng.uniform(-3, 3), rng.uniform(0.93, 1.07), rng.normal(0, 0.015, 2) * tall)
    region = as_region(off, image)
    if region is None:
        return None
    shown = Region.rectangle(region.box) if rng.random() < _RECTANGLES else region
    crop = thing_crop(image, shown, rng.uniform(-6, 6))
    crop[..., :3] = _hazed(crop[..., :3], rng)
    return crop
