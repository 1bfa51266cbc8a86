"""Lamps that flicker: told from failures, and from a judge that wavers."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest

from detectors.inspectors.flicker import FlickerWatch, Swing
from detectors.inspectors.lamp_heads import Head
from detectors.inspectors.lights import LightsInspector
from detectors.values import LightState, Presence
from tests.detectors.scenes import LAMP_X, LAMPS, WALK, judged, night, scene
from tests.detectors.test_lights import verdicts

P, A = Presence.PRESENT, Presence.ABSENT
NIGHT = LightState.NIGHT


@pytest.mark.parametrize(
    ("pattern", "flickers", "out"),
    [
        pytest.param("11110000", False, True, id="fails once"),
        pytest.param("10110101", True, False, id="to and fro"),
        pytest.param("11111111", False, False, id="steady"),
        pytest.param("11101000", False, True, id="burned, stutters, then fails for good"),
        pytest.param("01000000", False, False, id="went on between dark looks: it may come back"),
        pytest.param("10100000", False, False, id="never seen to burn for long: it may come back"),
        pytest.param("01" + "0" * 12, False, True, id="did not come back for long"),
        pytest.param("11111010", False, False, id="stutters: it may fail"),
        pytest.param("001101", True, False, id="comes back for the second time"),
        pytest.param("00100", False, False, id="dark and lit and dark: no failure yet"),
    ],
)
def test_flicker_is_not_a_failure_and_a_failure_no_flicker(pattern: str, flickers: bool, out: bool) -> None:
    inspector, last = LightsInspector(WALK), []
    for second, on in enumerate(pattern):
        last = inspector.look(scene(night((on == "1", True, True, True), second), second, NIGHT))
    present = {o.issue for o in last if o.presence is P}
    assert ("light_flickering" in present, "light_out" in present) == (flickers, out)


@pytest.mark.parametrize(
    ("dimmed", "said"),
    [
        pytest.param(0.1, P, id="it glows with what the judge says"),
        pytest.param(1.0, A, id="nothing changes at its head: the judge wavers"),
    ],
)
def test_a_lamp_before_a_lit_one_flickers_if_its_light_does(
    dimmed: float, said: Presence, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspector, last = LightsInspector(WALK), []
    for second, on in enumerate("10110101"):
        picture = night((False,) * 4)
        cv2.circle(picture, (LAMP_X[1], 62), 5, (255, 255, 255), -1)
        if on == "0":
            picture[50:74, LAMP_X[1] - 10 : LAMP_X[1]] = picture[50:74, LAMP_X[1] - 10 : LAMP_X[1]] * dimmed
        judged(monkeypatch, {a.id: 0.95 if a is not LAMPS[1] or on == "1" else 0.05 for a in LAMPS})
        last = inspector.look(scene(picture, second, NIGHT))
    assert verdicts(last, "light_flickering") == [A, said, A, A]
    assert P not in verdicts(last, "light_out")


PATTERN = "101101001011"


def swings(heads: Sequence[Sequence[float]], around: Sequence[float] = (20.0,) * 12) -> list[Swing]:
    """What is said of each head in the last look, by its levels in each; lit to the judge where it is bright."""
    return judged_swings([(v, [0.95 if level > np.mean(v) else 0.05 for level in v]) for v in heads], around)


def judged_swings(
    heads: Sequence[tuple[Sequence[float], Sequence[float]]], around: Sequence[float] = (20.0,) * 12
) -> list[Swing]:
    """What is said of each head in the last look, by its levels and its odds of being lit in each."""
    watch, last = FlickerWatch(), dict[str, Swing]()
    for look in range(len(heads[0][0])):
        last = watch.look(
            {str(n): Head(lit[look], level=v[look], surround=around[look]) for n, (v, lit) in enumerate(heads)}
        )
    return list(last.values())


def to_and_fro(low: float, high: float) -> list[float]:
    """Two levels and a little noise."""
    return [(high if on == "1" else low) + 0.3 * (n % 3) for n, on in enumerate(PATTERN)]


DIMS = [150.0, 60, 121, 120, 61, 62, 150, 119, 152, 60, 61, 120]
STEADY = [100.0 + 0.3 * (n % 4) for n in range(12)]


@pytest.mark.parametrize(
    ("heads", "flicker"),
    [
        pytest.param([to_and_fro(60, 150), STEADY, STEADY], [True, False, False], id="one goes to and fro"),
        pytest.param([to_and_fro(113, 131), STEADY], [True, False], id="by little, but always the same two levels"),
        pytest.param([to_and_fro(100, 108), STEADY], [False, False], id="by too little"),
        pytest.param([to_and_fro(160, 173), STEADY], [False, False], id="by too little for a bright one"),
        pytest.param([to_and_fro(60, 150), to_and_fro(140, 160)], [True, False], id="and shines on another"),
        pytest.param([to_and_fro(60, 90), to_and_fro(100, 140), STEADY, STEADY], [False] * 4, id="which of two?"),
        pytest.param([to_and_fro(v, 1.2 * v) for v in (90, 120, 60)], [False] * 3, id="the exposure goes to and fro"),
        pytest.param([list(np.linspace(60, 150, 12)), STEADY], [False, False], id="it grows brighter bit by bit"),
        pytest.param([[60, 90, 150, 75, 120, 60, 100, 140, 80, 65, 110, 130]], [False], id="leaves before it"),
        pytest.param([[60, 90, 150, 120] * 3, STEADY], [False, False], id="four levels"),
        pytest.param([DIMS, STEADY], [True, False], id="it dims as well: three levels, always the same"),
        pytest.param([DIMS[:6], STEADY[:6]], [False, False], id="too few looks to tell three levels"),
        pytest.param([[60] * 4 + [120] * 3 + [150] * 5, STEADY], [False, False], id="it warms up by steps"),
        pytest.param([[150] * 4 + [120] * 3 + [60] * 5, STEADY], [False, False], id="it fades by steps"),
    ],
)
def test_a_lamp_flickers_that_alone_goes_between_two_levels(heads: list[list[float]], flicker: list[bool]) -> None:
    assert [s.flickers for s in swings(heads)] == flicker


@pytest.mark.parametrize(
    ("grounds", "odds", "flicker"),
    [
        pytest.param([to_and_fro(20, 90)], [0.4, 0.05], [True], id="the ground under it goes to and fro with it"),
        pytest.param(
            [to_and_fro(20, 90)], [0.95, 0.95], [False], id="it burns all the while: headlights on the ground"
        ),
        pytest.param([to_and_fro(20, 90)], [0.99, 0.6], [False], id="it never looks dark: headlights on the ground"),
        pytest.param(
            [to_and_fro(20, 90), to_and_fro(70, 90)], [0.4, 0.05], [True, False], id="and lights others' ground"
        ),
        pytest.param([to_and_fro(30, 90), to_and_fro(30, 80)], [0.4, 0.05], [False, False], id="all ground changes"),
        pytest.param([[0.0] * 12], [0.4, 0.05], [False], id="its foot is out of view"),
    ],
)
def test_a_head_before_which_others_shine_flickers_as_the_ground_under_it_does(
    grounds: list[list[float]], odds: list[float], flicker: list[bool]
) -> None:
    watch, last = FlickerWatch(), dict[str, Swing]()
    for look, on in enumerate(PATTERN):
        lit = odds[on == "0"]
        last = watch.look(
            {str(n): Head(lit, level=100.0, surround=20.0, ground=ground[look]) for n, ground in enumerate(grounds)}
        )
    assert [s.flickers for s in last.values()] == flicker


ON, WAVERS = [0.95] * 12, [0.9 if on == "1" else 0.4 for on in PATTERN]
GOES_DARK = [0.95 if on == "1" else 0.08 for on in PATTERN]


@pytest.mark.parametrize(
    ("mine", "neighbour", "flicker"),
    [
        pytest.param(GOES_DARK, ON, [True, False], id="one goes dark, and lights another that burns all the while"),
        pytest.param(GOES_DARK, GOES_DARK, [False, False], id="both go dark: what feeds them fails, or the exposure"),
        pytest.param(ON, ON, [False, False], id="both burn all the while"),
        pytest.param(WAVERS, ON, [False, False], id="one is never surely dark"),
        pytest.param(GOES_DARK, WAVERS, [False, False], id="the other is not always lit"),
    ],
)
def test_of_lamps_that_change_together_the_one_flickers_that_goes_dark(
    mine: list[float], neighbour: list[float], flicker: list[bool]
) -> None:
    """Arms before arms: the lamp's light fills a neighbour's place as much as its own."""
    swung = judged_swings([(to_and_fro(80, 118), mine), (to_and_fro(70, 112), neighbour), (STEADY, ON)])
    assert [s.flickers for s in swung] == [*flicker, False]


@pytest.mark.parametrize(
    ("odds", "flicker"),
    [
        pytest.param(GOES_DARK, True, id="it goes dark"),
        pytest.param([0.99 if on == "1" else 0.65 for on in PATTERN], True, id="it looks less lit, before others"),
        pytest.param([0.99] * 12, False, id="it burns all the while: the exposure, or a mast that sways"),
        pytest.param([0.97 if on == "1" else 0.92 for on in PATTERN], False, id="it burns surely all the while"),
        pytest.param([0.66 if on == "1" else 0.63 for on in PATTERN], False, id="unsure of it, but always as much"),
        pytest.param([0.65 if on == "1" else 0.95 for on in PATTERN], False, id="lit where it is less bright"),
    ],
)
def test_a_lamp_that_the_judge_holds_for_lit_all_the_while_does_not_flicker(odds: list[float], flicker: bool) -> None:
    swung = judged_swings([(to_and_fro(60, 85), odds), (STEADY, ON)])
    assert [s.flickers for s in swung] == [flicker, False]


def test_headlights_brighten_what_is_round_a_head_as_much() -> None:
    assert not swings([to_and_fro(60, 150)], around=to_and_fro(20, 110))[0].flickers
