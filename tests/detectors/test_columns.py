"""Columns that are gone, or broken in half, by day; and what hides them or changes the light."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from detectors.geometry import Box
from detectors.inspectors.columns import ColumnWatch
from detectors.inspectors.lights import LightsInspector
from detectors.values import Image, LightState, Observation, Presence
from tests.detectors.fakes import noise
from tests.detectors.scenes import LAMP_X, LAMPS, WALK, day, scene
from tests.detectors.test_lights import verdicts

P, A, U = Presence.PRESENT, Presence.ABSENT, Presence.UNKNOWN
DAY, NIGHT = LightState.DAY, LightState.NIGHT
Change = Callable[[Image], Image]


def without(top: int, bottom: int) -> Change:
    """The second lamp, or a part of it, is no longer there: what was behind it shows."""

    def change(picture: Image) -> Image:
        x, shown = LAMP_X[1], picture.copy()
        shown[top:bottom, x - 14 : x + 14] = picture[top:bottom, x + 16 : x + 44]
        return shown

    return change


def with_posts(picture: Image) -> Image:
    """Thin posts stand behind each lamp, inside its outline and round it."""
    fenced = picture.copy()
    for x in LAMP_X:
        for post in (-14, -9, -6, 6, 9, 14):
            fenced[40:200, x + post : x + post + 2] = 40
    return fenced


def van(picture: Image) -> Image:
    parked = picture.copy()
    parked[90:200, LAMP_X[1] - 60 : LAMP_X[1] + 60] = 70
    return parked


def fog(picture: Image) -> Image:
    return np.asarray(picture * 0.35 + 120, np.uint8)


def lighter(picture: Image) -> Image:
    return np.clip(picture.astype(np.float32) * 1.3, 0, 255).astype(np.uint8)


def as_it_is(picture: Image) -> Image:
    return picture


def said(
    change: Change, light: LightState = DAY, movers: tuple[Box, ...] = (), apart_s: float = 1.0,
    beside: Change = as_it_is,
) -> list[Presence]:  # fmt: skip
    """What five looks after the change come to, at each of the four lamps, with what stands beside them."""
    watch, last = ColumnWatch(), list[Observation]()
    for look in range(10):
        picture = day(seed=look)
        shown = beside(noise(change(picture), look, 1.0) if look >= 5 else picture)
        seen = scene(shown, look * apart_s, light)
        stance = [Observation("light_damaged", A, 0.9, lamp.id, lamp.kind, lamp.region.box) for lamp in LAMPS]
        last = watch.look(LAMPS, replace(seen, movers=list(movers)), stance)
    return verdicts(last, "light_damaged")


GONE, STANDS = [A, P, A, A], [A, A, A, A]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(without(40, 200), GONE, id="gone"),
        pytest.param(without(40, 125), GONE, id="broken off"),
        pytest.param(as_it_is, STANDS, id="as it was"),
        pytest.param(van, STANDS, id="a van parks there"),
        pytest.param(fog, STANDS, id="fog"),
        pytest.param(lighter, STANDS, id="the sun comes out"),
    ],
)
def test_a_column_that_is_gone(change: Change, expected: list[Presence]) -> None:
    assert said(change) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(without(40, 200), GONE, id="gone"),
        pytest.param(without(40, 125), GONE, id="broken off"),
        pytest.param(as_it_is, STANDS, id="as it was"),
        pytest.param(lighter, STANDS, id="the sun comes out"),
    ],
)
def test_a_column_that_is_gone_where_posts_stand_on(change: Change, expected: list[Presence]) -> None:
    assert said(change, beside=with_posts) == expected


def test_nothing_is_said_by_night_or_of_what_somebody_stands_before() -> None:
    assert said(without(40, 200), light=NIGHT) == STANDS
    before = Box.of((LAMP_X[1] / 480 - 0.03, 0.3, LAMP_X[1] / 480 + 0.03, 0.8))
    assert said(without(40, 200), movers=(before,)) == STANDS


def test_a_column_seen_long_ago_is_learnt_anew() -> None:
    assert said(without(40, 200), apart_s=1000.0) == STANDS


def test_it_is_a_damaged_light() -> None:
    inspector, last = LightsInspector(WALK), list[Observation]()
    for look in range(10):
        picture = day(seed=look)
        last = inspector.look(scene(without(40, 200)(picture) if look >= 5 else picture, look, DAY))
    assert verdicts(last, "light_damaged")[1] is P
