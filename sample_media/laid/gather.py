"""Gathers what can be laid: heaps and holes from labelled photographs, cars and people from CamVid, rendered things."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from detectors.geometry import Box
from detectors.training.judges.cases import draw_case
from detectors.training.people import boxes_of, read_mask
from detectors.training.recipe import lies_on_its_side
from detectors.training.samples import pictures_in, read_rows
from detectors.training.scoring import read_picture
from detectors.training.sources import SOURCES
from detectors.values import Image
from sample_media.laid.cutouts import Cutout, changed, labelled, masked
from sample_media.laid.views import DRIVES

_HEAP_PX, _HEAP_SHARE, _HOLE_PX = 56, 0.5, 60  # smaller ones are blurred, larger ones fill their picture
_DARK = 70  # grey level of pictures that are too dark to cut from
_SOLID = {"car": 0.68, "person": 0.45}  # share of its box that a single one fills, with nothing before it
_FULL = 0.2  # and that a rendered thing fills, when the difference shows all of it
T = TypeVar("T")


def heaps(litter_bins: Path, split: str, rng: np.random.Generator) -> Iterator[Cutout]:
    """Heaps and bags of litter, in any order."""
    for picture, rows in _labelled(litter_bins, split, rng):
        image = read_picture(picture)
        for name, box in rows:
            wide, high = box.width * image.shape[1], box.height * image.shape[0]
            whole = min(box.x0, box.y0) > 0.01 and max(box.x1, box.y1) < 0.99
            if (
                name != "litter"
                or min(wide, high) < _HEAP_PX
                or box.area > _HEAP_SHARE
                or not whole
                or image.mean() < _DARK
            ):
                continue
            if (thing := labelled(image, box)) is not None:
                yield thing


def holes(potholes: Path, split: str, rng: np.random.Generator) -> Iterator[Image]:
    """Holes with the road round them, in any order."""
    for picture, rows in _labelled(potholes, split, rng):
        image = read_picture(picture)
        if image.mean() < _DARK:
            continue
        for name, box in rows:
            x0, y0, x1, y1 = box.grown(0.2).pixels(image.shape[1], image.shape[0])
            whole = min(box.x0, box.y0) > 0.05 and max(box.x1, box.y1) < 0.95
            if name == "pothole" and whole and min(x1 - x0, y1 - y0) >= _HOLE_PX:
                yield np.ascontiguousarray(image[y0:y1, x0:x1])


def cars(camvid: Path, split: str, rng: np.random.Generator) -> Iterator[Cutout]:
    """Whole cars of CamVid's daylight drives, in any order."""
    yield from _of_streets(camvid, split, "car", (70, 200), (0.7, 2.2), rng)


def people(camvid: Path, split: str, rng: np.random.Generator) -> Iterator[Cutout]:
    """Single people of CamVid's daylight drives, in any order."""
    yield from _of_streets(camvid, split, "person", (55, 220), (0.25, 0.6), rng)


def cases(rng: np.random.Generator) -> Iterator[Cutout]:
    """Cases and bags, drawn: no photographs of them were to be had. They are what a judge of people learnt from."""
    ground = np.full((400, 400, 3), 128, np.uint8)
    while True:
        drawn, span = draw_case(ground, (200.0, 300.0), 140.0, rng)
        edges = np.clip(np.array(span) / 400, 0, 1)
        if (thing := changed(ground, drawn, Box.of(edges))) is not None:
            yield thing


def rendered(stills: Path, names: Sequence[str], rng: np.random.Generator) -> Iterator[Cutout]:
    """Things of some classes in rendered stills, in any order: what they change in the clean picture of their scene."""
    classes = (stills / "classes.txt").read_text(encoding="utf-8").split()
    for label in _shuffled(sorted((stills / "labels").glob("*.txt")), rng):
        clean = stills / "images" / f"{label.stem.rsplit('_', 1)[0]}_0.jpg"
        if label.stem.endswith("_0") or not clean.is_file():
            continue
        rows = read_rows(label, dict(enumerate(classes)))
        if not any(r.name in names for r in rows):
            continue
        before, after = read_picture(clean), read_picture(stills / "images" / f"{label.stem}.jpg")
        for row in rows:
            box = Box.of(row.box)
            alone = all(
                r is row or Box.of(r.box).grown(0.2).intersection(box) == 0
                for r in rows
                if r.name not in ("tree", "street_light")
            )
            whole = min(box.x0, box.y0) > 0.03 and max(box.x1, box.y1) < 0.97
            if (
                row.name not in names
                or not alone
                or not whole
                or box.width * after.shape[1] < 60
                or before.mean() < _DARK
            ):
                continue
            if (thing := changed(before, after, box)) is not None and thing.cover.mean() > _FULL:
                yield thing


def _shuffled(things: Sequence[T], rng: np.random.Generator) -> list[T]:
    return [things[n] for n in rng.permutation(len(things))]


def _labelled(folder: Path, split: str, rng: np.random.Generator) -> Iterator[tuple[Path, list[tuple[str, Box]]]]:
    classes = next(s.classes for s in SOURCES if s.name == folder.name)
    for picture in _shuffled(pictures_in(folder / "images" / split), rng):
        rows = read_rows(folder / "labels" / split / f"{picture.stem}.txt", classes)
        if rows and not lies_on_its_side(read_picture(picture)):
            yield picture, [(r.name, Box.of(r.box)) for r in rows]


def _of_streets(
    camvid: Path, split: str, name: str, tall: tuple[int, int], slim: tuple[float, float], rng: np.random.Generator
) -> Iterator[Cutout]:
    for file in _shuffled(sorted((camvid / "masks" / split).glob("*.png")), rng):
        drive = DRIVES.get(file.stem[:6])
        if drive is None:
            continue
        mask = read_mask(file)
        height, width = mask.shape
        image = read_picture(camvid / "images" / split / f"{file.stem}.jpg")
        for row in boxes_of(mask, [name]):
            x0, y0, x1, y1 = Box.of(row.box).pixels(width, height)
            whole = x0 > 4 and x1 < width - 4 and y1 < height - 4
            if whole and tall[0] <= y1 - y0 <= tall[1] and slim[0] <= (x1 - x0) / (y1 - y0) <= slim[1]:
                number = {"car": 8, "person": 9}[name]
                thing = np.zeros(mask.shape, bool)
                thing[y0:y1, x0:x1] = mask[y0:y1, x0:x1] == number
                if thing[y0:y1, x0:x1].mean() >= _SOLID[name]:
                    yield masked(image, thing, (y1 - drive[0] * height) / drive[1])
