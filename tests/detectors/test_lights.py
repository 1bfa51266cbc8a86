"""Street lights on drawn walks: out, on by day, flickering, and what must not be mistaken for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.lights import LightsInspector
from detectors.values import Asset, Detections, Frame, Image, LightState, Observation, Presence, View
from tests.detectors.fakes import START, frame
from tests.detectors.scenes import LAMP_X, LAMPS, WALK, day, night, scene

P, A, U = Presence.PRESENT, Presence.ABSENT, Presence.UNKNOWN
DAY, NIGHT, TWILIGHT = LightState.DAY, LightState.NIGHT, LightState.TWILIGHT
ALL = (True, True, True, True)


def verdicts(observations: Iterable[Observation], issue: str) -> list[Presence]:
    return [o.presence for o in sorted(observations, key=lambda o: o.asset_id or "") if o.issue == issue]


def dusk(lit: tuple[bool, ...]) -> Image:
    """The walk after sunset: a grey sky still, and some lamps lit."""
    return np.clip(night(lit).astype(np.float32) + 28, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("lit", "said"),
    [
        pytest.param(ALL, [A, A, A, A], id="all lit"),
        pytest.param((True, False, True, True), [A, P, A, A], id="one out"),
        pytest.param((False, False, False, True), [P, P, P, A], id="a circuit out"),
        pytest.param((False, False, False, False), [P, P, P, P], id="all out"),
    ],
)
def test_lamps_by_night(lit: tuple[bool, ...], said: list[Presence]) -> None:
    assert verdicts(LightsInspector(WALK).look(scene(night(lit), 0, NIGHT)), "light_out") == said


@pytest.mark.parametrize(
    ("lit", "said"),
    [
        pytest.param((False, False, False, False), [U, U, U, U], id="the street is not switched on"),
        pytest.param((True, False, False, False), [U, U, U, U], id="one is early"),
        pytest.param((True, False, True, True), [A, P, A, A], id="one is out, the others are on"),
    ],
)
def test_in_twilight_a_lamp_is_out_only_where_the_street_is_on(lit: tuple[bool, ...], said: list[Presence]) -> None:
    assert verdicts(LightsInspector(WALK).look(scene(dusk(lit), 0, TWILIGHT)), "light_out") == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        pytest.param(3, [U, U, U, U], id="stragglers are given time"),
        pytest.param(20, [A, P, A, A], id="but not for ever"),
    ],
)
def test_lamps_of_one_street_switch_on_minutes_apart(minutes: int, said: list[Presence]) -> None:
    inspector = LightsInspector(WALK)
    last: list[Observation] = []
    for minute, lit in ((0, (False,) * 4), (1, (True, False, True, True)), (1 + minutes, (True, False, True, True))):
        at = START + timedelta(minutes=minute)
        look = Frame(dusk(lit), at, minute * 60.0, minute)
        last = inspector.look(Scene(look, TWILIGHT, Detections.empty(), WALK, []))
    assert verdicts(last, "light_out") == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [pytest.param(3, [], id="stragglers are given time"), pytest.param(20, [P], id="left on")],
)
def test_a_lamp_that_burns_on_at_dawn(minutes: int, said: list[Presence]) -> None:
    inspector = LightsInspector(WALK)
    last: list[Observation] = []
    one = (False, True, False, False)
    for minute, light, lit in ((0, NIGHT, ALL), (1, TWILIGHT, one), (1 + minutes, TWILIGHT, one)):
        look = Frame(dusk(lit), START + timedelta(minutes=minute), minute * 60.0, minute)
        last = inspector.look(Scene(look, light, Detections.empty(), WALK, []))
    assert verdicts(last, "light_on_by_day") == said


def globes(lit: tuple[bool, ...], seed: int, gain: float = 1.0) -> Image:
    """White globes by night: those that are out are lit by the others, and look it."""
    picture = night((True,) * 4, seed).astype(np.float32)
    for x, on in zip(LAMP_X, lit, strict=True):
        if not on:
            picture[50:72, x - 10 : x + 10] *= 0.68
    return np.clip(picture * gain, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("looks", "said"),
    [
        pytest.param([(True, True)] * 3, A, id="all keep their light"),
        pytest.param([(True, True)] * 2 + [(False, True)], P, id="one loses much of its own"),
        pytest.param([(True, True)] * 2 + [(False, False)], A, id="all lose as much: the camera's iris"),
    ],
)
def test_a_lamp_that_loses_its_own_light_is_out_though_others_light_it(
    looks: list[tuple[bool, bool]], said: Presence
) -> None:
    inspector = LightsInspector(WALK)
    last: list[Observation] = []
    for second, (mine, others) in enumerate(looks):
        last = inspector.look(scene(globes((others, mine, others, others), second), second, NIGHT))
    assert verdicts(last, "light_out")[1] is said


def test_headlights_that_passed_were_not_a_lamps_own_light(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detectors.inspectors.lights._lit_odds", lambda lamps, scene: {a.id: 0.7 for a in lamps})
    inspector = LightsInspector(WALK)
    last: list[Observation] = []
    for second in range(9):
        picture = night((True, False, True, True), second)
        if 3 <= second < 6:
            cv2.circle(picture, (LAMP_X[1], 62), 5, (225, 225, 225), -1)
        last = inspector.look(scene(picture, second, NIGHT))
    assert verdicts(last, "light_out") == [A, A, A, A]


def headlights(picture: Image) -> Image:
    """Two bright lights on the path, below the second lamp's head and beside its column."""
    shown = picture.copy()
    for x in (212, 232):
        cv2.circle(shown, (x, 175), 6, (255, 255, 255), -1)
    return shown


def wet(picture: Image) -> Image:
    """The walk after rain: every light below the lamps' feet once more, blurred."""
    shown = picture.astype(np.float32)
    mirrored = cv2.GaussianBlur(shown[:85][::-1], (5, 31), 0)
    shown[185:270] = np.maximum(shown[185:270], 0.8 * mirrored)
    return shown.astype(np.uint8)


def brighter(picture: Image) -> Image:
    """A camera that opened its iris."""
    return np.clip(picture.astype(np.float32) * 1.8 + 10, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("changed", "burning"),
    [
        pytest.param(headlights, A, id="headlights"),
        pytest.param(wet, A, id="wet"),
        pytest.param(brighter, U, id="an open iris: lit lamps may be unknown, never out"),
    ],
)
def test_other_light_does_not_make_a_dark_lamp_lit(changed, burning: Presence) -> None:  # type: ignore[no-untyped-def]
    seen = LightsInspector(WALK).look(scene(changed(night((True, False, True, True))), 0, NIGHT))
    assert verdicts(seen, "light_out") == [burning, P, burning, burning]


def test_a_lit_lamp_beside_the_head_is_not_its_own_light() -> None:
    picture = night((True, False, True, True))
    cv2.circle(picture, (LAMP_X[1] + 22, 66), 4, (255, 255, 255), -1)
    assert verdicts(LightsInspector(WALK).look(scene(picture, 0, NIGHT)), "light_out") == [A, P, A, A]


def test_a_dark_lamp_with_a_light_at_its_very_head_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detectors.inspectors.lights._lit_odds", lambda lamps, scene: {a.id: 0.05 for a in lamps})
    picture = night((False,) * 4)
    cv2.circle(picture, (LAMP_X[1], 62), 5, (255, 255, 255), -1)
    assert verdicts(LightsInspector(WALK).look(scene(picture, 0, NIGHT)), "light_out") == [P, U, P, P]


@pytest.mark.parametrize(
    ("feet", "said"),
    [pytest.param(0.8, U, id="before it"), pytest.param(0.5, P, id="behind it: a car across the road")],
)
def test_only_who_stands_before_a_lamp_hides_it(feet: float, said: Presence) -> None:
    someone = Detections.of([("car", 0.9, (0.15, 0.1, 0.28, feet))])
    seen = LightsInspector(WALK).look(scene(night((False, True, True, True)), 0, NIGHT, someone))
    assert verdicts(seen, "light_out") == [said, A, A, A]


@pytest.mark.parametrize(
    "region",
    [
        pytest.param(Box(0.2, 0.0, 0.24, 0.4), id="its head is above the picture"),
        pytest.param(Box(0.2, 0.2, 0.205, 0.25), id="too small"),
        pytest.param(Box(0.2, 0.7, 0.24, 1.0), id="its foot is below the picture, and little else is in it"),
    ],
)
def test_a_head_that_cannot_be_seen_is_unknown(region: Box) -> None:
    view = View("walk", (Asset("L-9", "street_light", Region.rectangle(region)),))
    seen = LightsInspector(view).look(Scene(frame(night(ALL), 0), NIGHT, Detections.empty(), view, []))
    assert [(o.presence, o.reason) for o in seen if o.issue == "light_out"] == [(U, "its head cannot be seen")]


@pytest.mark.parametrize(
    ("lit", "said"),
    [
        pytest.param((False, False, False, False), [A, A, A, A], id="all off"),
        pytest.param((False, True, False, False), [A, P, A, A], id="one burns by day"),
        pytest.param(ALL, [U, U, U, U], id="all alike bright: sun on the glass"),
    ],
)
def test_lamps_by_day(lit: tuple[bool, ...], said: list[Presence]) -> None:
    assert verdicts(LightsInspector(WALK).look(scene(day(lit), 0, DAY)), "light_on_by_day") == said


def test_two_lamps_are_too_few_to_tell_that_one_burns_by_day() -> None:
    view = View("walk", LAMPS[:2])
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
        odds = {a.id: 0.64 if a is mine and second == dark_before else 0.2 for a in LAMPS}
        monkeypatch.setattr("detectors.inspectors.lights._lit_odds", lambda lamps, scene, odds=odds: odds)
        monkeypatch.setattr(
            "detectors.inspectors.lights.head_peak",
            lambda image, region: 170.0 + (lead if region == mine.region else 0),
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


def hot(picture: Image, lamps: Iterable[int], sky: bool = False, radius: int = 6) -> Image:
    """The walk with the glass of some lamps overexposed, and perhaps the sky behind the heads."""
    shown = picture.copy()
    if sky:
        shown[:75] = 252
    for number in lamps:
        cv2.circle(shown, (LAMP_X[number], 64), radius, (255, 255, 255), -1)
    return shown


@pytest.mark.parametrize(
    ("picture", "odds", "said"),
    [
        pytest.param(hot(day(), [1]), 0.46, P, id="white all over"),
        pytest.param(hot(day(), [1]), 0.2, A, id="white all over, but surely dark"),
        pytest.param(hot(day(), [1], radius=1), 0.46, A, id="a glint"),
        pytest.param(hot(day(), [1], sky=True), 0.46, U, id="before a white sky"),
        pytest.param(hot(day(), [0, 1, 2, 3]), 0.46, U, id="all in the sun"),
    ],
)
def test_by_day_glass_that_alone_is_white_all_over_burns(
    picture: Image, odds: float, said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_odds = {lamp.id: odds if lamp is LAMPS[1] else 0.05 for lamp in LAMPS}
    monkeypatch.setattr("detectors.inspectors.lights._lit_odds", lambda lamps, scene: all_odds)
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
def test_a_lamps_own_past_vouches_for_it_by_day(dark_before: int, said: Presence) -> None:
    view = View("walk", LAMPS[:2])
    inspector = LightsInspector(view)
    last: list[Observation] = []
    for second in range(dark_before + 1):
        burning = second == dark_before
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


def test_how_a_lamp_looked_yesterday_says_nothing_of_this_morning() -> None:
    inspector = LightsInspector(WALK)
    for hours, lit in (
        (0.0, (False,) * 4),
        (0.1, (False,) * 4),
        (0.2, (False,) * 4),
        (14.0, (False, True, False, False)),
    ):
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
