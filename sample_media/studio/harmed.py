"""Renders stills in which much has come to harm, with the outlines that lamps and trees had before."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sample_media.studio import view
from sample_media.studio.gather import REGISTERED
from sample_media.studio.harm import draw_both
from sample_media.studio.labels import hull
from sample_media.studio.plan import Plan
from sample_media.studio.site import build
from sample_media.studio.stage import Stage
from sample_media.studio.stills import SIZE, render_stills


def render_harmed(root: Path, seed: int, samples: int, threads: int) -> int:
    """Renders one still of a seed into root, with `registered/*.json` beside it; returns how many were written."""
    if (root / "images" / f"s{seed}_0.jpg").exists():
        return 0
    whole, harmed = draw_both(seed)
    stage = build(whole)
    view.set_quality(stage, SIZE, 1, 1)
    things = [*_lamps(stage, harmed), *_trees(stage, harmed)]
    (root / REGISTERED).mkdir(parents=True, exist_ok=True)
    (root / REGISTERED / f"s{seed}.json").write_text(json.dumps({"mode": whole.light.mode, "things": things}))
    render_stills(root, harmed, 0, samples, threads)  # last: a seed that has one is skipped
    return 1


def _lamps(stage: Stage, harmed: Plan) -> Iterator[dict[str, Any]]:
    """Yields the outline of each lamp as it stood, and what became of it."""
    items = [item for item in stage.items if item.label == "street_light"]
    for item, lamp in zip(items, harmed.lamps, strict=True):
        outline = hull(stage, item)
        if len(outline) >= 3:
            became = {"lean": lamp.lean, "snapped": lamp.snapped, "gone": lamp.gone}
            yield {"kind": "street_light", "outline": outline, **became, "lit": lamp.burns(harmed.light.lamps_lit)}


def _trees(stage: Stage, harmed: Plan) -> Iterator[dict[str, Any]]:
    items = {item.name: item for item in stage.items if item.label == "tree"}
    for number, tree in enumerate(harmed.trees, start=1):
        outline = hull(stage, items[f"tree_{number}"])
        if len(outline) >= 3:
            became = {"lean": tree.lean, "bare": tree.bare, "fallen": tree.fallen}
            yield {"kind": "tree", "outline": outline, **became, "winter": harmed.bare_season}
