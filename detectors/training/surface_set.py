"""The surface model's pictures: CamVid's masks and the masks of rendered stills, under our surfaces.

What a set does not tell apart, and what stands in front, is not taught: 255 in a mask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import yaml
from numpy.typing import NDArray

from detectors.errors import LamplighterError
from detectors.surfaces import SURFACES
from detectors.training.samples import fraction_of, pictures_in, read_rows
from detectors.training.scoring import read_picture
from detectors.training.sources import SOURCES, STILLS
from detectors.training.splits import HOLD, split_of_still

UNTAUGHT = 255
CAMVID = {0: "sky", 1: "building", 3: "road", 4: "path", 5: "vegetation"}
"""Number in a CamVid mask to our surface. Poles, signs, fences, cars and people are not taught; nor is lawn, which
CamVid does not tell from what it leaves unlabelled."""
RENDERED = {0: "sky", 1: "path", 2: "water", 3: "lawn", 6: "building", 7: "vegetation", 8: "road"}
"""Number in a still's mask to our surface. Railings, kerbs and walls are not taught; things are 255."""

Mask = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Masked:
    """A picture, its mask of our surfaces, and where they come from."""

    picture: Path
    mask: Path
    source: str


def build_surfaces(data: Path, out: Path, *, stills: Path | None, notice: Callable[[str], None] = print) -> Path:
    """Write the set: `images/`, `masks/`, `data.yaml`.

    Args:
        data: folder that holds `camvid` (`images/{train,val}`, `masks/{train,val}`); it may be missing.
        stills: folder of rendered stills (`images`, `masks`, `labels`, `json`).

    Returns:
        Path of `data.yaml`; its `val` is the held-back part, as training wants it.

    Raises:
        LamplighterError: nothing to train on, or a picture or mask that cannot be read.
    """
    counts: dict[str, dict[str, int]] = {}
    for source, split, picture, mask in [*_camvid(data / "camvid"), *(_stills(stills) if stills else ())]:
        name = f"{source}__{picture.stem}"
        for folder, suffix, content in (("images", "jpg", read_picture(picture)), ("masks", "png", mask)):
            target = out / folder / split / f"{name}.{suffix}"
            target.parent.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(target), content, [cv2.IMWRITE_JPEG_QUALITY, 95] if suffix == "jpg" else [])
        part = counts.setdefault(source, dict.fromkeys(("train", "hold", "val"), 0))
        part[split] += 1
    if not any(part["train"] for part in counts.values()):
        raise LamplighterError(f"No masks to train on: expected {data / 'camvid'}, or --stills with masks.")
    for source, part in counts.items():
        notice(f"{source}: " + ", ".join(f"{n} {split}" for split, n in part.items()))
    index = out / "data.yaml"
    named = {"path": str(out.resolve()), "train": "images/train", "val": "images/hold", "masks_dir": "masks"}
    index.write_text(yaml.safe_dump({**named, "names": dict(enumerate(SURFACES))}), encoding="utf-8")
    return index


def pictures_of(built: Path, split: str) -> list[Masked]:
    """The pictures of one side of a set that was built."""
    folder = built / "masks" / split
    return [Masked(p, folder / f"{p.stem}.png", p.stem.split("__")[0]) for p in pictures_in(built / "images" / split)]


def read_mask(path: Path) -> Mask:
    """A mask as it is stored, (height, width).

    Raises:
        LamplighterError: it cannot be read.
    """
    mask = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if mask is None:
        raise LamplighterError(f"Cannot read the mask {path}: remove it and its picture, or save it again.")
    return np.asarray(mask, np.uint8)


def _ours(mask: Mask, surfaces: dict[int, str]) -> Mask:
    table = np.full(256, UNTAUGHT, np.uint8)
    for number, name in surfaces.items():
        table[number] = SURFACES.index(name)
    return table[mask]


def _camvid(folder: Path) -> Iterator[tuple[str, str, Path, Mask]]:
    every = next(s.every for s in SOURCES if s.name == "camvid")
    for part in ("train", "val"):
        for picture in pictures_in(folder / "images" / part)[:: every if part == "train" else 1]:
            held = part == "train" and fraction_of(f"camvid__{picture.stem}") < HOLD
            mask = _ours(read_mask(folder / "masks" / part / f"{picture.stem}.png"), CAMVID)
            yield "camvid", "hold" if held else part, picture, mask


def _stills(folder: Path) -> Iterator[tuple[str, str, Path, Mask]]:
    for picture in pictures_in(folder / "images"):
        file = folder / "masks" / f"{picture.stem}.png"
        if file.is_file():
            stored = read_mask(file)
            mask = _ours(stored, RENDERED)
            _add_trees(mask, stored, folder / "labels" / f"{picture.stem}.txt")
            yield STILLS.name, split_of_still(picture, folder / "json"), picture, mask


def _add_trees(mask: Mask, stored: Mask, labels: Path) -> None:
    """Things inside a tree's box, and in no other thing's, are vegetation: masks do not tell things apart."""
    h, w = mask.shape
    trees, others = np.zeros((h, w), bool), np.zeros((h, w), bool)
    for row in read_rows(labels, STILLS.classes):
        x0, y0, x1, y1 = (round(v * side) for v, side in zip(row.box, (w, h, w, h), strict=True))
        (trees if row.name in ("tree", "fallen_tree") else others)[y0:y1, x0:x1] = True
    mask[(stored == UNTAUGHT) & trees & ~others] = SURFACES.index("vegetation")
