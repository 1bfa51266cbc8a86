"""Stills whose ground and camera are known, and the crops cut from them for the judge of people and things."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.errors import LamplighterError
from detectors.geometry import Box, Mask
from detectors.inspectors.body_crops import body_crop
from detectors.training.judges.cases import Span
from detectors.training.judges.examples import Example
from detectors.training.judges.outlines import read_labelled
from detectors.training.surface_set import RENDERED
from detectors.values import Image

NO_THING, THING = 0.0, 1.0
"""The states: somebody or nothing that was left there, and a thing."""
_PAVED = [number for number, surface in RENDERED.items() if surface in ("path", "road")]
_LEAST_PX = 9.0  # what is lower has no look
_LEAST_METRE_PX = 9.0
_SENSOR_MM = 36.0
_TRIES = 20
_WEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class BodyStill:
    """A still: its labelled boxes by number, where its ground is paved, and how its camera looks at it.

    Attributes:
        covers: where covers, grates and patches are let into the ground.
        standing: what was left on the ground and is none of the labelled classes: its kind and box.
    """

    scene: str
    image: Image
    boxes: tuple[tuple[int, Box], ...]
    paved: Mask
    camera: dict[str, float]
    covers: tuple[Box, ...] = ()
    standing: tuple[tuple[str, Box], ...] = ()

    def metre(self, row: float) -> float:
        """Height in px of a metre that stands on the ground in a row of the picture."""
        height, width = self.image.shape[:2]
        focal = self.camera["lens"] / _SENSOR_MM * width
        below = np.radians(self.camera["pitch"]) + np.arctan((row - height / 2) / focal)
        return float(focal * np.sin(max(0.02, below)) / self.camera["z"])

    def box(self, span: Span) -> Box:
        """A box whose edges are known in px."""
        height, width = self.image.shape[:2]
        return Box.of((np.array(span) / (width, height, width, height)).tolist())


def read_body_stills(stills: Path) -> Iterator[BodyStill]:
    """The stills whose ground and camera are known, one at a time.

    Raises:
        LamplighterError: a picture, its labels, mask or plan cannot be read.
    """
    for file in sorted((stills / "masks").glob("*.png")):
        image, labels = read_labelled(stills / "images" / f"{file.stem}.jpg")
        surfaces = cv2.imread(str(file), cv2.IMREAD_UNCHANGED)
        try:
            about = json.loads((stills / "json" / f"{file.stem}.json").read_text(encoding="utf-8"))
            camera, covers = about["plan"]["camera"], tuple(Box.of(box) for box in about.get("covers", []))
            standing = tuple((str(one["kind"]), Box.of(one["box"])) for one in about.get("standing", []))
        except (OSError, ValueError, KeyError) as error:
            raise LamplighterError(f"{file.stem}: the plan of this still cannot be read.") from error
        if surfaces is None:
            raise LamplighterError(f"{file}: no mask that can be read.")
        paved = np.asarray(np.isin(surfaces, _PAVED), bool)
        boxes = tuple(in_shares(labels, image))
        yield BodyStill(file.stem.split("_")[0], image, boxes, paved, camera, covers, standing)


def in_shares(labels: dict[int, NDArray[np.float64]], image: Image) -> Iterator[tuple[int, Box]]:
    """Labelled boxes in px by number as numbers and boxes in 0-1."""
    size = np.array([image.shape[1], image.shape[0]] * 2, np.float64)
    for number, rows in sorted(labels.items()):
        for row in rows:
            yield number, Box.of((row / size).tolist())


def cut(
    image: Image, box: Box, state: float, times: float, scene: str, group: str, rng: np.random.Generator
) -> Iterator[Example]:
    """Crops of a box whose edges are a little off; `times` below 1 is the share of boxes that are cut at all."""
    if box.height * image.shape[0] < _LEAST_PX or min(box.width, box.height) <= 0:
        return
    often = int(times) if times >= 1 else int(rng.random() < times)
    for _ in range(often):
        off = rng.normal(0, 0.08, 4).clip(-0.2, 0.2) * np.array([box.width, box.height] * 2)
        moved = Box.of((np.array(box.as_list()) + off).tolist())
        yield Example(body_crop(image, moved), state, _WEIGHT, scene, group)


def free_foot(still: BodyStill, rng: np.random.Generator) -> tuple[float, float] | None:
    """A place on paving, px, where nothing is labelled and a metre is large enough to be seen."""
    height, width = still.image.shape[:2]
    rows, columns = np.nonzero(still.paved)
    taken = [*(box for _, box in still.boxes if box.height < 0.5), *(box for _, box in still.standing)]
    for _ in range(_TRIES if len(rows) else 0):
        n = int(rng.integers(len(rows)))
        x, y = float(columns[n]), float(rows[n])
        tall = still.metre(y)
        around = Box.of(((x - tall) / width, (y - 1.3 * tall) / height, (x + tall) / width, (y + 0.2 * tall) / height))
        if tall >= _LEAST_METRE_PX and not any(around.intersection(box) > 0 for box in taken):
            return x, y
    return None
