"""Crops of trees that stand upright in their outline, and of trees that lean out of it.

Trees that lean are rare in stills. So pictures of trees that stand are bent as well, or turned as a whole about the
foot of a tree. That slanting surroundings are no sign of a leaning tree all crops are turned, some of these back again.
After dark a tree is what lamps show of it: nothing is learnt, or asked, there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from detectors.inspectors.crops import felled_crop
from detectors.training.judges.examples import HELD_BACK, Example, Examples
from detectors.training.judges.harmed import own_boxes, read_harmed
from detectors.training.judges.outlines import (
    Points,
    Still,
    best_of,
    box_round,
    drawn_by_hand,
    egg,
    is_whole,
    plan_of,
    read_labelled,
)
from detectors.training.judges.plans import Standing, standing
from detectors.training.judges.shots import overlap
from detectors.training.judges.stances import bent
from detectors.training.samples import pictures_in
from detectors.values import Image

_LEAST_PX = 50.0  # what is lower shows no trunk
_RECTANGLES, _TURN = 0.4, 12.0  # share of rectangles: what `discover` registers has no finer outline; degrees
_TILT = (9.0, 24.0)  # degrees by which pictures are bent and turned
_TURNED, _BACK = 0.5, 0.5  # share of trees whose picture is turned as well; of these, whose crop is turned back
_LEANS_FROM, _UPRIGHT_TO = 0.12, 0.03  # of its height, how far a top is off
_HIDDEN, _SEEN = 0.55, 0.4  # share behind crowns, and overlap with a label, by which a tree is seen
_STANDS_TIMES, _LEANS_TIMES, _REAL_TIMES = 2, 6, 2
_WEIGHT, _LEANS_WEIGHT, _REAL_WEIGHT = 2.0, 6.0, 4.0
_EVERY = 5  # photographs, each so many held back


@dataclass(frozen=True, slots=True)
class _Picture:
    image: Image
    scene: str

    def example(
        self,
        image: Image,
        outline: Points,
        target: float,
        weight: float,
        group: str,
        rng: np.random.Generator,
        turn: float = 0.0,
    ) -> Iterator[Example]:
        """One crop of an outline as somebody may have drawn it, turned by some degrees and a little more."""
        region = drawn_by_hand(outline, image, _RECTANGLES, rng)
        if region is not None:
            crop = felled_crop(image, region, turn + rng.uniform(-_TURN, _TURN))
            yield Example(crop, target, weight, self.scene, group)

    def stands(self, outline: Points, weight: float, group: str, rng: np.random.Generator) -> Iterator[Example]:
        """A tree that stands, and the same as if it leant."""
        for _ in range(_STANDS_TIMES):
            yield from self.example(self.image, outline, 0.0, weight, group, rng)
        tilt = float(rng.choice([-1, 1]) * rng.uniform(*_TILT))
        yield from self.example(bent(self.image, outline, tilt), outline, 1.0, weight, f"{group}, bent", rng)
        if rng.random() < _TURNED:
            turned, back = _turned(self.image, outline, tilt), -tilt if rng.random() < _BACK else 0.0
            yield from self.example(turned, outline, 1.0, weight, f"{group}, turned", rng, back)


def leaning_trees(
    stills: list[Still], photographs: Path | None, rng: np.random.Generator, harmed: Path | None = None
) -> Examples:
    """All examples of some stills, of the training part of a folder of photographs of trees, and of harmed trees.

    Args:
        harmed: folder of stills, see `read_harmed`.

    Raises:
        LamplighterError: photographs or stills that are missing or cannot be read.
    """
    rendered = [example for still in stills if not still.after_dark for example in _of_still(still, rng)]
    real = [] if photographs is None else list(_photographed(photographs, rng))
    return Examples.of([*rendered, *real, *(() if harmed is None else _harmed(harmed, rng))])


def _of_still(still: Still, rng: np.random.Generator) -> Iterator[Example]:
    plan, (height, width) = plan_of(still.picture), still.image.shape[:2]
    picture = _Picture(still.image, still.scene)
    for tree in standing(plan, width, height) if plan.is_file() else []:
        if tree.kind != "tree":
            continue
        outline = egg(tree.crown(tree.tall, tree.wide))
        boxes, off = own_boxes(outline, still.tree_boxes), _off(tree)
        if not is_whole(outline, still.image, _LEAST_PX) or not len(boxes):
            continue
        if off >= _LEANS_FROM:
            for _ in range(_LEANS_TIMES):
                yield from picture.example(still.image, outline, 1.0, _LEANS_WEIGHT, "leans", rng)
        elif off <= _UPRIGHT_TO and overlap(best_of(outline, boxes), box_round(outline)[None])[0] >= _SEEN:
            yield from picture.stands(egg(best_of(outline, boxes)), _WEIGHT, "stands", rng)


def _harmed(folder: Path, rng: np.random.Generator) -> Iterator[Example]:
    for still in read_harmed(folder):
        picture = _Picture(still.image, still.scene)
        for tree in still.trees if not still.after_dark else ():
            if not is_whole(tree.outline, still.image, _LEAST_PX) or tree.hidden > _HIDDEN or not len(tree.boxes):
                continue
            if tree.became == "leans" and tree.off >= _LEANS_FROM:
                for _ in range(_LEANS_TIMES):
                    yield from picture.example(still.image, tree.outline, 1.0, _LEANS_WEIGHT, "harmed: leans", rng)
            elif tree.became in ("in leaf", "bare"):
                yield from picture.stands(tree.outline, _WEIGHT, f"harmed: {tree.became}", rng)


def _photographed(folder: Path, rng: np.random.Generator) -> Iterator[Example]:
    for number, path in enumerate(pictures_in(folder / "images" / "train")):
        image, labels = read_labelled(path)
        picture = _Picture(image, f"{HELD_BACK if number % _EVERY == 0 else 'train/'}{path.stem}")
        for box in labels.get(0, np.empty((0, 4))):
            if is_whole(egg(box), image, _LEAST_PX):
                for _ in range(_REAL_TIMES):
                    yield from picture.stands(egg(box), _REAL_WEIGHT, "photographs", rng)


def _turned(image: Image, outline: Points, tilt: float) -> Image:
    """A picture turned about the foot of an outline."""
    x0, _, x1, y1 = box_round(outline)
    turn = cv2.getRotationMatrix2D(((x0 + x1) / 2, y1), tilt, 1.0)
    return np.asarray(cv2.warpAffine(image, turn, image.shape[1::-1], borderMode=cv2.BORDER_REFLECT), np.uint8)


def _off(tree: Standing) -> float:
    return float(np.hypot(*(tree.top - tree.upright))) / tree.tall
