"""The truth file of a clip: the register of its camera and what is wrong. Pure numbers."""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from sample_media.walk.plan import HEIGHT, WIDTH, Plan
from sample_media.walk.schedule import FPS, SECONDS, Clip

LETTERS = {"street_light": "L", "tree": "T", "bench": "S", "bin": "B", "path": "P", "lawn": "G"}
# When a clip of a light begins: by day, at dusk and by night in Shanghai, in June.
BEGINS = {"day": "2026-06-14T03:42:10Z", "dusk": "2026-06-14T11:18:30Z", "night": "2026-06-14T14:14:07Z"}
Box = tuple[float, float, float, float]


def share(box: Box) -> list[float]:
    """Returns a box in pixels of the rendered picture as shares of it (0-1)."""
    return [round(min(1.0, max(0.0, v / size)), 4) for v, size in zip(box, (WIDTH, HEIGHT) * 2, strict=True)]


def corners(box: Box) -> list[list[float]]:
    """Returns a box as the four corners of a region."""
    x0, y0, x1, y1 = share(box)
    return [[x0, y0], [x1, y0], [x1, y1], [x0, y1]]


def region_of(mask: np.ndarray) -> list[list[float]]:
    """Returns the largest piece of a surface as a person would draw it: few corners, gaps closed."""
    closed = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((15, 15)))
    found, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not found:
        return []
    rough = cv2.approxPolyDP(max(found, key=cv2.contourArea), 3.0, True)[:, 0]
    return [[round(float(x) / WIDTH, 4), round(float(y) / HEIGHT, 4)] for x, y in rough] if len(rough) > 2 else []


def asset_id(seed: int, kind: str, number: int) -> str:
    """Returns the id under which an asset of a walk is registered."""
    return f"{LETTERS[kind]}-{seed:02d}{number + 1:02d}"


def truth_of(
    plan: Plan, clip: Clip, assets: Sequence[dict[str, Any]], box: Box | None = None, asset: str | None = None
) -> dict[str, Any]:
    """Returns a clip's truth; box (pixels) and asset are those of its issue."""
    issues = []
    if clip.code:
        if box is None:
            raise ValueError(f"{clip.name}: an issue needs a box")
        begins = {"start_s": clip.sets_in, "end_s": SECONDS}
        issues = [{"issue": clip.code, "asset_id": asset, "box": share(box), **begins}]
    return {
        "camera": f"walk-{plan.seed}",
        "start_utc": BEGINS[clip.light],
        "fps": FPS,
        "width": plan.film_width,
        "height": plan.film_width * HEIGHT // WIDTH,
        "latitude": 31.17,
        "longitude": 121.46,
        "time_zone": "Asia/Shanghai",
        "assets": list(assets),
        "issues": issues,
    }
