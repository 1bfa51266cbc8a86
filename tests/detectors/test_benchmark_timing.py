"""The benchmark's figures follow from what was done: how many looks, passes and decoded pictures, and in what time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from detectors.bench import timing
from detectors.bench.timing import Span, bench
from detectors.catalogue import chosen, resolve
from detectors.detector import Detector
from detectors.settings import Settings
from detectors.sources.sampling import Picture, Sampler
from detectors.sources.video import VideoFile
from detectors.values import View
from tests.detectors.fakes import ScriptedDetector, noise, scenery, write_clip

SECONDS, FPS, EVERY_S = 60, 2, 2.0
LOOKS = 30
SETTINGS = Settings(every_s=EVERY_S)
# While the view is new it is shown as often as confirmation counts; after that the detector's rhythm alone is left.
SHOWN_AT_S = [0, 2, 4, 6, 6 + SETTINGS.detector_every_s]
ROUNDS = 3


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A minute in which nothing happens."""
    still = scenery(120, 480, 270)
    path = tmp_path_factory.mktemp("bench") / "clip.mp4"
    return write_clip(path, SECONDS, FPS, lambda t: noise(still, int(t * 1000), 1.5))


def spans(inspect: list[float], decode: float, passes: float) -> Iterator[Span]:
    """Times as a round asks for them; CPU seconds are twice the wall's."""
    yield Span(99.0, 99.0)  # the first inspection only warms up
    for taken in inspect:
        for seconds in (taken, decode, passes):
            yield Span(seconds, 2 * seconds)


def measured(
    clip: Path, detector: Detector, monkeypatch: pytest.MonkeyPatch, times: Iterator[Span]
) -> dict[str, object]:
    def span(work: Callable[[], object]) -> Span:
        work()
        return next(times)

    monkeypatch.setattr(timing, "_span", span)
    monkeypatch.setattr(timing, "_plain_per_frame", lambda *_: Span(0.1, 0.2))
    model = resolve(chosen(clip.parent), clip.parent)
    return bench(detector, model, clip, View("bench"), SETTINGS, ROUNDS, lambda _: None)


def test_figures_are_medians_of_what_was_timed(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = measured(clip, ScriptedDetector(), monkeypatch, spans([0.5, 0.6, 0.9], decode=0.3, passes=0.1))
    assert figures["realtime_factor"] == pytest.approx(SECONDS / 0.6, abs=0.05)
    assert figures["ratio_to_plain"] == pytest.approx(SECONDS * FPS * 0.1 / 0.6, abs=0.05)
    assert figures["ratio_to_floor"] == pytest.approx(0.6 / 0.4, abs=0.005)
    assert figures["cpu_ratio_to_floor"] == figures["ratio_to_floor"]


def test_the_detector_is_asked_as_often_for_the_floor_as_for_the_inspection(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    detector = ScriptedDetector()
    figures = measured(clip, detector, monkeypatch, spans([1.0] * ROUNDS, 1.0, 1.0))
    assert (figures["looks"], figures["detector_passes"]) == (LOOKS, len(SHOWN_AT_S))
    assert detector.asked == (1 + 2 * ROUNDS) * len(SHOWN_AT_S)


def test_the_floor_decodes_the_pictures_that_are_looked_at_and_no_more(
    clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fed: list[object] = []
    decode = Sampler._decode

    def counted(self: Sampler, packet: object) -> Iterator[Picture]:
        if packet is not None:
            fed.append(packet)
        return decode(self, packet)

    monkeypatch.setattr(Sampler, "_decode", counted)
    looked = [frame.offset_s for frame in VideoFile(clip).frames(EVERY_S)]
    by_inspection = len(fed)
    fed.clear()
    floor = list(VideoFile(clip).decoded(EVERY_S))
    assert np.allclose(looked, [picture.seconds - floor[0].seconds for picture in floor])
    assert len(looked) == LOOKS
    assert by_inspection == len(fed) < SECONDS * FPS
