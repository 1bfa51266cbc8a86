"""Places where nothing was left: bare and shaded ground, and posts, which stand there for good."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from detectors.geometry import Box, Mask
from detectors.training.judges.body_stills import NO_THING, BodyStill, cut, free_foot
from detectors.training.judges.cases import draw_post, draw_shadow
from detectors.training.judges.examples import HELD_BACK, Example
from detectors.training.people import Numbers, read_mask
from detectors.training.samples import pictures_in
from detectors.training.scoring import read_picture
from detectors.values import Image

_EACH = 2  # bare places in a still
_PHOTOGRAPHED_EACH = 3
_METRES, _SLIM = (0.5, 1.9), (0.25, 0.7)  # height of what a detector sees there, and its width over that
_POLE, _GROUND = 2, (3, 4)  # numbers of CamVid's masks
_TALL_PX, _POST_PX = (20, 90), (20.0, 50.0)  # what a camera shows of somebody, and of a post's lower end
_LEAST_GROUND = 0.98
_TRIES = 20


def bare_ground(still: BodyStill, rng: np.random.Generator) -> Iterator[Example]:
    """Bare paving, by sun or lamps, with shadows drawn on it, and with posts."""
    for _ in range(_EACH):
        if (foot := free_foot(still, rng)) is not None:
            tall = still.metre(foot[1]) * rng.uniform(*_METRES)
            half = tall * rng.uniform(*_SLIM) / 2
            box = still.box((foot[0] - half, foot[1] - tall, foot[0] + half, foot[1]))
            yield from cut(still.image, box, NO_THING, 1.0, still.scene, "bare ground", rng)
    for draw, group in ((draw_shadow, "drawn shadows"), (draw_post, "drawn posts")):
        if (foot := free_foot(still, rng)) is not None:
            image, span = draw(still.image, foot, still.metre(foot[1]), rng)
            yield from cut(image, still.box(span), NO_THING, 1.0, still.scene, group, rng)


def photographed_ground(camvid: Path, rng: np.random.Generator) -> Iterator[Example]:
    """Roads, pavements and the lower ends of poles, told by CamVid's masks; those of `val` are held back."""
    for part in ("train", "val"):
        for picture in pictures_in(camvid / "images" / part):
            mask = read_mask(camvid / "masks" / part / f"{picture.stem}.png")
            image, scene = read_picture(picture), f"{HELD_BACK if part == 'val' else 'train/'}{picture.stem}"
            for boxes, group in ((_bare(mask, rng), "photographed ground"), (_posts(mask, rng), "photographed posts")):
                for box in boxes:
                    yield from cut(image, box, NO_THING, 1.0, scene, group, rng)


def grounds(camvid: Path) -> Iterator[tuple[Image, Mask, str]]:
    """CamVid's pictures, where their road or pavement is, and the scenes' names; those of `val` are held back."""
    for part in ("train", "val"):
        for picture in pictures_in(camvid / "images" / part):
            mask = read_mask(camvid / "masks" / part / f"{picture.stem}.png")
            yield (
                read_picture(picture),
                np.isin(mask, _GROUND),
                f"{HELD_BACK if part == 'val' else 'train/'}{picture.stem}",
            )


def _bare(mask: Numbers, rng: np.random.Generator) -> Iterator[Box]:
    """Boxes of the shape of somebody in which all is road or pavement."""
    ground = np.isin(mask, _GROUND)
    rows, columns = np.nonzero(ground)
    found = 0
    for _ in range(_TRIES if len(rows) else 0):
        n = int(rng.integers(len(rows)))
        tall = int(rng.integers(*_TALL_PX))
        wide = max(4, int(tall * rng.uniform(*_SLIM)))
        top, left = int(rows[n]) - tall, int(columns[n]) - wide // 2
        inside = ground[max(0, top) : top + tall, max(0, left) : left + wide]
        if top >= 0 and left >= 0 and inside.size and inside.mean() >= _LEAST_GROUND and found < _PHOTOGRAPHED_EACH:
            found += 1
            yield _box(mask, left, top, left + wide, top + tall)


def _posts(mask: Numbers, rng: np.random.Generator) -> Iterator[Box]:
    """The lower ends of poles that stand on the ground."""
    _, _, stats, _ = cv2.connectedComponentsWithStats((mask == _POLE).astype(np.uint8))
    for x, y, w, h, _ in stats[1:].tolist():
        tall = min(float(h), rng.uniform(*_POST_PX))
        low = y + h
        lower = np.flatnonzero((mask[round(low - tall) : low, x : x + w] == _POLE).any(axis=0))
        if h < _POST_PX[0] or low + 2 >= len(mask) or not len(lower):
            continue
        left, right = x + int(lower[0]), x + int(lower[-1]) + 1
        if right - left <= tall / 3 and np.isin(mask[low + 1, left:right], _GROUND).any():
            yield _box(mask, left, low - tall, right, low)


def _box(mask: Numbers, left: float, top: float, right: float, low: float) -> Box:
    height, width = mask.shape
    return Box(left / width, top / height, right / width, low / height)
