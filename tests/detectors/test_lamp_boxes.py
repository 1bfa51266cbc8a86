"""Boxes of proposed lamps: where their columns and the light of their heads are seen."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from detectors.discover import discover
from detectors.geometry import Box
from detectors.lamp_boxes import LampBoxes
from detectors.settings import Settings
from detectors.values import Detections, Image
from tests.detectors.fakes import ScriptedDetector, frames, noise

WIDTH, HEIGHT = 640, 360
TOP, FOOT = 80, 280  # px: lamps are 200 high
COLUMN, HEAD = 300, 40  # where a column stands, and how far beside it the head of a lamp on an arm burns
BRIGHT, DARK = 120, 10


def walk(ground: int = 40, lit: bool = True, round_it: int = DARK, head: int = HEAD, column: bool = True) -> Image:
    """A lamp: its column, and its head beside or on top of that; grey levels of the ground there and round it."""
    picture = np.full((HEIGHT, WIDTH, 3), round_it, np.uint8)
    picture[HEIGHT // 3 :, 200:600] = ground
    if column:
        cv2.line(picture, (COLUMN, TOP), (COLUMN, FOOT), (150, 150, 150), 5)
    if lit:
        cv2.rectangle(picture, (COLUMN + head - 9, TOP + 2), (COLUMN + head + 9, TOP + 22), (255, 255, 255), -1)
    return picture


def looks(*pictures: Image) -> LampBoxes:
    return LampBoxes(frames([noise(p, seed) for seed, p in enumerate(pictures)]))


def box(x0: float, y0: float, x1: float, y1: float) -> Box:
    return Box.of((x0 / WIDTH, y0 / HEIGHT, x1 / WIDTH, y1 / HEIGHT))


def pixels(found: Box) -> list[int]:
    return list(found.pixels(WIDTH, HEIGHT))


SLIM = box(COLUMN - 12, TOP, COLUMN + 12, FOOT)
CUT = box(COLUMN - 12, TOP + 12, COLUMN + 2, FOOT)
BELOW = box(COLUMN - 12, TOP + 40, COLUMN + 12, FOOT)


COLUMNS = (220, 360, 500)  # px, of a row


def row(lit: tuple[bool, ...], ground: int = 40, round_it: int = DARK) -> Image:
    """A row of lamps whose arms are held out to the right."""
    picture = walk(ground, False, round_it, column=False)
    for x, burns in zip(COLUMNS, lit, strict=False):
        cv2.line(picture, (x, TOP), (x, FOOT), (150, 150, 150), 5)
        if burns:
            cv2.rectangle(picture, (x + HEAD - 9, TOP + 2), (x + HEAD + 9, TOP + 22), (255, 255, 255), -1)
    return picture


@pytest.mark.parametrize(
    ("picture", "to_the_right", "right"),
    [
        pytest.param(row((True,) * 3), False, True, id="their heads burn on the other side of the columns"),
        pytest.param(row((True, True, False)), False, True, id="one of the row is dark: it is like the others"),
        pytest.param(row((True,) * 3), True, True, id="their heads burn where the boxes have them"),
        pytest.param(row((False,) * 3), False, False, id="nothing burns: nobody knows"),
        pytest.param(row((True,) * 2), False, False, id="of two one's head is beside the other"),
        pytest.param(row((True,) * 3, BRIGHT, 200), False, False, id="by day what is bright is no light"),
    ],
)
def test_arms_of_a_row_are_where_their_heads_burn(picture: Image, to_the_right: bool, right: bool) -> None:
    columns = COLUMNS if picture[200, COLUMNS[2]].min() > 140 else COLUMNS[:2]
    ends = (-5, 55) if to_the_right else (-55, 5)
    proposed = [box(x + ends[0], TOP, x + ends[1], FOOT) for x in columns]
    mended = looks(picture, picture, picture).mended(proposed)
    assert [b.centre[0] * WIDTH > x for b, x in zip(mended, columns, strict=True)] == [right] * len(columns)


@pytest.mark.parametrize(
    ("pictures", "proposed", "found"),
    [
        pytest.param([walk(head=0)] * 3, CUT, [288, 82, 310, 280], id="cut through its glass"),
        pytest.param([walk(head=0)] * 3, BELOW, [288, 82, 312, 280], id="it ends beneath its glass"),
        pytest.param([walk(head=0)] * 3, SLIM, [288, 80, 312, 280], id="it holds its glass"),
        pytest.param(
            [walk(head=0)] * 3 + [walk(lit=False)] * 4, CUT, [288, 82, 310, 280], id="it went out while looked at"
        ),
        pytest.param([walk(head=0)] + [walk(lit=False)] * 6, CUT, [288, 92, 302, 280], id="a flash in one look of 7"),
    ],
)
def test_a_box_holds_the_whole_head_that_burns(pictures: list[Image], proposed: Box, found: list[int]) -> None:
    (mended,) = looks(*pictures).mended([proposed])
    assert np.allclose(pixels(mended), found, atol=2)


def test_a_head_that_burns_is_that_of_the_lamp_whose_box_holds_it() -> None:
    picture = walk(head=0)
    cut, other = looks(picture, picture).mended([BELOW, SLIM])
    assert [pixels(cut), pixels(other)] == [pixels(BELOW), pixels(SLIM)]


@pytest.mark.parametrize(
    ("picture", "proposed", "score", "seen"),
    [
        pytest.param(walk(lit=False, column=False), SLIM, 0.3, False, id="neither column nor light, and unsure"),
        pytest.param(walk(lit=False, column=False), SLIM, 0.6, True, id="the detector is sure"),
        pytest.param(walk(lit=False), SLIM, 0.3, True, id="its column shows"),
        pytest.param(walk(head=0, column=False), SLIM, 0.3, True, id="its head burns"),
        pytest.param(walk(DARK, lit=False, column=False), SLIM, 0.3, True, id="near, and too dark to see a column"),
        pytest.param(
            walk(DARK, lit=False, column=False), box(290, 80, 298, 150), 0.3, False, id="far, in the dark, unsure"
        ),
        pytest.param(walk(BRIGHT, False, 200, column=False), SLIM, 0.3, True, id="by day a column may not show"),
    ],
)
def test_what_is_faint_where_nothing_else_burns_is_a_lamp_if_its_column_or_its_light_is_seen(
    picture: Image, proposed: Box, score: float, seen: bool
) -> None:
    assert looks(picture, picture).seen([proposed], [score]) == [seen]


FAR_OFF = box(488, TOP, 512, FOOT)


def beside(glass: tuple[int, int] = (0, 0), **walk_of: int) -> Image:
    """A lamp that burns, and a trunk beside it, or a column, with so large a light on top, px."""
    picture = walk(head=0, **walk_of)
    cv2.line(picture, (500, TOP), (500, FOOT), (150, 150, 150), 5)
    wide, tall = glass
    picture[TOP + 2 : TOP + 2 + tall, 500 - wide // 2 : 500 - wide // 2 + wide] = 255
    return picture


@pytest.mark.parametrize(
    ("picture", "scores", "seen"),
    [
        pytest.param(beside(), (0.8, 0.4), [True, False], id="a column shows, as a trunk does"),
        pytest.param(beside((5, 10)), (0.8, 0.4), [True, False], id="a window shines at its top"),
        pytest.param(beside((10, 16)), (0.8, 0.4), [True, True], id="its glass burns"),
        pytest.param(beside(), (0.8, 0.56), [True, True], id="the detector is sure: it is out"),
        pytest.param(beside(), (0.4, 0.4), [True, True], id="no lamp surely burns there"),
        pytest.param(beside(ground=BRIGHT, round_it=200), (0.8, 0.4), [True, True], id="by day none has to burn"),
    ],
)
def test_what_is_faint_beside_a_lamp_that_burns_must_burn_too(
    picture: Image, scores: tuple[float, float], seen: list[bool]
) -> None:
    assert looks(picture, picture).seen([SLIM, FAR_OFF], scores) == seen


@pytest.mark.parametrize(
    ("looks", "lamps"),
    [
        pytest.param(7, 1, id="in every look"),
        pytest.param(4, 0, id="in four of seven looks"),
    ],
)
def test_a_lamp_of_which_nothing_shows_must_be_seen_in_most_looks(looks: int, lamps: int) -> None:
    seen = Detections.of([("street_light", 0.6, box(290, 80, 298, 150).as_list())])
    scripted = ScriptedDetector([seen] * looks + [Detections.empty()] * (7 - looks))
    pictures = [noise(walk(DARK, lit=False, column=False), seed) for seed in range(7)]
    assert len(discover(frames(pictures), scripted, Settings(), "cam")) == lamps


def test_a_view_is_registered_with_lamps_in_their_mended_boxes_without_phantoms() -> None:
    phantom = box(520, TOP, 540, FOOT)
    seen = Detections.of([("street_light", 0.6, CUT.as_list()), ("street_light", 0.4, phantom.as_list())])
    pictures = [noise(walk(head=0), seed) for seed in range(7)]
    (found,) = discover(frames(pictures), ScriptedDetector([seen] * 7), Settings(), "cam")
    assert found.asset.region is not None
    assert np.allclose(pixels(found.asset.region.box), [288, 82, 310, 280], atol=2)
