"""What stands on paving and is in the way, and what only lies, shows or walks there: stills, photographs, drawings."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from detectors.geometry import Box, Mask
from detectors.inspectors.blobs import blobs
from detectors.training.covers import draw_cover, place_for
from detectors.training.judges.bare_ground import bare_ground, grounds, photographed_ground
from detectors.training.judges.barriers import draw_obstacle
from detectors.training.judges.body_photographs import PERSON, Photographed, examples_of
from detectors.training.judges.body_stills import BodyStill, cut, free_foot
from detectors.training.judges.cases import Span, draw_case
from detectors.training.judges.examples import Example, Examples
from detectors.training.judges.shade import shaded
from detectors.values import Image

LIES, STANDS = 0.0, 1.0
_BENCH, _BIN, _FULL_BIN, _LITTER, _HOLE, _CRACK, _PUDDLE, _TREE, _PERSON = 2, 3, 4, 5, 6, 7, 8, 9, 10
_STANDING = {_BENCH: 0.5, _BIN: 1.0, _FULL_BIN: 1.0, 11: 2.0, 12: 2.0, 13: 0.5, 14: 0.5}  # from 11 on vehicles
_LYING = {_LITTER: 3.0, _HOLE: 2.0, _CRACK: 2.0, _PUDDLE: 2.0, _PERSON: 1.0}
_NAMES = {_LITTER: "litter", _HOLE: "damage", _CRACK: "damage", _PUDDLE: "water", _PERSON: "people"}
_PHOTOGRAPHED = {0: (LIES, 0.3), 1: (STANDS, 1.0), 2: (STANDS, 1.0)}  # litter, bins, full bins
_CASES, _OBSTACLES, _COVERS, _ODD = 2, 4, 3, 5  # of a still
# A thing and its shadow are one place mostly: so often, so much of its width to one side, and of its height below.
_SHADOWED, _ASIDE, _BELOW = 0.5, (0.2, 1.3), (0.0, 0.2)
_LEFT, _FOUND = 3.0, 5.0  # how often what was left there is cut by its own box, and by that of the odd place it makes
_HELD, _FILLED = 0.6, 0.25  # of a thing that is within such a place, and of the place that the thing's box fills
_LEFT_STILLS = "left"
_BARE, _ODD_PHOTOGRAPHED = 0.9, 4.0  # share of an odd place that is ground by CamVid's masks, and how often it is cut
_CLEAR = 0.1  # share of a place that something labelled may cover, for the place to show none of it


def standing_things(stills: Path, photographs: Path | None, rng: np.random.Generator) -> Examples:
    """All examples.

    Args:
        stills: folder of labelled stills; a folder `left` beside it holds those of what was left on the ground.
        photographs: folder that may hold `camvid`, with its masks, and `litter_bins`; those of `val` are held back.
    """
    return examples_of(
        [stills, *(folder for folder in [stills.with_name(_LEFT_STILLS)] if folder.is_dir())],
        photographs,
        lambda still: _of_still(still, rng),
        lambda shown: _of_photographed(shown, rng),
        rng,
        _of_ground,
    )


def _of_still(still: BodyStill, rng: np.random.Generator) -> Iterator[Example]:
    for number, box in still.boxes:
        if number in _STANDING:
            yield from cut(still.image, box, STANDS, _STANDING[number], still.scene, "bins, benches, vehicles", rng)
        elif number in _LYING:
            yield from cut(still.image, box, LIES, _LYING[number], still.scene, _NAMES[number], rng)
    # A bag is litter as often as not, by the stills' labels.
    drawings = (partial(draw_case, bags=0.0), _CASES, "drawn cases"), (draw_obstacle, _OBSTACLES, "drawn obstacles")
    for draw, often, name in drawings:
        for _ in range(often):
            if (foot := free_foot(still, rng)) is not None:
                image, span = draw(still.image, foot, still.metre(foot[1]), rng)
                yield from cut(image, still.box(_with_shadow(span, rng)), STANDS, 1.0, still.scene, name, rng)
    for box in still.covers:
        yield from cut(still.image, box, LIES, 2.0, still.scene, "covers let in", rng)
    yield from _covers(still, rng)
    yield from bare_ground(still, rng)
    yield from _left(still, rng)
    for image, name in ((still.image, "odd places"), (shaded(still.image, rng), "odd places in shade")):
        for box in _some(list(_odd_places(still, image)), rng):
            yield from cut(image, box, LIES, 1.0, still.scene, name, rng)


def _left(still: BodyStill, rng: np.random.Generator) -> Iterator[Example]:
    """What was left on the ground, by its own box and by the odd places that it and its shadow make."""
    if not still.standing:
        return
    people = [box for number, box in still.boxes if number == _PERSON]
    boxes = [(kind, box) for kind, box in still.standing if all(box.shared(one) <= _CLEAR for one in people)]
    for kind, box in boxes:
        yield from cut(still.image, box, STANDS, _LEFT, still.scene, f"left: {kind}", rng)
    for place in blobs(still.image, _with_feet(still)):
        held = [(kind, box) for kind, box in boxes if place.intersection(box) >= _HELD * box.area]
        if held and sum(box.area for _, box in held) >= _FILLED * place.area:
            yield from cut(still.image, place, STANDS, _FOUND, still.scene, "odd places of what was left", rng)


def _with_feet(still: BodyStill) -> Mask:
    """Where the ground is paved, and where it is under what was left there."""
    paved = still.paved.copy()
    for _, box in still.standing:
        x0, y0, x1, y1 = box.pixels(paved.shape[1], paved.shape[0])
        paved[(y0 + y1) // 2 : y1, x0:x1] = True
    return paved


def _with_shadow(span: Span, rng: np.random.Generator) -> Span:
    x0, y0, x1, y1 = span
    if rng.random() < _SHADOWED:
        aside, y1 = (x1 - x0) * float(rng.uniform(*_ASIDE)), y1 + (y1 - y0) * float(rng.uniform(*_BELOW))
        x0, x1 = (x0 - aside, x1) if rng.random() < 0.5 else (x0, x1 + aside)
    return x0, y0, x1, y1


def _covers(still: BodyStill, rng: np.random.Generator) -> Iterator[Example]:
    image, taken = still.image, [box for _, box in still.boxes]
    for _ in range(_COVERS):
        place = place_for(still.paved, taken, rng)
        if place is not None:
            image, taken = draw_cover(image, place, rng), [*taken, place]
            yield from cut(image, place, LIES, 1.0, still.scene, "drawn covers", rng)


def _odd_places(still: BodyStill, image: Image) -> Iterator[Box]:
    """What differs from the paving round it, and is nothing that is labelled to stand or lie there."""
    things = [box for number, box in still.boxes if number in _STANDING or number == _TREE]
    things += [box for _, box in still.standing]
    for box in blobs(image, still.paved):
        if all(box.shared(thing) <= _CLEAR for thing in things):
            yield box


def _some(boxes: list[Box], rng: np.random.Generator) -> list[Box]:
    return [boxes[n] for n in rng.permutation(len(boxes))[:_ODD]]


def _of_photographed(shown: Photographed, rng: np.random.Generator) -> Iterator[Example]:
    image, number, box, scene = shown
    if number == PERSON:
        yield from cut(image, box, LIES, 1.0, scene, "photographed people", rng)
        return
    state, often = _PHOTOGRAPHED[number]
    name = "photographed bins" if state == STANDS else "photographed litter"
    yield from cut(image, box, state, often, scene, name, rng)


def _of_ground(camvid: Path, rng: np.random.Generator) -> Iterator[Example]:
    """CamVid's roads and pavements, and the odd places on them: markings, shade, joints, wet."""
    yield from photographed_ground(camvid, rng)
    for image, ground, scene in grounds(camvid):
        for box in blobs(image, ground):
            x0, y0, x1, y1 = box.pixels(ground.shape[1], ground.shape[0])
            if ground[y0:y1, x0:x1].mean() >= _BARE:
                yield from cut(image, box, LIES, _ODD_PHOTOGRAPHED, scene, "photographed odd places", rng)
