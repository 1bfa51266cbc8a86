"""Crops of people, and of things that a detector takes for people: of stills, of photographs, and drawn cases."""

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
from detectors.training.judges.cases import draw_case
from detectors.training.judges.examples import HELD_BACK, Example, Examples
from detectors.training.judges.outlines import read_labelled
from detectors.training.people import missed_people, read_mask
from detectors.training.samples import pictures_in
from detectors.training.surface_set import RENDERED
from detectors.values import Image

PERSON, THING = 0.0, 1.0
"""The states."""
_PERSON_LABEL = 10
# Numbers of what else stands or lies about in the stills, and how often each is cut: benches are many.
_THING_LABELS = {2: 0.25, 3: 1.0, 4: 1.0, 5: 1.0, 9: 1.0, 11: 2.0, 12: 2.0}
_PHOTOGRAPHED = {0: 0.5, 1: 1.0, 2: 1.0}  # litter, bins, full bins
_PAVED = [number for number, surface in RENDERED.items() if surface in ("path", "road")]
_PEOPLE_TIMES, _CASES = 3, 4
_LEAST_PX = 9.0  # what is lower has no look
_LEAST_METRE_PX = 9.0
_SENSOR_MM = 36.0
_HIDDEN = 0.25
_TRIES = 20
_WEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class BodyStill:
    """A still: its labelled boxes by number, where its ground is paved, and how its camera looks at it."""

    scene: str
    image: Image
    boxes: tuple[tuple[int, Box], ...]
    paved: Mask
    camera: dict[str, float]

    def metre(self, row: float) -> float:
        """Height in px of a metre that stands on the ground in a row of the picture."""
        height, width = self.image.shape[:2]
        focal = self.camera["lens"] / _SENSOR_MM * width
        below = np.radians(self.camera["pitch"]) + np.arctan((row - height / 2) / focal)
        return float(focal * np.sin(max(0.02, below)) / self.camera["z"])


def read_body_stills(stills: Path) -> Iterator[BodyStill]:
    """The stills whose ground and camera are known, one at a time.

    Raises:
        LamplighterError: a picture, its labels, mask or plan cannot be read.
    """
    for file in sorted((stills / "masks").glob("*.png")):
        image, labels = read_labelled(stills / "images" / f"{file.stem}.jpg")
        surfaces = cv2.imread(str(file), cv2.IMREAD_UNCHANGED)
        try:
            plan = json.loads((stills / "json" / f"{file.stem}.json").read_text(encoding="utf-8"))["plan"]
        except (OSError, ValueError, KeyError) as error:
            raise LamplighterError(f"{file.stem}: the plan of this still cannot be read.") from error
        if surfaces is None:
            raise LamplighterError(f"{file}: no mask that can be read.")
        paved = np.asarray(np.isin(surfaces, _PAVED), bool)
        yield BodyStill(file.stem.split("_")[0], image, tuple(_in_shares(labels, image)), paved, plan["camera"])


def bodies(stills: Path, photographs: Path | None, rng: np.random.Generator) -> Examples:
    """All examples.

    Args:
        stills: folder of labelled stills.
        photographs: folder that may hold `camvid`, with its masks, and `litter_bins`; those of `val` are held back.
    """
    found = [example for still in read_body_stills(stills) for example in _of_still(still, rng)]
    if photographs is not None:
        found += [
            *_photographed_people(photographs / "camvid", rng),
            *_photographed_things(photographs / "litter_bins", rng),
        ]
    if not found:
        raise LamplighterError(f"{stills}: no stills with masks.")
    return Examples.of(found)


def _of_still(still: BodyStill, rng: np.random.Generator) -> Iterator[Example]:
    people = [box for number, box in still.boxes if number == _PERSON_LABEL]
    for number, box in still.boxes:
        state = PERSON if number == _PERSON_LABEL else THING
        if number not in _THING_LABELS and state == THING:
            continue
        if state == THING and any(box.intersection(p) > _HIDDEN * box.area for p in people):
            continue
        times = _PEOPLE_TIMES if state == PERSON else _THING_LABELS[number]
        group = "people" if state == PERSON else "things"
        yield from _cut(still.image, box, state, times, still.scene, group, rng)
    for _ in range(_CASES):
        if (foot := _free_foot(still, rng)) is not None:
            image, span = draw_case(still.image, foot, still.metre(foot[1]), rng)
            height, width = image.shape[:2]
            box = Box.of((np.array(span) / (width, height, width, height)).tolist())
            yield from _cut(image, box, THING, 1.0, still.scene, "drawn cases", rng)


def _photographed_people(camvid: Path, rng: np.random.Generator) -> Iterator[Example]:
    for part in ("train", "val"):
        for picture in pictures_in(camvid / "images" / part):
            mask = read_mask(camvid / "masks" / part / f"{picture.stem}.png")
            image, scene = read(picture), f"{HELD_BACK if part == 'val' else 'train/'}{picture.stem}"
            for row in missed_people(mask, []):
                yield from _cut(image, Box.of(row.box), PERSON, 2.0, scene, "photographed people", rng)


def _photographed_things(bins: Path, rng: np.random.Generator) -> Iterator[Example]:
    for part in ("train", "val"):
        for picture in pictures_in(bins / "images" / part):
            image, labels = read_labelled(picture)
            scene = f"{HELD_BACK if part == 'val' else 'train/'}{picture.stem}"
            for number, box in _in_shares(labels, image):
                yield from _cut(image, box, THING, _PHOTOGRAPHED[number], scene, "photographed things", rng)


def read(picture: Path) -> Image:
    """A picture.

    Raises:
        LamplighterError: it cannot be read.
    """
    image = cv2.imread(str(picture))
    if image is None:
        raise LamplighterError(f"{picture}: the picture cannot be read.")
    return np.asarray(image, np.uint8)


def _in_shares(labels: dict[int, NDArray[np.float64]], image: Image) -> Iterator[tuple[int, Box]]:
    size = np.array([image.shape[1], image.shape[0]] * 2, np.float64)
    for number, rows in sorted(labels.items()):
        for row in rows:
            yield number, Box.of((row / size).tolist())


def _cut(
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


def _free_foot(still: BodyStill, rng: np.random.Generator) -> tuple[float, float] | None:
    """A place on paving, px, where nothing is labelled and a metre is large enough to be seen."""
    height, width = still.image.shape[:2]
    rows, columns = np.nonzero(still.paved)
    for _ in range(_TRIES if len(rows) else 0):
        n = int(rng.integers(len(rows)))
        x, y = float(columns[n]), float(rows[n])
        tall = still.metre(y)
        around = Box.of(((x - tall) / width, (y - 1.3 * tall) / height, (x + tall) / width, (y + 0.2 * tall) / height))
        if tall >= _LEAST_METRE_PX and not any(
            around.intersection(box) > 0 for _, box in still.boxes if box.height < 0.5
        ):
            return x, y
    return None
