"""What every street shows on its ground and is nothing wrong: covers let into it, hairline cracks in its slabs."""

import numpy as np

from sample_media.studio.covers import lay_cover
from sample_media.studio.cracks import crack_walk
from sample_media.studio.stage import SURFACES, Stage


def lay_marks(stage: Stage) -> None:
    """Lays the plan's marks on the walk; they belong to it."""
    for mark in stage.plan.marks:
        rng = np.random.default_rng(mark.seed)
        if mark.kind == "cover":
            things = lay_cover(stage, mark, rng)
        else:
            way, steps, width = rng.uniform(0, 6.28), int(rng.integers(4, 7)), rng.uniform(0.0012, 0.0028) * mark.size
            crack = crack_walk(stage, mark, rng, way, steps, width)
            things = [crack] if crack else []
        for thing in things:
            thing.pass_index = SURFACES["path"]
