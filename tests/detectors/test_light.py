"""Light state from pixels with the sun as prior."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import cv2
import pytest

from detectors.light import Level, LightMeter, judge, measure, sun_elevation
from detectors.values import Image, LightState
from tests.detectors.fakes import START, scenery

D, T, N = LightState.DAY, LightState.TWILIGHT, LightState.NIGHT


@pytest.mark.parametrize(
    ("ground", "sky", "sun", "state"),
    [
        pytest.param(90, 180, 40, D, id="plain day"),
        pytest.param(6, 10, -30, N, id="plain night"),
        pytest.param(24, 60, None, T, id="between, place unknown"),
        pytest.param(90, 180, -30, D, id="a wrong clock cannot turn day into night"),
        pytest.param(90, 110, -30, T, id="unless no bright sky is seen: lamps may light a night so much"),
        pytest.param(90, 110, None, D, id="place unknown"),
        pytest.param(6, 10, 40, N, id="nor night into day"),
        pytest.param(35, 60, -30, N, id="a well lit square at night"),
        pytest.param(16, 60, 40, D, id="a dark corner at noon"),
        pytest.param(38, 90, 2, D, id="low sun, pixels decide"),
        pytest.param(24, 60, -3, T, id="dusk"),
        pytest.param(42, 100, -3, T, id="bright dusk: the sun is down"),
        pytest.param(13, 151, None, D, id="a dark street under a bright sky, place unknown"),
        pytest.param(5, 160, 40, D, id="a black street under a bright sky"),
        pytest.param(13, 151, -30, N, id="fog glowing over lamps at night"),
    ],
)
def test_pixels_decide_and_the_sun_tips_the_balance(
    ground: float, sky: float, sun: float | None, state: LightState
) -> None:
    assert judge(Level(ground, sky), sun) is state


def barred(picture: Image, above: int = 0, below: int = 0, beside: int = 0) -> Image:
    bars = picture.copy()
    bars[:above] = 0
    bars[len(picture) - below :] = 0
    bars[:, :beside] = 0
    bars[:, picture.shape[1] - beside :] = 0
    cv2.putText(bars, "Camera 01", (8, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (255, 255, 255))
    return bars


@pytest.mark.parametrize(
    ("picture", "state"),
    [
        pytest.param(barred(scenery(90), above=30, below=30), D, id="bars above and below"),
        pytest.param(barred(scenery(90), beside=50), D, id="bars at its sides"),
        pytest.param(barred(scenery(9), above=30, below=30), N, id="bars round a night"),
        pytest.param(barred(scenery(22), above=60), N, id="a black sky is no bar"),
        pytest.param(barred(scenery(0)), N, id="all black"),
    ],
)
def test_black_bars_do_not_turn_day_into_night(picture: Image, state: LightState) -> None:
    assert judge(measure(picture), None) is state


def test_the_sun_stands_where_the_almanac_says() -> None:
    noon_in_shanghai = datetime(2026, 6, 21, 3, 56, tzinfo=UTC)
    assert sun_elevation(noon_in_shanghai, 31.23, 121.47) == pytest.approx(82.2, abs=0.5)


def test_a_passing_flash_does_not_change_the_light_state() -> None:
    meter = LightMeter()
    levels = [90, 90, 5, 90, 5, 5, 5]
    states = [meter.look(scenery(v), START + timedelta(seconds=i)) for i, v in enumerate(levels)]
    assert states == [D, D, D, D, D, D, N]


def test_in_a_time_lapse_one_look_changes_the_light_state() -> None:
    meter = LightMeter()
    states = [meter.look(scenery(v), START + timedelta(minutes=20 * i)) for i, v in enumerate([90, 5, 5, 90])]
    assert states == [D, N, N, D]
