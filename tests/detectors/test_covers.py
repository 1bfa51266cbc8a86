"""A manhole cover beside a hairline crack is no damage: what is regular is painted over before damage is judged."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from detectors.geometry import Box
from detectors.inspectors.covers import without_covers
from detectors.inspectors.mistaken import odds_of_damage
from detectors.values import Image
from tests.detectors.scenes import day

PLACE = Box(0.42, 0.62, 0.58, 0.78)
DARK = (60, 62, 64)


def ellipse(picture: Image) -> None:
    cv2.ellipse(picture, (222, 186), (14, 9), 0, 0, 360, DARK, -1)


def plate(picture: Image) -> None:
    cv2.fillPoly(picture, [np.array([(208, 178), (236, 178), (240, 196), (206, 196)], np.int32)], DARK)


def hole(picture: Image) -> None:
    """Ragged, as broken slabs are."""
    ragged = [
        (206, 180),
        (218, 186),
        (224, 174),
        (230, 184),
        (244, 180),
        (236, 192),
        (246, 200),
        (226, 195),
        (208, 203),
    ]
    cv2.fillPoly(picture, [np.array(ragged, np.int32)], DARK)


def bitten(picture: Image) -> None:
    """Round, but for a piece that broke out."""
    ellipse(picture)
    x, y, beside = 222, 186, picture[150, 222].tolist()
    cv2.fillPoly(picture, [np.array([(x, y), (x + 30, y - 8), (x + 30, y + 8)], np.int32)], beside)


def crack(picture: Image) -> None:
    cv2.polylines(picture, [np.array([(214, 206), (236, 202), (250, 204), (274, 186)], np.int32)], False, DARK, 3)


def speck(picture: Image) -> None:
    cv2.circle(picture, (222, 186), 2, DARK, -1)


@pytest.mark.parametrize(
    ("draw", "painted"),
    [
        pytest.param(ellipse, True, id="a round cover"),
        pytest.param(plate, True, id="a plate"),
        pytest.param(hole, False, id="a ragged hole"),
        pytest.param(bitten, False, id="round, with a piece broken out"),
        pytest.param(crack, False, id="a crack"),
        pytest.param(speck, False, id="a leaf"),
    ],
)
def test_what_is_as_regular_as_a_cover_is_painted_over(draw: Callable[[Image], None], painted: bool) -> None:
    picture = day()
    draw(picture)
    before = picture.copy()
    clear = without_covers(picture, PLACE)
    assert (clear is not picture) is painted
    assert (picture == before).all()
    if painted:
        assert abs(float(clear[186, 222].mean()) - float(day()[186, 222].mean())) < 25


def test_a_crack_beside_a_cover_is_left() -> None:
    picture = day()
    ellipse(picture)
    crack(picture)
    clear = without_covers(picture, Box(0.42, 0.62, 0.58, 0.78))
    assert clear[202, 236].tolist() == list(DARK)
    assert clear[184, 222].mean() > np.mean(DARK) + 20


def test_a_box_of_a_few_pixels_shows_no_cover() -> None:
    picture = day()
    assert without_covers(picture, Box(0.5, 0.5, 0.51, 0.51)) is picture


class Darkest:
    """In place of the learnt judge: what is dark is damage."""

    def judge(self, crops: list[NDArray[np.uint8]]) -> NDArray[np.float32]:
        dark = float(crops[0][..., :3].min() < 90)
        return np.array([[1 - dark, dark]], np.float32)


@pytest.mark.parametrize(
    ("draw", "odds"), [pytest.param(ellipse, 0.0, id="a cover"), pytest.param(hole, 1.0, id="a hole")]
)
def test_damage_is_judged_without_covers(
    draw: Callable[[Image], None], odds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.inspectors.mistaken.state_model", lambda _: Darkest())
    picture = np.full((270, 480, 3), 150, np.uint8)
    draw(picture)
    assert odds_of_damage(picture, PLACE) == odds
