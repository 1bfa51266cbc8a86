"""What a detector takes for people, and what is no thing that somebody left: of stills, of photographs, and drawn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from detectors.errors import LamplighterError
from detectors.geometry import Box
from detectors.training.judges.bare_ground import bare_ground, photographed_ground
from detectors.training.judges.body_stills import (
    NO_THING,
    THING,
    BodyStill,
    cut,
    free_foot,
    in_shares,
    read_body_stills,
)
from detectors.training.judges.cases import draw_case
from detectors.training.judges.examples import HELD_BACK, Example, Examples
from detectors.training.judges.outlines import read_labelled
from detectors.training.people import missed_people, read_mask
from detectors.training.samples import pictures_in
from detectors.values import Image

_PERSON_LABEL = 10
# Numbers of what else stands or lies about in the stills, and how often each is cut: benches are many.
_THING_LABELS = {2: 0.25, 3: 1.0, 4: 1.0, 5: 1.0, 9: 1.0, 11: 2.0, 12: 2.0}
_PHOTOGRAPHED = {0: 0.5, 1: 1.0, 2: 1.0}  # litter, bins, full bins
_PEOPLE_TIMES, _CASES = 3, 4
_HIDDEN = 0.25


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
            *photographed_ground(photographs / "camvid", rng),
        ]
    if not found:
        raise LamplighterError(f"{stills}: no stills with masks.")
    return Examples.of(found)


def _of_still(still: BodyStill, rng: np.random.Generator) -> Iterator[Example]:
    people = [box for number, box in still.boxes if number == _PERSON_LABEL]
    for number, box in still.boxes:
        state = NO_THING if number == _PERSON_LABEL else THING
        if number not in _THING_LABELS and state == THING:
            continue
        if state == THING and any(box.intersection(p) > _HIDDEN * box.area for p in people):
            continue
        times = _PEOPLE_TIMES if state == NO_THING else _THING_LABELS[number]
        group = "people" if state == NO_THING else "things"
        yield from cut(still.image, box, state, times, still.scene, group, rng)
    for _ in range(_CASES):
        if (foot := free_foot(still, rng)) is not None:
            image, span = draw_case(still.image, foot, still.metre(foot[1]), rng)
            yield from cut(image, still.box(span), THING, 1.0, still.scene, "drawn cases", rng)
    yield from bare_ground(still, rng)


def _photographed_people(camvid: Path, rng: np.random.Generator) -> Iterator[Example]:
    for part in ("train", "val"):
        for picture in pictures_in(camvid / "images" / part):
            mask = read_mask(camvid / "masks" / part / f"{picture.stem}.png")
            image, scene = read(picture), f"{HELD_BACK if part == 'val' else 'train/'}{picture.stem}"
            for row in missed_people(mask, []):
                yield from cut(image, Box.of(row.box), NO_THING, 2.0, scene, "photographed people", rng)


def _photographed_things(bins: Path, rng: np.random.Generator) -> Iterator[Example]:
    for part in ("train", "val"):
        for picture in pictures_in(bins / "images" / part):
            image, labels = read_labelled(picture)
            scene = f"{HELD_BACK if part == 'val' else 'train/'}{picture.stem}"
            for number, box in in_shares(labels, image):
                yield from cut(image, box, THING, _PHOTOGRAPHED[number], scene, "photographed things", rng)


def read(picture: Path) -> Image:
    """A picture.

    Raises:
        LamplighterError: it cannot be read.
    """
    image = cv2.imread(str(picture))
    if image is None:
        raise LamplighterError(f"{picture}: the picture cannot be read.")
    return np.asarray(image, np.uint8)
