"""A plate as the film takes it: its look prepared, its leaves and water ready to move."""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from sample_media.studio import look
from sample_media.studio.stage import SURFACES
from sample_media.studio.variants import Variant

# How much of what stands on it hard ground mirrors when it is all wet, and standing water (0-1).
WET_MIRRORS, WATER_MIRRORS = 0.3, 0.6
# What rain makes wet and smooth.
HARD = [SURFACES[name] for name in ("path", "road", "hard")]


@dataclass
class Shot:
    """A variant's plate as the film needs it; ``mirror`` is how much the ground mirrors of what stands on it (0-1)."""

    plate: np.ndarray
    ids: np.ndarray
    depth: np.ndarray
    about: dict[str, Any]
    grade: look.Grade
    mirror: np.ndarray


def load_shot(variant: Variant, plates: Path) -> Shot:
    """Reads a rendered plate and prepares its look."""
    image = cv2.imread(str(plates / f"{variant.key}.png"), cv2.IMREAD_UNCHANGED).astype(np.float32) / 65535
    night = variant.plan().light.mode == "night"
    passes = np.load(plates / f"{variant.key}.npz")
    depth, plan = passes["depth"].astype(np.float32), variant.place.plan
    image = look.fogged(image, depth, plan.fog, variant.mode) if plan.fog else image
    image = np.clip(image * variant.place.gain, 0, 1)
    image = look.warm(image).astype(np.float32) if night else image
    about = json.loads((plates / f"{variant.key}.json").read_text())
    ids = passes["ids"]
    mirror = np.where(
        np.isin(ids, about["pools"]), WATER_MIRRORS, WET_MIRRORS * variant.plan().wet * np.isin(ids, HARD)
    )
    return Shot(image, ids, depth, about, look.grade_of(image, night), mirror)


class Motion:
    """Leaves that sway and water that moves, as displacement fields that change with time."""

    def __init__(self, shot: Shot, rng: np.random.Generator) -> None:
        h, w = shot.ids.shape
        self.scale = w / 960
        self.y, self.x = (v.astype(np.float32) for v in np.mgrid[0:h, 0:w])
        leaves = np.isin(shot.ids, shot.about["trees"]) | (shot.ids == SURFACES["shrub"])
        # Trunks must not sway: bark is grey, leaves are green.
        green = shot.plate[..., 1] - np.maximum(shot.plate[..., 0], shot.plate[..., 2])
        leafy = cv2.GaussianBlur((green > 0.004).astype(np.float32), (0, 0), 5)
        self.leaves = cv2.GaussianBlur(leaves.astype(np.float32), (0, 0), 3) * np.clip(leafy * 2.2, 0, 1)
        pools = np.isin(shot.ids, shot.about["pools"])
        water = cv2.erode((pools | (shot.ids == SURFACES["water"])).astype(np.uint8), np.ones((3, 3)))
        self.water = cv2.GaussianBlur(water.astype(np.float32), (0, 0), 1.2) * np.clip(
            (self.y / h - 0.185) / 0.815, 0.02, 1
        )
        self.sway = [_field(rng, 46, w, h) for _ in range(4)]
        self.waves = [_field(rng, cell, w, h) for cell in (10, 10, 22, 22)]

    def move(self, image: np.ndarray, time: float) -> np.ndarray:
        """Returns the image as it is displaced at a time (seconds)."""
        gust = 0.55 * (0.65 + 0.35 * math.sin(time * 0.7) * math.sin(time * 0.23 + 1))
        wind = sum(f * (math.sin(time * (2.1 + 0.7 * k) + 1.7 * k) * gust) for k, f in enumerate(self.sway))
        wave = sum(f * math.sin(time * (3.1 - 0.4 * k) + 1.3 * k) for k, f in enumerate(self.waves))
        wind, wave = wind * self.scale, wave * self.scale
        dx = wind[..., 0] * self.leaves + wave[..., 0] * self.water * 1.5
        dy = wind[..., 1] * self.leaves * 0.6 + wave[..., 1] * self.water * 0.8
        return cv2.remap(image, self.x + dx, self.y + dy, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)


def _field(rng: np.random.Generator, cell: float, w: int, h: int) -> np.ndarray:
    """Returns random displacements in pixels, smooth over cells of a size given at 960 wide."""
    cell = round(cell * w / 960)
    rough = rng.standard_normal((h // cell + 3, w // cell + 3, 2)).astype(np.float32)
    return cv2.resize(rough, (w, h), interpolation=cv2.INTER_CUBIC)
