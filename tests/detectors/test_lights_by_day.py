"""Lamps by day: on, off, in the sun, and what their own past says of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import cv2
import numpy as np
import pytest

from detectors.inspectors import Scene
from detectors.inspectors.lights import LightsInspector
from detectors.values import Detections, Frame, Image, LightState, Observation, Presence, View
from tests.detectors.fakes import START, frame
from tests.detectors.scenes import LAMP_X, LAMPS, WALK, day, judged, scene, verdicts

P, A, U = Presence.PRESENT, Presence.ABSENT, Presence.UNKNOWN
DAY, NIGHT, TWILIGHT = LightState.DAY, LightState.NIGHT, LightState.TWILIGHT
ALL = (True, True, True, True)


@pytest.mark.parametrize(
    ("lit", "said"),
    [
        pytest.param((False, False, False, False), [A, A, A, A], id="all off"),
        pytest.param((False, True, False, False), [A, P, A, A], id="one burns by day"),
    ],
)
def test_lamps_by_day(lit: tuple[bool, ...], said: list[Presence]) -> None:
    assert verdicts(LightsInspector(WALK).look(scene(day(lit), 0, DAY)), "light_on_by_day") == said


def test_lamps_that_are_all_alike_bright_by_day_may_have_the_sun_on_their_glass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judged(monkeypatch, {lamp.id: 0.95 for lamp in LAMPS})
    assert verdicts(LightsInspector(WALK).look(scene(day(ALL), 0, DAY)), "light_on_by_day") == [U, U, U, U]


def test_two_lamps_are_too_few_to_tell_that_one_burns_by_day(monkeypatch: pytest.MonkeyPatch) -> None:
    view = View("walk", LAMPS[:2])
    judged(monkeypatch, {"L-1": 0.02, "L-2": 0.98})
    seen = LightsInspector(view).look(
        Scene(frame(day((False, True, False, False)), 0), DAY, Detections.empty(), view, [])
    )
    assert verdicts(seen, "light_on_by_day") == [A, U]


@pytest.mark.parametrize(
    ("lead", "dark_before", "said"),
    [
        pytest.param(15, 0, U, id="hardly brighter than the others"),
        pytest.param(60, 0, P, id="far brighter"),
        pytest.param(15, 3, P, id="hardly brighter, but it was dark before"),
    ],
)
def test_among_several_lamps_one_that_burns_by_day_leads(
    lead: int, dark_before: int, said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, inspector = LAMPS[1], LightsInspector(WALK)
    last: list[Observation] = []
    for second in range(dark_before + 1):
        brighter = lead if second == dark_before else 0
        judged(monkeypatch, {a.id: 0.64 if a is mine and brighter else 0.2 for a in LAMPS})
        monkeypatch.setattr(
            "detectors.inspectors.lights.head_peak",
            lambda image, region, brighter=brighter: 170.0 + (brighter if region == mine.region else 0),
        )
        last = inspector.look(scene(day((False,) * 4, seed=second), second, DAY))
    assert verdicts(last, "light_on_by_day")[1] is said


@pytest.mark.parametrize("others", [(), (0.7, 0.35), (0.1,), (0.1, 0.15)], ids=["alone", "others unsure", "one", "two"])
def test_a_bright_head_among_few_lamps_may_be_white_paint_in_the_sun(
    others: tuple[float, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    view = View("walk", LAMPS[: 1 + len(others)])
    odds = dict(zip((a.id for a in view.assets), (0.99, *others), strict=True))
    monkeypatch.setattr("detectors.inspectors.lights._lit_odds", lambda lamps, scene: odds)
    monkeypatch.setattr("detectors.inspectors.lights.head_peak", lambda image, region: 255.0)
    picture = day((False,) * 4)
    observations = LightsInspector(view).look(Scene(frame(picture), DAY, Detections.empty(), view, []))
    assert verdicts(observations, "light_on_by_day")[0] is U


def hot(picture: Image, lamps: Iterable[int], sky: bool = False) -> Image:
    """The walk with the glass of some lamps overexposed, and perhaps the sky behind the heads."""
    shown = picture.copy()
    if sky:
        shown[:75] = 252
    for number in lamps:
        cv2.circle(shown, (LAMP_X[number], 64), 6, (255, 255, 255), -1)
    return shown


@pytest.mark.parametrize(
    ("picture", "odds", "said"),
    [
        pytest.param(hot(day(), [1]), 0.46, P, id="far brighter than the others"),
        pytest.param(hot(day(), [1]), 0.02, P, id="far brighter, though it looks dark"),
        pytest.param(hot(day(), [1], sky=True), 0.46, U, id="before a white sky, as the others"),
        pytest.param(hot(day(), [0, 1, 2, 3]), 0.46, U, id="all in the sun"),
    ],
)
def test_by_day_a_head_far_brighter_than_the_others_burns_whatever_the_judge_says(
    picture: Image, odds: float, said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(monkeypatch, {lamp.id: odds if lamp is LAMPS[1] else 0.05 for lamp in LAMPS})
    assert verdicts(LightsInspector(WALK).look(scene(picture, 0, DAY)), "light_on_by_day")[1] is said


def pale(picture: Image, level: int) -> Image:
    """The walk with nothing brighter than a level."""
    return np.minimum(picture, level).astype(np.uint8)


@pytest.mark.parametrize(
    ("dark_before", "said"),
    [
        pytest.param(0, U, id="a pale head among few lamps may be anything pale"),
        pytest.param(3, P, id="but not where it was dark before"),
    ],
)
def test_a_lamps_own_past_vouches_for_it_by_day(
    dark_before: int, said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = View("walk", LAMPS[:2])
    inspector = LightsInspector(view)
    last: list[Observation] = []
    for second in range(dark_before + 1):
        burning = second == dark_before
        judged(monkeypatch, {"L-1": 0.02, "L-2": 0.9 if burning else 0.02})
        picture = pale(day((False, burning, False, False), seed=second), 225)
        last = inspector.look(Scene(frame(picture, second), DAY, Detections.empty(), view, []))
    assert verdicts(last, "light_on_by_day") == [A, said]


def uncovered(picture: Image) -> Image:
    """What was behind the second lamp's head can be seen: a bright wall."""
    shown = picture.copy()
    x = LAMP_X[1]
    patch = shown[45:85, x - 22 : x + 22]
    patch[patch[..., 0] > 110] = 205
    return shown


def test_a_bright_wall_that_comes_to_light_is_no_burning_lamp() -> None:
    inspector = LightsInspector(WALK)
    for second in range(8):
        picture = day(seed=second)
        last = inspector.look(scene(uncovered(picture) if second >= 4 else picture, second, DAY))
    assert P not in verdicts(last, "light_on_by_day")


@pytest.mark.parametrize(
    ("brighter", "said"),
    [pytest.param(False, U, id="its head is as it was when it was dark"), pytest.param(True, P, id="it went on")],
)
def test_a_judge_that_wavers_makes_no_lamp_burn_by_day(
    brighter: bool, said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspector = LightsInspector(WALK)
    last: list[Observation] = []
    for second in range(6):
        wavers = second > 2
        judged(monkeypatch, {a.id: 0.7 if wavers and a is LAMPS[1] else 0.1 for a in LAMPS})
        picture = day((False, brighter and wavers, False, False), seed=second)
        if not brighter:
            cv2.circle(picture, (LAMP_X[1], 62), 6, (205, 205, 205), -1)
        last = inspector.look(scene(picture, second, DAY))
    assert verdicts(last, "light_on_by_day")[1] is said


def test_how_a_lamp_looked_yesterday_says_nothing_of_this_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    inspector = LightsInspector(WALK)
    for hours, lit in (
        (0.0, (False,) * 4),
        (0.1, (False,) * 4),
        (0.2, (False,) * 4),
        (14.0, (False, True, False, False)),
    ):
        judged(monkeypatch, {a.id: 0.9 if burns else 0.02 for a, burns in zip(LAMPS, lit, strict=True)})
        picture = day(lit) if hours < 1 else (day(lit) * 0.8).astype(np.uint8)
        look = Frame(picture, START + timedelta(hours=hours), hours * 3600.0, int(hours * 10))
        last = inspector.look(Scene(look, DAY, Detections.empty(), WALK, []))
    assert verdicts(last, "light_on_by_day") == [A, P, A, A]


@pytest.mark.parametrize(("around", "said"), [(54.0, P), (71.0, U)], ids=["alone", "with what is round it"])
def test_a_lamp_that_was_dark_burns_by_day_only_if_it_alone_changed(
    around: float, said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    odds, peak, surround = 0.1, 93.0, 50.0
    monkeypatch.setattr("detectors.inspectors.lights._lit_odds", lambda lamps, scene: {LAMPS[0].id: odds})
    monkeypatch.setattr("detectors.inspectors.lights.head_peak", lambda image, region: peak)
    monkeypatch.setattr("detectors.inspectors.lights.head_surround", lambda image, region: surround)
    inspector = LightsInspector(WALK)
    for second in range(4):
        inspector.look(scene(day(), second, DAY))
    odds, peak, surround = 0.86, 176.0, around
    assert verdicts(inspector.look(scene(day(), 4, DAY)), "light_on_by_day")[0] is said
