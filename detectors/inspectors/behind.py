"""What a tree that came to lean, or fell, hides now, or hid: it is not missing, damaged or full because of that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from detectors.geometry import Box
from detectors.values import Observation, Presence, View

_TOLD_BY_LOOKS = ("asset_missing", "bin_overflowing", "light_damaged", "light_out")
_TREES = ("tree_leaning", "tree_fallen")
_SURE = 0.5  # score from which a tree counts as one that leans or fell, as where it is confirmed
_HIDDEN = 0.3  # share of a thing that the tree's box covers, as elsewhere
# Share of a lamp's box in the outline of a tree that fell, from which the lines that it loses may be of that tree's
# boughs, and those it gains of what the tree hid: one before such a crown was told in view (800004). A choice.
_AMONG_BOUGHS = 0.5


def without_hidden(said: Sequence[Observation], view: View) -> list[Observation]:
    """Observations of one look, unknown where they tell of a thing that a leaning or fallen tree hides now, or hid."""
    places = {a.id: a.region.box for a in view.assets if a.region is not None}
    feet = {asset_id: box.y1 for asset_id, box in places.items()}
    fell = [
        places[o.asset_id]
        for o in said
        if o.issue == "tree_fallen" and o.presence is Presence.PRESENT and o.score >= _SURE and o.asset_id in places
    ]
    said = [_unknown(o, "changed with the tree that fell") if _was_among(o, fell) else o for o in said]
    trees = [
        (o.box, o.box.y1 if o.issue == "tree_fallen" else feet.get(o.asset_id or "", 0.0))
        for o in said
        if o.issue in _TREES and o.presence is Presence.PRESENT and o.score >= _SURE and o.box is not None
    ]
    return [_unknown(o) if trees and _is_behind(o, trees, feet) else o for o in said]


def _is_behind(said: Observation, trees: Sequence[tuple[Box, float]], feet: dict[str, float]) -> bool:
    place, foot = said.box, feet.get(said.asset_id or "")
    if said.issue not in _TOLD_BY_LOOKS or said.presence is not Presence.PRESENT or place is None or foot is None:
        return False
    return any(foot < tree_foot and place.intersection(box) > _HIDDEN * place.area for box, tree_foot in trees)


def _was_among(said: Observation, fell: Sequence[Box]) -> bool:
    """Whether a lamp is called damaged whose place a tree filled that fell."""
    place = said.box
    if said.issue != "light_damaged" or said.presence is not Presence.PRESENT or place is None:
        return False
    return any(place.intersection(tree) >= _AMONG_BOUGHS * place.area for tree in fell)


def _unknown(said: Observation, reason: str = "hidden") -> Observation:
    return replace(said, presence=Presence.UNKNOWN, score=0.0, reason=reason)
