"""Lamps of a view that was proposed from its pictures: a box may hold its head elsewhere than it is."""

from __future__ import annotations

from dataclasses import replace

import cv2
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors.lights import LightsInspector
from detectors.values import Image, LightState, Presence
from tests.detectors.scenes import HEIGHT, LAMP_X, LAMPS, WALK, WIDTH, judged, night, scene, verdicts

P, A, U = Presence.PRESENT, Presence.ABSENT, Presence.UNKNOWN
NIGHT = LightState.NIGHT
SLIM = 0.04
ARM = 0.4 * 0.5 * HEIGHT / WIDTH  # of the picture's width: two fifths of the lamp's height


def shine(picture: Image, grey: int) -> None:
    """Something of a grey level right below the arm of the second lamp."""
    picture[82:99, LAMP_X[1] - 10 : LAMP_X[1] + 70] = grey


@pytest.mark.parametrize(
    ("wide", "proposed", "pools", "burned", "said"),
    [
        pytest.param(ARM, False, (), False, P, id="registered with an arm: its head is known"),
        pytest.param(ARM, True, (), False, U, id="proposed with an arm: it may hold it out to the other side"),
        pytest.param(ARM, True, (0, 2, 3), False, P, id="but the ground under it is dark"),
        pytest.param(ARM, True, (), True, P, id="but it was seen to burn there"),
        pytest.param(SLIM, True, (), False, P, id="proposed without an arm: its head is on its column"),
    ],
)
def test_a_proposed_lamp_on_an_arm_is_out_where_it_burned_or_the_ground_is_dark(
    wide: float, proposed: bool, pools: tuple[int, ...], burned: bool, said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    region = Region.rectangle(Box.of((LAMP_X[1] / WIDTH - 0.02, 0.2, LAMP_X[1] / WIDTH - 0.02 + wide, 0.7)))
    view = replace(WALK, assets=(LAMPS[0], replace(LAMPS[1], region=region), *LAMPS[2:]), proposed=proposed)
    picture = night((True, False, True, True))
    shine(picture, 150)
    for number in pools:
        cv2.ellipse(picture, (LAMP_X[number], 190), (40, 18), 0, 0, 360, (150, 150, 150), -1)
    inspector, last = LightsInspector(view), []
    for second, lit in enumerate([0.95 if burned else 0.05] * 3 + [0.05]):
        judged(monkeypatch, {a.id: lit if a is LAMPS[1] else 0.95 for a in LAMPS})
        last = inspector.look(replace(scene(picture, second, NIGHT), view=view))
    assert verdicts(last, "light_out") == [A, said, A, A]


@pytest.mark.parametrize(("proposed", "said"), [(False, P), (True, U)])
def test_a_light_beside_the_head_of_a_proposed_lamp_may_be_its_own(
    proposed: bool, said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(monkeypatch, {a.id: 0.05 if a is LAMPS[1] else 0.95 for a in LAMPS})
    picture = night((True, False, True, True))
    cv2.rectangle(picture, (LAMP_X[1] + 15, 40), (LAMP_X[1] + 25, 85), (255, 255, 255), -1)
    view = replace(WALK, proposed=proposed)
    assert verdicts(LightsInspector(view).look(replace(scene(picture, 0, NIGHT), view=view)), "light_out")[1] is said


@pytest.mark.parametrize(
    ("beside_it", "burns", "said"),
    [
        pytest.param(True, True, P, id="another lamp's head that burns: the light is its"),
        pytest.param(True, False, U, id="another lamp's head that does not burn"),
        pytest.param(False, True, U, id="no lamp's head"),
    ],
)
def test_a_light_beside_a_proposed_head_may_be_that_of_another_lamp(
    beside_it: bool, burns: bool, said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(monkeypatch, {a.id: 0.95 if a is LAMPS[0] or (a is LAMPS[2] and burns) else 0.05 for a in LAMPS[:3]})
    x = LAMP_X[1] + 22
    picture = night((True, False, False, False))
    cv2.rectangle(picture, (x - 6, 52), (x + 6, 78), (255, 255, 255), -1)
    at = x if beside_it else LAMP_X[2]
    beside = Region.rectangle(Box.of((at / WIDTH - 0.02, 0.2, at / WIDTH + 0.02, 0.7)))
    view = replace(WALK, assets=(*LAMPS[:2], replace(LAMPS[2], region=beside)), proposed=True)
    said_of = LightsInspector(view).look(replace(scene(picture, 0, NIGHT), view=view))
    assert verdicts(said_of, "light_out")[1] is said


@pytest.mark.parametrize(
    ("proposed", "burned", "said"),
    [
        pytest.param(False, False, P, id="registered: the ground is that under its head"),
        pytest.param(True, False, A, id="proposed: its head may be elsewhere, and the ground with it"),
        pytest.param(True, True, P, id="proposed, and it was seen to burn there"),
    ],
)
def test_dark_ground_under_a_guess_does_not_overrule_the_judge(
    proposed: bool, burned: bool, said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = night((True, False, True, True))
    for number in (0, 2, 3):
        cv2.ellipse(picture, (LAMP_X[number], 190), (40, 18), 0, 0, 360, (150, 150, 150), -1)
    view = replace(WALK, proposed=proposed)
    inspector, last = LightsInspector(view), []
    for second, lit in enumerate([0.95 if burned else 0.8] * 3 + [0.8]):
        judged(monkeypatch, {a.id: lit if a is LAMPS[1] else 0.95 for a in LAMPS})
        last = inspector.look(replace(scene(picture, second, NIGHT), view=view))
    assert verdicts(last, "light_out")[1] is said


@pytest.mark.parametrize(
    ("burning", "others", "said"),
    [
        pytest.param(True, False, U, id="a light in its head"),
        pytest.param(True, True, P, id="another lamp's, whose head is there"),
        pytest.param(False, False, P, id="none"),
    ],
)
def test_a_light_in_the_head_of_a_proposed_lamp_may_be_its_own(
    burning: bool, others: bool, said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(monkeypatch, {a.id: 0.05 if a is LAMPS[1] else 0.95 for a in LAMPS})
    picture = night((True, False, False, True))
    if burning:
        cv2.rectangle(picture, (LAMP_X[1] - 4, 56), (LAMP_X[1] + 4, 72), (215, 215, 215), -1)
    behind = Region.rectangle(Box.of((LAMP_X[1] / WIDTH - 0.02, 0.19, LAMP_X[1] / WIDTH + 0.02, 0.69)))
    third = replace(LAMPS[2], region=behind) if others else LAMPS[2]
    view = replace(WALK, assets=(*LAMPS[:2], third, LAMPS[3]), proposed=True)
    seen = LightsInspector(view).look(replace(scene(picture, 0, NIGHT), view=view))
    assert verdicts(seen, "light_out")[1] is said


@pytest.mark.parametrize(
    ("grey", "tall", "said"),
    [
        pytest.param(20, 0.5, P, id="nothing shines there: it is out on whichever side its head is"),
        pytest.param(150, 0.5, U, id="something shines beside its head"),
        pytest.param(20, 0.15, U, id="far: leaves may hide it"),
    ],
)
def test_a_proposed_lamp_on_an_arm_is_out_where_no_light_shows_at_all(
    grey: int, tall: float, said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(monkeypatch, {a.id: 0.05 if a is LAMPS[1] else 0.95 for a in LAMPS})
    wide, x = 0.4 * tall * HEIGHT / WIDTH, LAMP_X[1] / WIDTH
    region = Region.rectangle(Box.of((x - 0.02, 0.2, x - 0.02 + wide, 0.2 + tall)))
    picture = night((True, False, False, False))
    shine(picture, grey)
    view = replace(WALK, assets=(LAMPS[0], replace(LAMPS[1], region=region)), proposed=True)
    seen = LightsInspector(view).look(replace(scene(picture, 0, NIGHT), view=view))
    assert verdicts(seen, "light_out")[1] is said
