"""What the camera sees of the assets: which a person would register, and with what box."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sample_media.walk.camera import Passes, box_round, outline, projection
from sample_media.walk.indices import LAWN, PATH
from sample_media.walk.stage import Stage
from sample_media.walk.truth import Box, asset_id, corners, region_of

# Least share of it that is seen, and least height in pixels, of what a person would register.
LEAST_SHARE, LEAST_HEIGHT = 0.35, {"street_light": 24, "tree": 30, "bench": 12, "bin": 12}


@dataclass(frozen=True)
class Sight:
    """How an asset is seen: the box round all of it in pixels, which share of it shows (of a lamp, of its head)."""

    kind: str
    box: Box
    share: float
    id: str

    @property
    def registered(self) -> bool:
        """Tells whether a person would register it."""
        return self.share >= LEAST_SHARE and self.box[3] - self.box[1] >= LEAST_HEIGHT[self.kind]


def look(stage: Stage, clean: Passes) -> dict[str, Sight]:
    """Returns how each asset of the scene is seen."""
    matrix, found = projection(stage), {}
    for name, thing in stage.things.items():
        if thing.kind in ("path", "lawn"):
            continue
        telling = thing.parts[-1]  # of a lamp the glass
        whole = outline(telling, matrix)
        shows = np.isin(clean.ids[whole], thing.indices).mean() if whole.any() else 0.0
        box = box_round(thing.parts, matrix)
        if thing.kind == "street_light" and box_round([telling], matrix)[1] < 1:
            shows = 0.0  # the upper edge cuts its head: nobody registers it
        found[name] = Sight(
            thing.kind, box, float(shows), asset_id(stage.plan.seed, thing.kind, int(name.split("_")[1]))
        )
    return found


def register(stage: Stage, clean: Passes, sights: dict[str, Sight]) -> list[dict[str, Any]]:
    """Returns the assets of the camera as a truth file lists them."""
    assets = [
        {"id": sight.id, "kind": sight.kind, "region": corners(sight.box)}
        for sight in sights.values()
        if sight.registered
    ]
    if stage.plan.paths_registered:
        for kind, index in (("path", PATH), ("lawn", LAWN)):
            region = region_of(clean.ids == index)
            if region:
                assets.append({"id": asset_id(stage.plan.seed, kind, 0), "kind": kind, "region": region})
    return assets
