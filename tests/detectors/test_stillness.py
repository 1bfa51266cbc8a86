"""Frozen streams and quiet ones: the same picture for a moment is a fault only where the picture always stirs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from detectors.health.stillness import Stillness

Grey = NDArray[np.float32]
Stream = Callable[[int], Grey]

VIEW = np.random.default_rng(1).uniform(20, 200, (270, 480)).astype(np.float32)


def noisy(second: int) -> Grey:
    return (VIEW + np.random.default_rng(second).normal(0, 2, VIEW.shape)).astype(np.float32)


def quiet(second: int) -> Grey:
    """A stream of few bits: every block is skipped."""
    return VIEW.copy()


def with_clock(second: int) -> Grey:
    drawn = VIEW.copy()
    drawn[4:14, 10 + 8 * (second % 6) : 18 + 8 * (second % 6)] = 255
    return drawn


def with_key_frames(second: int) -> Grey:
    """A picture that stands, but that every fourth second is compressed anew."""
    return noisy(second // 4) if second % 4 == 0 else VIEW.copy()


def walked_through(second: int) -> Grey:
    """Somebody walks by, and every block beside them is skipped."""
    drawn = VIEW.copy()
    drawn[100:220, 12 * second % 400 : 12 * second % 400 + 50] = 30
    return drawn


def told(*parts: tuple[Stream, int]) -> list[bool | None]:
    stillness, said, second = Stillness(), [], 0
    for stream, seconds in parts:
        for _ in range(seconds):
            said.append(stillness.look(stream(second), float(second)))
            second += 1
    return said


@pytest.mark.parametrize(
    ("parts", "frozen_from"),
    [
        pytest.param([(noisy, 8), (quiet, 6)], 9, id="a stream that always stirs stands"),
        pytest.param([(noisy, 8), (with_clock, 6)], 9, id="and its clock runs on"),
        pytest.param([(quiet, 20)], 9, id="it stands from the start, for long"),
        pytest.param([(quiet, 6)], None, id="it stands from the start, for a moment"),
        pytest.param([(with_clock, 40)], None, id="a quiet night: only the clock runs"),
        pytest.param([(with_clock, 70)], 61, id="only the clock runs, for a minute"),
        pytest.param([(walked_through, 8), (quiet, 6)], None, id="somebody passed a quiet view"),
        pytest.param([(walked_through, 8), (quiet, 15)], 17, id="nothing stirs after somebody passed, for long"),
        pytest.param([(noisy, 30)], None, id="a healthy stream"),
    ],
)
def test_a_frozen_stream_is_told_from_a_quiet_one(parts: list[tuple[Stream, int]], frozen_from: int | None) -> None:
    said = told(*parts)
    assert (said.index(True) if True in said else None) == frozen_from


def test_a_camera_that_was_quiet_before_may_be_quiet_for_longer() -> None:
    said = told((walked_through, 4), (quiet, 7), (walked_through, 4), (quiet, 12))
    assert True not in said
    assert True in told((walked_through, 4), (quiet, 7), (walked_through, 4), (quiet, 20))


def test_a_stream_that_thaws_is_no_quiet_one() -> None:
    said = told((noisy, 8), (quiet, 60), (noisy, 4), (quiet, 4))
    assert said[-3:] == [True] * 3


def test_a_frozen_stream_stays_so_at_a_key_frame_and_ends_when_it_goes_on_stirring() -> None:
    assert told((noisy, 8), (quiet, 2), (with_key_frames, 12))[9:] == [True] * 13
    assert told((noisy, 8), (quiet, 6), (noisy, 3))[-3:] == [True, False, False]


def test_a_stream_that_stalls_for_two_seconds_and_goes_on_is_not_told_at_three_looks() -> None:
    assert told((noisy, 8), (quiet, 3), (noisy, 3))[8:] == [False, True, True, None, False, False]


def test_by_another_light_another_unrest_is_usual() -> None:
    stillness = Stillness()
    for second in range(8):
        stillness.look(noisy(second), float(second))
    stillness.forget()
    said = [stillness.look(quiet(second), float(second)) for second in range(8, 14)]
    assert True not in said
