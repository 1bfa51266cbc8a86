"""Lamps that flicker: told from failures, and from a judge that wavers."""

from __future__ import annotations

import cv2
import pytest

from detectors.inspectors.lights import LightsInspector
from detectors.values import LightState, Presence
from tests.detectors.scenes import LAMP_X, LAMPS, WALK, night, scene
from tests.detectors.test_lights import verdicts

P, A = Presence.PRESENT, Presence.ABSENT
NIGHT = LightState.NIGHT


@pytest.mark.parametrize(
    ("pattern", "flickers", "out"),
    [
        pytest.param("11110000", False, True, id="fails once"),
        pytest.param("10110101", True, False, id="to and fro"),
        pytest.param("11111111", False, False, id="steady"),
        pytest.param("11010000", False, True, id="flickers, then fails for good"),
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
        pytest.param(0.4, P, id="it glows with what the judge says"),
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
        odds = {a.id: 0.95 if a is not LAMPS[1] or on == "1" else 0.05 for a in LAMPS}
        monkeypatch.setattr("detectors.inspectors.lights._lit_odds", lambda lamps, scene, odds=odds: odds)
        last = inspector.look(scene(picture, second, NIGHT))
    assert verdicts(last, "light_flickering") == [A, said, A, A]
    assert P not in verdicts(last, "light_out")
