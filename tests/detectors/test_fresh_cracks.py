"""Thin dark lines that came: a crack in a path is told whole, what else draws such lines is none."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from detectors.background import DualBackground
from detectors.fresh_lines import FreshLine, fresh_lines, joined
from detectors.geometry import Box, Nudge
from detectors.inspectors import Scene
from detectors.inspectors.movers import MoverWatch
from detectors.inspectors.paths import PathsInspector
from detectors.values import Asset, Detections, Image, LightState, Presence, View, small_grey
from tests.detectors.fakes import frame, noise
from tests.detectors.scenes import LAMPS, PATH, bag, day

VIEW = View("walk", (*LAMPS, Asset("P-1", "path", PATH)))
CRACK = ((200, 210), (213, 202), (228, 207), (246, 204), (262, 211), (275, 209))  # between two joints of the paving
PAVING = np.full((270, 480), 150, np.uint8)
Row = tuple[str, float, tuple[float, ...]]
Draw = Callable[[Image], None]


@pytest.fixture(autouse=True)
def nothing_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn blocks look like things; what the judge of them tells is tried in test_standing."""
    monkeypatch.setattr("detectors.inspectors.mistaken.odds_of_standing", lambda *_: 0.0)


def line(picture: Image, points: tuple[tuple[int, int], ...], shade: int = 90, thick: int = 2) -> None:
    cv2.polylines(picture, [np.array(points)], isClosed=False, color=(shade,) * 3, thickness=thick)


def crack(picture: Image) -> None:
    line(picture, CRACK)


def broken_off(picture: Image) -> None:
    """A crack of which a stretch is not seen."""
    line(picture, (*CRACK[:3], (234, 206)))
    line(picture, CRACK[3:])


def wide_end(picture: Image) -> None:
    """A crack one end of which is so wide and dark that it is seen as a change of its own."""
    line(picture, CRACK, 120, 1)
    line(picture, (CRACK[0], (206, 206)), 60, 3)


def shadow_of_column(picture: Image) -> None:
    """From the second lamp's foot, and the head's at its end."""
    line(picture, ((200, 189), (282, 207), (290, 202)))


def beam_of_wood(picture: Image) -> None:
    line(picture, CRACK, 90, 6)


def swung_shadow(picture: Image) -> None:
    """That of a column which came to lean: straight, and from no registered foot."""
    line(picture, ((200, 236), (290, 214)))


def short(picture: Image) -> None:
    line(picture, ((230, 210), (238, 207), (246, 209)))


def branch(picture: Image) -> None:
    """A branch with its twigs and leaves."""
    line(picture, CRACK, 60, 4)
    for x, y in CRACK:
        cv2.ellipse(picture, (x, y - 4), (7, 4), 30, 0, 360, (40, 90, 50), -1)


def tape(picture: Image) -> None:
    """Tape that is brighter than the paving."""
    line(picture, CRACK, 235)


def hose(picture: Image) -> None:
    """As dark as a crack, and red."""
    cv2.polylines(picture, [np.array(CRACK)], isClosed=False, color=(60, 60, 170), thickness=2)


def upright(picture: Image) -> None:
    line(picture, ((230, 150), (233, 175), (229, 200), (231, 225)))


def case_and_shadow(picture: Image) -> None:
    picture[:] = bag(picture, 176, 211, 30)
    line(picture, CRACK)


def twigs(picture: Image) -> None:
    """Shadows of many twigs: the sun came out."""
    for y in (150, 178, 206, 234, 262):
        line(picture, ((200, y), (222, y - 4), (250, y + 2)))


def on_the_lawn(picture: Image) -> None:
    line(picture, tuple((x - 180, y) for x, y in CRACK))


def told_of(
    draw: Draw, found: tuple[Row, ...] = (), light: LightState = LightState.DAY
) -> list[tuple[str, tuple[float, ...]]]:
    """What is said in the last look, some seconds after something was drawn."""
    inspector, last = PathsInspector(VIEW), []
    for second in range(12):
        picture = day(seed=second)
        if second >= 6:
            draw(picture)
        seen = Detections.of(list(found) if second >= 6 else [])
        scene = Scene(frame(picture, second), light, seen, VIEW, MoverWatch().look(seen))
        last = [o for o in inspector.look(scene) if o.presence is Presence.PRESENT and o.score >= 0.5]
    return [(o.issue, tuple(o.box.as_list()) if o.box else ()) for o in last]


PLACE = (0.41, 0.74, 0.58, 0.79)
DAMAGE, OBSTACLE = {"path_damaged"}, {"path_obstructed"}


@pytest.mark.parametrize(
    ("draw", "found", "light", "said"),
    [
        pytest.param(crack, (), LightState.DAY, DAMAGE, id="a crack"),
        pytest.param(broken_off, (), LightState.DAY, DAMAGE, id="a crack in two pieces"),
        pytest.param(wide_end, (), LightState.DAY, DAMAGE, id="a crack with a wide end"),
        pytest.param(crack, (("crack", 0.2, PLACE),), LightState.DAY, DAMAGE, id="faintly called a crack"),
        pytest.param(crack, (("fallen_tree", 0.4, PLACE),), LightState.DAY, OBSTACLE, id="called a branch"),
        pytest.param(crack, (("obstacle", 0.55, PLACE),), LightState.DAY, None, id="a barrier's leg"),
        pytest.param(crack, (("obstacle", 0.4, PLACE),), LightState.DAY, DAMAGE, id="perhaps of something"),
        pytest.param(branch, (), LightState.DAY, OBSTACLE, id="a branch"),
        pytest.param(short, (), LightState.DAY, None, id="a hairline of half a metre"),
        pytest.param(swung_shadow, (), LightState.DAY, None, id="the shadow of a column that leans"),
        pytest.param(tape, (), LightState.DAY, None, id="barrier tape"),
        pytest.param(hose, (), LightState.DAY, None, id="a red hose"),
        pytest.param(upright, (), LightState.DAY, None, id="a post"),
        pytest.param(case_and_shadow, (), LightState.DAY, OBSTACLE, id="the shadow of what came beside it"),
        pytest.param(shadow_of_column, (), LightState.DAY, None, id="the shadow of a lamp's column"),
        pytest.param(beam_of_wood, (), LightState.DAY, None, id="thicker than cracks are"),
        pytest.param(twigs, (), LightState.DAY, None, id="shadows of twigs"),
        pytest.param(on_the_lawn, (), LightState.DAY, None, id="on no path"),
        pytest.param(crack, (), LightState.NIGHT, None, id="by night"),
    ],
)
def test_of_thin_lines_that_came_cracks_are_told_and_each_is_one(
    draw: Draw, found: tuple[Row, ...], light: LightState, said: set[str] | None
) -> None:
    """`None` stands for anything but damage."""
    told = told_of(draw, found, light)
    assert [issue for issue, _ in told].count("path_damaged") <= 1
    if said is None:
        assert "path_damaged" not in {issue for issue, _ in told}
    else:
        assert {issue for issue, _ in told} == said


def test_a_crack_is_told_with_all_of_it_in_its_box() -> None:
    ((_, box),) = told_of(broken_off)
    assert Box(*box).iou(Box(200 / 480, 201 / 270, 276 / 480, 213 / 270)) > 0.7


def test_a_crack_is_told_where_a_nudged_camera_shows_it() -> None:
    push, inspector, told = Nudge(dx=0.04), PathsInspector(VIEW), []
    for second in range(12):
        picture = day(seed=second)
        if second >= 6:
            crack(picture)
        height, width = picture.shape[:2]
        moved = np.asarray(cv2.warpAffine(picture, push.pixels(width, height), (width, height)), np.uint8)
        scene = Scene(frame(moved, second), LightState.DAY, Detections.empty(), VIEW.nudged(push), [], push)
        told = [o.box for o in inspector.look(scene) if o.issue == "path_damaged" and o.score >= 0.5]
    (box,) = told
    assert box is not None
    assert box.x0 == pytest.approx(200 / 480 + 0.04, abs=0.01)


def lines_of(now: Image, before: Image = PAVING) -> list[FreshLine]:
    grey = [noise(np.dstack([p] * 3), n, 2.0)[..., 0].astype(np.float32) for n, p in enumerate((now, before))]
    return fresh_lines(grey[0], grey[1], np.ones(now.shape, bool), 2.0, np.dstack([now] * 3))[0]


def waved(pictures: tuple[Image, Image]) -> tuple[Image, Image]:
    """Both with their columns shifted, so that what is straight wanders as cracks do."""

    def one(picture: Image) -> Image:
        return np.stack([np.roll(picture[:, x], round(4 * np.sin(x / 7))) for x in range(picture.shape[1])], axis=1)

    return one(pictures[0]), one(pictures[1])


def shade_creeps() -> tuple[Image, Image]:
    """The edge of a shadow moves on by 3 px: a thin dark line that is dark on one side."""
    before, now = PAVING.copy(), PAVING.copy()
    before[140:], now[137:] = 100, 100
    return now, before


def water() -> tuple[Image, Image]:
    """Water that is a little lighter, with a dark rim."""
    now = PAVING.copy()
    cv2.ellipse(now, (240, 150), (40, 14), 0, 0, 360, 175, -1)
    cv2.ellipse(now, (240, 150), (40, 14), 0, 0, 360, 90, 2)
    return now, PAVING


def wet() -> tuple[Image, Image]:
    """A dark line, and the ground on one side of it lighter than it was."""
    now = PAVING.copy()
    now[150:152, 200:260], now[152:165, 195:265] = 90, 175
    return now, PAVING


def drawn_crack() -> tuple[Image, Image]:
    now = PAVING.copy()
    cv2.polylines(now, [np.array(CRACK)], isClosed=False, color=90, thickness=2)
    return now, PAVING


def old_crack() -> tuple[Image, Image]:
    return drawn_crack()[0], drawn_crack()[0]


def straight(*points: tuple[int, int]) -> tuple[Image, Image]:
    now = PAVING.copy()
    cv2.polylines(now, [np.array(points)], isClosed=False, color=90, thickness=2, lineType=cv2.LINE_AA)
    return now, PAVING


def beam() -> tuple[Image, Image]:
    now = PAVING.copy()
    cv2.line(now, (200, 150), (280, 150), 90, 14)
    return now, PAVING


def tape_swings() -> tuple[Image, Image]:
    """Bright tape over dark ground, with paving below it, moves up by its own width."""
    before = PAVING.copy()
    before[:150] = 110
    now = before.copy()
    before[148:150, 200:260], now[146:148, 200:260] = 200, 200
    return now, before


def joint_darkens() -> tuple[Image, Image]:
    before, now = PAVING.copy(), PAVING.copy()
    before[150:152, 200:260], now[150:152, 200:260] = 110, 90
    return now, before


def specks() -> tuple[Image, Image]:
    """Single pixels in a row and down from its end, as noise leaves them."""
    now = PAVING.copy()
    now[150, 200:231:2] = now[150:167:2, 230] = 90
    return now, PAVING


def bottle() -> tuple[Image, Image]:
    now = PAVING.copy()
    now[150:156, 200:214], now[147:150, 209:214] = 90, 90
    return now, PAVING


@pytest.mark.parametrize(
    ("pictures", "count"),
    [
        pytest.param(drawn_crack, 1, id="a crack"),
        pytest.param(old_crack, 0, id="a crack that was there"),
        pytest.param(lambda: waved(shade_creeps()), 0, id="a shadow's edge"),
        pytest.param(lambda: waved(tape_swings()), 0, id="what tape hid that swung aside"),
        pytest.param(lambda: waved(joint_darkens()), 0, id="a joint that is darker than it was"),
        pytest.param(water, 0, id="the rim of water"),
        pytest.param(lambda: waved(wet()), 0, id="one edge of water"),
        pytest.param(lambda: straight((200, 160), (280, 141)), 0, id="the shadow of a rail: straight"),
        pytest.param(lambda: straight((200, 150), (225, 153)), 0, id="a short one, in steps of a pixel"),
        pytest.param(lambda: straight((50, 150), (240, 153), (430, 150)), 0, id="a long one that hardly bends"),
        pytest.param(lambda: straight((200, 150), (240, 155), (280, 150)), 1, id="one that bends"),
        pytest.param(lambda: waved(beam()), 0, id="a beam"),
        pytest.param(specks, 0, id="specks in a row"),
        pytest.param(bottle, 0, id="a bottle"),
        pytest.param(lambda: (PAVING, PAVING), 0, id="noise"),
    ],
)
def test_a_fresh_line_is_thin_and_dark_and_all_that_changed_there(
    pictures: Callable[[], tuple[Image, Image]], count: int
) -> None:
    assert len(lines_of(*pictures())) == count


def test_a_line_is_measured_along_itself() -> None:
    (one,) = lines_of(*drawn_crack())
    assert one.length * 270 == pytest.approx(81, rel=0.15)
    assert one.thickness * 270 == pytest.approx(2, abs=1)
    assert one.darker == pytest.approx(60, abs=8)


@pytest.mark.parametrize(
    ("gap", "count"), [pytest.param(0.05, 1, id="pieces of one"), pytest.param(0.2, 2, id="two lines")]
)
def test_pieces_of_a_line_are_one(gap: float, count: int) -> None:
    left = FreshLine(Box(0.2, 0.5, 0.4, 0.52), 0.4, 0.01, 30.0, 1.0)
    right = FreshLine(Box(0.4 + gap, 0.5, 0.5 + gap, 0.52), 0.2, 0.01, 30.0, 1.0)
    both = joined([right, left])
    assert len(both) == count
    assert sum(one.length for one in both) == pytest.approx(0.6)


def test_a_line_does_not_become_part_of_the_ground() -> None:
    """It is 30 levels darker, and what is not told is learnt by 0.6 of them a second."""
    before, now = (np.dstack([p] * 3) for p in (PAVING, PAVING.copy()))
    cv2.polylines(now, [np.array(CRACK)], isClosed=False, color=(120,) * 3, thickness=1)
    background, everywhere = DualBackground(), np.ones(PAVING.shape, bool)
    for second, picture in enumerate([before] * 5 + [now] * 70):
        shown = noise(picture, second, 1.0)
        background.look(shown, small_grey(shown), None, paved=everywhere)
    assert len(background.lines) == 1


def test_a_line_without_new_edges_is_not_learnt_as_a_change_of_light(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detectors.background.came", lambda *_: False)
    before, now = np.dstack([PAVING] * 3), np.dstack([drawn_crack()[0]] * 3)
    background, everywhere = DualBackground(), np.ones(PAVING.shape, bool)
    for second, picture in enumerate([before] * 5 + [now] * 5):
        shown = noise(picture, second, 1.0)
        background.look(shown, small_grey(shown), None, paved=everywhere)
    assert len(background.lines) == 1
