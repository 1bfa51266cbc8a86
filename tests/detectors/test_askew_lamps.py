"""Lamps that lean from the first look on, where the register is what was seen then."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.askew_lamps import AskewLamps
from detectors.inspectors.column_lines import slant_in
from detectors.inspectors.lights import LightsInspector
from detectors.values import Asset, Detections, Image, LightState, Observation, Presence, View
from tests.detectors.fakes import frame, noise

WIDE, HIGH = 640, 360
FEET, TALL, AT = (120, 320, 420, 520), 150, 320
PALE, DARK = (170, 175, 170), (60, 60, 60)

Leans = tuple[float, ...]
UPRIGHT = (0.0, 0.0, 0.0, 0.0)


def top_of(foot: int, slope: float, tall: int = TALL) -> int:
    return round(foot + slope * tall)


def box_of(foot: int, slope: float, tall: int = TALL) -> Box:
    """The box of a whole lamp, column and head."""
    left, right = min(top_of(foot, slope, tall) - 9, foot - 4), max(top_of(foot, slope, tall) + 9, foot + 4)
    return Box(left / WIDE, (AT - tall - 7) / HIGH, right / WIDE, AT / HIGH)


def row(leans: Leans, tall: int = TALL, colour: tuple[int, int, int] = DARK) -> Image:
    """A row of lamps on a plaza, each going aside by so much for each height."""
    picture = np.full((HIGH, WIDE, 3), PALE, np.uint8)
    for foot, slope in zip(FEET, leans, strict=False):
        top = (top_of(foot, slope, tall), AT - tall)
        cv2.line(picture, (foot, AT), top, colour, 3)
        cv2.circle(picture, top, 7, (120, 120, 120), -1)
    return noise(picture, 3, 2.0)


def lamps_of(leans: Leans, tall: int = TALL) -> tuple[Asset, ...]:
    boxes = [box_of(foot, slope, tall) for foot, slope in zip(FEET, leans, strict=False)]
    return tuple(Asset(f"L-{n}", "street_light", Region.rectangle(box)) for n, box in enumerate(boxes, 1))


def said_nothing(lamps: tuple[Asset, ...]) -> list[Observation]:
    return [Observation("light_damaged", Presence.UNKNOWN, 0.0, a.id, a.kind, a.region and a.region.box) for a in lamps]


def told(
    leans: Leans,
    looks: int = 4,
    proposed: bool = True,
    mended: bool = False,
    tall: int = TALL,
    movers: tuple[Box, ...] = (),
    line: Leans | None = None,
) -> set[str | None]:
    """The lamps that are told in the last of some looks; perhaps it stands upright by then, or is before lines."""
    lamps, askew, said = lamps_of(leans, tall), AskewLamps(), list[Observation]()
    picture = row(leans, tall)
    if line is not None:  # another thing's line in the boxes of the lamps
        picture = np.minimum(picture, row(line, tall))
    for look in range(looks):
        shown = row(UPRIGHT, tall) if mended and look == looks - 1 else picture
        view = View("walk", lamps, proposed=proposed)
        scene = Scene(frame(shown), LightState.DAY, Detections.empty(), view, list(movers))
        said = askew.look(lamps, scene, said_nothing(lamps))
    return {o.asset_id for o in said if o.presence is Presence.PRESENT}


PASSER = Box(300 / WIDE, 200 / HIGH, 370 / WIDE, 340 / HIGH)
RIGHT = (0.0, 0.2, 0.0, 0.0)


@pytest.mark.parametrize(
    ("seen", "lamps"),
    [
        pytest.param(partial(told, RIGHT), {"L-2"}, id="to the right, the others upright"),
        pytest.param(partial(told, (0.0, 0.0, -0.15, 0.0)), {"L-3"}, id="to the left"),
        pytest.param(partial(told, (0.0, -0.09, 0.0, 0.0)), {"L-2"}, id="by less, where no upright line shows as well"),
        pytest.param(
            partial(told, (0.0, -0.09, 0.0, 0.0), line=UPRIGHT), set(), id="by less, and an upright line shows"
        ),
        pytest.param(partial(told, (0.0, 0.04, 0.0, 0.0)), set(), id="hardly: boxes and lenses are no better"),
        pytest.param(partial(told, (0.0, 0.0, 0.0, 0.2)), set(), id="outwards at the side: the camera looks down"),
        pytest.param(partial(told, (0.0, 0.0, 0.0, -0.2)), {"L-4"}, id="inwards at the side"),
        pytest.param(partial(told, (0.0, -0.2, -0.2, 0.0)), set(), id="two: lamps do not lean together"),
        pytest.param(partial(told, (-0.2,) * 4), set(), id="all: the camera hangs askew"),
        pytest.param(partial(told, (0.2,)), set(), id="alone: nobody knows how the camera hangs"),
        pytest.param(partial(told, UPRIGHT), set(), id="all upright"),
        pytest.param(partial(told, RIGHT, looks=2), set(), id="in too few looks"),
        pytest.param(partial(told, RIGHT, proposed=False), set(), id="in a register that says so"),
        pytest.param(partial(told, RIGHT, mended=True), set(), id="it stands again"),
        pytest.param(partial(told, RIGHT, tall=50), set(), id="too low to tell"),
        pytest.param(partial(told, RIGHT, movers=(PASSER,)), set(), id="somebody before it"),
    ],
)
def test_a_lamp_that_leans_among_upright_ones(seen: Callable[[], set[str | None]], lamps: set[str | None]) -> None:
    assert seen() == lamps


def test_a_lamp_behind_one_that_leans_is_not_told_for_its_line() -> None:
    far = Asset("L-5", "street_light", Region.rectangle(Box(324 / WIDE, 180 / HIGH, 350 / WIDE, 300 / HIGH)))
    lamps, askew, said = (*lamps_of(RIGHT), far), AskewLamps(), list[Observation]()
    for _ in range(4):
        view = View("walk", lamps, proposed=True)
        scene = Scene(frame(row(RIGHT)), LightState.DAY, Detections.empty(), view, [])
        said = askew.look(lamps, scene, said_nothing(lamps))
    assert far.region is not None
    assert slant_in(row(RIGHT), far.region.box, (0.0, 0.0)).slope > 0.1
    assert {o.asset_id for o in said if o.presence is Presence.PRESENT} == {"L-2"}


@pytest.mark.parametrize(
    ("slope", "colour"),
    [
        pytest.param(0.2, DARK, id="dark before pale ground"),
        pytest.param(-0.12, (240, 240, 240), id="pale"),
        pytest.param(0.0, DARK, id="upright"),
    ],
)
def test_the_slant_of_a_line(slope: float, colour: tuple[int, int, int]) -> None:
    slant = slant_in(row((0.0, slope), colour=colour), box_of(FEET[1], slope), (0.0, 0.0))
    assert slant.slope == pytest.approx(slope, abs=0.02)
    assert slant.shows > 0.9
    assert (slant.leads > 1.2) is (slope != 0.0)


def test_the_inspector_of_lights_says_so() -> None:
    lamps = lamps_of(RIGHT)
    view, last = View("walk", lamps, proposed=True), list[Observation]()
    inspector = LightsInspector(view)
    for second in range(4):
        scene = Scene(frame(row(RIGHT), second), LightState.DAY, Detections.empty(), view, [])
        last = inspector.look(scene)
    damaged = {o.asset_id for o in last if o.issue == "light_damaged" and o.presence is Presence.PRESENT}
    assert damaged == {"L-2"}


def test_a_railing_through_the_box_of_an_upright_lamp_is_no_column_that_leans() -> None:
    lamps, askew = lamps_of((0.0, -0.2, 0.0, 0.0)), AskewLamps()
    for column, leans in ((False, ["L-2"]), (True, [])):
        said, askew = list[Observation](), AskewLamps()
        picture = row((0.0, -0.2, 0.0, 0.0))
        if column:  # its own column shows in most of the rows
            cv2.line(picture, (FEET[1], AT), (FEET[1], AT - 100), DARK, 3)
        for _ in range(4):
            scene = Scene(frame(picture), LightState.DAY, Detections.empty(), View("walk", lamps, proposed=True), [])
            said = askew.look(lamps, scene, said_nothing(lamps))
        assert [o.asset_id for o in said if o.presence is Presence.PRESENT] == leans
