"""Which pictures train, which are kept back from training, and which only score."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from detectors.training.samples import fraction_of

HOLD = 0.1
"""Share of the training pictures kept back to choose thresholds and the best epoch."""
STILLS_VAL, STILLS_HOLD = 0.15, 0.08


def split_of_still(picture: Path, facts: Path) -> str:
    """The side of a rendered still, the same for all views of its scene; `facts` is the folder of their plans."""
    place = fraction_of(f"scene {_scene_of(picture, facts)}")
    return "val" if place < STILLS_VAL else "hold" if place < STILLS_VAL + STILLS_HOLD else "train"


def _scene_of(picture: Path, facts: Path) -> str:
    """What all views of one rendered scene share: the seed it was grown from."""
    seed = plan_of(picture, facts).get("seed")
    return picture.stem.rsplit("_", 1)[0] if seed is None else str(seed)


def plan_of(picture: Path, facts: Path) -> dict[str, Any]:
    """What a still's maker noted: `seed` and `mode` (day, overcast, dusk, night), where they are known."""
    file = facts / f"{picture.stem}.json"
    if not file.is_file():
        return {}
    about = json.loads(file.read_text(encoding="utf-8"))
    plan = about.get("plan", {})
    return {
        "seed": about.get("seed", plan.get("seed")),
        "mode": plan.get("mode", plan.get("light", {}).get("mode")),
    }
