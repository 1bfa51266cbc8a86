"""Lamps are judged anew where their heads changed; else what was judged holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from detectors.inspectors import Scene
from detectors.inspectors.crops import head_box
from detectors.inspectors.held import Held
from detectors.values import Asset, Image, LightState
from tests.detectors.fakes import noise
from tests.detectors.scenes import LAMPS, night, scene

LIT = (True, True, True, True)
FIRST_OUT = (False, True, True, True)


class Judging:
    """Notes the lamps it is asked for."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.hidden: set[str] = set()

    def __call__(self, lamps: Sequence[Asset], scene: Scene) -> dict[str, float]:
        self.asked.append([a.id for a in lamps])
        return {a.id: 0.9 for a in lamps if a.id not in self.hidden}


def glance(picture: Image, second: int) -> Scene:
    """A look at which the detector was not asked."""
    return replace(scene(noise(picture, second, 1.5), second, LightState.NIGHT), asked=False)


def brighter(picture: Image, levels: int) -> Image:
    return np.clip(picture.astype(int) + levels, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("later", "anew"),
    [
        pytest.param(night(LIT), [], id="nothing changed but noise"),
        pytest.param(night(FIRST_OUT), [LAMPS[0].id], id="one lamp went out"),
        pytest.param(brighter(night(LIT), 30), [a.id for a in LAMPS], id="it grew lighter everywhere"),
    ],
)
def test_only_heads_that_changed_are_judged_anew(later: Image, anew: list[str]) -> None:
    held, judge = Held[float](), Judging()
    held.look(LAMPS, scene(night(LIT), 0, LightState.NIGHT), judge)
    judge.asked.clear()
    odds = held.look(LAMPS, glance(later, 1), judge)
    assert judge.asked == ([anew] if anew else [])
    assert odds.keys() == {a.id for a in LAMPS}


def test_where_the_detector_was_asked_all_are_judged() -> None:
    held, judge = Held[float](), Judging()
    for second in range(3):
        held.look(LAMPS, scene(night(LIT), second, LightState.NIGHT), judge)
    assert judge.asked == [[a.id for a in LAMPS]] * 3


def test_what_drifts_slowly_is_judged_anew_in_the_end() -> None:
    held, judge = Held[float](), Judging()
    for second in range(16):
        held.look(LAMPS, glance(brighter(night(LIT), 2 * second), second), judge)
    assert 3 <= len(judge.asked) <= 12


def test_a_head_that_could_not_be_seen_is_tried_again() -> None:
    held, judge = Held[float](), Judging()
    judge.hidden.add(LAMPS[1].id)
    assert LAMPS[1].id not in held.look(LAMPS, glance(night(LIT), 0), judge)
    judge.hidden.clear()
    assert LAMPS[1].id in held.look(LAMPS, glance(night(LIT), 1), judge)
    assert judge.asked[1] == [LAMPS[1].id]


def test_the_head_is_looked_for_where_the_view_shows_it_now() -> None:
    """A nudged view has other regions: nothing is held over."""
    held, judge = Held[float](), Judging()
    held.look(LAMPS, glance(night(LIT), 0), judge)
    first = LAMPS[0].region
    assert first is not None
    moved = [replace(LAMPS[0], region=type(first)(tuple((x + 0.01, y) for x, y in first.points))), *LAMPS[1:]]
    held.look(moved, glance(night(LIT), 1), judge)
    assert head_box(moved[0].region) != head_box(first)
    assert judge.asked[1] == [LAMPS[0].id]
