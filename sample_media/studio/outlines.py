"""Writes the whole outlines of the lamps of stills and which are lit: the judge of lamps is trained on them."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sample_media.studio import view
from sample_media.studio.labels import hull
from sample_media.studio.mesh import world_points
from sample_media.studio.relabel import plan_of
from sample_media.studio.site import build
from sample_media.studio.stage import Item, Stage
from sample_media.studio.stills import SIZE

FILE = "outlines.json"
# Seen from so steeply above (degrees) the shade of a bell lamp hides its glass.
HIDDEN_FROM = 10.0


def outline_stills(root: Path) -> Iterator[tuple[int, int]]:
    """Adds every scene that comes out again to the outlines beside its stills; yields its seed and how many lamps.

    Scenes that are there are left as they are. The scene is built without plants and not rendered.
    """
    path = root / FILE
    scenes: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    for file in sorted((root / "json").glob("s*_0.json")):
        name, plan = file.stem.removesuffix("_0"), plan_of(json.loads(file.read_text()))
        if plan is not None and name not in scenes:
            stage = build(plan, planted=False)
            view.set_quality(stage, SIZE, 1, 1)
            things = list(_lamps(stage))
            scenes[name] = {"mode": plan.light.mode, "things": things}
            yield plan.seed, len(things)
    lines = (f'"{name}": {json.dumps(scene, separators=(",", ":"))}' for name, scene in sorted(scenes.items()))
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def _lamps(stage: Stage) -> Iterator[dict[str, Any]]:
    lamps = [item for item in stage.items if item.label == "street_light"]
    standing = [lamp for lamp in stage.plan.lamps if not lamp.gone]
    for item, lamp in zip(lamps, standing, strict=True):
        outline = hull(stage, item)
        if len(outline) >= 3:
            lit = lamp.burns(stage.plan.light.lamps_lit)
            hidden = stage.plan.lamp_style == "bell" and _steepness(stage, item) >= HIDDEN_FROM
            yield {"kind": "street_light", "state": 0.5 if hidden else int(lit), "outline": outline}


def _steepness(stage: Stage, item: Item) -> float:
    """Returns from how many degrees above the camera looks at a lamp's glass."""
    x, y, z = (world_points(item.head).mean(0)[:3] - stage.scene.camera.location).tolist()
    return math.degrees(math.atan2(-z, math.hypot(x, y)))
