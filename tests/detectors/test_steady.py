"""A swaying camera's look is laid back on the view as it is known; what came to it stays."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from detectors.background import DualBackground
from detectors.geometry import STILL, Nudge
from detectors.pipeline import Inspection
from detectors.settings import Settings
from detectors.steady import SteadyView, laid_on
from detectors.values import Detections, Image, LightState, View, small_grey
from tests.detectors.fakes import ScriptedDetector, frame, noise

SIZE = (480, 270)
RNG = np.random.default_rng(7)
STONES = cv2.resize(RNG.integers(70, 190, (54, 96, 1), np.uint8), SIZE, interpolation=cv2.INTER_CUBIC)
STREET: Image = np.repeat(np.asarray(STONES, np.uint8)[..., None], 3, axis=2)
"""Paving of real contrast: a pixel of sway changes it more than a dark bag does."""


def moved(picture: Image, x: float, y: float) -> Image:
    back = np.array([[1, 0, x], [0, 1, y]], np.float64)
    return np.asarray(
        cv2.warpAffine(picture, back, SIZE, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT), np.uint8
    )


def apart(a: Image, b: Image) -> float:
    return float(np.abs(a.astype(float) - b)[5:-5, 5:-5].mean())


@pytest.mark.parametrize(
    "shift",
    [
        pytest.param((0.5, 0.0), id="half a pixel aside"),
        pytest.param((-0.7, 0.6), id="aside and up"),
        pytest.param((1.4, -0.9), id="more than a pixel"),
        pytest.param((-3.1, 2.0), id="a high mast in a storm"),
    ],
)
def test_a_swayed_look_lies_on_the_known_view_again(shift: tuple[float, float]) -> None:
    known, look = small_grey(STREET), small_grey(noise(moved(STREET, *shift), 1))
    assert apart(laid_on(look, known), known) < 0.5 * apart(look, known)


@pytest.mark.parametrize(
    "look",
    [
        pytest.param(noise(STREET, 2), id="a still camera"),
        pytest.param(noise(moved(STREET, 9, 0), 3), id="a camera that was knocked aside"),
        pytest.param(np.full_like(STREET, 90), id="nothing to be seen"),
    ],
)
def test_a_look_that_did_not_sway_stays_as_it_is(look: Image) -> None:
    grey = small_grey(look)
    assert laid_on(grey, small_grey(STREET)) is grey


@pytest.mark.parametrize(
    ("comes", "changes"), [pytest.param(True, 1, id="a faint bag comes"), pytest.param(False, 0, id="nothing comes")]
)
def test_what_comes_to_busy_paving_is_seen_by_a_swaying_camera(comes: bool, changes: int) -> None:
    bag = STREET.copy()
    cv2.rectangle(bag, (200, 120), (240, 150), (72, 72, 72), -1)
    background, seen = DualBackground(), []
    for second in range(12):
        picture = bag if comes and second >= 5 else STREET
        shown = noise(moved(picture, 1.3 * np.sin(2.1 * second), 1.3 * np.cos(1.3 * second)), second)
        seen = background.look(shown, small_grey(shown), None)
    assert len(seen) == changes


DAY, NIGHT = LightState.DAY, LightState.NIGHT


def half_moved() -> Image:
    """Wind moves the crowns that fill the right half; the street does not sway."""
    return np.hstack([STREET[:, :240], moved(STREET, 0.9, 0.4)[:, 240:]])


@pytest.mark.parametrize(
    ("look", "light", "nudge", "off"),
    [
        pytest.param(moved(STREET, 0.9, -0.6), DAY, STILL, 0.5, id="the mast swayed"),
        pytest.param(moved(STREET, 0.03, 0.0), DAY, STILL, None, id="noise"),
        pytest.param(half_moved(), DAY, STILL, None, id="wind in the trees"),
        pytest.param(moved(STREET, 9.0, 0.0), DAY, STILL, None, id="knocked aside"),
        pytest.param(moved(STREET, 0.9, -0.6), NIGHT, STILL, None, id="another light: it begins anew"),
        pytest.param(moved(STREET, -3.1, 2.0), DAY, STILL, 0.5, id="the mast swayed far"),
        pytest.param(moved(STREET, 9.0, 0.0), DAY, Nudge(dx=-0.02), None, id="nudged elsewhere: it begins anew"),
    ],
)
def test_a_look_is_shown_as_a_camera_that_stands_still_sees_it(
    look: Image, light: LightState, nudge: Nudge, off: float | None
) -> None:
    steady, first, second = SteadyView(), frame(STREET, 0), frame(noise(look, 4, 1.0), 1)
    assert steady.steadied(first, DAY, STILL) is first
    shown = steady.steadied(second, light, nudge)
    if off is None:
        assert shown is second
    else:
        assert apart(shown.image, STREET) < off * apart(second.image, STREET)
        assert shown.at == second.at


def test_what_is_known_moves_with_a_nudge_so_that_looks_lie_where_its_regions_do() -> None:
    steady, off = SteadyView(), moved(STREET, 5.8, -2.2)
    for second, nudge in enumerate((STILL, Nudge(dx=4 / 480), Nudge(dx=8 / 480, dy=-2 / 270))):
        shown = steady.steadied(frame(off if second else STREET, second), DAY, nudge)
        where = moved(STREET, nudge.dx * 480, nudge.dy * 270)
        assert apart(shown.image[:, 12:-12], where[:, 12:-12]) < 3.0


def test_two_nudges_make_one() -> None:
    turn, push = Nudge.of_pixels(cv2.getRotationMatrix2D((200, 100), 3, 1.02), 400, 200), Nudge(dx=0.1, dy=0.02)
    assert turn.then(push).point(0.3, 0.6) == pytest.approx(push.point(*turn.point(0.3, 0.6)))


def test_the_detector_and_inspectors_see_the_steady_view_and_the_look_keeps_its_picture() -> None:
    seen: list[Image] = []

    class Detector(ScriptedDetector):
        def predict(self, images: list[Image], min_score: float, image_size: int) -> list[Detections]:  # type: ignore[override]
            seen.extend(images)
            return super().predict(images, min_score, image_size)

    inspection = Inspection(View("street"), Detector(), Settings())
    swayed = frame(moved(STREET, 0.9, -0.6), 1)
    inspection.look(frame(STREET, 0))
    look = inspection.look(swayed)
    assert look.frame is swayed
    assert apart(seen[1], STREET) < 0.5 * apart(swayed.image, STREET)


def asked(sways_px: float) -> int:
    """How often the detector is asked in 40 looks at a street, a second apart."""
    detector = ScriptedDetector()
    inspection = Inspection(View("street"), detector, Settings())
    for second in range(40):
        across, down = sways_px * np.sin(2.1 * second), sways_px * np.cos(1.3 * second)
        inspection.look(frame(noise(moved(STREET, across, down), second), second))
    return detector.asked


def test_a_swaying_camera_asks_the_detector_hardly_more_often_than_a_still_one() -> None:
    assert asked(1.0) <= asked(0.0) + 2
