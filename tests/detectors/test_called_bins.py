"""Bags on the ground that the detector calls a full bin are litter, where bins are registered."""

from __future__ import annotations

import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.called_bins import heaps_called_bins
from detectors.inspectors.claims import Claims
from detectors.inspectors.mistaken import PlaceOdds
from detectors.inspectors.scale import Scale
from detectors.values import Asset, Detections, LightState, View
from tests.detectors.fakes import frame
from tests.detectors.scenes import WALK, day

BIN, BENCH = Box(0.30, 0.50, 0.33, 0.62), Box(0.34, 0.70, 0.40, 0.80)
BAGS, LEANING = Box(0.46, 0.58, 0.50, 0.72), Box(0.31, 0.54, 0.38, 0.64)
REGISTER = (Asset("W-1", "bin", Region.rectangle(BIN)), Asset("B-1", "bench", Region.rectangle(BENCH)))
LONG_BENCH = (Asset("B-2", "bench", Region.rectangle(Box(0.40, 0.50, 0.60, 0.75))),)

Row = tuple[str, float, Box]


def scene(register: tuple[Asset, ...], *rows: Row) -> Scene:
    found = Detections.of([(name, score, box.as_list()) for name, score, box in rows])
    picture = day()
    x0, y0, x1, y1 = BAGS.pixels(picture.shape[1], picture.shape[0])
    picture[y0:y1, x0:x1] = np.random.default_rng(3).integers(0, 255, (y1 - y0, x1 - x0, 3))
    return Scene(frame(picture, 0), LightState.DAY, found, View("walk", (*WALK.assets, *register)), [])


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How full whatever is called a full bin is to its judges."""
    odds = [0.1]

    class Judge:
        def judge(self, crops: list[object]) -> np.ndarray:
            return np.array([[1 - odds[0], odds[0]]] * len(crops), np.float32)

    monkeypatch.setattr("detectors.inspectors.bins.state_model", lambda _: Judge())
    return odds


@pytest.mark.parametrize(
    ("register", "place", "heaps"),
    [
        pytest.param(REGISTER, BAGS, 1, id="away from the registered bin"),
        pytest.param(REGISTER, BIN, 0, id="the registered bin"),
        pytest.param(REGISTER, LEANING, 0, id="bags that lean on it"),
        pytest.param(REGISTER, BENCH, 0, id="a bench in half light"),
        pytest.param(REGISTER[1:], BAGS, 0, id="where no bin is registered it may be one"),
    ],
)
def test_what_is_called_a_full_bin(register: tuple[Asset, ...], place: Box, heaps: int, full: list[float]) -> None:
    assert len(heaps_called_bins(scene(register, ("bin_overflowing", 0.4, place)))) == heaps


@pytest.mark.parametrize(
    ("rows", "odds", "issue", "told"),
    [
        pytest.param([("bin_overflowing", 0.25, BAGS)], 0.9, "litter", True, id="full to the judges too"),
        pytest.param([("bin_overflowing", 0.25, BAGS)], 0.1, "litter", False, id="faintly called so"),
        pytest.param([("bin_overflowing", 0.3, BAGS), ("litter", 0.25, BAGS)], 0.1, "litter", True, id="two names"),
        pytest.param([("litter", 0.6, BAGS)], 0.1, "path_obstructed", True, id="by its height alone no heap"),
    ],
)
def test_bags_that_are_called_a_bin_are_litter(
    rows: list[Row], odds: float, issue: str, told: bool, full: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    full[0] = odds
    monkeypatch.setattr("detectors.inspectors.scale.Scale.metre_at", lambda *_: 0.2)
    seen, view = scene(REGISTER, *rows), WALK
    claims = Claims(seen, Scale(), view.of_kind("path"), [], standing=PlaceOdds(lambda *_: 0.1))
    (said,) = claims.lying()
    assert (said.issue, said.score >= 0.5) == (issue, told)


@pytest.mark.parametrize(
    ("register", "rows", "told"),
    [
        pytest.param(REGISTER, [("bench", 0.4, BAGS), ("litter", 0.34, BAGS)], True, id="two faint names"),
        pytest.param(REGISTER, [("bench", 0.4, BAGS)], False, id="faintly a bench, and nothing else"),
        pytest.param(REGISTER, [("bench", 0.4, BAGS), ("litter", 0.2, BAGS)], False, id="hardly called litter"),
        pytest.param(REGISTER, [("bench", 0.8, BAGS), ("litter", 0.34, BAGS)], False, id="surely a bench"),
        pytest.param(REGISTER, [("bench", 0.4, BENCH), ("litter", 0.34, BENCH)], False, id="the registered bench"),
        pytest.param(REGISTER[:1], [("bench", 0.4, BAGS), ("litter", 0.34, BAGS)], False, id="no benches registered"),
        pytest.param(LONG_BENCH, [("bench", 0.4, BAGS), ("litter", 0.34, BAGS)], False, id="a part of a bench"),
    ],
)
def test_what_is_faintly_called_litter_and_a_bench(register: tuple[Asset, ...], rows: list[Row], told: bool) -> None:
    seen = scene(register, *rows)
    claims = Claims(seen, Scale(), (), (Asset("G-1", "lawn", Region.rectangle(Box(0.3, 0.5, 0.6, 0.9))),))
    assert any(o.issue == "litter" and o.score >= 0.5 for o in claims.lying()) is told
