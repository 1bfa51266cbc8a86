"""Turns labelled photographs into clips of a still camera, to try inspectors on real pictures.

A photograph shows a real place, but nothing in it ever moves. So the camera does what real ones do: its sensor is
noisy, its mast shakes, its exposure drifts, and its pictures are compressed twice. No two frames are the same.

    python -m sample_media.photographs SET OUT --split val --count 10
    lamplighter evaluate OUT --every 2

SET is a folder in YOLO format (`images/{train,val}`, `labels/{train,val}`), one of those the training recipe knows by
name or one with a `data.yaml`; without labels, nothing is wrong in its pictures. What seems to lie on its side is left
out. OUT holds copies of the photographs: mind their licences.
"""

import argparse
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.errors import LamplighterError
from detectors.geometry import Box
from detectors.training.recipe import lies_on_its_side
from detectors.training.samples import Row, pictures_in, read_rows
from detectors.training.scoring import read_picture
from detectors.training.sources import SOURCES, own_source
from detectors.truth import SUFFIX
from detectors.values import Image
from detectors.video_writer import write_h264

ISSUES = {
    "bin_overflowing": "bin_overflowing",
    "litter": "litter",
    "pothole": "path_damaged",
    "crack": "path_damaged",
    "puddle": "path_flooded",
}
"""What a label says is wrong; bins, trees and movers are nothing wrong."""
_STREWN = ("litter",)
"""Issues whose labels, where they lie together, are one job."""

SECONDS, FPS, WIDTH = 20.0, 5, 640
_NOON = "2026-06-15T04:00:00Z"  # no place is known, so that the sun's height is not asked
# Grey levels of noise, pixels that the mast shakes by (slowly, and from frame to frame), share by which the exposure
# drifts, JPEG quality of the camera: choices, of the size that cheap cameras by day have.
_NOISE, _SWAY_PX, _JITTER_PX, _DRIFT, _QUALITY = 2.5, 0.7, 0.3, 0.05, 75
_FIELDS = 8  # noise is drawn so often, then shifted about: a field for each frame takes as long as all the rest
_HEAP = 0.05  # labels of one issue nearer than this, 0-1, are one job


def as_camera(photograph: Image, rng: np.random.Generator) -> Iterator[Image]:
    """The frames of a still camera that sees what the photograph shows.

    Args:
        photograph: BGR; wider ones than WIDTH are made smaller.
    """
    height, width = photograph.shape[:2]
    if width > WIDTH:
        size = (WIDTH, round(height * WIDTH / width))
        photograph = np.asarray(cv2.resize(photograph, size, interpolation=cv2.INTER_AREA), np.uint8)
    yield from seen_by_camera(repeat(photograph, round(SECONDS * FPS)), rng)


def seen_by_camera(pictures: Iterable[Image], rng: np.random.Generator) -> Iterator[Image]:
    """What a still camera makes of what is before it, FPS pictures (h, w, 3) a second, all of one size."""
    phase, swing_s = rng.uniform(0, 2 * math.pi, 3), rng.uniform(3, 9, 3)
    noise: list[NDArray[np.float32]] = []
    for number, photograph in enumerate(pictures):
        height, width = photograph.shape[:2]
        noise = noise or [rng.normal(0, _NOISE, photograph.shape).astype(np.float32) for _ in range(_FIELDS)]
        wave = np.sin(2 * math.pi * number / FPS / swing_s + phase)
        shift = _SWAY_PX * wave[:2] + rng.uniform(-_JITTER_PX, _JITTER_PX, 2)
        moved = cv2.warpAffine(
            photograph,
            np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float64),
            (width, height),
            flags=cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        )
        field = np.roll(noise[number % _FIELDS], tuple(rng.integers(0, (height, width))), (0, 1))
        seen = np.clip(moved * (1 + _DRIFT * wave[2]) + field, 0, 255).astype(np.uint8)
        packed = cv2.imencode(".jpg", seen, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1]
        yield np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)


def issues_of(rows: Sequence[Row]) -> list[tuple[str, Box]]:
    """What the labels of a photograph say is wrong; labels of one issue that lie together are one."""
    heaps: list[tuple[str, Box]] = []
    for row in rows:
        issue = ISSUES.get(row.name)
        if issue is None:
            continue
        whole = Box.of(row.box)
        while issue in _STREWN and (
            near := next((h for h in heaps if h[0] == issue and _gap(h[1], whole) <= _HEAP), None)
        ):
            heaps.remove(near)
            whole = whole.union(near[1])
        heaps.append((issue, whole))
    return heaps


def film(photograph: Path, rows: Sequence[Row], out: Path, seed: int) -> Path | None:
    """Write the clip of one photograph and its truth file; returns the clip, None for a picture on its side.

    Raises:
        LamplighterError: the photograph cannot be read.
    """
    picture = read_picture(photograph)
    if lies_on_its_side(picture):
        return None
    frames = list(as_camera(picture, np.random.default_rng(seed)))
    clip = out / f"{photograph.stem}.mp4"
    write_h264(clip, frames, FPS)
    issues = [
        {"issue": issue, "asset_id": None, "box": box.as_list(), "start_s": 0.0, "end_s": SECONDS}
        for issue, box in issues_of(rows)
    ]
    height, width = frames[0].shape[:2]
    truth = {"camera": "photograph", "start_utc": _NOON, "fps": FPS, "width": width, "height": height, "issues": issues}
    clip.with_suffix(SUFFIX).write_text(json.dumps(truth), encoding="utf-8")
    return clip


def _gap(a: Box, b: Box) -> float:
    return max(a.x0 - b.x1, b.x0 - a.x1, a.y0 - b.y1, b.y0 - a.y1, 0.0)


def _classes_of(folder: Path) -> dict[int, str]:
    known = next((s.classes for s in SOURCES if s.name == folder.name), None)
    if known is None and (folder / "data.yaml").is_file():
        return own_source(folder).classes
    return known or {}


def main() -> None:
    """Films a spread of a set's photographs."""
    parser = argparse.ArgumentParser(prog="python -m sample_media.photographs", description=__doc__.splitlines()[0])
    parser.add_argument("set", type=Path, help="folder with images/ and labels/, each with train/ and val/")
    parser.add_argument("out", type=Path, help="where clips and truth files go")
    parser.add_argument("--split", choices=("train", "val"), default="val")
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    pictures = pictures_in(args.set / "images" / args.split)
    if not pictures:
        parser.exit(1, f"{args.set / 'images' / args.split}: no photographs in this folder.\n")
    rng = np.random.default_rng(args.seed)
    chosen = [pictures[n] for n in sorted(rng.choice(len(pictures), min(args.count, len(pictures)), replace=False))]
    try:
        classes = _classes_of(args.set)
        for picture in chosen:
            labels = args.set / "labels" / args.split / f"{picture.stem}.txt"
            film(picture, read_rows(labels, classes), args.out, args.seed)
    except LamplighterError as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
