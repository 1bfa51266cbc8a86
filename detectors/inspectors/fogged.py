"""In fog that came nothing is told of what is not seen: columns, leaves and benches fade like everything else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from detectors.values import Observation, Presence

_TOLD_BY_ABSENCE = ("asset_missing", "light_damaged", "tree_bare")


def without_fogged(said: Iterable[Observation], foggy: bool) -> list[Observation]:
    """Observations of one look, unknown where fog may be what takes from a thing what is missed of it."""
    return [
        replace(one, presence=Presence.UNKNOWN, score=0.0, reason="fog")
        if foggy and one.issue in _TOLD_BY_ABSENCE and one.presence is Presence.PRESENT
        else one
        for one in said
    ]
