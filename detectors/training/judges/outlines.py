"""What stands in a labelled still, with its outline and its true state: `outlines.json` beside the stills.

The file maps a scene (`s200013`) to its light (`mode`) and its `things`. A thing has a `kind`, an `outline` in 0-1 and
a `state`: for a street light 1 lit, 0 dark, 0.5 where its glass cannot be seen from the camera; for a tree 1 bare, 0 in
leaf. A bare tree among green ones has a second outline, `in_leaf`: how it would have been registered before.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.errors import LamplighterError
from detectors.geometry import Region
from detectors.training.judges.plans import standing
from detectors.values import Image

AFTER_DARK = ("night", "dusk")
Points = NDArray[np.float64]
"""(n, 2) corners of an outline, px."""

FILE = "outlines.json"
KINDS = ("street_light", "tree")
"""Kinds that have outlines, in the order of the labels' numbers."""
# How well a label must cover an outline: less is a thing half hidden, or another one. Crowns hide one another more.
_SAME_BOX = {"street_light": 0.55, "tree": 0.45}
_SAME_CROWN = 0.6  # the same of a box that is reckoned from a plan
EDGE_PX = 2.0
"""What the sides or the lower edge cut within so many px is not whole: it is not learnt, nor is it judged."""
_LOW_SHARE = 0.03  # the lowest points of an outline, as a share of its height, are its foot


@dataclass(frozen=True, slots=True)
class Outlined:
    """One thing of a still: outline in px, its state (0, 0.5, 1), and for a bare tree its outline in leaf."""

    outline: Points
    state: float
    in_leaf: Points | None = None

    @property
    def height(self) -> float:
        """Height in px."""
        return float(np.ptp(self.outline[:, 1]))


@dataclass(frozen=True, slots=True)
class Still:
    """A picture, and what of its scene its labels show.

    Attributes:
        lamps: those with an outline; as `trees`.
        all_lamps: those that are hidden too much for a label as well.
        picture: where it is from.
        tree_boxes: (n, 4) px of all labelled trees.
        labels: (n, 4) px of all labelled things, by the label's number.
        surfaces: (h, w) uint8 of the studio's surfaces, 255 where a thing is; None where the still has no mask.
        all_trees: state of all trees of the scene, 0 in leaf, 1 bare; None where they differ or nothing tells.
    """

    scene: str
    after_dark: bool
    image: Image
    lamps: tuple[Outlined, ...]
    trees: tuple[Outlined, ...]
    tree_boxes: Points
    all_trees: float | None
    labels: dict[int, Points]
    surfaces: NDArray[np.uint8] | None
    all_lamps: tuple[Outlined, ...]
    picture: Path


def read_stills(folder: Path, each: int) -> list[Still]:
    """The stills of all outlined scenes, at most `each` a scene.

    Raises:
        LamplighterError: no outlines there, or a picture or its labels cannot be read.
    """
    path = folder / FILE
    try:
        scenes = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LamplighterError(f"{path}: cannot be read; the judges need the outlines of the stills.") from error
    stills: list[Still] = []
    for name, scene in sorted(scenes.items()):
        for picture in sorted((folder / "images").glob(f"{name}_*.jpg"))[:each]:
            stills.append(_still(picture, name, scene["mode"] in AFTER_DARK, scene["things"]))
    if not stills:
        raise LamplighterError(f"{folder}: no pictures of the outlined scenes.")
    return stills


def read_planned(folder: Path, each: int) -> list[Still]:
    """The stills of a folder that has plans and no outlines, at most `each` a scene; none where it is missing.

    Raises:
        LamplighterError: a picture, its labels or its plan cannot be read.
    """
    scenes: dict[str, list[Still]] = {}
    for picture in sorted((folder / "images").glob("*.jpg")):
        own = scenes.setdefault(picture.stem.split("_")[0], [])
        if len(own) < each:
            own.append(read_still(picture, picture.stem.split("_")[0], _is_after_dark(plan_of(picture))))
    return [still for own in scenes.values() for still in own]


def _is_after_dark(plan: Path) -> bool:
    try:
        return json.loads(plan.read_text(encoding="utf-8"))["plan"]["light"]["mode"] in AFTER_DARK
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LamplighterError(f"{plan}: cannot be read; the judges need the plans of the stills.") from error


def read_still(picture: Path, scene: str, after_dark: bool) -> Still:
    """A still of which nothing but its picture, labels, mask and plan is known.

    Raises:
        LamplighterError: the picture or its labels cannot be read.
    """
    return _still(picture, scene, after_dark, [])


def read_labelled(picture: Path) -> tuple[Image, dict[int, Points]]:
    """A picture and its labelled boxes (n, 4) in px, by the label's number; in the order of the label file.

    Raises:
        LamplighterError: the picture or its labels cannot be read.
    """
    image = cv2.imread(str(picture))
    folder = "/".join("labels" if part == "images" else part for part in picture.parent.parts)
    labels = Path(folder) / f"{picture.stem}.txt"
    if image is None or not labels.is_file():
        raise LamplighterError(f"{picture}: the picture or its labels cannot be read.")
    size = np.array([image.shape[1], image.shape[0]] * 2, np.float64)
    boxes: dict[int, list[Points]] = {}
    for line in labels.read_text(encoding="utf-8").splitlines():
        number, *rest = line.split()
        x, y, w, h = (float(v) for v in rest[:4])
        boxes.setdefault(int(number), []).append(np.array([x - w / 2, y - h / 2, x + w / 2, y + h / 2]) * size)
    return np.asarray(image, np.uint8), {number: np.stack(found) for number, found in boxes.items()}


def moved(points: Points, turn: float, scale: float, shift: Points) -> Points:
    """An outline turned about its foot by degrees, scaled and moved by px."""
    low = points[points[:, 1] >= points[:, 1].max() - _LOW_SHARE * np.ptp(points[:, 1]), 0]
    foot = np.array([(low.min() + low.max()) / 2, points[:, 1].max()])
    angle = np.radians(turn)
    turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.asarray((points - foot) @ turned.T * scale + foot + shift)


def as_region(points: Points, image: Image) -> Region | None:
    """An outline in 0-1 of its picture, None where hardly anything of it is inside."""
    height, width = image.shape[:2]
    inside = np.clip(points / (width, height), 0, 1)
    if np.ptp(inside[:, 0]) * width < 1 or np.ptp(inside[:, 1]) * height < 1:
        return None
    return Region.of(inside.tolist())


def _still(picture: Path, scene: str, after_dark: bool, things: list[dict[str, object]]) -> Still:
    image, labels = read_labelled(picture)
    size = np.array([image.shape[1], image.shape[0]], np.float64)
    boxes = [labels.get(number, np.empty((0, 4))) for number in range(len(KINDS))]
    found: dict[str, list[Outlined]] = {kind: [] for kind in KINDS}
    all_lamps: list[Outlined] = []
    for thing in things:
        kind = str(thing["kind"])
        outline = np.array(thing["outline"], np.float64) * size
        whole = box_round(outline)
        in_leaf = np.array(thing["in_leaf"], np.float64) * size if "in_leaf" in thing else None
        one = Outlined(outline, float(str(thing["state"])), in_leaf)
        if kind == "street_light":
            all_lamps.append(one)
        if max((_overlap(whole, box) for box in boxes[KINDS.index(kind)]), default=0.0) >= _SAME_BOX[kind]:
            found[kind].append(one)
    lamps, trees = (tuple(found[kind]) for kind in KINDS)
    all_trees = _state_of_all(picture)
    if all_trees is None and not trees:
        trees = _planned_trees(picture, image, boxes[1])
    return Still(
        scene,
        after_dark,
        image,
        lamps,
        trees,
        boxes[1],
        all_trees,
        labels,
        _surfaces(picture),
        tuple(all_lamps),
        picture,
    )


def drawn_by_hand(outline: Points, image: Image, rectangles: float, rng: np.random.Generator) -> Region | None:
    """The outline of a tree as somebody may have drawn it, such a share of them as rectangles; as `as_region`."""
    tall = float(np.ptp(outline[:, 1]))
    drawn = moved(outline, rng.uniform(-1.5, 1.5), rng.uniform(0.95, 1.05), rng.normal(0, 0.012, 2) * tall)
    region = as_region(drawn, image)
    if region is None:
        return None
    return Region.rectangle(region.box) if rng.random() < rectangles else region


def box_round(outline: Points) -> Points:
    """(4,) px, the box round an outline."""
    return np.concatenate([outline.min(axis=0), outline.max(axis=0)])


def is_whole(outline: Points, image: Image, least: float) -> bool:
    """Whether an outline is so high in the picture, px, and cut by its upper edge alone."""
    x0, y0, x1, y1 = box_round(outline)
    inside = x0 > EDGE_PX and x1 < image.shape[1] - EDGE_PX and y1 < image.shape[0] - EDGE_PX
    return bool(inside and y1 - max(y0, 0.0) >= least)


def best_of(outline: Points, boxes: Points) -> Points:
    """(4,) px, the one of some boxes (n, 4) that lies best on an outline."""
    whole = box_round(outline)
    return np.asarray(max(boxes, key=lambda box: _overlap(whole, box)))


def egg(box: Points) -> Points:
    """The outline of a crown on its trunk that fills a box, as `discover` and people draw it."""
    x0, y0, x1, y1 = box
    wide, tall, middle = x1 - x0, y1 - y0, (x0 + x1) / 2
    angle = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    crown = np.stack([middle + wide / 2 * np.cos(angle), y0 + 0.38 * tall + 0.38 * tall * np.sin(angle)], axis=1)
    foot = np.array([[middle - 0.03 * tall, y1], [middle + 0.03 * tall, y1]])
    hull = cv2.convexHull(np.concatenate([crown, foot]).astype(np.float32))
    return np.asarray(hull.reshape(-1, 2), np.float64)


def plan_of(picture: Path) -> Path:
    """Where a still's plan is."""
    return picture.parent.parent / "json" / f"{picture.stem}.json"


def _planned_trees(picture: Path, image: Image, boxes: Points) -> tuple[Outlined, ...]:
    """The labelled trees of which the still's plan tells whether each is bare."""
    if not plan_of(picture).is_file():
        return ()
    found: dict[int, tuple[float, Outlined]] = {}
    for tree in standing(plan_of(picture), image.shape[1], image.shape[0]):
        if tree.kind != "tree" or tree.leans or not len(boxes):
            continue
        covers = [_overlap(tree.crown(tree.tall, tree.wide), box) for box in boxes]
        best = int(np.argmax(covers))
        if covers[best] >= max(_SAME_CROWN, found[best][0] if best in found else 0.0):
            in_leaf = egg(tree.crown(*tree.in_leaf)) if tree.in_leaf is not None else None
            found[best] = covers[best], Outlined(egg(boxes[best]), float(tree.bare), in_leaf)
    return tuple(tree for _, tree in found.values())


def _state_of_all(picture: Path) -> float | None:
    """The state that all trees of a still are in, by its plan."""
    path = plan_of(picture)
    if not path.is_file():
        return None
    plan = json.loads(path.read_text(encoding="utf-8"))["plan"]
    bare = [tree["bare"] for tree in plan["trees"]]
    if plan["bare_season"] and all(bare):  # else an evergreen is among them
        return 1.0
    return None if plan["bare_season"] or any(bare) else 0.0


def _surfaces(picture: Path) -> NDArray[np.uint8] | None:
    path = picture.parent.parent / "masks" / f"{picture.stem}.png"
    return np.asarray(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE), np.uint8) if path.is_file() else None


def _overlap(a: Points, b: Points) -> float:
    shared = np.prod(np.maximum(0.0, np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])))
    return float(shared / (np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2]) - shared))
