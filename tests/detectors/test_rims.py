"""How a bin's rim looked while nobody took it for full: known only from several looks."""

from __future__ import annotations

import pytest

from detectors.geometry import Box
from detectors.inspectors.bins import Bins
from tests.detectors.test_bins import AT_FOOT, HEAPED, ON_TOP, PLACE, Judge, Row, is_told, judged

FULL: list[Row] = [("bin_overflowing", 0.5, HEAPED), ("bin", 0.5, PLACE)]
FAINT: list[Row] = [("bin_overflowing", 0.2, HEAPED), ("bin", 0.8, PLACE)]


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Judge:
    fake = Judge()
    monkeypatch.setattr("detectors.inspectors.bins.state_model", lambda _: fake)
    return fake


@pytest.mark.parametrize(
    ("doubts", "told"),
    [pytest.param(1, True, id="once: it is full"), pytest.param(3, False, id="as often as it takes")],
)
def test_a_bin_full_from_the_start_is_not_free_for_a_look_in_doubt(doubts: int, told: bool, judge: Judge) -> None:
    """On walk 71 by night the full rim of one such look was how the bin looks when it is free."""
    bins = Bins()
    judge.odds, judge.rim = 0.6, 0.5
    for rows in [FULL, *[FAINT] * doubts]:
        judged(bins, *rows, bags=ON_TOP)
    assert is_told(judged(bins, *FULL, bags=ON_TOP)) is told


@pytest.mark.parametrize(
    ("now", "bags", "light", "told"),
    [
        pytest.param(0.6, ON_TOP, 1.0, True, id="another rim, called full by half"),
        pytest.param(0.0, ON_TOP, 1.0, False, id="another rim, called a bin and no more"),
        pytest.param(0.6, None, 1.0, False, id="the rim as ever"),
        pytest.param(0.6, ON_TOP, 0.04, False, id="too dark all round"),
    ],
)
def test_a_rim_that_looks_another_is_a_witness_against_judges_that_find_it_free(
    now: float, bags: Box | None, light: float, told: bool, judge: Judge
) -> None:
    bins = Bins()
    judge.odds = 0.05
    for _ in range(4):
        judged(bins, ("bin", 0.8, PLACE), light=light)
    assert is_told(judged(bins, ("bin_overflowing", now, HEAPED), ("bin", 0.5, PLACE), bags=bags, light=light)) is told


@pytest.mark.parametrize(
    ("looks", "bags", "rim", "told"),
    [
        pytest.param(3, ON_TOP, 0.6, True, id="a bag on its lid, and the judge rather finds it full"),
        pytest.param(3, ON_TOP, 0.3, False, id="and the judge rather finds it free"),
        pytest.param(3, AT_FOOT, 0.6, False, id="a bag at its foot: the rim is as it was"),
        pytest.param(2, ON_TOP, 0.6, False, id="hardly known before"),
        pytest.param(3, None, 0.6, False, id="nothing changed"),
    ],
)
def test_a_rim_that_came_to_look_another_needs_no_word_of_the_detector(
    looks: int, bags: Box | None, rim: float, told: bool, judge: Judge
) -> None:
    bins = Bins()
    judge.odds = 0.3
    for _ in range(looks):
        judged(bins, ("bin", 0.8, PLACE))
    judge.rim = rim
    assert [is_told(judged(bins, ("bin", 0.8, PLACE), bags=bags)) for _ in range(4)] == [told] * 4


def test_a_full_rim_is_not_learnt_in_a_look_at_which_the_judge_doubts(judge: Judge) -> None:
    bins = Bins()
    for look, judge.rim in enumerate([0.0, 0.0, 0.0, 0.6, 0.4, 0.6]):
        said = judged(bins, ("bin", 0.8, PLACE), bags=ON_TOP if look >= 3 else None)
        assert is_told(said) is (judge.rim == 0.6)


def test_a_rim_that_looks_as_ever_again_is_free(judge: Judge) -> None:
    bins = Bins()
    judge.rim = 0.6
    said = [judged(bins, ("bin", 0.8, PLACE), bags=ON_TOP if look in (3, 4) else None) for look in range(6)]
    assert [is_told(s) for s in said] == [False, False, False, True, True, False]


def test_a_rim_that_looks_another_for_long_is_how_the_bin_looks(judge: Judge) -> None:
    bins = Bins()
    for look in range(40):
        judged(bins, ("bin", 0.8, PLACE), bags=None if look < 4 else ON_TOP)
    judge.rim = 0.6
    assert not is_told(judged(bins, ("bin", 0.8, PLACE), bags=ON_TOP))


@pytest.mark.parametrize(
    ("looks", "bags", "told"),
    [
        pytest.param(3, ON_TOP, True, id="on top of it"),
        pytest.param(3, AT_FOOT, False, id="at its foot: the rim is as it was"),
        pytest.param(0, AT_FOOT, True, id="at its foot from the first look on: nobody knows how the rim was"),
    ],
)
def test_bags_fill_a_bin_where_they_lie_on_it(looks: int, bags: Box, told: bool, judge: Judge) -> None:
    bins = Bins()
    judge.odds = 0.02
    for _ in range(looks):
        judged(bins, ("bin", 0.8, PLACE))
    judge.odds = 0.9
    seen = [("bin_overflowing", 0.7, HEAPED), ("bin", 0.5, PLACE)]
    assert is_told(judged(bins, *seen, bags=bags)) is told
