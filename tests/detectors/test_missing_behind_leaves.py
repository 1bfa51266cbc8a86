"""Furniture behind the crown of a nearer tree: the judge sees ground between the leaves."""

from __future__ import annotations

import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.furniture import FurnitureInspector
from detectors.values import Asset, Detections, LightState, Presence, View
from tests.detectors.fakes import frame
from tests.detectors.scenes import day
from tests.detectors.test_missing import BENCH, Judge, verdict

P, U = Presence.PRESENT, Presence.UNKNOWN
NEARER = Box(0.3, 0.3, 0.6, 0.95)
"""Its crown, the upper 0.7 of it, holds all of the place."""


@pytest.mark.parametrize(
    ("tree", "before", "said"),
    [
        pytest.param(NEARER, None, U, id="within its crown, from the start"),
        pytest.param(NEARER, 0.1, P, id="it showed between the leaves before"),
        pytest.param(Box(0.42, 0.3, 0.7, 0.95), None, U, id="most of it"),
        pytest.param(Box(0.45, 0.3, 0.7, 0.95), None, P, id="half of it"),
        pytest.param(Box(0.3, 0.05, 0.6, 0.8), None, P, id="behind the trunk: nothing hides it there"),
        pytest.param(Box(0.3, 0.3, 0.6, 0.74), None, P, id="the tree stands farther off"),
    ],
)
def test_what_a_nearer_crown_hides_is_missed_only_if_it_was_seen(
    tree: Box, before: float | None, said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = Judge()
    monkeypatch.setattr("detectors.inspectors.furniture.state_model", lambda _: judge)
    view = View("walk", (*BENCH.assets, Asset("T-1", "tree", Region.rectangle(tree))))
    inspector = FurnitureInspector(view)
    for at, odds in enumerate([0.95] if before is None else [before, before, before, 0.95]):
        judge.bare = odds
        seen = inspector.look(Scene(frame(day(), at), LightState.DAY, Detections.empty(), view, []))
    assert verdict(seen)[0] is said
