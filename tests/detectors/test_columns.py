"""Columns that are gone, or broken in half, by day; and what hides them or changes the light."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors.columns import ColumnWatch
from detectors.inspectors.lights import LightsInspector
from detectors.values import Asset, Image, LightState, Observation, Presence
from tests.detectors.fakes import noise
from tests.detectors.scenes import HEIGHT, LAMP_X, LAMPS, WALK, WIDTH, day, scene
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


def with_what_it_hid(picture: Image) -> Image:
    """The second lamp's column is gone, and a pale thing that it stood before shows, with edges of its own."""
    x, shown = LAMP_X[1], without(40, 200)(picture)
    shown[68:186, x - 3 : x + 4] = 180
    return shown


def painted(picture: Image) -> Image:
    shown = picture.copy()
    shown[68:186, LAMP_X[1] - 1 : LAMP_X[1] + 2] = 220
    return shown


def van(picture: Image) -> Image:
    parked = picture.copy()
    parked[90:200, LAMP_X[1] - 60 : LAMP_X[1] + 60] = 70
    return parked


def fog(picture: Image) -> Image:
    return np.asarray(picture * 0.35 + 120, np.uint8)


def lighter(picture: Image) -> Image:
    return np.clip(picture.astype(np.float32) * 1.3, 0, 255).astype(np.uint8)


def swayed(picture: Image, across: float) -> Image:
    moved = cv2.warpAffine(
        picture, np.array([[1.0, 0, across], [0, 1, 0]]), picture.shape[1::-1], borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(moved, np.uint8)


def as_it_is(picture: Image) -> Image:
    return picture


def said(
    change: Change, light: LightState = DAY, movers: tuple[Box, ...] = (), apart_s: float = 1.0,
    beside: Change = as_it_is, since: int = 0, sway: tuple[float, ...] = (0.0,),
) -> list[Presence]:  # fmt: skip
    """What five looks after the change come to, at each of the four lamps, with what stands beside them.

    Args:
        since: look from which the movers are there.
        sway: pixels by which the mast moves the view across, look after look.
    """
    watch, last = ColumnWatch(), list[Observation]()
    for look in range(10):
        picture = swayed(day(seed=look), sway[look % len(sway)])
        shown = beside(noise(change(picture), look, 1.0) if look >= 5 else picture)
        seen = scene(shown, look * apart_s, light)
        stance = [Observation("light_damaged", A, 0.9, lamp.id, lamp.kind, lamp.region.box) for lamp in LAMPS]
        last = watch.look(LAMPS, replace(seen, movers=list(movers) if look >= since else []), stance)
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
        pytest.param(with_what_it_hid, GONE, id="gone, and what it hid shows"),
        pytest.param(as_it_is, STANDS, id="as it was"),
        pytest.param(painted, STANDS, id="painted"),
        pytest.param(lighter, STANDS, id="the sun comes out"),
    ],
)
def test_a_column_that_is_gone_where_posts_stand_on(change: Change, expected: list[Presence]) -> None:
    assert said(change, beside=with_posts) == expected


SWAYING = (0.0, 1.5, -1.5, 0.7, -0.7, 2.0, -2.0)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(without(40, 200), GONE, id="gone"),
        pytest.param(without(40, 125), GONE, id="broken off"),
        pytest.param(as_it_is, STANDS, id="as it was"),
    ],
)
def test_a_column_seen_from_a_mast_that_sways(change: Change, expected: list[Presence]) -> None:
    assert said(change, sway=SWAYING) == expected


def cut_below(picture: Image) -> Image:
    """The picture of a camera that sees the lamps' upper part alone, at the same size."""
    return np.asarray(cv2.resize(picture[:140], picture.shape[1::-1], interpolation=cv2.INTER_AREA), np.uint8)


def watched(lamps: list[Asset], before: Callable[[int], Image], after: Callable[[int], Image]) -> set[str]:
    """The lamps that are told after five looks before and five after."""
    watch, told = ColumnWatch(), set[str]()
    for look in range(10):
        seen = scene(before(look) if look < 5 else noise(after(look), look, 1.0), look, DAY)
        stance = [Observation("light_damaged", A, 0.9, lamp.id, lamp.kind, lamp.region.box) for lamp in lamps]
        told = {o.asset_id or "" for o in watch.look(lamps, seen, stance) if o.presence is P}
    return told


def test_a_lamp_whose_foot_is_below_the_picture_can_be_gone() -> None:
    height = day().shape[0]
    lamps = [
        replace(lamp, region=Region.of([[x, min(1.0, y * height / 140)] for x, y in lamp.region.points]))
        for lamp in LAMPS
        if lamp.region is not None
    ]
    assert all(lamp.region is not None and lamp.region.box.y1 == 1.0 for lamp in lamps)
    without_one = without(40, 200)
    told = watched(lamps, lambda n: cut_below(day(seed=n)), lambda n: cut_below(without_one(day(seed=n))))
    assert told == {LAMPS[1].id}


def test_of_a_lamp_that_went_and_one_behind_it_the_nearer_is_told() -> None:
    behind = replace(LAMPS[1], id="behind", region=Region.rectangle(replace_foot(LAMPS[1], 0.8)))
    lamps = [*LAMPS, behind]
    without_one = without(40, 200)
    assert watched(lamps, lambda n: day(seed=n), lambda n: without_one(day(seed=n))) == {LAMPS[1].id}


def test_one_before_a_lamp_that_went_stands_where_its_own_column_shows() -> None:
    """The arm of the nearer one, pale before the sky, reaches over the head of the other."""
    points = ((180, 74), (180, 45), (244, 45), (256, 55), (256, 205), (244, 205))
    before = replace(LAMPS[1], id="before", region=Region.of([[x / WIDTH, y / HEIGHT] for x, y in points]))

    def shown(picture: Image) -> Image:
        return np.asarray(cv2.line(picture, (250, 90), (250, 205), (60, 60, 60), 2), np.uint8)

    without_one = without(40, 200)
    told = watched([*LAMPS, before], lambda n: shown(day(seed=n)), lambda n: shown(without_one(day(seed=n))))
    assert told == {LAMPS[1].id}


def with_globes(picture: Image, but: int | None = None) -> Image:
    """White globes on the lamps, and those of the next two of each row below them, within the outline."""
    lit = picture.copy()
    for x in LAMP_X:
        for y in (66, 98, 112):
            if (x, y) != (but, 66):
                cv2.circle(lit, (x, y), 6, (235, 235, 235), -1)
    return lit


@pytest.mark.parametrize("gone", [pytest.param(True, id="its head is gone"), pytest.param(False, id="as it was")])
def test_a_head_that_is_gone_before_the_heads_of_a_row(gone: bool) -> None:
    def after(n: int) -> Image:
        picture = day(seed=n)
        return with_globes(without(40, 125)(picture), LAMP_X[1]) if gone else with_globes(picture)

    assert watched(list(LAMPS), lambda n: with_globes(day(seed=n)), after) == ({LAMPS[1].id} if gone else set())


def replace_foot(lamp: Asset, share: float) -> Box:
    """A lamp's box, as high as a share of it."""
    assert lamp.region is not None
    box = lamp.region.box
    return Box(box.x0, box.y0, box.x1, box.y0 + share * box.height)


def test_nothing_is_said_by_night() -> None:
    assert said(without(40, 200), light=NIGHT) == STANDS


def before(top: float, bottom: float) -> tuple[Box, ...]:
    """Somebody or a car at the second lamp, as high in the picture; the lamp stands from 0.2 to 0.7."""
    return (Box.of((LAMP_X[1] / 480 - 0.03, top, LAMP_X[1] / 480 + 0.03, bottom)),)


@pytest.mark.parametrize(
    ("movers", "since", "expected"),
    [
        pytest.param(before(0.3, 0.8), 0, STANDS, id="before all of it"),
        pytest.param(before(0.55, 0.8), 0, GONE, id="before its lower half: the upper one is seen"),
        pytest.param(before(0.3, 0.6), 0, GONE, id="behind it, as when it was learnt"),
        pytest.param(before(0.3, 0.6), 5, STANDS, id="behind it, but not there before: as dark, perhaps"),
        pytest.param(before(0.3, 0.69), 0, STANDS, id="beside its foot"),
    ],
)
def test_a_column_where_somebody_is(movers: tuple[Box, ...], since: int, expected: list[Presence]) -> None:
    assert said(without(40, 125), movers=movers, since=since) == expected


def test_a_column_seen_long_ago_is_learnt_anew() -> None:
    assert said(without(40, 200), apart_s=1000.0) == STANDS


def test_it_is_a_damaged_light() -> None:
    inspector, last = LightsInspector(WALK), list[Observation]()
    for look in range(10):
        picture = day(seed=look)
        last = inspector.look(scene(without(40, 200)(picture) if look >= 5 else picture, look, DAY))
    assert verdicts(last, "light_damaged")[1] is P
