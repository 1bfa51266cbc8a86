"""Which lamps of a rendered view are labelled, and how far down: what a person would draw."""

import numpy as np
import pytest

from sample_media.studio.draw import draw_plan
from sample_media.studio.hidden import box_to_draw, made_out, outline_of
from sample_media.studio.plan import Camera, Lamp, Plan, Spot
from sample_media.studio.sight import bins_in_view, lamps_in_view

SIZE = (100, 100)
COLUMN, HEAD = (48.0, 20.0, 52.0, 80.0), (44.0, 10.0, 56.0, 20.0)
WHOLE = (44.0, 10.0, 56.0, 80.0)


def face(box: tuple[float, ...]) -> np.ndarray:
    x0, y0, x1, y1 = box
    return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])


LAMP = outline_of([face(COLUMN), face(HEAD)], WHOLE, HEAD, SIZE)


def seen_but(*hidden: tuple[int, int, int, int]) -> np.ndarray:
    """The lamp's pixels less what lies in boxes before it."""
    seen = LAMP.cover > 0.5
    for x0, y0, x1, y1 in hidden:
        seen[y0:y1, x0:x1] = False
    return seen


@pytest.mark.parametrize(
    ("seen", "box"),
    [
        pytest.param(seen_but(), WHOLE, id="nothing before it"),
        pytest.param(seen_but((40, 30, 60, 45)), WHOLE, id="a bough across the column"),
        pytest.param(seen_but((40, 74, 60, 80)), WHOLE, id="its foot in the grass"),
        pytest.param(seen_but((40, 55, 60, 80)), (44.0, 10.0, 56.0, 55.0), id="its lower part behind a car"),
        pytest.param(seen_but((40, 20, 60, 76)), (44.0, 10.0, 56.0, 20.0), id="only head and foot of it seen"),
        pytest.param(seen_but((40, 10, 60, 20)), None, id="its head behind a crown"),
        pytest.param(
            seen_but((40, 0, 60, 15), (40, 20, 60, 80)), (44.0, 10.0, 56.0, 20.0), id="half a head above a crown"
        ),
        pytest.param(
            seen_but((40, 10, 60, 78)), None, id="the top and the middle hidden, though its height is spanned"
        ),
        pytest.param(seen_but((0, 0, 100, 100)), None, id="all of it hidden"),
    ],
)
def test_lamp_is_boxed_where_its_head_is_seen_and_as_far_down_as_it_is(seen: np.ndarray, box: object) -> None:
    assert box_to_draw(seen, LAMP) == box


def test_far_column_narrower_than_a_pixel_is_boxed_though_some_of_its_pixels_show_what_is_behind() -> None:
    column, head = (50.2, 22.0, 50.8, 40.0), (49.0, 20.0, 52.0, 22.0)
    far = outline_of([face(column), face(head)], (49.0, 20.0, 52.0, 40.0), head, SIZE)
    assert far.cover.sum() == pytest.approx(0.6 * 18 + 6, rel=0.1)
    seen = far.cover > 0.9
    seen[22:40:2, 50] = True
    assert box_to_draw(seen, far) == (49.0, 20.0, 52.0, 40.0)


@pytest.mark.parametrize(
    ("rise", "box"),
    [
        pytest.param(14, (44.0, 0.0, 56.0, 66.0), id="most of its head in the frame"),
        pytest.param(18, None, id="its head out of the frame"),
    ],
)
def test_column_that_leaves_the_frame_is_no_lamp_without_its_head(rise: int, box: object) -> None:
    def up(old: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        return old[0], old[1] - rise, old[2], old[3] - rise

    lamp = outline_of([face(up(COLUMN)), face(up(HEAD))], up(WHOLE), up(HEAD), SIZE)
    assert box_to_draw(lamp.cover > 0.5, lamp) == box


@pytest.mark.parametrize(
    ("column", "head", "told"),
    [
        pytest.param(20, 20, False, id="black in black"),
        pytest.param(20, 250, True, id="nothing but its lit head seen"),
        pytest.param(20, 32, False, id="a glimmer on a dark head"),
        pytest.param(60, 250, True, id="lit, its column seen"),
        pytest.param(45, 30, True, id="out, before water that shines"),
    ],
)
def test_lamp_after_dark_is_made_out_where_half_of_it_differs(column: int, head: int, told: bool) -> None:
    seen, grey = LAMP.cover > 0.5, np.full((100, 100), 20, np.uint8)
    grey[seen] = column
    grey[10:20, 44:56] = head
    assert made_out(grey, seen) is told


def test_lamps_in_view_have_their_head_in_the_frame_and_are_near() -> None:
    lamps = (Lamp(20, 0), Lamp(30, 1.5), Lamp(30, 40), Lamp(400, 0), Lamp(-10, 0))
    plan = Plan(1, curve=(0, 0, 0), camera=Camera(x=0, z=5, yaw=0, pitch=10), lamps=lamps)
    assert lamps_in_view(plan, (640, 360)) == 2
    assert lamps_in_view(draw_plan(200_006), (640, 360)) == 0  # looks down at the walk, past all heads


def test_bins_in_view_are_in_the_frame_and_near() -> None:
    bins = (Spot(20, 0), Spot(30, 1.5), Spot(30, 40), Spot(400, 0), Spot(-10, 0))
    plan = Plan(1, curve=(0, 0, 0), camera=Camera(x=0, z=5, yaw=0, pitch=10), bins=bins)
    assert bins_in_view(plan, (640, 360)) == 2
