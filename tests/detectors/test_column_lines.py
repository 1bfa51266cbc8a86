"""Upright lines in a lamp's place: what they tell of a box, and of a column that was there."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors.arms import ArmSides, is_boxed_arm
from detectors.inspectors.column_lines import LIGHT, STANDS, column_at
from detectors.inspectors.crops import foot_of, head_box
from detectors.inspectors.lost_columns import LostColumns
from detectors.values import Asset, Image, LightState, Presence, View
from tests.detectors.fakes import noise
from tests.detectors.scenes import HEIGHT, LAMPS, WALK, WIDTH, day, night, scene, verdicts
from tests.detectors.test_emptied import bare, standing

DAY, NIGHT = LightState.DAY, LightState.NIGHT
P, A = Presence.PRESENT, Presence.ABSENT
FEET = (120, 240, 360)


def row(*arms: int) -> tuple[Image, list[Asset]]:
    """Lamps on arms that reach so many px to the right of their columns, to the left if negative; and their boxes."""
    picture, lamps = np.full((HEIGHT, WIDTH, 3), 130, np.uint8), []
    for number, (x, arm) in enumerate(zip(FEET, arms, strict=False), 1):
        if arm:
            cv2.line(picture, (x, 60), (x, 200), (50, 50, 50), 3)
            cv2.line(picture, (x, 60), (x + arm, 60), (50, 50, 50), 3)
        reach = arm or -40
        left, right = sorted((x + (2 if reach < 0 else -2), x + reach))
        box = Box(left / WIDTH, 58 / HEIGHT, right / WIDTH, 201 / HEIGHT)
        lamps.append(Asset(f"L-{number}", "street_light", Region.rectangle(box)))
    return noise(picture, 1, 2.0), lamps


def outlined(picture: Image, lamps: list[Asset]) -> dict[str, Region]:
    seen = replace(scene(picture, 0.0, DAY), view=View("row", tuple(lamps)))
    return {a.id: a.region for a in ArmSides().outlined(seen).view.assets if a.region is not None}


@pytest.mark.parametrize(
    ("arms", "sides"),
    [
        pytest.param((-40, -40, -40), "RRR", id="columns at the right, arms to the left"),
        pytest.param((40, 40, 40), "LLL", id="columns at the left"),
        pytest.param((40, -40, 40), "LRL", id="on both sides of a street"),
        pytest.param((-40, 0, -40), "RRR", id="one is gone: it stood as the others of its row do"),
        pytest.param((0, 40), "LL", id="one is gone, and one other tells its side"),
    ],
)
def test_a_box_becomes_an_outline_with_its_column_under_one_end_of_its_arm(arms: tuple[int, ...], sides: str) -> None:
    picture, lamps = row(*arms)
    regions = outlined(picture, lamps)
    for lamp, side in zip(lamps, sides, strict=True):
        assert lamp.region is not None
        box, region = lamp.region.box, regions[lamp.id]
        foot, head = foot_of(region)[0], head_box(region).centre[0]
        assert region.box == box
        assert foot > box.centre[0] > head if side == "R" else foot < box.centre[0] < head


def test_an_outline_that_is_none_of_a_box_stays_as_it_is() -> None:
    picture, lamps = row(-40, -40, -40)
    assert lamps[0].region is not None
    own = lamps[0].region.box
    drawn = Region.of([[own.x0, own.y0], [own.x1, own.y0], [own.x1, own.y1]])
    assert outlined(picture, [replace(lamps[0], region=drawn), *lamps[1:]])["L-1"] == drawn
    assert outlined(day(), list(LAMPS)) == {a.id: a.region for a in LAMPS}, "a slender box holds no arm"


@pytest.mark.parametrize(
    ("lower", "arm"),
    [
        pytest.param(0.95, True, id="whole"),
        pytest.param(0.99, False, id="the lower edge cuts it: a lantern's head alone is as wide"),
    ],
)
def test_of_what_the_lower_edge_cuts_nobody_knows_whether_it_holds_an_arm(lower: float, arm: bool) -> None:
    region = Region.rectangle(Box(0.4, lower - 0.2, 0.45, lower))
    assert is_boxed_arm(region, scene(day(), 0.0, DAY)) is arm


def test_a_column_shows_where_it_stands_and_in_light() -> None:
    region = LAMPS[1].region
    assert region is not None
    assert column_at(day(), region).shows >= STANDS > 0.5 > column_at(bare(day()), region).shows
    assert column_at(day(), region).light >= LIGHT > column_at(night((False,) * 4), region).light


def leaning(picture: Image) -> Image:
    shown = bare(picture)
    cv2.line(shown, (200, 185), (235, 65), (60, 60, 60), 2)
    return shown


def dark(picture: Image) -> Image:
    return np.asarray(picture * 0.15, np.uint8)


def dim(picture: Image) -> Image:
    return np.asarray(picture * 0.6, np.uint8)


def foggy(picture: Image) -> Image:
    return np.asarray(205 + picture * 0.03, np.uint8)


@pytest.mark.parametrize(
    ("change", "second"),
    [
        pytest.param(bare, P, id="gone"),
        pytest.param(leaning, P, id="leans"),
        pytest.param(np.copy, A, id="stands"),
        pytest.param(foggy, A, id="fog hides them all"),
        pytest.param(dark, A, id="it grew dark"),
        pytest.param(lambda picture: dark(bare(picture)), A, id="gone in the dark: nobody can tell"),
        pytest.param(lambda picture: dim(bare(picture)), A, id="not seen in little more than half the light: dusk"),
    ],
)
@pytest.mark.parametrize("light", [DAY, NIGHT])
def test_a_column_that_showed_and_shows_no_more(change, second: Presence, light: LightState) -> None:  # type: ignore[no-untyped-def]
    watch, told = LostColumns(), standing()
    for number in range(6):
        picture = day(seed=number)
        told = watch.look(LAMPS, scene(change(picture) if number >= 3 else picture, number, light), standing())
    assert verdicts(told, "light_damaged") == [A, second, A, A]
    assert watch.is_lost("L-2") is (second is P)


def test_a_clean_picture_tells_from_the_first_look_which_column_showed() -> None:
    seen = scene(bare(day()), 0.0, DAY)
    assert verdicts(LostColumns().look(LAMPS, seen, standing()), "light_damaged") == [A] * 4
    seen = replace(seen, view=replace(WALK, references={DAY: day(seed=9)}))
    assert verdicts(LostColumns().look(LAMPS, seen, standing()), "light_damaged") == [A, P, A, A]
