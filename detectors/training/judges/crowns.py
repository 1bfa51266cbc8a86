"""Crops of trees, bare and in leaf: from labelled stills, from photographs, and drawn over both."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from detectors.errors import LamplighterError
from detectors.geometry import Box, Region
from detectors.inspectors.crops import THING_FOOT, THING_SIZE, THING_TALL, Crop, stance_crop
from detectors.training.judges.blossoms import in_blossom
from detectors.training.judges.branches import drawn
from detectors.training.judges.examples import HELD_BACK, Example, Examples
from detectors.training.judges.harmed import read_harmed
from detectors.training.judges.outlines import Outlined, Points, Still, as_region, best_of, egg, moved, read_labelled
from detectors.values import Image

# Which boxes of the photographs show bare trees, told by eye on contact sheets, and which cannot be told or are not
# whole; the others are in leaf.
_TOLD = Path(__file__).parent / "bare_photographs.json"
_LEAST_PX, _LEAST_WHOLE_PX, _EDGE_PX = 45.0, 80.0, 2.0
_HIDDEN = (0.45, 0.6)  # share behind other crowns, of a bare one and of one in leaf, from which nobody could tell
_SHAPES = (0.35, 1.5)  # width over height of a tree alone
_CUT_WIDE = 0.45  # the same of what the picture's edge leaves of one, if its crown is to be seen
_TIMES, _BARE_TIMES = 2, 4  # each tree is cut so often; bare ones are rare
_EMPTY_SHARE, _EMPTY_TRIES = 0.3, 8  # of trees, whose outline is also laid where no tree is
_DRAWN = 3600
_LEAFY_SHARE = 0.3  # of drawn trees: those in leaf are shown better by stills and photographs
_AMONG_TREES = 0.6  # share of drawn trees that stand among the picture's own green ones
_NEIGHBOUR = 0.3  # share of drawn trees that a drawn leafy neighbour stands before or behind
_HAZED = 0.15
# Trees are drawn in pieces so many times the size of a crop, for its second view shows the crown from nearer.
_FINE = 3
_DRAWN_SIZE = _FINE * THING_SIZE
_RECTANGLES = 0.4  # share of rectangles: what `discover` registers has no finer outline
_PLAIN_WEIGHT, _EMPTY_WEIGHT = 6.0, 3.0
_HARMED_WEIGHT = 18.0  # of stills in which much is bare: few crops, and most like what is asked for
# For the judge of blossoms so many trees in leaf are shown in blossom too, and so many drawn ones stand before some.
_BLOSSOM_SHARE, _BEFORE_BLOSSOMS = 0.4, 0.08


@dataclass(frozen=True, slots=True)
class View:
    """A picture to draw over, and the outlines of its trees in leaf."""

    scene: str
    image: Image
    green: list[Points]


def tree_crowns(
    stills: list[Still],
    photographs: Path | None,
    rng: np.random.Generator,
    harmed: Path | None = None,
    blossoms: bool = False,
) -> Examples:
    """All examples by day: of stills, of photographs where there are some, and drawn ones over their pictures.

    Args:
        photographs: folder with `images/train`, `images/val` and as much under `labels`.
        harmed: folder of stills in which many trees are bare, see `read_harmed`.
        blossoms: whether some trees in leaf are shown in blossom as well.

    Raises:
        LamplighterError: no still by day, or photographs that are missing or cannot be read.
    """
    by_day = [still for still in stills if not still.after_dark]
    if not by_day:
        raise LamplighterError("No still by day: the judge of crowns learns from those.")
    views = [View(still.scene, still.image, _green(still)) for still in by_day]
    examples = [example for still in by_day for example in _rendered(still, rng, blossoms)]
    for scene, image, found in _photographed(photographs) if photographs is not None else ():
        views.append(View(scene, image, [egg(box) for box, bare in found if not bare]))
        for box, bare in found:
            examples += _of_box(image, box, float(bare), scene, "photographs", rng, blossoms)
    examples += [] if harmed is None else harmed_crowns(harmed, rng)
    return Examples.of([*examples, *(_drawn(views[rng.integers(len(views))], rng, blossoms) for _ in range(_DRAWN))])


def harmed_crowns(folder: Path, rng: np.random.Generator) -> Iterator[Example]:
    """Trees by day of which many came to be bare, and some lean or fell; state 1 is bare.

    Raises:
        LamplighterError: see `read_harmed`.
    """
    for still in read_harmed(folder):
        for tree in still.trees if not still.after_dark else ():
            if tree.height < _LEAST_PX or _is_cut(tree.outline, still.image):
                continue
            if tree.became == "fallen":
                crop = _cut(still.image, tree.outline, rng) if tree.hidden <= _HIDDEN[0] else None
                if crop is not None:
                    yield Example(crop, 0.5, _EMPTY_WEIGHT, still.scene, "harmed: fallen")
                continue
            bare = tree.became == "bare"
            if not len(tree.boxes) or tree.hidden > _HIDDEN[not bare]:
                continue
            for k in range(_BARE_TIMES if bare else _TIMES):
                # Its own outline is smaller than that of the crown that it had.
                own = egg(best_of(tree.outline, tree.boxes)) if bare and tree.had_leaves and k % 2 else tree.outline
                crop = _cut(still.image, own, rng)
                if crop is not None:
                    yield Example(crop, float(bare), _HARMED_WEIGHT, still.scene, f"harmed: {tree.became}")


def _green(still: Still) -> list[Points]:
    if still.trees or still.all_trees != 0:
        return [tree.outline for tree in still.trees if not tree.state]
    return [egg(box) for box in still.tree_boxes if _is_whole(box, still.image)]


def _rendered(still: Still, rng: np.random.Generator, blossoms: bool) -> Iterator[Example]:
    for tree in still.trees:
        if tree.height < _LEAST_PX or _is_cut(tree.outline, still.image):
            continue
        for k in range(_BARE_TIMES if tree.state else _TIMES):
            outline = tree.outline if tree.in_leaf is None or k % 2 else tree.in_leaf
            crop = _cut(still.image, outline, rng)
            if crop is not None:
                yield Example(crop, tree.state, _PLAIN_WEIGHT, still.scene, "rendered")
        if blossoms and not tree.state:
            yield from _blossoming(still.image, tree.outline, still.scene, rng)
        empty = _nowhere(tree, still, rng) if rng.random() < _EMPTY_SHARE else None
        if empty is not None:
            yield Example(empty, 0.5, _EMPTY_WEIGHT, still.scene, "no tree there")

    if still.all_trees is not None and not still.trees:
        for box in still.tree_boxes:
            if _is_whole(box, still.image):
                yield from _of_box(still.image, box, still.all_trees, still.scene, "rendered", rng, blossoms)


def _is_cut(outline: Points, image: Image) -> bool:
    """Whether the picture's edge leaves so little of a crown that nobody could tell leaves from twigs."""
    (x0, y0), (x1, y1) = outline.min(axis=0).clip(0), outline.max(axis=0)
    x1 = min(x1, image.shape[1])
    cut = x0 < _EDGE_PX or y0 < _EDGE_PX or x1 > image.shape[1] - _EDGE_PX
    return bool(cut and (x1 - x0) < _CUT_WIDE * (y1 - y0))


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
    image: Image, box: Points, state: float, scene: str, group: str, rng: np.random.Generator, blossoms: bool
) -> Iterator[Example]:
    """Crops of a tree of which only the box is known."""
    for _ in range(_BARE_TIMES if state else 1):
        crop = _cut(image, egg(box), rng)
        if crop is not None:
            yield Example(crop, state, _PLAIN_WEIGHT, scene, group)
    if blossoms and not state:
        yield from _blossoming(image, egg(box), scene, rng)


def _blossoming(image: Image, outline: Points, scene: str, rng: np.random.Generator) -> Iterator[Example]:
    """At times a crop of a tree in leaf as if it were in blossom."""
    if rng.random() >= _BLOSSOM_SHARE:
        return
    seen = in_blossom(image, outline, rng)
    crop = None if seen is None else _cut(seen, outline, rng)
    if crop is not None:
        yield Example(crop, 0.0, _PLAIN_WEIGHT, scene, "in blossom")


def _drawn(view: View, rng: np.random.Generator, blossoms: bool) -> Example:
    """A drawn tree over a piece of a picture, at times over its green trees, or with drawn ones before or behind it."""
    leafy = rng.random() < _LEAFY_SHARE
    under = _among_trees(view, rng) if rng.random() < _AMONG_TREES else _anywhere(view.image, rng)
    if blossoms and rng.random() < _BEFORE_BLOSSOMS:
        behind = in_blossom(under, None, rng)
        under = under if behind is None else behind
    before = rng.random()
    seen = _beside(under, rng) if before < _NEIGHBOUR / 2 else under
    middle, ground = _DRAWN_SIZE / 2, _FINE * THING_FOOT
    tall = _FINE * THING_TALL
    seen = drawn(seen, (middle, ground), tall * rng.uniform(0.8, 1.12), leafy, rng)
    if _NEIGHBOUR / 2 <= before < _NEIGHBOUR:
        seen = _beside(seen, rng)
    wide = tall * rng.uniform(0.55, 0.95)
    middle += _FINE * rng.normal(0, 1.5)
    box = np.array([middle - wide / 2, ground - tall, middle + wide / 2, ground])
    region = Region.rectangle(Box.of(box / _DRAWN_SIZE)) if rng.random() < _RECTANGLES else as_region(egg(box), seen)
    assert region is not None  # it is in the middle of the piece
    return Example(_shown(seen, region, 0.0, rng), float(not leafy), _PLAIN_WEIGHT, view.scene, "drawn")


def _anywhere(image: Image, rng: np.random.Generator) -> Image:
    """A square piece of a picture, the size that trees are drawn at."""
    height, width = image.shape[:2]
    side = int(rng.uniform(0.2, 0.75) * min(height, width))
    x, y = int(rng.integers(0, width - side + 1)), int(rng.integers(0, height - side + 1))
    return _enlarged(image[y : y + side, x : x + side])


def _among_trees(view: View, rng: np.random.Generator) -> Image:
    """A piece in which one of the picture's own green trees stands beside or behind the middle."""
    if not view.green:
        return _anywhere(view.image, rng)
    outline = view.green[int(rng.integers(len(view.green)))]
    (x0, y0), (x1, y1) = outline.min(axis=0), outline.max(axis=0)
    tall = (y1 - y0) * rng.uniform(0.7, 1.4)
    side = tall * THING_SIZE / THING_TALL
    x = (x0 + x1) / 2 + rng.choice((-1, 1)) * rng.uniform(0.0, 0.7) * (y1 - y0)
    y = y1 + rng.uniform(-0.1, 0.3) * (y1 - y0)
    left, top = x - side / 2, y - side * THING_FOOT / THING_SIZE
    part = view.image[max(0, int(top)) : int(top + side), max(0, int(left)) : int(left + side)]
    if min(part.shape[:2]) < _LEAST_PX:
        return _anywhere(view.image, rng)
    return _enlarged(part)


def _enlarged(part: Image) -> Image:
    size = (_DRAWN_SIZE, _DRAWN_SIZE)
    fewer = part.shape[0] > _DRAWN_SIZE
    return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA if fewer else cv2.INTER_CUBIC), np.uint8)


def _shown(image: Image, region: Region, turn: float, rng: np.random.Generator) -> Crop:
    """The crop of a tree, at times as in fog: twigs and leaves alike fade to grey."""
    crop = stance_crop(image, region, turn)
    if rng.random() < _HAZED:
        share, grey = rng.uniform(0.2, 0.6), rng.uniform(130, 220)
        colours = np.array([True, True, True, False] * 2)
        crop[..., colours] = crop[..., colours] * (1 - share) + grey * share
    return crop


def _beside(seen: Image, rng: np.random.Generator) -> Image:
    """With a tree in leaf whose crown reaches in from one side."""
    tall = _FINE * THING_TALL
    away = tall * rng.uniform(0.3, 0.75) * rng.choice((-1, 1))
    foot = (_DRAWN_SIZE / 2 + away, _FINE * THING_FOOT + tall * rng.uniform(-0.3, 0.3))
    return drawn(seen, foot, tall * rng.uniform(0.6, 1.3), True, rng)


def _cut(image: Image, outline: Points, rng: np.random.Generator) -> Crop | None:
    """A crop, the outline a little off as those drawn by hand are."""
    tall = float(np.ptp(outline[:, 1]))
    off = moved(outline, rng.uniform(-3, 3), rng.uniform(0.93, 1.07), rng.normal(0, 0.015, 2) * tall)
    region = as_region(off, image)
    if region is None:
        return None
    rectangle = rng.random() < _RECTANGLES
    return _shown(image, Region.rectangle(region.box) if rectangle else region, rng.uniform(-6, 6), rng)
