"""How a bin's rim looked while nobody took it for full: known only from several looks."""

from __future__ import annotations

import pytest

from detectors.inspectors.bins import Bins
from tests.detectors.test_bins import HEAPED, ON_TOP, PLACE, Judge, Row, is_told, judged

FULL: list[Row] = [("bin_overflowing", 0.5, HEAPED), ("bin", 0.5, PLACE)]
FAINT: list[Row] = [("bin_overflowing", 0.2, HEAPED), ("bin", 0.8, PLACE)]


@pytest.mark.parametrize(
    ("doubts", "told"),
    [pytest.param(1, True, id="once: it is full"), pytest.param(3, False, id="as often as it takes")],
)
def test_a_bin_full_from_the_start_is_not_free_for_a_look_in_doubt(
    doubts: int, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On walk 71 by night the full rim of one such look was how the bin looks when it is free."""
    judge, bins = Judge(), Bins()
    judge.odds, judge.rim = 0.6, 0.5
    monkeypatch.setattr("detectors.inspectors.bins.state_model", lambda _: judge)
    for rows in [FULL, *[FAINT] * doubts]:
        judged(bins, *rows, bags=ON_TOP)
    assert is_told(judged(bins, *FULL, bags=ON_TOP)) is told
