"""What a tree that came to lean hides now: nothing can be said of it, and it is neither missing nor damaged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from detectors.geometry import Box
from detectors.values import Observation, Presence, View

_TOLD_BY_ABSENCE = ("asset_missing", "light_damaged", "light_out")
_HIDDEN = 0.3  # share of a thing that the tree's box covers, as elsewhere


def without_hidden(said: Sequence[Observation], view: View) -> list[Observation]:
    """Observations of one look, unknown where they tell of a thing that a leaning tree has come to stand before."""
    feet = {a.id: a.region.box.y1 for a in view.assets if a.region is not None}
    leaning = [
        (o.box, feet[o.asset_id])
        for o in said
        if o.issue == "tree_leaning" and o.presence is Presence.PRESENT and o.box is not None and o.asset_id in feet
    ]
    return [_unknown(o) if leaning and _is_behind(o, leaning, feet) else o for o in said]


def _is_behind(said: Observation, leaning: Sequence[tuple[Box, float]], feet: dict[str, float]) -> bool:
    place, foot = said.box, feet.get(said.asset_id or "")
    if said.issue not in _TOLD_BY_ABSENCE or said.presence is not Presence.PRESENT or place is None or foot is None:
        return False
    return any(foot < tree_foot and place.intersection(box) > _HIDDEN * place.area for box, tree_foot in leaning)


def _unknown(said: Observation) -> Observation:
    return replace(said, presence=Presence.UNKNOWN, score=0.0, reason="hidden")
