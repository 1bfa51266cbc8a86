"""The last looks at each pixel that had nobody before it."""

from __future__ import annotations

import numpy as np
import pytest

from detectors.free_looks import FreeLooks
from detectors.geometry import Box
from detectors.values import Grey

LEFT = Box(0.0, 0.0, 0.4, 1.0)
FAR_RIGHT = (30, 90)


def level(grey: int) -> Grey:
    return np.full((60, 100), grey, np.uint8)


def after(looks: list[tuple[int, bool]], things: list[Box] | None = None) -> FreeLooks:
    """Looks of one grey level each, at some of which somebody stands on the left."""
    free = FreeLooks(3)
    for number, (grey, hidden) in enumerate(looks):
        last = number == len(looks) - 1
        free.take_in(level(grey), None, [LEFT] if hidden else [], things if things and last else ())
    return free


@pytest.mark.parametrize(
    ("looks", "seen", "agreed"),
    [
        pytest.param([(90, False)] * 3, True, True, id="three free looks"),
        pytest.param([(90, True), (90, False), (50, True), (91, False)], False, True, id="two with somebody between"),
        pytest.param([(90, True), (90, True), (90, False)], False, False, id="one"),
        pytest.param([(90, True)] * 4, False, False, id="none: what stands there is not the ground"),
        pytest.param([(90, False), (20, False)], False, False, id="two that differ"),
    ],
)
def test_what_is_known_of_a_place(looks: list[tuple[int, bool]], seen: bool, agreed: bool) -> None:
    free = after(looks)
    assert (bool(free.seen[30, 10]), bool(free.agreed(16.0)[30, 10])) == (seen, agreed)


def test_a_place_keeps_what_it_showed_when_it_was_free() -> None:
    free = after([(90, False), (100, True), (91, False), (100, True), (92, False)])
    assert [int(look[30, 10]) for look in free.looks] == [90, 91, 92]
    assert [int(look[FAR_RIGHT]) for look in free.looks] == [91, 100, 92]


def test_what_was_taken_for_somebody_and_is_none_was_free_all_the_while() -> None:
    free = after([(90, True), (91, True), (92, True)], [LEFT])
    assert bool(free.seen[30, 10])
    assert [int(look[30, 10]) for look in free.looks] == [90, 91, 92]


def test_a_look_is_kept_at_the_exposure_of_the_known_view() -> None:
    free = FreeLooks(3)
    free.take_in(level(60), np.full((60, 100), 120.0, np.float32), [])
    assert abs(int(free.looks[-1][FAR_RIGHT]) - 120) <= 4


def test_nothing_is_known_before_the_first_look_and_after_it_forgot() -> None:
    free = after([(90, False)] * 3)
    free.clear()
    with pytest.raises(ValueError, match="Nothing was taken in yet"):
        _ = free.seen
    with pytest.raises(ValueError, match="Nothing was taken in yet"):
        free.agreed(16.0)
