"""Crops of bins, overflowing or not: from labelled stills and from photographs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from detectors.inspectors.rims import rim_alone
from detectors.training.judges.examples import Example, Examples
from detectors.training.judges.many_bins import many_bins
from detectors.training.judges.outlines import Points, Still
from detectors.training.judges.shots import BINS, Told, examples, labelled, overlap, photographs

_SAME_BIN = 0.2
_OWN_BOX = 0.7  # share of overflowing bins of stills that are shown by the bin's own box, without the heap on it
_TIMES, _FULL_TIMES = 2, 6  # each bin is cut so often; overflowing ones are rare in the stills
_PHOTOGRAPH_TIMES = 6
_WEIGHT = 6.0


def full_bins(
    stills: list[Still], folder: Path | None, rng: np.random.Generator, makes: Path | None = None
) -> Examples:
    """All examples; state 1 is overflowing.

    Args:
        folder: photographs, see `shots.photographs`.
        makes: stills of bins of many makes, see `many_bins`.

    Raises:
        LamplighterError: photographs that are missing or cannot be read.
    """
    emptier: dict[str, Points] = {}
    for still in stills:  # the first of a scene shows its bins as they are registered
        emptier.setdefault(still.scene, labelled(still, "bin"))
    every = [e for still in stills for e in _rendered(still, emptier[still.scene], rng)]
    for picture in photographs(folder) if folder is not None else ():
        for state, name in enumerate(("bin", "bin_overflowing")):
            for box in picture.boxes[name]:
                told = Told(float(state), _WEIGHT, picture.scene, "photographs")
                every += examples(picture.image, box, told, _PHOTOGRAPH_TIMES, rng, BINS)
    if makes is not None:
        every += many_bins(makes, rng)
    return Examples.of(every)


def bin_rims(stills: list[Still], folder: Path | None, rng: np.random.Generator, makes: Path | None = None) -> Examples:
    """The same as `full_bins`, of each the rim by itself: what lies round a bin is not in the picture."""
    every = full_bins(stills, folder, rng, makes)
    return replace(every, crops=np.stack([rim_alone(crop[..., 4:]) for crop in every.crops]))


def _rendered(still: Still, emptier: Points, rng: np.random.Generator) -> Iterator[Example]:
    group = "by night" if still.after_dark else "by day"
    for box in labelled(still, "bin"):
        yield from examples(still.image, box, Told(0.0, _WEIGHT, still.scene, group), _TIMES, rng, BINS)
    for box in labelled(still, "bin_overflowing"):
        same = overlap(box, emptier)
        for _ in range(_FULL_TIMES):
            own = len(same) and same.max() >= _SAME_BIN and rng.random() < _OWN_BOX
            shown = emptier[same.argmax()] if own else box
            yield from examples(still.image, shown, Told(1.0, _WEIGHT, still.scene, group), 1, rng, BINS)
