"""A piece of a lamp that leans over a path is nothing in the way of its own; what lies there else is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detectors.geometry import Box
from detectors.inspectors import Scene
from detectors.inspectors.pieces import without_pieces
from detectors.values import Observation, Presence, View
from tests.detectors.scenes import night
from tests.detectors.test_pipeline import ALL, looks_of, said

LAMP = Box(0.58, 0.2, 0.62, 0.7)
LEANS = Observation("light_damaged", Presence.PRESENT, 0.8, "L-1", "street_light", LAMP)
PIECE = Box(0.55, 0.6, 0.585, 0.7)


@pytest.mark.parametrize(
    ("lamp", "issue", "box", "told"),
    [
        pytest.param(LEANS, "path_obstructed", PIECE, False, id="its column, which left its outline"),
        pytest.param(LEANS, "litter", PIECE, True, id="litter at its foot"),
        pytest.param(LEANS, "path_obstructed", Box(0.45, 0.6, 0.5, 0.7), True, id="a thing away from it"),
        pytest.param(LEANS, "path_obstructed", Box(0.55, 0.6, 0.6, 0.8), True, id="a thing nearer than its foot"),
        pytest.param(LEANS, "path_obstructed", Box(0.5, 0.4, 0.6, 0.7), True, id="a thing as high as it"),
        pytest.param(
            replace(LEANS, presence=Presence.ABSENT), "path_obstructed", PIECE, True, id="the lamp stands as it did"
        ),
        pytest.param(replace(LEANS, issue="light_out"), "path_obstructed", PIECE, True, id="the lamp is out"),
    ],
)
def test_what_is_seen_at_the_foot_of_a_damaged_lamp(lamp: Observation, issue: str, box: Box, told: bool) -> None:
    lies = Observation(issue, Presence.PRESENT, 0.8, box=box, by_place=True)
    left = without_pieces([lamp, lies])
    assert (lies in left) is told
    assert lamp in left


class Says:
    """An inspector that says the same in every look."""

    def __init__(self, view: View) -> None:
        self.view = view

    def look(self, _: Scene) -> list[Observation]:
        lamp, piece, heap = Box(0.5, 0.2, 0.54, 0.7), Box(0.47, 0.6, 0.505, 0.7), Box(0.3, 0.6, 0.4, 0.7)
        found = [("light_damaged", "L-2", lamp), ("path_obstructed", None, piece), ("path_obstructed", None, heap)]
        return [Observation(i, Presence.PRESENT, 0.8, a, box=b, by_place=a is None) for i, a, b in found]


def test_a_piece_of_a_damaged_lamp_is_no_finding_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detectors.pipeline.INSPECTORS", (Says,))
    told = [(issue, asset) for _, _, issue, asset in said(looks_of([night(ALL, s) for s in range(6)]))]
    assert told == [("light_damaged", "L-2"), ("path_obstructed", None)]
