"""A look that shows nothing new asks no model: neither the detector nor any of the learned judges."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from detectors.inspectors.crops import Crop
from detectors.inspectors.state_models import Odds, StateModel
from detectors.pipeline import Inspection
from detectors.settings import Settings
from detectors.sources.video import VideoFile
from detectors.truth import read_truth
from tests.detectors.fakes import ScriptedDetector, frame, noise

CLIPS = Path(__file__).parents[2] / "sample_media" / "clips"


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many things were judged, each time a judge was asked."""
    asked, judge = [], StateModel.judge

    def counted(model: StateModel, crops: Sequence[Crop]) -> Odds:
        asked.append(len(crops))
        return judge(model, crops)

    monkeypatch.setattr(StateModel, "judge", counted)
    return asked


@pytest.mark.parametrize("clip", ["plaza_day_clean", "riverside_night_clean", "park_day_clean"])
def test_nothing_is_judged_where_nothing_changed(clip: str, judged: list[int]) -> None:
    picture = next(VideoFile(CLIPS / f"{clip}.mp4").frames(1.0)).image
    detector, settings = ScriptedDetector(), Settings()
    inspection = Inspection(read_truth(CLIPS / f"{clip}.truth.json").view, detector, settings)
    for n in range(20):
        before = len(judged)
        look = inspection.look(frame(noise(picture, n, 1.0), 2.0 * n))
        if not look.asked:
            assert len(judged) == before, f"look {n}"
    assert sum(judged) > 0, "a new view is judged"
    assert detector.asked < 20, "an old one is not"
