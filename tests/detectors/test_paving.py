"""What a place shows against the paving round it: things, stains and shade."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.claims import ON_PATH
from detectors.inspectors.paths import PathsInspector
from detectors.inspectors.paving import STAIN_SHARE, is_black, is_lit, is_shade, is_white_on_green, stands_out, surer
from detectors.values import Detections, Image, LightState, Presence
from tests.detectors.fakes import frame
from tests.detectors.scenes import WALK

PLACE = Box(0.44, 0.6, 0.58, 0.76)
COLUMNS, ROWS = (216, 274), (165, 202)


@pytest.fixture(autouse=True)
def nothing_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn blocks look like things; what the judge of them tells is tried in test_standing."""
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_standing", lambda *_: 0.0)


def paved() -> Image:
    grain = np.random.default_rng(4).normal((150, 152, 155), 4, (270, 480, 3))
    return grain.clip(0, 255).astype(np.uint8)


def drawn(colour: tuple[int, int, int]) -> Image:
    picture = paved()
    cv2.rectangle(picture, (COLUMNS[0], ROWS[0]), (COLUMNS[1], ROWS[1]), colour, -1)
    return picture


def shaded(share: float) -> Image:
    """A soft-edged place where the paving only has less light."""
    light = np.ones((270, 480), np.float32)
    light[ROWS[0] - 3 : ROWS[1] + 3, COLUMNS[0] - 3 : COLUMNS[1] + 3] = share
    return (paved() * cv2.GaussianBlur(light, (0, 0), 1.5)[..., None]).astype(np.uint8)


@pytest.mark.parametrize(
    ("picture", "thing"),
    [
        pytest.param(drawn((20, 20, 22)), True, id="black"),
        pytest.param(drawn((230, 232, 235)), True, id="white"),
        pytest.param(drawn((60, 70, 170)), True, id="red"),
        pytest.param(drawn((105, 107, 110)), False, id="a grey stain"),
        pytest.param(shaded(0.6), False, id="shade"),
        pytest.param(paved(), False, id="nothing"),
    ],
)
def test_a_thing_is_what_no_stain_can_be(picture: Image, thing: bool) -> None:
    share = stands_out(picture, PLACE)
    assert share is not None
    assert (share > 0.5) is thing
    assert (surer(0.4, picture, PLACE) > 0.4) is thing
    assert (surer(0.4, picture, PLACE) == STAIN_SHARE * 0.4) is not thing


def test_a_faint_guess_is_not_raised_by_the_picture() -> None:
    assert surer(0.2, drawn((20, 20, 22)), PLACE) == 0.2


def test_where_the_paving_is_hidden_nothing_stands_out() -> None:
    assert stands_out(drawn((20, 20, 22)), PLACE, [Box(0, 0, 1, 1)]) is None


@pytest.mark.parametrize(
    ("picture", "shade"),
    [
        pytest.param(shaded(0.65), True, id="the shade of a tree"),
        pytest.param(drawn((20, 20, 22)), False, id="too dark"),
        pytest.param(drawn((60, 90, 120)), False, id="brown"),
        pytest.param(paved(), False, id="paving"),
    ],
)
def test_shade_is_even_soft_and_colourless(picture: Image, shade: bool) -> None:
    assert is_shade(picture, PLACE) is shade


def on_grass(*colours: tuple[int, int, int]) -> Image:
    """A lawn with flat pieces of these colours side by side in the place."""
    grain = np.random.default_rng(4).normal((35, 75, 60), 4, (270, 480, 3))
    picture = grain.clip(0, 255).astype(np.uint8)
    for n, colour in enumerate(colours):
        cv2.rectangle(picture, (COLUMNS[0] + 16 * n, ROWS[0] + 6), (COLUMNS[0] + 16 * n + 11, ROWS[1] - 12), colour, -1)
    return picture


@pytest.mark.parametrize(
    ("picture", "white"),
    [
        pytest.param(on_grass((215, 220, 220)), True, id="paper"),
        pytest.param(on_grass((215, 220, 220), (40, 60, 150), (20, 20, 20)), True, id="a bag among other things"),
        pytest.param(on_grass((75, 170, 140)), False, id="sun on grass"),
        pytest.param(on_grass((30, 150, 220)), False, id="autumn leaves"),
        pytest.param(on_grass((85, 88, 90)), False, id="a grey stone"),
        pytest.param(on_grass(), False, id="grass"),
        pytest.param(drawn((240, 240, 240)), False, id="white on grey paving"),
    ],
)
def test_what_is_white_on_green(picture: Image, white: bool) -> None:
    assert is_white_on_green(picture, PLACE) is white


@pytest.mark.parametrize(
    ("picture", "score", "said"),
    [
        pytest.param(shaded(0.65), 0.6, set(), id="shade that looks a little like water"),
        pytest.param(shaded(0.65), 0.7, {"path_flooded"}, id="surely water"),
        pytest.param(drawn((40, 38, 36)), 0.6, {"path_flooded"}, id="dark water"),
    ],
)
def test_shade_is_no_water(picture: Image, score: float, said: set[str]) -> None:
    found = Detections.of([("puddle", score, PLACE.as_list())])
    seen = PathsInspector(WALK).look(Scene(frame(picture, 0), LightState.DAY, found, WALK, []))
    assert {o.issue for o in seen if o.presence is Presence.PRESENT} == said


@pytest.mark.parametrize(
    ("picture", "told"),
    [
        pytest.param(shaded(0.65), False, id="the shadow of a lantern's head"),
        pytest.param(drawn((20, 20, 22)), True, id="a black bag"),
        pytest.param(drawn((60, 90, 120)), True, id="a brown one"),
    ],
)
def test_shade_is_no_litter(picture: Image, told: bool) -> None:
    found = Detections.of([("litter", 0.85, PLACE.as_list())])
    seen = PathsInspector(WALK).look(Scene(frame(picture, 0), LightState.DAY, found, WALK, []))
    assert any(o.issue == "litter" and o.presence is Presence.PRESENT for o in seen) is told


@pytest.mark.parametrize(
    ("picture", "light", "said"),
    [
        pytest.param(shaded(1.5), LightState.NIGHT, set(), id="lamplight between shadows"),
        pytest.param(shaded(1.5), LightState.DAY, {"path_damaged"}, id="a pale hole by day"),
        pytest.param(drawn((60, 62, 65)), LightState.NIGHT, {"path_damaged"}, id="a dark hole by night"),
        pytest.param(paved(), LightState.NIGHT, {"path_damaged"}, id="as light as the paving by night"),
    ],
)
def test_by_night_light_is_no_hole(
    picture: Image, light: LightState, said: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_damage", lambda *_: 0.5)
    found = Detections.of([("pothole", 0.8, PLACE.as_list())])
    seen = PathsInspector(WALK).look(Scene(frame(picture, 0), light, found, WALK, []))
    assert {o.issue for o in seen if o.presence is Presence.PRESENT} == said


@pytest.mark.parametrize(
    ("level", "told"),
    [pytest.param(5, False, id="black: nobody can tell"), pytest.param(20, True, id="faintly lit")],
)
@pytest.mark.parametrize("name", ["pothole", "puddle"])
def test_where_no_light_falls_nothing_is_told(
    name: str, level: int, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_damage", lambda *_: 0.97 if name == "pothole" else 0.1)
    picture = paved()
    x0, y0, x1, y1 = PLACE.pixels(picture.shape[1], picture.shape[0])
    picture[y0:y1, x0:x1] = level
    found = Detections.of([(name, 0.9, PLACE.as_list())])
    seen = PathsInspector(WALK).look(Scene(frame(picture, 0), LightState.NIGHT, found, WALK, []))
    assert any(o.issue == ON_PATH[name] and o.presence is Presence.PRESENT for o in seen) is told


def test_a_place_of_no_extent_is_neither_lit_nor_black() -> None:
    assert not is_black(shaded(1.5), Box(0.5, 0.65, 0.5, 0.65))
    assert not is_lit(shaded(1.5), Box(0.5, 0.65, 0.5, 0.65))


@pytest.mark.parametrize(
    ("paths", "told"),
    [
        pytest.param([], False, id="against lawn and paving alike"),
        pytest.param([Region.rectangle(Box(0.42, 0.0, 1.0, 1.0))], True, id="against the paving of the path"),
        pytest.param([Region.rectangle(Box(0.0, 0.0, 0.05, 0.05))], False, id="where hardly any path is"),
    ],
)
def test_what_lies_on_a_path_is_compared_with_its_paving_alone(paths: list[Region], told: bool) -> None:
    picture = drawn((40, 110, 60))
    picture[:, : round(0.42 * picture.shape[1])] = (45, 115, 70)
    share = stands_out(picture, PLACE, (), paths)
    assert (share is not None and share >= 0.1) is told
