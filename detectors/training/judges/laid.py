"""Benches and bins cut out of a still and laid before places of the same still, bare or not."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.training.judges.outlines import Points, Still
from detectors.training.judges.shots import labelled, shared_areas
from detectors.values import Image

_THING = 255  # of the surfaces
_RIM = 2  # px round a label in which the thing may still be
_LEAST_PX, _LEAST_FILLED = 14, 0.3  # height of a cut-out, and share of its box that it fills
_TALL = (0.75, 1.5)  # of the place's height
_ASIDE, _NEARER = 0.9, (0.02, 0.6)  # of both widths, and of the place's height
_SOFT = 0.6  # px at its rim
MOST_HIDDEN = 0.65
"""Share of a place that other things may hide, by their boxes."""


@dataclass(frozen=True, slots=True)
class CutOut:
    """One thing: its pixels (h, w, 3) uint8, and where it is among them, (h, w) bool."""

    pixels: Image
    inside: NDArray[np.bool_]


def cut_outs(still: Still) -> list[CutOut]:
    """The benches and bins of a still of which the masks show the outline, touched by nothing else."""
    if still.surfaces is None:
        return []
    boxes, every = labelled(still, "bench", "bin", "bin_overflowing"), np.concatenate(list(still.labels.values()))
    found = [_cut_out(still, box) for box in boxes if (shared_areas(box, every) > 0).sum() == 1]
    return [one for one in found if one is not None]


def laid_before(image: Image, place: Points, one: CutOut, rng: np.random.Generator) -> tuple[Image, Points] | None:
    """The picture with a thing before a place (4,) px, and the thing's box; None where too little is left in view."""
    wide, tall = place[2:] - place[:2]
    scale = tall * rng.uniform(*_TALL) / one.inside.shape[0]
    size = max(2, round(one.inside.shape[1] * scale)), max(2, round(one.inside.shape[0] * scale))
    x = (place[0] + place[2]) / 2 + rng.uniform(-_ASIDE, _ASIDE) * (wide + size[0]) / 2
    y = place[3] + rng.uniform(*_NEARER) * tall
    x0, y0 = round(x - size[0] / 2), round(y - size[1])
    x1, y1 = x0 + size[0], y0 + size[1]
    box = np.array([x0, y0, x1, y1], np.float64)
    hidden = float(shared_areas(place, box[None])[0]) / (wide * tall)
    if min(x0, y0) < 0 or x1 > image.shape[1] or y1 > image.shape[0] or not 0.0 < hidden <= MOST_HIDDEN:
        return None
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    share = cv2.resize(one.inside.astype(np.float32), size, interpolation=way)
    share = np.clip(cv2.GaussianBlur(share, (0, 0), _SOFT), 0, 1)[..., None]
    shown = image.copy()
    shown[y0:y1, x0:x1] = shown[y0:y1, x0:x1] * (1 - share) + cv2.resize(one.pixels, size, interpolation=way) * share
    return shown, box


def _cut_out(still: Still, box: Points) -> CutOut | None:
    assert still.surfaces is not None
    x0, y0, x1, y1 = np.rint(box).astype(int).tolist()
    high, wide = still.surfaces.shape
    if y1 - y0 < _LEAST_PX or x0 < _RIM or y0 < _RIM or x1 > wide - _RIM or y1 > high - _RIM:
        return None
    round_it = still.surfaces[y0 - _RIM : y1 + _RIM, x0 - _RIM : x1 + _RIM] == _THING
    inside = round_it[_RIM:-_RIM, _RIM:-_RIM]
    if inside.mean() < _LEAST_FILLED or round_it.sum() > inside.sum() + 0.1 * inside.sum():
        return None
    return CutOut(np.ascontiguousarray(still.image[y0:y1, x0:x1]), inside)
