"""What stands in a labelled still, with its outline and its true state: `outlines.json` beside the stills.

The file maps a scene (`s200013`) to its light (`mode`) and its `things`. A thing has a `kind`, an `outline` in 0-1 and
a `state`: for a street light 1 lit, 0 dark, 0.5 where its glass cannot be seen from the camera.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.errors import LamplighterError
from detectors.values import Image

Points = NDArray[np.float64]
"""(n, 2) corners of an outline, px."""

FILE = "outlines.json"
_SAME_BOX = 0.55  # how well a label must cover an outline: less is a lamp half hidden, or another one


@dataclass(frozen=True, slots=True)
class OutlinedLamp:
    """One lamp of a still: outline in px, and how surely it is lit (0, 0.5, 1)."""

    outline: Points
    lit: float

    @property
    def height(self) -> float:
        """Height in px."""
        return float(np.ptp(self.outline[:, 1]))


@dataclass(frozen=True, slots=True)
class Still:
    """A picture and those of its scene's lamps that its labels show."""

    scene: str
    after_dark: bool
    image: Image
    lamps: tuple[OutlinedLamp, ...]


def read_stills(folder: Path, each: int) -> list[Still]:
    """The stills of all outlined scenes, at most `each` a scene.

    Raises:
        LamplighterError: no outlines there, or a picture or its labels cannot be read.
    """
    path = folder / FILE
    try:
        scenes = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LamplighterError(f"{path}: cannot be read; the judges need the outlines of the stills.") from error
    stills: list[Still] = []
    for name, scene in sorted(scenes.items()):
        for picture in sorted((folder / "images").glob(f"{name}_*.jpg"))[:each]:
            stills.append(_still(picture, name, scene["mode"] in ("night", "dusk"), scene["things"]))
    if not stills:
        raise LamplighterError(f"{folder}: no pictures of the outlined scenes.")
    return stills


def _still(picture: Path, scene: str, after_dark: bool, things: list[dict[str, object]]) -> Still:
    image = cv2.imread(str(picture))
    labels = picture.parent.parent / "labels" / f"{picture.stem}.txt"
    if image is None or not labels.is_file():
        raise LamplighterError(f"{picture}: the picture or its labels cannot be read.")
    size = np.array([image.shape[1], image.shape[0]], np.float64)
    boxes = [_box(line) * np.tile(size, 2) for line in labels.read_text().splitlines() if int(line.split()[0]) == 0]
    lamps = []
    for thing in things:
        if thing["kind"] != "street_light":
            continue
        outline = np.array(thing["outline"], np.float64) * size
        whole = np.concatenate([outline.min(axis=0), outline.max(axis=0)])
        if max((_overlap(whole, box) for box in boxes), default=0.0) >= _SAME_BOX:
            lamps.append(OutlinedLamp(outline, float(str(thing["state"]))))
    return Still(scene, after_dark, np.asarray(image, np.uint8), tuple(lamps))


def _box(line: str) -> Points:
    """Corners in 0-1 of a YOLO line."""
    x, y, w, h = (float(v) for v in line.split()[1:5])
    return np.array([x - w / 2, y - h / 2, x + w / 2, y + h / 2])


def _overlap(a: Points, b: Points) -> float:
    shared = np.prod(np.maximum(0.0, np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])))
    return float(shared / (np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2]) - shared))
