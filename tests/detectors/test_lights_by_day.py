"""Lamps by day: on, off, in the sun, before a white sky, and what their own past says of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import cv2
import pytest

from detectors.inspectors.lamp_heads import Head
from detectors.inspectors.lights import LightsInspector
from detectors.inspectors.lit_by_day import DayWatch
from detectors.values import Image, LightState, Observation, Presence
from tests.detectors.fakes import START
from tests.detectors.scenes import LAMP_X, LAMPS, WALK, day, judged, scene, verdicts

P, A, U = Presence.PRESENT, Presence.ABSENT, Presence.UNKNOWN
DAY = LightState.DAY
MINE = LAMPS[0]
DARK = Head(0.1, peak=120.0, surround=80.0, beside=100.0)
LIT = Head(0.9, peak=240.0, surround=85.0, beside=120.0)
DAZZLED = Head(0.7, peak=240.0, surround=85.0, beside=120.0)
"""A head that the judge takes for lit, but not surely."""
PALE = Head(0.1, peak=240.0, surround=85.0, beside=120.0)
"""A white head in the sun."""


def told(mine: Sequence[Head], others: Sequence[Head] = (DARK, DARK, DARK), every_s: float = 1.0) -> Observation:
    """What is said in the last look of a lamp whose head looked like that, the other heads always alike."""
    watch, last = DayWatch(), None
    beside = {f"other {n}": head for n, head in enumerate(others)}
    for look, head in enumerate(mine):
        last = watch.look(MINE, {MINE.id: head, **beside}, START + timedelta(seconds=every_s * look))
    assert last is not None
    return last


@pytest.mark.parametrize(
    ("head", "said"),
    [
        pytest.param(DARK, A, id="dark"),
        pytest.param(LIT, P, id="lit"),
        pytest.param(PALE, P, id="dark to the judge, but far brighter than the others"),
        pytest.param(Head(0.3, peak=216.0, beside=120.0), A, id="white paint in the sun"),
        pytest.param(replace(PALE, lit=0.02), A, id="surely dark to the judge: white glass, overexposed"),
        pytest.param(Head(0.95, peak=150.0, beside=80.0), U, id="lit to the judge, but no brighter than the day"),
        pytest.param(Head(0.9, peak=255.0, beside=255.0), U, id="lit to the judge, before a white sky"),
        pytest.param(Head(0.1, peak=255.0, beside=255.0), A, id="dark, before a white sky"),
    ],
)
def test_a_head_that_burns_by_day_outshines_all_that_is_beside_it(head: Head, said: Presence) -> None:
    assert told([head]).presence is said


@pytest.mark.parametrize(
    ("others", "said"),
    [
        pytest.param([DARK] * 3, P, id="three dark ones"),
        pytest.param([DARK, LIT, DARK], P, id="one more burns"),
        pytest.param([LIT] * 3, P, id="a whole row burns"),
        pytest.param([LIT] * 2 + [DAZZLED] * 5, P, id="three of a bright row surely burn"),
        pytest.param([LIT] + [DAZZLED] * 6, U, id="two of a bright row seem to: it may be the sun"),
        pytest.param([Head(0.9, peak=255.0, beside=250.0)] * 5, U, id="the others before a white sky"),
        pytest.param([DARK] * 2, U, id="too few to compare with: white paint in the sun"),
        pytest.param([], U, id="alone"),
    ],
)
def test_other_lamps_vouch_for_one_that_was_never_seen_dark(others: list[Head], said: Presence) -> None:
    assert told([LIT], others).presence is said


@pytest.mark.parametrize(
    ("others_then", "others_now", "said"),
    [
        pytest.param([DARK] * 5, [DAZZLED] * 5, P, id="a row that came on while all round it stayed"),
        pytest.param([DAZZLED] * 5, [DAZZLED] * 5, P, id="among a row that was bright before"),
    ],
)
def test_a_lamp_that_came_on_burns_however_bright_the_others_are(
    others_then: list[Head], others_now: list[Head], said: Presence
) -> None:
    watch = DayWatch()
    for look in range(4):
        mine, others = (LIT, others_now) if look == 3 else (DARK, others_then)
        heads = {MINE.id: mine, **{f"other {n}": head for n, head in enumerate(others)}}
        last = watch.look(MINE, heads, START + timedelta(seconds=look))
    assert last.presence is said


WHITE = Head(0.1, peak=185.0, surround=110.0, beside=150.0)
"""A white globe under a grey sky."""


@pytest.mark.parametrize(
    ("head", "others", "said"),
    [
        pytest.param(Head(0.87, 187.0, 131.0, 110.0, 130.0), [WHITE] * 3, U, id="white glass, as bright as theirs"),
        pytest.param(Head(0.87, 215.0, 131.0, 110.0, 130.0), [WHITE] * 3, P, id="brighter than theirs"),
        pytest.param(Head(0.98, 187.0, 131.0, 110.0, 130.0), [WHITE] * 3, P, id="as bright as theirs, surely lit"),
        pytest.param(Head(0.87, 187.0, 131.0, 110.0, 130.0), [WHITE] * 2 + [LIT], P, id="two dark ones are too few"),
    ],
)
def test_dark_lamps_as_bright_as_one_speak_against_its_burning(head: Head, others: list[Head], said: Presence) -> None:
    assert told([head], others).presence is said


SURELY = Head(0.98, peak=250.0, surround=110.0, beside=145.0)


@pytest.mark.parametrize(
    ("head", "others", "said"),
    [
        pytest.param(SURELY, [DARK, WHITE], P, id="brighter than two that are dark"),
        pytest.param(replace(SURELY, lit=0.9), [DARK, WHITE], U, id="not surely lit"),
        pytest.param(
            SURELY, [DARK, replace(WHITE, peak=230.0)], U, id="one is nearly as bright: white glass in the sun"
        ),
        pytest.param(SURELY, [DARK, DAZZLED], U, id="one is lit too: it may be the sun"),
        pytest.param(SURELY, [DARK], U, id="one is no comparison"),
    ],
)
def test_two_dark_lamps_vouch_for_one_that_surely_burns(head: Head, others: list[Head], said: Presence) -> None:
    assert told([head], others).presence is said


GREY, BRIGHT = Head(0.2, peak=110.0, surround=60.0), 180.0


@pytest.mark.parametrize(
    ("mine", "said"),
    [
        pytest.param([DARK] * 3 + [LIT], P, id="it went on"),
        pytest.param([DARK] * 3 + [replace(LIT, beside=255.0)], P, id="it went on before shining paving"),
        pytest.param(
            [DARK] * 3 + [replace(PALE, beside=255.0)], A, id="white before shining paving, dark to the judge"
        ),
        pytest.param(
            [GREY] * 3 + [Head(0.2, BRIGHT, surround=64.0, beside=90.0)], P, id="alone, though not very bright"
        ),
        pytest.param([GREY] * 3 + [Head(0.2, BRIGHT, surround=90.0, beside=90.0)], A, id="with what is round it"),
        pytest.param([PALE] * 3 + [Head(0.8, 245.0, 0.0, 85.0, 120.0)], U, id="the judge wavers: it is as it was"),
        pytest.param([DARK] * 2 + [LIT], U, id="not known for long enough"),
    ],
)
def test_a_lamps_own_past_vouches_for_it_among_few_others(mine: list[Head], said: Presence) -> None:
    assert told(mine, [DARK]).presence is said


@pytest.mark.parametrize(("every_s", "said"), [(60.0, P), (7200.0, U)], ids=["minutes ago", "hours ago"])
def test_how_a_lamp_looked_yesterday_says_nothing_of_this_morning(every_s: float, said: Presence) -> None:
    assert told([DARK] * 3 + [LIT], [DARK], every_s).presence is said


@pytest.mark.parametrize(
    ("lit", "said"),
    [
        pytest.param((False, False, False, False), [A, A, A, A], id="all off"),
        pytest.param((False, True, False, False), [A, P, A, A], id="one burns by day"),
    ],
)
def test_lamps_by_day(lit: tuple[bool, ...], said: list[Presence]) -> None:
    assert verdicts(LightsInspector(WALK).look(scene(day(lit), 0, DAY)), "light_on_by_day") == said


def before_a_white_sky(picture: Image) -> Image:
    """The sky behind one head is overexposed, behind the others stand trees."""
    shown = picture.copy()
    shown[:90, LAMP_X[1] - 40 : LAMP_X[1] + 40] = 252
    cv2.circle(shown, (LAMP_X[1], 62), 7, (90, 90, 90), -1)
    return shown


def uncovered(picture: Image) -> Image:
    """What was behind the second lamp's head can be seen: a bright wall."""
    shown = picture.copy()
    x = LAMP_X[1]
    patch = shown[45:85, x - 22 : x + 22]
    patch[patch[..., 0] > 110] = 205
    return shown


@pytest.mark.parametrize("changed", [before_a_white_sky, uncovered])
@pytest.mark.parametrize("odds", [0.05, 0.9])
def test_what_is_bright_behind_a_head_is_no_burning_lamp(
    changed: Callable[[Image], Image], odds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(monkeypatch, {lamp.id: odds if lamp is LAMPS[1] else 0.05 for lamp in LAMPS})
    inspector = LightsInspector(WALK)
    for second in range(8):
        picture = day(seed=second)
        last = inspector.look(scene(changed(picture) if second >= 4 else picture, second, DAY))
        assert P not in verdicts(last, "light_on_by_day")
    assert P not in verdicts(LightsInspector(WALK).look(scene(changed(day()), 0, DAY)), "light_on_by_day")


@pytest.mark.parametrize(
    ("then", "odds", "said"),
    [
        pytest.param((False,) * 4, 0.7, P, id="dark"),
        pytest.param((True,) * 4, 0.7, U, id="as bright as now"),
        pytest.param(
            (False,) * 4, 0.3, A, id="dark, and the judge holds it for dark now: it may be white paint in the sun"
        ),
    ],
)
def test_a_bright_row_is_compared_with_the_picture_by_which_it_was_registered(
    then: tuple[bool, ...], odds: float, said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = day((True,) * 4)
    judged(monkeypatch, {lamp.id: odds for lamp in LAMPS})
    view = replace(WALK, references={DAY: day(then, seed=3)})
    inspector = LightsInspector(view)
    last = inspector.look(replace(scene(now, 0, DAY), view=view))
    assert set(verdicts(last, "light_on_by_day")) == {said}
