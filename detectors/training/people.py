"""People told by CamVid's masks: far and dark ones, whom a COCO checkpoint does not see."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.errors import LamplighterError
from detectors.training.samples import Row

Numbers = NDArray[np.uint8]

NUMBERS = {"person": 9, "car": 8}
"""Number of each class in a mask."""
LEAST_PX = 24
"""Lower parts of a mask are specks."""
# Height over width of one who stands or walks: people who stand together are one part of a mask, and wider.
_ONE_PERSON = (1.4, 5.0)
# Share of a known person's box from which a part of the mask is, or holds, that person.
_KNOWN = 0.2


def read_mask(file: Path) -> Numbers:
    """A mask (height, width) of CamVid's numbers.

    Raises:
        LamplighterError: it cannot be read.
    """
    mask = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
    if mask is None:
        raise LamplighterError(f"{file}: no mask that can be read.")
    return np.asarray(mask, np.uint8)


def boxes_of(mask: Numbers, names: Iterable[str] = NUMBERS) -> list[Row]:
    """A box for each connected part of some classes: people who stand together are one.

    Args:
        mask: (height, width), CamVid's numbers.
    """
    height, width = mask.shape
    rows = []
    for name in names:
        _, _, stats, _ = cv2.connectedComponentsWithStats((mask == NUMBERS[name]).astype(np.uint8))
        for x, y, w, h, _ in stats[1:]:
            if h >= LEAST_PX:
                rows.append(Row(name, (x / width, y / height, (x + w) / width, (y + h) / height)))
    return rows


def missed_people(mask: Numbers, known: Iterable[Row]) -> list[Row]:
    """Single people of a mask who are not among the known boxes.

    On each second training frame the COCO checkpoint knows 137 of the parts, and 158 more are shaped like one person;
    on a contact sheet those that are not too dark to tell are people.
    """
    height, width = mask.shape
    people = [row.box for row in known if row.name == "person"]
    missed = []
    for row in boxes_of(mask, ["person"]):
        tall = (row.box[3] - row.box[1]) * height / ((row.box[2] - row.box[0]) * width)
        if _ONE_PERSON[0] <= tall <= _ONE_PERSON[1] and all(_share(box, row.box) <= _KNOWN for box in people):
            missed.append(row)
    return missed


def _share(of: tuple[float, float, float, float], within: tuple[float, float, float, float]) -> float:
    """Share of one box that another covers."""
    w = min(of[2], within[2]) - max(of[0], within[0])
    h = min(of[3], within[3]) - max(of[1], within[1])
    return max(0.0, w) * max(0.0, h) / ((of[2] - of[0]) * (of[3] - of[1]))
