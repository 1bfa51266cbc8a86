"""Lamps that lose their own light while the judge, deceived by others near them, holds them for lit."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from detectors.inspectors.arms import ArmSides
from detectors.inspectors.lamp_heads import Head
from detectors.inspectors.lights import LightsInspector
from detectors.inspectors.own_light import OwnLight
from detectors.values import LightState
from tests.detectors.scenes import WALK, night, scene

USUAL = {"a": (240.0, 60.0), "b": (245.0, 55.0), "c": (235.0, 58.0), "d": (240.0, 50.0)}
"""Four heads that burn: their brightest part and the head on the whole, grey levels."""


def heads(levels: Mapping[str, tuple[float, float]], odds: float = 0.9) -> dict[str, Head]:
    """What is as ever surely burns; what changed has these odds."""
    return {
        lamp: Head(0.99 if light == USUAL[lamp] else odds, peak=light[0], level=light[1])
        for lamp, light in levels.items()
    }


@pytest.mark.parametrize(
    ("now", "faint"),
    [
        pytest.param({}, set(), id="all as ever"),
        pytest.param({"d": (120.0, 20.0)}, {"d"}, id="one goes dark"),
        pytest.param({"d": (216.0, 37.0)}, {"d"}, id="one before others: bright still, but dark on the whole"),
        pytest.param({"d": (216.0, 36.0), "c": (230.0, 45.0)}, {"d"}, id="the head that it shines through is not out"),
        pytest.param({"d": (234.0, 25.0)}, set(), id="one leans: as bright, but elsewhere"),
        pytest.param({"d": (216.0, 43.0)}, set(), id="a little less: the picture lies off by a pixel"),
        pytest.param({k: (p, 0.7 * v) for k, (p, v) in USUAL.items()}, set(), id="all have less: the camera's iris"),
        pytest.param({"c": (90.0, 9.0), "d": (100.0, 10.0)}, {"c", "d"}, id="two of four"),
    ],
)
def test_a_lamp_is_faint_that_lost_its_light_alone(now: Mapping[str, tuple[float, float]], faint: set[str]) -> None:
    watch = OwnLight()
    for _ in range(4):
        assert watch.faint(heads(USUAL)) == set()
    for _ in range(3):
        assert watch.faint(heads({**USUAL, **now})) == faint


@pytest.mark.parametrize(
    ("odds", "faint"),
    [
        pytest.param(0.05, {"d"}, id="dark to the judge"),
        pytest.param(0.9, {"d"}, id="lit, but far less surely"),
        pytest.param(0.98, set(), id="as lit as ever: a swaying mast moves its head out of its place"),
    ],
)
def test_a_lamp_that_lost_its_light_is_less_lit_to_the_judge_too(odds: float, faint: set[str]) -> None:
    watch = OwnLight()
    for _ in range(4):
        watch.faint(heads(USUAL))
    assert watch.faint(heads({**USUAL, "d": (120.0, 20.0)}, odds)) == faint


def test_what_never_shone_has_no_light_to_lose() -> None:
    watch, dim = OwnLight(), {**USUAL, "d": (90.0, 40.0)}
    watch.faint(heads(dim))
    assert watch.faint(heads({**dim, "d": (30.0, 12.0)}, 0.05)) == set()


@pytest.mark.parametrize(
    ("grounds", "odds", "faint"),
    [
        pytest.param({}, 0.05, set(), id="the ground stays lit"),
        pytest.param({"d": 10.0}, 0.05, {"d"}, id="a head in a crown went dark, and the ground with it"),
        pytest.param({"d": 10.0}, 0.7, set(), id="something lies on the ground, and the head looks lit"),
        pytest.param({"d": 70.0}, 0.05, set(), id="the ground keeps most of its light"),
        pytest.param({"c": 30.0, "d": 10.0}, 0.05, {"d"}, id="it lit a neighbour's ground as well"),
        pytest.param(dict.fromkeys(USUAL, 10.0), 0.05, set(), id="all ground went dark: the camera's iris"),
    ],
)
def test_a_lamp_whose_ground_went_dark_lost_its_light(
    grounds: Mapping[str, float], odds: float, faint: set[str]
) -> None:
    def shown(ground: Mapping[str, float], last: float) -> dict[str, Head]:
        return {i: Head(last if i == "d" else 0.99, 150.0, 40.0, ground=ground.get(i, 100.0)) for i in USUAL}

    watch = OwnLight()
    for _ in range(4):
        watch.faint(shown({}, 0.92))
    assert watch.faint(shown(grounds, odds)) == faint


def test_a_lamp_with_another_outline_than_before_is_learnt_anew() -> None:
    watch, now = OwnLight(), {**USUAL, "d": (67.0, 22.0)}
    for _ in range(4):
        watch.faint(heads(USUAL))
    watch.forget_some(["d"])
    assert watch.faint(heads(now)) == set(), "its head was looked for on the other side of its column"


def test_lamps_whose_side_was_told_lose_the_light_that_was_learnt_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    inspector, forgotten = LightsInspector(WALK), list[str]()
    monkeypatch.setattr(OwnLight, "forget_some", lambda _, lamps: forgotten.extend(lamps))
    inspector._arms.told.add("L-2")
    monkeypatch.setattr(ArmSides, "outlined", lambda _, seen: seen)
    inspector.look(scene(night((True,) * 4), 0.0, LightState.NIGHT))
    assert forgotten == ["L-2"]
