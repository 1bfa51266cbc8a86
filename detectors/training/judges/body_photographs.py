"""People and things of labelled photographs, for the judges of bodies; those of `val` are held back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import cv2
import numpy as np

from detectors.errors import LamplighterError
from detectors.geometry import Box
from detectors.training.judges.bare_ground import photographed_ground
from detectors.training.judges.body_stills import BodyStill, in_shares, read_body_stills
from detectors.training.judges.examples import HELD_BACK, Example, Examples
from detectors.training.judges.outlines import read_labelled
from detectors.training.people import missed_people, read_mask
from detectors.training.samples import pictures_in
from detectors.values import Image

PERSON = -1
"""Number of a person, who has no label in a photograph but a mask."""
Photographed = tuple[Image, int, Box, str]
"""A picture, the number of what is in a box of it, the box, and the scene's name."""


def examples_of(
    stills: Sequence[Path],
    photographs: Path | None,
    of_still: Callable[[BodyStill], Iterator[Example]],
    of_photographed: Callable[[Photographed], Iterator[Example]],
    rng: np.random.Generator,
    on_ground: Callable[[Path, np.random.Generator], Iterator[Example]] = photographed_ground,
) -> Examples:
    """All examples: of stills, and of people, things and bare ground in photographs.

    Args:
        stills: folders of labelled stills.
        photographs: folder that may hold `camvid`, with its masks, and `litter_bins`; None for stills alone.
        on_ground: examples of CamVid's ground.

    Raises:
        LamplighterError: no still has masks, or a picture cannot be read.
    """
    found = [e for folder in stills for still in read_body_stills(folder) for e in of_still(still)]
    if photographs is not None:
        for shown in chain(_people(photographs / "camvid"), _things(photographs / "litter_bins")):
            found += of_photographed(shown)
        found += on_ground(photographs / "camvid", rng)
    if not found:
        raise LamplighterError(f"{stills[0]}: no stills with masks.")
    return Examples.of(found)


def _people(camvid: Path) -> Iterator[Photographed]:
    for part, picture in _pictures(camvid):
        mask = read_mask(camvid / "masks" / part / f"{picture.stem}.png")
        image = _read(picture)
        for row in missed_people(mask, []):
            yield image, PERSON, Box.of(row.box), _scene(part, picture)


def _things(bins: Path) -> Iterator[Photographed]:
    for part, picture in _pictures(bins):
        image, labels = read_labelled(picture)
        for number, box in in_shares(labels, image):
            yield image, number, box, _scene(part, picture)


def _pictures(folder: Path) -> Iterator[tuple[str, Path]]:
    for part in ("train", "val"):
        for picture in pictures_in(folder / "images" / part):
            yield part, picture


def _scene(part: str, picture: Path) -> str:
    return f"{HELD_BACK if part == 'val' else 'train/'}{picture.stem}"


def _read(picture: Path) -> Image:
    image = cv2.imread(str(picture))
    if image is None:
        raise LamplighterError(f"{picture}: the picture cannot be read.")
    return np.asarray(image, np.uint8)
