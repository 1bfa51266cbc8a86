"""Stills in which much has come to harm (`sample_media/harmed`), and crops of their lamps and trees.

`registered/*.json` beside their pictures tells of each lamp and tree the outline that it had when all was well, and
what became of it. Nearly all that a street ever shows stands and is in leaf; here half of it does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from detectors.errors import LamplighterError
from detectors.training.judges.outlines import Points, plan_of, read_labelled
from detectors.training.judges.plans import standing
from detectors.values import Image

FOLDER, REGISTERED = "harmed", "registered"
_AFTER_DARK = ("dusk", "night")
_FOOT_SHARE = 0.03  # of its height, lowest rows of an outline
# Of a thing's height: how far a box may end above or below its foot, and how far beside it, and be its own; how far a
# plan's foot may be off; and by how much a lamp's top is off where it is seen to lean, and is not where it stands.
_DOWN, _ASIDE, _SAME_FOOT, _LEANS_FROM, _STANDS_TO = 0.1, 0.1, 0.06, 0.06, 0.03


@dataclass(frozen=True, slots=True)
class Registered:
    """A lamp or tree of a still.

    Attributes:
        outline: as it was registered, when all was well.
        became: `stands`, `leans`, `snapped`, `gone`; of a tree `in leaf`, `bare`, `leans`, `fallen`; "" where the
            picture does not tell, as of a lamp that leans hardly.
        hidden: share of the outline that crowns before it hide, 0-1.
        boxes: (n, 4) px, labels of its kind that end where it meets the ground: it is seen, or what is left of it.
        had_leaves: whether its outline is that of a crown in leaf.
    """

    outline: Points
    became: str
    hidden: float
    boxes: Points
    had_leaves: bool = True

    @property
    def height(self) -> float:
        """Height in px."""
        return float(np.ptp(self.outline[:, 1]))


@dataclass(frozen=True, slots=True)
class HarmedStill:
    """A picture and what its lamps and trees were and became."""

    scene: str
    after_dark: bool
    image: Image
    lamps: tuple[Registered, ...]
    trees: tuple[Registered, ...]


def read_harmed(folder: Path) -> Iterator[HarmedStill]:
    """Each still of a folder, scene by scene.

    Args:
        folder: with `images`, `labels`, `json` and `registered`.

    Raises:
        LamplighterError: a picture or what is told of it cannot be read.
    """
    for told in sorted((folder / REGISTERED).glob("*.json")):
        picture = folder / "images" / f"{told.stem}_0.jpg"
        image, labels = read_labelled(picture)
        size = np.array([image.shape[1], image.shape[0]], np.float64)
        try:
            about = json.loads(told.read_text(encoding="utf-8"))
            dark = about["mode"] in _AFTER_DARK
            things = [(one, np.array(one["outline"], np.float64).reshape(-1, 2) * size) for one in about["things"]]
            lamps = [(o, _of_lamp(one, o, picture, image)) for one, o in things if one["kind"] == "street_light"]
            trees = [(o, _of_tree(one), not one["winter"]) for one, o in things if one["kind"] == "tree"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise LamplighterError(f"{told}: what this tells of lamps and trees cannot be read.") from error
        crowns = [o for o, became, leaves in trees if leaves and became in ("in leaf", "leans")]
        yield HarmedStill(
            told.stem,
            dark,
            image,
            tuple(Registered(o, became, _hidden(o, crowns), _own(o, labels.get(0))) for o, became in lamps),
            tuple(Registered(o, became, _hidden(o, crowns), _own(o, labels.get(1)), lv) for o, became, lv in trees),
        )


def _of_lamp(one: dict[str, object], outline: Points, picture: Path, image: Image) -> str:
    if one["gone"] or one["snapped"]:
        return "gone" if one["gone"] else "snapped"
    if not one["lean"]:
        return "stands"
    tall, foot = float(np.ptp(outline[:, 1])), _foot(outline)
    planned = [p for p in standing(plan_of(picture), image.shape[1], image.shape[0]) if p.kind == "street_light"]
    lamp = min(planned, key=lambda p: float(np.hypot(*(p.foot - foot))), default=None)
    if lamp is None or np.hypot(*(lamp.foot - foot)) > _SAME_FOOT * tall:
        return ""
    off = float(np.hypot(*(lamp.upright - lamp.top))) / tall
    return "leans" if off >= _LEANS_FROM else "stands" if off < _STANDS_TO else ""


def _of_tree(one: dict[str, object]) -> str:
    if one["fallen"]:
        return "fallen"
    return "bare" if one["bare"] else "leans" if one["lean"] else "in leaf"


def _foot(outline: Points) -> Points:
    low = outline[outline[:, 1] >= outline[:, 1].max() - _FOOT_SHARE * np.ptp(outline[:, 1]), 0]
    return np.array([(low.min() + low.max()) / 2, outline[:, 1].max()])


def _own(outline: Points, boxes: Points | None) -> Points:
    """The boxes that end at a thing's foot."""
    if boxes is None:
        return np.empty((0, 4))
    tall, (x, y) = float(np.ptp(outline[:, 1])), _foot(outline)
    ends = np.abs(boxes[:, 3] - y) < _DOWN * tall
    return boxes[ends & (boxes[:, 0] - _ASIDE * tall < x) & (x < boxes[:, 2] + _ASIDE * tall)]


def _hidden(outline: Points, crowns: Sequence[Points]) -> float:
    """Share of an outline that lies in the outlines of nearer crowns."""
    nearer = [crown for crown in crowns if crown[:, 1].max() > outline[:, 1].max()]
    if not nearer:
        return 0.0
    corner = np.floor(outline.min(axis=0)).astype(int)
    wide, tall = np.ceil(outline.max(axis=0)).astype(int) - corner + 1
    own, before = np.zeros((tall, wide), np.uint8), np.zeros((tall, wide), np.uint8)
    cv2.fillPoly(own, [(outline - corner).astype(np.int32)], 1)
    for crown in nearer:
        cv2.fillPoly(before, [(crown - corner).astype(np.int32)], 1)
    return float((own & before).sum() / own.sum())
