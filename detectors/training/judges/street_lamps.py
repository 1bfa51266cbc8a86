"""Crops of lamps in photographs: real ones that stand, drawn ones, and outlines in which none stands.

A judge that knows rendered lamps only takes most real ones for none: of the 81 of CamVid that are tall enough to be
judged, half were given odds of 0.72 and more that they are gone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from detectors.geometry import Box, Region
from detectors.inspectors.crops import stance_crop
from detectors.training.judges.examples import HELD_BACK, Example
from detectors.training.lamps import draw_lamp
from detectors.training.samples import pictures_in
from detectors.training.scoring import read_picture
from detectors.training.sources import CAMVID_LAMPS
from detectors.values import Image

_HELD_DRIVE = "0001TP"  # the drive at dusk: 17 of the 63 pictures with a marked lamp
_LEAST_PX = 36.0  # lower lamps show hardly more than their head
# Photographs in which hardly a lamp stands, and which of them are used.
_WITHOUT = {"trees": 1, "litter_bins": 2, "road_damage": 1}
_REAL_TIMES, _REAL_WEIGHT, _WEIGHT = 8, 6.0, 2.0  # real ones are few
_ASIDE = (0.15, 0.8)  # of its height, by which an outline is moved to where no lamp is
_ROUGH, _TURN = 0.012, 10.0  # of its height, by which a box may be off; degrees, as for rendered lamps


def photographed_lamps(folder: Path, rng: np.random.Generator) -> Iterator[Example]:
    """All of a folder that may hold `camvid`, `trees`, `litter_bins` and `road_damage`; of their training parts.

    One of CamVid's drives and each fifth of the other photographs are held back.
    """
    marked: dict[str, list[list[float]]] = json.loads(CAMVID_LAMPS.read_text(encoding="utf-8"))
    for picture in pictures_in(folder / "camvid" / "images" / "train"):
        if picture.stem in marked:
            boxes = [Box.of(box) for box in marked[picture.stem]]
            held = picture.stem.startswith(_HELD_DRIVE)
            yield from _real(read_picture(picture), boxes, _scene(picture, held=held), rng)
    for name, every in _WITHOUT.items():
        for number, picture in enumerate(pictures_in(folder / name / "images" / "train")[::every]):
            yield from _drawn(read_picture(picture), _scene(picture, held=number % 5 == 0), rng)


def _scene(picture: Path, *, held: bool) -> str:
    return f"{HELD_BACK if held else 'train/'}{picture.stem}"


def _real(image: Image, lamps: list[Box], scene: str, rng: np.random.Generator) -> Iterator[Example]:
    for lamp in lamps:
        if lamp.height * image.shape[0] < _LEAST_PX:
            continue
        for _ in range(_REAL_TIMES):
            yield _example(image, lamp, 0.0, _REAL_WEIGHT, scene, "real, stands", rng)
        aside = rng.choice([-1, 1]) * rng.uniform(*_ASIDE) * lamp.height * image.shape[0] / image.shape[1]
        beside = Box(lamp.x0 + aside, lamp.y0, lamp.x1 + aside, lamp.y1)
        if beside.x0 > 0 and beside.x1 < 1 and all(beside.intersection(other) == 0 for other in lamps):
            yield _example(image, beside, 1.0, _WEIGHT, scene, "real, beside one", rng)


def _drawn(image: Image, scene: str, rng: np.random.Generator) -> Iterator[Example]:
    """A photograph with a lamp drawn on it, and the same outline without."""
    shown, drawn = draw_lamp(image, rng)
    if drawn is None or (lamp := Box.of(drawn)).height * image.shape[0] < _LEAST_PX or lamp.y0 <= 0 or lamp.y1 >= 1:
        return
    yield _example(shown, lamp, 0.0, _WEIGHT, scene, "drawn, stands", rng)
    yield _example(image, lamp, 1.0, _WEIGHT, scene, "photograph, none", rng)


def _example(
    image: Image, lamp: Box, target: float, weight: float, scene: str, group: str, rng: np.random.Generator
) -> Example:
    off = rng.normal(0, _ROUGH, 4) * lamp.height * np.array([image.shape[0] / image.shape[1], 1.0] * 2)
    x0, y0, x1, y1 = np.clip(np.array(lamp.as_list()) + off, 0.0, 1.0)
    region = Region.rectangle(Box(float(x0), float(y0), float(max(x1, x0 + 0.004)), float(max(y1, y0 + 0.004))))
    return Example(stance_crop(image, region, rng.uniform(-_TURN, _TURN)), target, weight, scene, group)
