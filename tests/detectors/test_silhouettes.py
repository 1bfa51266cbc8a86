"""Columns that are snapped or gone by night: dark lines before what is lit; and lamps that are only out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from detectors.geometry import Box
from detectors.inspectors.lights import LightsInspector
from detectors.inspectors.silhouettes import SilhouetteWatch
from detectors.values import Image, LightState, Observation, Presence
from tests.detectors.fakes import noise
from tests.detectors.scenes import HEIGHT, LAMP_X, LAMPS, WALK, WIDTH, scene
from tests.detectors.test_lights import verdicts

P, A = Presence.PRESENT, Presence.ABSENT
DAY, NIGHT = LightState.DAY, LightState.NIGHT
TOP, MIDDLE, FOOT = 54, 118, 189
Change = Callable[[Image], Image]


def lit_walk() -> Image:
    """What lies behind the lamps: paving that other lamps light, of slabs lighter and darker."""
    slabs = np.random.default_rng(3).integers(80, 130, (HEIGHT // 9 + 1, WIDTH // 9 + 1)).astype(np.uint8)
    walk = cv2.resize(slabs, None, fx=9, fy=9, interpolation=cv2.INTER_NEAREST)[:HEIGHT, :WIDTH]
    return np.asarray(cv2.cvtColor(walk, cv2.COLOR_GRAY2BGR), np.uint8)


def street(
    stands: Callable[[int], tuple[int, int]] = lambda _: (TOP, FOOT), lit: tuple[int, ...] = (1, 2, 3, 4)
) -> Image:
    """Four lamps before the walk.

    Args:
        stands: rows between which the column of a lamp, by its number from 1, is there.
        lit: the numbers of those that burn.
    """
    picture = lit_walk()
    for number, x in enumerate(LAMP_X, 1):
        top, foot = stands(number)
        cv2.line(picture, (x, top), (x, foot), (14, 14, 14), 3)
        if top == TOP:
            cv2.circle(picture, (x, TOP + 6), 6, (250, 252, 255) if number in lit else (20, 20, 20), -1)
    return picture


def only_second(top: int, foot: int) -> Callable[[int], tuple[int, int]]:
    return lambda number: (top, foot) if number == 2 else (TOP, FOOT)


def snapped(_: Image) -> Image:
    return street(only_second(MIDDLE, FOOT))


def gone(_: Image) -> Image:
    return street(only_second(FOOT - 3, FOOT))


def out(_: Image) -> Image:
    """It burns no more: its column stays, the walk beside it is darker."""
    return dimmed(street(lit=(1, 3, 4)))


def dimmed(picture: Image) -> Image:
    glow = np.zeros((HEIGHT, WIDTH), np.float32)
    cv2.circle(glow, (LAMP_X[1], 120), 60, 0.55, -1)
    return np.asarray(picture * (1 - cv2.GaussianBlur(glow, (0, 0), 15)[..., None]), np.uint8)


def van(picture: Image) -> Image:
    parked = picture.copy()
    parked[40:200, LAMP_X[1] - 60 : LAMP_X[1] + 60] = 150
    return parked


def dark_behind(picture: Image) -> Image:
    """A lamp far behind the second one went out: what its column was dark before is as dark."""
    dark = picture.copy()
    x = LAMP_X[1]
    dark[TOP + 14 : FOOT, x - 9 : x + 10] = 14
    return dark


def shone_on(picture: Image) -> Image:
    """A lamp beside the second one came on and lights its column."""
    lit = picture.copy()
    cv2.line(lit, (LAMP_X[1], TOP + 13), (LAMP_X[1], FOOT), (230, 230, 230), 3)
    return lit


def as_it_is(picture: Image) -> Image:
    return picture


def said(
    change: Change, light: LightState = NIGHT, movers: tuple[Box, ...] = (), bright: float = 1.0
) -> list[Presence]:
    """What four looks after the change come to, at each of the four lamps; all of it so bright."""
    watch, last = SilhouetteWatch(), list[Observation]()
    for look in range(8):
        picture = change(street()) if look >= 4 else street()
        shown = noise(np.asarray(picture * bright, np.uint8), look, 3.0 * bright)
        seen = replace(scene(shown, float(look), light), movers=list(movers))
        stance = [Observation("light_damaged", A, 0.9, lamp.id, lamp.kind, lamp.region.box) for lamp in LAMPS]
        last = watch.look(LAMPS, seen, stance)
    return verdicts(last, "light_damaged")


GONE, STANDS = [A, P, A, A], [A, A, A, A]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(snapped, GONE, id="snapped"),
        pytest.param(gone, GONE, id="gone"),
        pytest.param(lambda p: dimmed(snapped(p)), GONE, id="snapped, and its light with it"),
        pytest.param(out, STANDS, id="out"),
        pytest.param(as_it_is, STANDS, id="as it was"),
        pytest.param(dark_behind, STANDS, id="the light behind it goes out"),
        pytest.param(van, STANDS, id="a van parks there"),
        pytest.param(shone_on, STANDS, id="another lamp lights its column"),
    ],
)
def test_a_column_by_night(change: Change, expected: list[Presence]) -> None:
    assert said(change) == expected


def test_nothing_is_said_by_day_or_of_what_somebody_stands_before() -> None:
    assert said(snapped, light=DAY) == STANDS
    before = Box.of((LAMP_X[1] / WIDTH - 0.03, 0.3, LAMP_X[1] / WIDTH + 0.03, 0.8))
    assert said(snapped, movers=(before,)) == STANDS


def test_a_column_whose_background_darkens_as_the_evening_falls_stands() -> None:
    watch, last = SilhouetteWatch(), list[Observation]()
    for look in range(10):
        evening = np.asarray(street() * (1.0 - 0.085 * look), np.int16)
        evening[TOP + 13 : FOOT, LAMP_X[1] - 1 : LAMP_X[1] + 2] = 14 + 4 * look  # its own lamp comes to light it
        seen = scene(noise(np.asarray(evening.clip(0, 255), np.uint8), look, 1.0), 600.0 * look, NIGHT)
        stance = [Observation("light_damaged", A, 0.9, lamp.id, lamp.kind, lamp.region.box) for lamp in LAMPS]
        last = watch.look(LAMPS, seen, stance)
        assert verdicts(last, "light_damaged") == STANDS, look


def test_a_column_that_goes_down_look_by_look_within_seconds_is_gone() -> None:
    watch, last = SilhouetteWatch(), list[Observation]()
    for look in range(14):
        top = min(MIDDLE, TOP + 7 * max(0, look - 3))
        seen = scene(noise(street(only_second(top, FOOT)), look, 3.0), float(look), NIGHT)
        stance = [Observation("light_damaged", A, 0.9, lamp.id, lamp.kind, lamp.region.box) for lamp in LAMPS]
        last = watch.look(LAMPS, seen, stance)
    assert verdicts(last, "light_damaged") == GONE


def test_nothing_is_said_where_nothing_is_lit() -> None:
    assert said(snapped, bright=0.2) == STANDS


def test_a_snapped_lamp_is_a_damaged_light_and_none_that_is_out() -> None:
    inspector, last = LightsInspector(WALK), list[Observation]()
    for look in range(8):
        picture = dimmed(street(only_second(MIDDLE, FOOT), (1, 3, 4))) if look >= 4 else street()
        last = inspector.look(scene(noise(picture, look, 3.0), float(look), NIGHT))
    assert verdicts(last, "light_damaged")[1] is P
    assert verdicts(last, "light_out")[1] is not P
