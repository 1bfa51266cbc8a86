"""Stills of benches and bins of many makes (`sample_media/makes`), and crops of the bins, full and not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from detectors.errors import LamplighterError
from detectors.inspectors.darkness import DARK
from detectors.training.classes import INDEX
from detectors.training.judges.examples import Example
from detectors.training.judges.outlines import Points, Still, plan_of, read_still
from detectors.training.judges.shots import BINS, NONE, Told, examples, overlap
from detectors.values import Image

_TIMES, _WEIGHT = 2, 6.0  # each bin is cut so often; weighs as those of other stills
_HEAPED, _SAME = 0.3, 0.2  # share of full ones shown by a box with the heap on it, as one is that nobody registered
_AFTER_DARK = ("dusk", "night")
# Share of a full bin's box in which what it holds is seen: where it is less nothing shows that it is full.
_LEAST_WASTE = 0.05


@dataclass(frozen=True, slots=True)
class StandingBin:
    """A bin of a still.

    Attributes:
        full: whether it overflows.
        box: (4,) px, without what it holds.
        waste: share of this box in which what a full one holds is seen.
    """

    full: bool
    box: Points
    waste: float


def read_bins(folder: Path) -> Iterator[tuple[Still, tuple[StandingBin, ...]]]:
    """Each still of a folder with its bins, scene by scene, of each first the one in which no other makes stand.

    Args:
        folder: of stills with `images`, `labels`, `masks` and `json`, which names the bins of each.

    Raises:
        LamplighterError: a picture or what is told of it cannot be read.
    """
    for picture in sorted((folder / "images").glob("*.jpg")):
        try:
            about = json.loads(plan_of(picture).read_text(encoding="utf-8"))
            night = about["plan"]["light"]["mode"] in _AFTER_DARK
            told = [(bool(one["full"]), np.array(one["box"]).reshape(4), float(one["waste"])) for one in about["bins"]]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise LamplighterError(f"{plan_of(picture)}: what this tells of its bins cannot be read.") from error
        still = read_still(picture, picture.stem.split("_")[0], night)
        size = np.array([still.image.shape[1], still.image.shape[0]] * 2, np.float64)
        yield still, tuple(StandingBin(full, box * size, waste) for full, box, waste in told)


def many_bins(folder: Path, rng: np.random.Generator) -> Iterator[Example]:
    """All examples of full bins and of others; state 1 is overflowing.

    Raises:
        LamplighterError: see `read_bins`.
    """
    for still, bins in read_bins(folder):
        heaped = still.labels.get(INDEX["bin_overflowing"], NONE)
        light = "by night" if still.after_dark else "by day"
        for one in bins:
            if is_dark(still.image, one.box) or (one.full and one.waste < _LEAST_WASTE):
                continue
            told = Told(float(one.full), _WEIGHT, still.scene, f"many makes {light}")
            for _ in range(_TIMES):
                shown = _with_heap(one.box, heaped) if one.full and rng.random() < _HEAPED else one.box
                yield from examples(still.image, shown, told, 1, rng, BINS)


def is_dark(image: Image, box: Points) -> bool:
    """Whether it is so dark in a box (4,) px that the inspectors tell nothing of what is there."""
    x0, y0 = np.maximum(0, np.floor(box[:2])).astype(int)  # a label may begin a rounding error outside the picture
    x1, y1 = np.ceil(box[2:]).astype(int)
    return bool(np.median(cv2.cvtColor(image[y0:y1, x0:x1], cv2.COLOR_BGR2GRAY)) < DARK)


def _with_heap(box: Points, heaped: Points) -> Points:
    """The labelled box (4,) of a full bin, which takes in its heap; its own where none is labelled."""
    same = overlap(box, heaped)
    return np.asarray(heaped[same.argmax()]) if len(same) and same.max() >= _SAME else box
