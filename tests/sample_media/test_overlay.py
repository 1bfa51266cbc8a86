"""Who walks or drives is laid over a picture as the scene would show them."""

import numpy as np
import pytest

from sample_media.studio.overlay import Around, lay_over

SHAPE = (40, 60)
FIGURE = np.s_[10:30, 20:40]
GREY = 0.3


def _laid(
    depth: np.ndarray, ground: np.ndarray, around: float = GREY, lit: bool = False, mirror: float = 0.0
) -> np.ndarray:
    """A white figure 10 m off, over a grey picture; what surrounds it in its own rendering has a brightness."""
    picture = np.full((*SHAPE, 3), GREY, np.float32)
    outline = np.zeros(SHAPE, np.float32)
    outline[FIGURE] = 1.0
    body = np.full((*SHAPE, 4), around, np.float32)
    body[..., 3] = outline
    body[FIGURE] = (1.0, 1.0, 1.0, 1.0)
    plate = picture.copy()
    record = {"window": [0, 0, 60, 40], "feet": [30.0, 30.0], "lit": lit}
    nowhere = np.zeros(SHAPE, bool)
    into = Around(depth, nowhere, ground, np.full(SHAPE, mirror))
    lay_over(picture, (body, 10.0 * outline), plate, plate, into, record)
    return picture


ALL_GROUND, NO_GROUND = np.ones(SHAPE, np.float32), np.zeros(SHAPE, np.float32)


@pytest.mark.parametrize(
    ("depth", "seen"),
    [
        pytest.param(50.0, True, id="far"),
        pytest.param(10.1, True, id="its own ground"),
        pytest.param(5.0, False, id="near"),
    ],
)
def test_figure_is_hidden_by_what_is_nearer_alone(depth: float, seen: bool) -> None:
    picture = _laid(np.full(SHAPE, depth, np.float32), ALL_GROUND)
    assert (picture[FIGURE].mean() > 0.8) == seen


def test_figure_is_hidden_pixel_by_pixel() -> None:
    depth = np.full(SHAPE, 50.0, np.float32)
    depth[:, :30] = 4.0
    picture = _laid(depth, ALL_GROUND)
    assert picture[15:25, 22:28].mean() == pytest.approx(GREY, abs=0.02)
    assert picture[15:25, 32:38].mean() > 0.8


@pytest.mark.parametrize(
    ("ground", "darker"), [pytest.param(ALL_GROUND, True, id="ground"), pytest.param(NO_GROUND, False, id="a car")]
)
def test_shadow_falls_on_ground_alone(ground: np.ndarray, darker: bool) -> None:
    picture = _laid(np.full(SHAPE, 50.0, np.float32), ground, around=0.1)
    assert (picture[18:22, 8:14].mean() < GREY - 0.05) == darker


@pytest.mark.parametrize(
    ("ground", "lit", "lighter"),
    [
        pytest.param(ALL_GROUND, True, True, id="headlights on the road"),
        pytest.param(NO_GROUND, True, False, id="not on a wall"),
        pytest.param(ALL_GROUND, False, False, id="no headlights"),
    ],
)
def test_headlights_light_the_ground(ground: np.ndarray, lit: bool, lighter: bool) -> None:
    dark, bright = (_laid(np.full(SHAPE, 50.0, np.float32), ground, around, lit) for around in (GREY, 0.6))
    gained = (bright - dark)[18:22, 8:12].mean()
    assert (gained > 0.1) == lighter


@pytest.mark.parametrize(
    "mirror", [pytest.param(0.0, id="dry"), pytest.param(0.15, id="wet"), pytest.param(0.6, id="pool")]
)
def test_ground_mirrors_a_figure_below_its_feet(mirror: float) -> None:
    picture = _laid(np.full(SHAPE, 50.0, np.float32), NO_GROUND, mirror=mirror)
    assert picture[33:37, 26:34].mean() == pytest.approx(GREY + mirror * (1 - GREY), abs=0.02)
    assert picture[33:37, 2:14].mean() == pytest.approx(GREY, abs=0.02)
