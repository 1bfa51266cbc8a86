"""Stills in which much has come to harm (`sample_media/harmed`), and crops of their lamps and trees.

`registered/*.json` beside their pictures tells of each lamp and tree the outline that it had when all was well, and
what became of it. Nearly all that a street ever shows stands and is in leaf; here half of it does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from detectors.errors import LamplighterError
from detectors.training.judges.outlines import AFTER_DARK, KINDS, Points, plan_of, read_labelled
from detectors.training.judges.plans import Standing, standing
from detectors.values import Image

FOLDER, REGISTERED = "harmed", "registered"
_FOOT_SHARE = 0.03  # of its height, lowest rows of an outline
# Of a thing's height: how far a box may end above or below its foot, and how far beside it, and be its own; how far a
# plan's foot may be off.
_DOWN, _ASIDE, _SAME_FOOT = 0.1, 0.1, 0.06


@dataclass(frozen=True, slots=True)
class Registered:
    """A lamp or tree of a still.

    Attributes:
        outline: as it was registered, when all was well.
        became: `stands`, `leans`, `snapped`, `gone`; of a tree `in leaf`, `bare`, `leans`, `fallen`.
        hidden: share of the outline that crowns before it hide, 0-1.
        boxes: (n, 4) px, labels of its kind that end where it meets the ground: it is seen, or what is left of it.
        off: how far the top of one that leans is from where it was, in its heights: of one that leans towards the
            camera nearly nothing.
        had_leaves: whether its outline is that of a crown in leaf.
    """

    outline: Points
    became: str
    hidden: float
    boxes: Points
    off: float = 0.0
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
            dark = about["mode"] in AFTER_DARK
            things = [(one, np.array(one["outline"], np.float64).reshape(-1, 2) * size) for one in about["things"]]
            known = {kind: [(o, _became(one), one) for one, o in things if one["kind"] == kind] for kind in KINDS}
            crowns = [o for o, became, _ in known["tree"] if became in ("in leaf", "leans")]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise LamplighterError(f"{told}: what this tells of lamps and trees cannot be read.") from error
        planned = standing(plan_of(picture), image.shape[1], image.shape[0])
        lamps, trees = (
            tuple(
                Registered(
                    o,
                    became,
                    _hidden(o, crowns),
                    own_boxes(o, labels.get(number)),
                    _off(o, [p for p in planned if p.kind == kind]) if became == "leans" else 0.0,
                    not one.get("winter"),
                )
                for o, became, one in known[kind]
            )
            for number, kind in enumerate(KINDS)
        )
        yield HarmedStill(told.stem, dark, image, lamps, trees)


def _became(one: dict[str, Any]) -> str:
    if one["kind"] == "tree":
        return "fallen" if one["fallen"] else "bare" if one["bare"] else "leans" if one["lean"] else "in leaf"
    return "gone" if one["gone"] else "snapped" if one["snapped"] else "leans" if one["lean"] else "stands"


def _off(outline: Points, planned: Sequence[Standing]) -> float:
    """How far the top of what leans is from where it was, in its heights; 0 where no plan is found of it."""
    tall, foot = float(np.ptp(outline[:, 1])), _foot(outline)
    thing = min(planned, key=lambda p: float(np.hypot(*(p.foot - foot))), default=None)
    if thing is None or np.hypot(*(thing.foot - foot)) > _SAME_FOOT * tall:
        return 0.0
    return float(np.hypot(*(thing.upright - thing.top))) / tall


def _foot(outline: Points) -> Points:
    low = outline[outline[:, 1] >= outline[:, 1].max() - _FOOT_SHARE * np.ptp(outline[:, 1]), 0]
    return np.array([(low.min() + low.max()) / 2, outline[:, 1].max()])


def own_boxes(outline: Points, boxes: Points | None) -> Points:
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
