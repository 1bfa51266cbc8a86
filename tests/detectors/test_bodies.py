"""What comes to stand before a bin hides it: a bin that fills up looks below as it did."""

from __future__ import annotations

import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors.bins import Bins
from detectors.inspectors.bodies import Bodies
from detectors.inspectors.crops import Crop, place_crop
from detectors.values import LightState, Presence
from tests.detectors.scenes import HEIGHT, WIDTH, day
from tests.detectors.test_bins import HEAPED, ON_TOP, PLACE, Judge, Row, judged

P, A, U = Presence.PRESENT, Presence.ABSENT, Presence.UNKNOWN
DAY, NIGHT = LightState.DAY, LightState.NIGHT
BEFORE = Box(0.39, 0.58, 0.45, 0.75)  # what stands before all of it
PLAIN: Row = ("bin", 0.8, PLACE)


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Judge:
    fake = Judge()
    monkeypatch.setattr("detectors.inspectors.bins.state_model", lambda _: fake)
    return fake


@pytest.mark.parametrize(
    ("looks", "came", "seen", "rim", "said"),
    [
        pytest.param(4, ON_TOP, [PLAIN], 0.4, P, id="on its rim: it got fuller"),
        pytest.param(4, BEFORE, [PLAIN], 0.4, U, id="before it, and it seems fuller"),
        pytest.param(4, BEFORE, [PLAIN], 0.7, U, id="before it, and its rim seems full"),
        pytest.param(
            4, BEFORE, [("bin_overflowing", 0.8, HEAPED)], 0.7, P, id="a heap down to the ground, seen as such"
        ),
        pytest.param(0, BEFORE, [("bin_overflowing", 0.8, HEAPED)], 0.7, P, id="the same from the start"),
    ],
)
def test_a_bin_before_which_something_stands_did_not_get_fuller(
    looks: int, came: Box, seen: list[Row], rim: float, said: Presence, judge: Judge
) -> None:
    bins = Bins()
    judge.odds = 0.02
    for _ in range(looks):
        judged(bins, PLAIN)
    judge.odds, judge.rim = 0.9, rim
    assert judged(bins, *seen, bags=came).presence is said


def crop(hidden: bool = False, dark: float = 1.0, heaped: bool = False) -> Crop:
    """The place of a dark bin with ribs, or of one before or on which something stands."""
    shown = day()
    x0, y0, x1, y1 = PLACE.pixels(WIDTH, HEIGHT)
    shown[y0:y1, x0:x1] = (40, 60, 30)
    shown[y0:y1, x0:x1:4] = (20, 30, 15)
    if heaped:
        y1 = y0 + round(0.65 * (y1 - y0))
    if hidden or heaped:
        shown[y0:y1, x0:x1] = np.random.default_rng(3).integers(0, 255, (y1 - y0, x1 - x0, 1))
    return place_crop((shown * dark).astype(np.uint8), Region.rectangle(PLACE))


@pytest.mark.parametrize(
    ("learnt", "now", "light", "other"),
    [
        pytest.param(1, crop(), DAY, False, id="as it was"),
        pytest.param(1, crop(dark=0.6), DAY, False, id="in the shade"),
        pytest.param(1, crop(hidden=True), DAY, True, id="something stands before it"),
        pytest.param(1, crop(heaped=True), DAY, False, id="something lies on it"),
        pytest.param(0, crop(hidden=True), DAY, False, id="never seen plain"),
        pytest.param(1, crop(hidden=True), NIGHT, False, id="never seen plain in this light"),
    ],
)
def test_the_lower_half_of_a_bin_is_compared_with_itself(
    learnt: int, now: Crop, light: LightState, other: bool
) -> None:
    bodies = Bodies()
    for _ in range(learnt):
        bodies.learn("W-1", DAY, crop())
    assert bodies.is_other("W-1", light, now) is other


@pytest.mark.parametrize(
    ("looks", "other"), [pytest.param(10, True, id="lately"), pytest.param(30, False, id="for long")]
)
def test_what_stands_before_it_for_long_is_how_the_bin_looks(looks: int, other: bool) -> None:
    bodies = Bodies()
    for hidden in (False, *[True] * looks):
        bodies.learn("W-1", DAY, crop(hidden))
    assert bodies.is_other("W-1", DAY, crop(hidden=True)) is other
