"""People, cars and lamps found on CamVid's streets: a check on real pictures that no set with labels offers.

Its masks give boxes of people and cars. Lamps they do not tell from sign posts: a lamp that is on no pole at all is
none, and one that is on a pole may be a sign.

Run it with `python -m detectors.training.street_masks DIR [--weights MODEL]`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np

from detectors.backends import load_detector
from detectors.catalogue.entries import bundled
from detectors.catalogue.store import resolve
from detectors.console import home_folder, print_rows, weights_option
from detectors.errors import LamplighterError
from detectors.training.people import NUMBERS, Numbers, boxes_of, read_mask
from detectors.training.samples import pictures_in
from detectors.training.scoring import LEAST_SCORE, Truth, read_picture, score_predictions
from detectors.training.thresholds import DEFAULT
from detectors.values import Detections

_POLE = 2
_BICYCLIST = 10  # a person and a bicycle under one number: neither right nor wrong
_EVERY = 2  # neighbouring frames of a drive show the same
_THEIRS = 0.25  # share of a detection that bicyclists fill, from which it is one of theirs
_UPRIGHT = 0.6  # share of a lamp's rows in which its box shows a pole


def without_bicyclists(found: Detections, mask: Numbers) -> Detections:
    """Detections but for those on the masks' bicyclists."""
    height, width = mask.shape
    keep = []
    for n, box in enumerate(found.boxes):
        x0, y0, x1, y1 = (np.clip(box, 0, 1) * (width, height, width, height)).astype(int)
        part = mask[y0 : y1 + 1, x0 : x1 + 1]
        if not part.size or float((part == _BICYCLIST).mean()) < _THEIRS:
            keep.append(n)
    return Detections(found.boxes[keep], found.scores[keep], tuple(found.names[n] for n in keep))


def lamps_on_poles(found: Detections, mask: Numbers, least: float) -> list[bool]:
    """For each lamp found with at least a score: whether it is on a pole of the mask."""
    height, width = mask.shape
    on = []
    for _, _, box in found.named("street_light", min_score=least):
        x0, y0, x1, y1 = box.pixels(width, height)
        on.append(float((mask[y0:y1, x0:x1] == _POLE).any(axis=1).mean()) >= _UPRIGHT)
    return on


def streets(folder: Path) -> Iterator[tuple[Truth, Numbers]]:
    """The pictures to score on: each second of the validation part, with its boxes and its mask.

    Raises:
        LamplighterError: no pictures, or one without a mask.
    """
    pictures = pictures_in(folder / "images" / "val")[::_EVERY]
    if not pictures:
        raise LamplighterError(f"{folder / 'images' / 'val'}: no pictures in this folder.")
    for picture in pictures:
        file = folder / "masks" / "val" / f"{picture.stem}.png"
        mask = read_mask(file)
        yield Truth(picture, tuple(boxes_of(mask)), frozenset(NUMBERS)), mask


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@weights_option
def main(folder: Path, weights: str | None) -> None:
    """Score people, cars and lamps on CamVid in DIR (`images/val`, `masks/val`), by what its masks tell."""
    try:
        model = resolve(weights, home_folder()) if weights else bundled()
        detector = load_detector(model, "auto", cache=None)
        pairs, lamps = [], list[bool]()
        for truth, mask in streets(folder):
            found = detector.predict([read_picture(truth.picture)], LEAST_SCORE, 640)[0]
            pairs.append((truth, without_bicyclists(found, mask)))
            lamps += lamps_on_poles(found, mask, detector.thresholds.get("street_light", DEFAULT))
    except LamplighterError as error:
        raise click.ClickException(str(error)) from None
    scores = score_predictions(pairs, list(NUMBERS))
    columns = ["instances", "map50", "map50_95", "precision", "recall"]
    rows = [[name, *(score[c] for c in columns)] for name, score in scores.items()]  # type: ignore[literal-required]
    print_rows(f"{model.name}, {len(pairs)} pictures", ["class", *columns], rows)
    if "street_light" in detector.classes:
        least = detector.thresholds.get("street_light", DEFAULT)
        click.echo(f"street_light from {least:.3f} up: {len(lamps)} found, {sum(lamps)} of them on a pole")


if __name__ == "__main__":
    main()
