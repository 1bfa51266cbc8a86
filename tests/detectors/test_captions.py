"""A lamp's head behind what the camera writes over its pictures is not seen: white letters are no light."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.captions import captions, is_captioned
from detectors.inspectors.lamp_heads import heads_seen
from detectors.values import Asset, Detections, Image, LightState, View
from tests.detectors.fakes import frame, noise

HIGH, WIDE = 360, 640
TEXT = "2026-07-24 14:48:57"


def written(text: str, line: int = 22, scale: float = 0.45, behind: int = 120) -> Image:
    """A picture with white letters outlined in black, whose lower edge is so many px from the top."""
    picture = noise(np.full((HIGH, WIDE, 3), behind, np.uint8), 3)
    for colour, width in ((0, 3), (255, 1)):
        cv2.putText(picture, text, (8, line), cv2.FONT_HERSHEY_SIMPLEX, scale, (colour,) * 3, width, cv2.LINE_AA)
    return picture


def windows(high: int, apart: int) -> Image:
    """Lit windows in rows at the upper edge, of a house by night."""
    picture = noise(np.full((HIGH, WIDE, 3), 15, np.uint8), 3)
    for x in range(10, 600, apart):
        for y in (8, 8 + 2 * high):
            picture[y : y + high, x : x + high // 2 + 2] = 210
    return picture


def letters(across: int, down: int = 0) -> Image:
    """Twelve letters so many px apart, each so much lower than the one before."""
    picture = noise(np.full((HIGH, WIDE, 3), 60, np.uint8), 3)
    for n in range(12):
        cv2.putText(picture, "B", (8 + n * across, 16 + n * down), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (255,) * 3, 1)
    return picture


def specks() -> Image:
    """A row of dots of three pixels."""
    picture = noise(np.full((HIGH, WIDE, 3), 60, np.uint8), 3)
    for x in range(10, 200, 6):
        picture[20:23, x : x + 3 : 2] = picture[20, x + 1] = 255
    return picture


def leaves() -> Image:
    """Bright sky between the leaves of a crown at the upper edge."""
    drawn = np.random.default_rng(4).random((14, 60)) > 0.6
    sky = cv2.resize(drawn.astype(np.uint8) * 230, (WIDE, 50), interpolation=cv2.INTER_CUBIC)
    picture = np.full((HIGH, WIDE, 3), 40, np.uint8)
    picture[:50] = np.maximum(picture[:50], sky[..., None])
    return picture


@pytest.mark.parametrize(
    ("picture", "found"),
    [
        pytest.param(written(TEXT), 1, id="the time of day"),
        pytest.param(written(TEXT, behind=15), 1, id="at night"),
        pytest.param(written(TEXT, line=HIGH - 10), 1, id="at the lower edge"),
        pytest.param(written(TEXT, scale=0.8, line=28), 1, id="in large letters"),
        pytest.param(written(TEXT, line=HIGH // 2), 0, id="a sign in the middle"),
        pytest.param(written("IPC-1"), 0, id="too short to be sure of"),
        pytest.param(windows(10, 24), 0, id="windows"),
        pytest.param(windows(7, 11), 0, id="windows beside one another"),
        pytest.param(letters(12), 1, id="letters side by side"),
        pytest.param(letters(50), 0, id="signs far apart"),
        pytest.param(letters(12, 3), 0, id="signs down a street"),
        pytest.param(specks(), 0, id="specks in a row"),
        pytest.param(leaves(), 0, id="sky between leaves"),
        pytest.param(np.full((HIGH, WIDE, 3), 255, np.uint8), 0, id="glare"),
    ],
)
def test_lines_of_text(picture: Image, found: int) -> None:
    assert len(captions(picture)) == found


@pytest.mark.parametrize(
    ("place", "hidden"),
    [
        pytest.param(Box(0.1, 0.02, 0.12, 0.08), True, id="behind it"),
        pytest.param(Box(0.1, 0.05, 0.13, 0.1), True, id="half behind it"),
        pytest.param(Box(0.08, 0.05, 0.13, 0.4), False, id="it hardly touches it"),
        pytest.param(Box(0.1, 0.2, 0.12, 0.26), False, id="below it"),
        pytest.param(Box(0.6, 0.02, 0.62, 0.08), False, id="beside it"),
    ],
)
def test_what_is_behind_a_line(place: Box, hidden: bool) -> None:
    assert is_captioned(written(TEXT), place) is hidden


@pytest.mark.parametrize("light", [LightState.DAY, LightState.NIGHT])
def test_the_head_of_a_lamp_behind_a_line_is_not_seen(light: LightState) -> None:
    lamps = [
        Asset(f"L-{n}", "street_light", Region.rectangle(Box(x, 0.02, x + 0.04, 0.5))) for n, x in enumerate((0.1, 0.6))
    ]
    scene = Scene(frame(written(TEXT), 0), light, Detections.of([]), View("walk", tuple(lamps)), [])
    assert set(heads_seen(lamps, scene)) == {"L-1"}
