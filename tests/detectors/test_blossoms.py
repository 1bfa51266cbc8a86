"""Crowns in blossom, which the judge of bare crowns takes for thin light boughs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from detectors.inspectors import Scene
from detectors.inspectors.crops import Crop
from detectors.inspectors.state_models import Odds
from detectors.inspectors.trees import TreesInspector
from detectors.values import Detections, LightState, Presence
from tests.detectors.fakes import frame
from tests.detectors.judges import Crowns
from tests.detectors.scenes import WALK, day, verdicts

DAY, P, A, U = LightState.DAY, Presence.PRESENT, Presence.ABSENT, Presence.UNKNOWN


class Asked(Crowns):
    """Says nothing of crowns that it was not shown."""

    def look(self, crops: dict[str, Crop]) -> None:
        self.seen = set(crops)

    def odds(self, thing: str) -> Odds | None:  # type: ignore[override]
        return super().odds(thing) if thing in self.seen else None


@pytest.mark.parametrize(
    ("latitude", "to_blossoms", "said"),
    [
        pytest.param(None, 0.3, U, id="rather in leaf to the judge that knows blossoms"),
        pytest.param(None, 0.6, P, id="bare to both"),
        pytest.param(31.0, 0.3, P, id="in June nothing blossoms"),
    ],
)
def test_a_crown_in_blossom_is_not_bare(latitude: float | None, to_blossoms: float, said: Presence) -> None:
    view = replace(WALK, latitude=latitude)
    inspector = TreesInspector(view, Crowns(0.9, 0.05), Asked(to_blossoms, 0.05))
    seen = inspector.look(Scene(frame(day()), DAY, Detections.empty(), view, []))
    assert verdicts(seen, "tree_bare") == [said, A]
