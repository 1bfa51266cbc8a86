"""Crops of trees that stand in their outline, and of outlines in which none stands: it fell, or was taken away.

Trees that fell are rare in stills and unknown to photographs. A tree is taken out of its picture with what is beside it
at the same height, which a camera on level ground sees at about the same distance. So that a seam is no sign of a
missing tree, trees that stand are laid beside themselves in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.inspectors.crops import felled_crop
from detectors.training.classes import INDEX
from detectors.training.judges.examples import HELD_BACK, Example, Examples
from detectors.training.judges.outlines import (
    EDGE_PX,
    Outlined,
    Points,
    Still,
    box_round,
    drawn_by_hand,
    egg,
    is_whole,
    moved,
    plan_of,
    read_labelled,
)
from detectors.training.judges.plans import Standing, standing
from detectors.training.judges.shots import overlap
from detectors.training.samples import pictures_in
from detectors.values import Image

_LEAST_PX = 40.0  # what is lower shows no trunk
_SEEN, _LEANS_FROM = 0.6, 0.05  # overlap of a planned tree with its label; of its height, by which a leaning top is off
_RECTANGLES, _TURN = 0.3, 8.0  # share of rectangles: what `discover` registers has no finer outline; degrees
_STANDS_TIMES, _REAL_TIMES, _TRIES = 2, 5, 8
_ASIDE, _SCALED = (0.5, 3.0), (0.8, 1.25)  # in widths of a tree, how far beside it another place is; of its size
_MARGIN, _FEATHER = (0.02, 0.08), (0.005, 0.03)  # of its height, round the outline that is painted over
_STUMP, _STUMPS = (0.04, 0.14), 0.5  # of its height, what is left standing; of how many
_LIES = (0.75, 1.1)  # height of a tree, in lengths of its box when it lies
_SAME_FOOT, _SAME_SIZE = 0.2, 0.55  # of its height: another tree so near and so alike stands in the same outline
_COVERED = 0.4  # share of a place that other trees may fill, if it is to pass for one without
_WEIGHT, _REAL_WEIGHT, _FELL_TIMES = 2.0, 6.0, 3
_EVERY = 5  # photographs, each so many held back


def felled_trees(stills: list[Still], photographs: Path | None, rng: np.random.Generator) -> Examples:
    """All examples of some stills, and of the training part of a folder of photographs of trees.

    Raises:
        LamplighterError: photographs that are missing or cannot be read.
    """
    rendered = [example for still in stills for example in _of_still(still, rng)]
    real = [] if photographs is None else list(_photographed(photographs, rng))
    return Examples.of([*rendered, *real])


class _Picture:
    """A picture with all trees that are known in it, to cut examples from."""

    def __init__(self, image: Image, scene: str, trees: list[Points], boxes: Points, *, real: bool = False) -> None:
        self.image, self.scene, self.trees, self.boxes, self.real = image, scene, trees, boxes, real

    def example(
        self, image: Image, outline: Points, target: float, group: str, rng: np.random.Generator
    ) -> Iterator[Example]:
        """One crop of an outline as somebody may have drawn it."""
        region = drawn_by_hand(outline, image, _RECTANGLES, rng)
        if region is not None:
            weight = _REAL_WEIGHT if self.real else _WEIGHT
            yield Example(felled_crop(image, region, rng.uniform(-_TURN, _TURN)), target, weight, self.scene, group)

    def stands_in(self, outline: Points) -> bool:
        """Whether some tree stands in an outline, or so much of others is seen there that it may be."""
        tall = np.ptp(outline[:, 1])
        for tree in self.trees:
            off = np.hypot(*(_foot(tree) - _foot(outline))) / tall
            if off < _SAME_FOOT and _SAME_SIZE < np.ptp(tree[:, 1]) / tall < 1 / _SAME_SIZE:
                return True
        return _covered(box_round(outline), self.boxes) > _COVERED

    def beside(self, outline: Points, rng: np.random.Generator, *, free: bool) -> Points | None:
        """A way (2,) px from an outline to a place beside it, in the picture; if it must be, one without a tree."""
        wide = float(np.ptp(outline[:, 0]))
        for _ in range(_TRIES):
            way = np.array([rng.choice([-1, 1]) * rng.uniform(*_ASIDE) * wide, 0.0])
            x0, _, x1, _ = box_round(outline + way)
            inside = x0 > EDGE_PX and x1 < self.image.shape[1] - EDGE_PX
            if inside and not (free and self.stands_in(outline + way)):
                return way
        return None


@dataclass(frozen=True, slots=True)
class _Known:
    """A tree that a still has: its outline, whether enough of it is seen for a label, and whether it leans."""

    outline: Points
    seen: bool
    leans: bool


def _of_still(still: Still, rng: np.random.Generator) -> Iterator[Example]:
    trees = _trees(still)
    picture = _Picture(still.image, still.scene, [tree.outline for tree in trees], still.tree_boxes)
    light = ", dark" if still.after_dark else ""
    for tree in trees:
        if not is_whole(tree.outline, still.image, _LEAST_PX) or tree.leans:
            continue
        if tree.seen:
            yield from _of_tree(picture, tree.outline, light, rng)
        else:
            yield from picture.example(still.image, tree.outline, 0.0, "hidden", rng)
    for box in still.labels.get(INDEX["fallen_tree"], np.empty((0, 4))):
        yield from _fell(picture, box, rng)


def _trees(still: Still) -> list[_Known]:
    """All trees of a still's plan, seen or hidden; those that are outlined where there is no plan."""
    plan, (height, width) = plan_of(still.picture), still.image.shape[:2]
    if not plan.is_file():
        return [_Known(tree.outline, seen=True, leans=False) for tree in still.trees]
    known = []
    for tree in standing(plan, width, height):
        if tree.kind == "tree":
            own = _seen(tree, still)
            outline = egg(tree.crown(tree.tall, tree.wide)) if own is None else own
            known.append(_Known(outline, own is not None, _leans(tree)))
    return known


def _of_tree(picture: _Picture, outline: Points, light: str, rng: np.random.Generator) -> Iterator[Example]:
    """A tree that stands, the same beside itself, its place without it, and its outline where none stands."""
    for _ in range(_REAL_TIMES if picture.real else _STANDS_TIMES):
        yield from picture.example(picture.image, outline, 0.0, f"stands{light}", rng)
    aside = picture.beside(outline, rng, free=False)
    if aside is not None:
        laid = _painted(picture.image, outline + aside, -aside, 0.0, rng)
        yield from picture.example(laid, outline + aside, 0.0, f"laid{light}", rng)
    aside = picture.beside(outline, rng, free=True)
    if aside is not None:
        stump = rng.uniform(*_STUMP) if rng.random() < _STUMPS else 0.0
        without = _painted(picture.image, outline, aside, stump, rng)
        yield from picture.example(without, outline, 1.0, f"taken out{light}", rng)
        other = moved(outline + aside, 0.0, rng.uniform(*_SCALED), np.zeros(2))
        if not picture.real and not picture.stands_in(other):  # of photographs trees farther off have no labels
            yield from picture.example(picture.image, other, 1.0, f"beside{light}", rng)


def _fell(picture: _Picture, lies: Points, rng: np.random.Generator) -> Iterator[Example]:
    """Where a tree that lies may have stood: at either end, as tall as it is long."""
    x0, y0, x1, y1 = lies
    for x in (x0, x1):
        for _ in range(_FELL_TIMES):
            tall = (x1 - x0) * rng.uniform(*_LIES)
            half, foot = tall * rng.uniform(0.15, 0.35), rng.uniform((y0 + y1) / 2, y1)
            outline = egg(np.array([x - half, foot - tall, x + half, foot]))
            if is_whole(outline, picture.image, _LEAST_PX) and not picture.stands_in(outline):
                yield from picture.example(picture.image, outline, 1.0, "fell", rng)


def _photographed(folder: Path, rng: np.random.Generator) -> Iterator[Example]:
    for number, path in enumerate(pictures_in(folder / "images" / "train")):
        image, labels = read_labelled(path)
        boxes = labels.get(0, np.empty((0, 4)))
        trees = [egg(box) for box in boxes]
        scene = f"{HELD_BACK if number % _EVERY == 0 else 'train/'}{path.stem}"
        picture = _Picture(image, scene, trees, boxes, real=True)
        for tree in trees:
            if not is_whole(tree, image, _LEAST_PX):
                continue
            yield from _of_tree(picture, tree, ", real", rng)


def _seen(tree: Standing, still: Still) -> Points | None:
    """The outline of a planned tree that has a label: as drawn where there is one, else as its box tells."""
    if not len(still.tree_boxes):
        return None
    covers = overlap(tree.crown(tree.tall, tree.wide), still.tree_boxes)
    if covers.max() < _SEEN:
        return None
    label = still.tree_boxes[int(covers.argmax())]
    drawn: list[Outlined] = [t for t in still.trees if overlap(box_round(t.outline), label[None])[0] > _SEEN]
    return drawn[0].outline if drawn else egg(label)


def _leans(tree: Standing) -> bool:
    return bool(np.hypot(*(tree.top - tree.upright)) > _LEANS_FROM * tree.tall)


def _foot(outline: Points) -> Points:
    x0, _, x1, y1 = box_round(outline)
    low = outline[outline[:, 1] >= y1 - 0.03 * np.ptp(outline[:, 1]), 0]
    return np.array([low.mean() if len(low) else (x0 + x1) / 2, y1])


def _covered(box: Points, others: Points) -> float:
    """The largest share of a box (4,) that one of others (n, 4) fills."""
    sides = np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2])
    return float(np.prod(np.maximum(0.0, sides), axis=1).max(initial=0.0) / np.prod(box[2:] - box[:2]))


def _painted(image: Image, outline: Points, way: Points, stump: float, rng: np.random.Generator) -> Image:
    """A picture in which an outline holds what lies so far from it, softly; what is low in it may stay."""
    tall = float(np.ptp(outline[:, 1]))
    where: NDArray[np.uint8] = np.zeros(image.shape[:2], np.uint8)
    cv2.fillPoly(where, [np.rint(outline).astype(np.int32)], 255)
    margin = max(1, round(rng.uniform(*_MARGIN) * tall))
    where = np.asarray(cv2.dilate(where, np.ones((2 * margin + 1, 2 * margin + 1), np.uint8)), np.uint8)
    where[max(0, round(outline[:, 1].max() - stump * tall)) if stump else where.shape[0] :] = 0
    share = cv2.GaussianBlur(where, (0, 0), max(0.6, rng.uniform(*_FEATHER) * tall)).astype(np.float32) / 255
    there = np.array([[1, 0, -way[0]], [0, 1, -way[1]]], np.float32)
    other = cv2.warpAffine(image, there, image.shape[1::-1], borderMode=cv2.BORDER_REFLECT)
    return np.asarray(image + share[..., None] * (other.astype(np.float32) - image), np.uint8)
