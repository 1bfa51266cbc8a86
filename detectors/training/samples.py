"""One labelled picture, and the label files that hold it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from detectors.errors import LamplighterError
from detectors.training.classes import INDEX

PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".webp")


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled box: class name and x0, y0, x1, y1 in 0-1."""

    name: str
    box: tuple[float, float, float, float]

    def as_line(self) -> str:
        """The row of a YOLO label file with our class numbers."""
        x0, y0, x1, y1 = self.box
        return f"{INDEX[self.name]} {(x0 + x1) / 2:.6f} {(y0 + y1) / 2:.6f} {x1 - x0:.6f} {y1 - y0:.6f}"


@dataclass(slots=True)
class Sample:
    """A picture with its boxes.

    Attributes:
        name: unique in its set, without suffix.
        split: train, hold (kept back from training, for choosing thresholds) or val.
        unlabelled: classes it may show without a label.
        light: "day" or "night" where its maker says, else "".
    """

    name: str
    picture: Path
    split: str
    rows: list[Row]
    source: str
    unlabelled: set[str] = field(default_factory=set)
    light: str = ""


def clipped(cx: float, cy: float, w: float, h: float) -> tuple[float, float, float, float]:
    """Centre and size to corners, cut to the picture."""
    return (max(0.0, cx - w / 2), max(0.0, cy - h / 2), min(1.0, cx + w / 2), min(1.0, cy + h / 2))


def read_rows(label_file: Path, classes: dict[int, str]) -> list[Row]:
    """Read a YOLO label file; classes that are not in the table are left out, a missing file is a picture with no box.

    Raises:
        LamplighterError: a line is not "class cx cy w h" in numbers within 0-1.
    """
    if not label_file.is_file():
        return []
    rows = []
    for number, line in enumerate(label_file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        parts = line.split()
        if not parts:
            continue
        try:
            values = [float(p) for p in parts]
            if len(values) != 5 or not all(-0.01 <= v <= 1.01 for v in values[1:]) or values[0] != int(values[0]):
                raise ValueError
        except ValueError:
            raise LamplighterError(
                f'{label_file}, line {number}: expected "class cx cy w h" with the last four in 0-1, found "{line}".'
            ) from None
        name = classes.get(int(values[0]))
        box = clipped(*values[1:])
        if name is not None and box[2] > box[0] and box[3] > box[1]:
            rows.append(Row(name, box))
    return rows


def pictures_in(folder: Path) -> list[Path]:
    """The pictures of a folder, by name."""
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if p.suffix.lower() in PICTURES)


def fraction_of(name: str) -> float:
    """A number in 0-1 that depends on the name alone: splits that stay when pictures are added."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF


def plain_name(name: str) -> str:
    """A class name without the ways people write it: case, spaces, hyphens."""
    return "_".join(name.lower().replace("-", " ").replace("_", " ").split())


def read_names(data_yaml: Path) -> tuple[dict[str, Any], dict[int, str]]:
    """A YOLO data file as it is, and its class names by number.

    Raises:
        LamplighterError: no such file, or not a data file.
    """
    if not data_yaml.is_file():
        raise LamplighterError(f"{data_yaml}: no such data file.")
    try:
        data = yaml.safe_load(data_yaml.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        data = None
    names = data.get("names") if isinstance(data, dict) else None
    if isinstance(names, list):
        names = dict(enumerate(names))
    if not isinstance(names, dict) or not names or not all(str(k).isdigit() for k in names):
        raise LamplighterError(f"{data_yaml}: not a YOLO data file; it needs `names` (by number) and `val`.")
    return data, {int(k): str(v) for k, v in names.items()}
