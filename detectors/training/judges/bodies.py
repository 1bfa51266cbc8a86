"""What a detector takes for people, and what is no thing that somebody left: of stills, of photographs, and drawn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from detectors.training.judges.bare_ground import bare_ground
from detectors.training.judges.body_photographs import PERSON, Photographed, examples_of
from detectors.training.judges.body_stills import (
    NO_THING,
    THING,
    BodyStill,
    cut,
    free_foot,
)
from detectors.training.judges.cases import draw_case
from detectors.training.judges.examples import Example, Examples

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
    return examples_of(
        [stills], photographs, lambda still: _of_still(still, rng), lambda shown: _of_photographed(shown, rng), rng
    )


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


def _of_photographed(shown: Photographed, rng: np.random.Generator) -> Iterator[Example]:
    image, number, box, scene = shown
    if number == PERSON:
        yield from cut(image, box, NO_THING, 2.0, scene, "photographed people", rng)
    else:
        yield from cut(image, box, THING, _PHOTOGRAPHED[number], scene, "photographed things", rng)
