"""The light at lamps' heads by day: whose it is, whether it fills the glass, and whether it came."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors.glass import Glass, GlassWatch
from detectors.inspectors.lamp_heads import Head
from detectors.inspectors.lit_by_day import DayWatch
from detectors.values import Asset, Grey, Presence
from tests.detectors.fakes import START

WIDTH, HEIGHT = 320, 240
# Two lanterns of a row seen end on: the far one's head is beside the near one's, and partly in its room.
NEAR, FAR = (
    Asset(name, "street_light", Region.rectangle(Box.of((x0 / WIDTH, y0 / HEIGHT, x1 / WIDTH, y1 / HEIGHT))))
    for name, (x0, y0, x1, y1) in {"near": (100, 40, 120, 200), "far": (114, 62, 128, 164)}.items()
)
GLASS = {"near": ((104, 46), (115, 62)), "far": ((118, 66), (124, 75))}
"""The corners of the glass of either."""


def street(lit: str = "", behind: int = 120, noise: int = 0) -> Grey:
    """The two lanterns before a wall of that brightness; one of them may burn."""
    picture = np.full((HEIGHT, WIDTH), behind, np.uint8)
    for name, (low, high) in GLASS.items():
        cv2.rectangle(picture, (low[0] - 2, low[1] - 4), (high[0] + 2, high[1] + 3), 40, -1)
        cv2.rectangle(picture, low, high, 255 if name == lit else 100, -1)
    return np.clip(picture + np.random.default_rng(noise).normal(0, 2, picture.shape), 0, 255).astype(np.uint8)


def with_a_strip(picture: Grey) -> Grey:
    """A flat head seen from the side: of the near lamp's glass the lowest rows shine."""
    shown = picture.copy()
    cv2.rectangle(shown, (104, 60), (115, 62), 250, -1)
    return shown


def without_near(picture: Grey) -> Grey:
    """The near lamp is gone: what shows in its place is the pale wall."""
    shown = picture.copy()
    shown[:, 100:117] = picture[10, 10]
    return shown


def brighter(picture: Grey) -> Grey:
    """The sun came out."""
    return np.clip(picture * 2.1, 0, 255).astype(np.uint8)


def as_it_was(picture: Grey) -> Grey:
    return picture


def looked(watch: GlassWatch, grey: Grey, second: float) -> Glass:
    heads = {}
    for lamp in (NEAR, FAR):
        shown = grey[GLASS[lamp.id][0][1] : GLASS[lamp.id][1][1] + 1, GLASS[lamp.id][0][0] : GLASS[lamp.id][1][0] + 1]
        heads[lamp.id] = Head(0.0, peak=float(shown.max()), beside=130.0)
    return watch.look([NEAR, FAR], heads, grey, START + timedelta(seconds=second))


@pytest.mark.parametrize(
    ("now", "lit", "behind", "came"),
    [
        pytest.param(as_it_was, "near", 120, {"near"}, id="one burns"),
        pytest.param(as_it_was, "far", 120, {"far"}, id="its neighbour burns"),
        pytest.param(as_it_was, "near", 215, {"near"}, id="one burns before a pale wall"),
        pytest.param(with_a_strip, "", 120, {"near"}, id="a strip of the glass shows"),
        pytest.param(as_it_was, "", 120, set(), id="none burns"),
        pytest.param(without_near, "", 215, set(), id="it is gone: the pale wall behind shows"),
        pytest.param(brighter, "", 110, set(), id="all is brighter"),
    ],
)
def test_light_came_where_glass_alone_grew_bright(
    now: Callable[[Grey], Grey], lit: str, behind: int, came: set[str]
) -> None:
    watch = GlassWatch()
    for second in range(5):
        assert looked(watch, street(behind=behind, noise=second), second).came_on == set()
    for second in range(5, 9):
        assert looked(watch, now(street(lit, behind, second)), second).came_on == came


@pytest.mark.parametrize(("looks", "later_s"), [(2, 1.0), (5, 7200.0)], ids=["not known yet", "hours later"])
def test_light_is_not_known_to_have_come_without_a_recent_past(looks: int, later_s: float) -> None:
    watch = GlassWatch()
    for second in range(looks):
        looked(watch, street(noise=second), second)
    assert looked(watch, street("near"), looks + later_s).came_on == set()


def test_a_neighbours_light_in_a_lamps_head_is_not_its_own() -> None:
    grey = street("near")
    heads = {"near": Head(0.9, peak=255.0, beside=130.0), "far": Head(0.9, peak=255.0, beside=130.0)}
    glass = GlassWatch().look([NEAR, FAR], heads, grey, START)
    assert glass.anothers == {"far"}
    said = [DayWatch().look(lamp, {**heads, "a": DARK, "b": DARK}, START, glass) for lamp in (NEAR, FAR)]
    assert [o.presence for o in said] == [Presence.PRESENT, Presence.UNKNOWN]


def test_light_fills_glass_that_burns_and_one_side_of_glass_in_the_sun() -> None:
    grey = street("near")
    in_the_sun = grey.copy()
    (left, top), (right, low) = GLASS["near"]
    in_the_sun[top : low + 1, left : right + 1] = np.linspace(150, 255, right - left + 1).astype(np.uint8)
    head = {"near": Head(0.3, peak=255.0, beside=130.0)}
    assert GlassWatch().look([NEAR], head, grey, START).full == {"near"}
    assert GlassWatch().look([NEAR], head, in_the_sun, START).full == set()


DARK = Head(0.1, peak=190.0, surround=110.0, beside=150.0)


@pytest.mark.parametrize(
    ("head", "full", "said"),
    [
        pytest.param(Head(0.4, 252.0, beside=190.0), True, Presence.PRESENT, id="white all over"),
        pytest.param(Head(0.4, 252.0, beside=190.0), False, Presence.ABSENT, id="white on one side"),
        pytest.param(Head(0.1, 252.0, beside=190.0), True, Presence.ABSENT, id="dark to the judge"),
        pytest.param(Head(0.4, 225.0, beside=180.0), True, Presence.ABSENT, id="hardly brighter than the others"),
        pytest.param(Head(0.4, 252.0, beside=230.0), True, Presence.ABSENT, id="before a bright sky"),
    ],
)
def test_glass_that_light_fills_burns_though_the_judge_doubts(head: Head, full: bool, said: Presence) -> None:
    glass = Glass(full=frozenset({"near"} if full else ()))
    assert DayWatch().look(NEAR, {"near": head, "a": DARK, "b": DARK, "c": DARK}, START, glass).presence is said


@pytest.mark.parametrize(
    ("came", "said"),
    [
        pytest.param(True, Presence.PRESENT, id="its glass alone grew bright: before a pale sky it outshines nothing"),
        pytest.param(False, Presence.ABSENT, id="it was as bright before"),
    ],
)
def test_light_that_came_burns_though_it_outshines_nothing(came: bool, said: Presence) -> None:
    head, glass = Head(0.2, peak=205.0, beside=195.0), Glass(came_on=frozenset({"near"} if came else ()))
    assert DayWatch().look(NEAR, {"near": head, "a": DARK, "b": DARK}, START, glass).presence is said


@pytest.mark.parametrize(
    ("aside", "told"),
    [
        pytest.param(8, {"far"}, id="its head is mostly behind the near one's: one bright place"),
        pytest.param(40, set(), id="its head is in plain view"),
    ],
)
@pytest.mark.parametrize("third", [False, True], ids=["two globes", "a third one behind both"])
def test_what_shines_at_a_head_behind_a_nearer_one_may_be_that(aside: int, told: set[str], third: bool) -> None:
    globes = np.full((HEIGHT, WIDTH), 90, np.uint8)
    cv2.circle(globes, (110, 54), 9, 250, -1)
    cv2.circle(globes, (110 - aside, 54), 7, 250, -1)
    if third:  # then the middle of what is bright is the far one's
        cv2.circle(globes, (97 - aside, 54), 7, 250, -1)
    lamps = [
        Asset(
            i, "street_light", Region.rectangle(Box((x - r) / WIDTH, (54 - r) / HEIGHT, (x + r) / WIDTH, y1 / HEIGHT))
        )
        for i, x, r, y1 in (("near", 110, 10, 200), ("far", 110 - aside, 8, 160))
    ]
    heads = {lamp.id: Head(0.95, peak=250.0, beside=100.0) for lamp in lamps}
    anothers = GlassWatch().look(lamps, heads, globes, START).anothers
    assert told <= anothers
    assert third or anothers == told


@pytest.mark.parametrize(
    ("x", "told"),
    [
        pytest.param(94, set(), id="in the middle of its own head"),
        pytest.param(101, {"far"}, id="as near to the nearer head's middle"),
    ],
)
def test_a_light_in_a_head_behind_the_rim_of_a_nearer_one_may_be_plainly_its_own(x: int, told: set[str]) -> None:
    lanterns = np.full((HEIGHT, WIDTH), 90, np.uint8)
    cv2.rectangle(lanterns, (x - 3, 51), (x + 3, 57), 250, -1)
    lamps = [
        Asset(
            i, "street_light", Region.rectangle(Box((c - r) / WIDTH, (54 - r) / HEIGHT, (c + r) / WIDTH, y1 / HEIGHT))
        )
        for i, c, r, y1 in (("near", 110, 14, 200), ("far", 94, 10, 160))
    ]
    heads = {"near": Head(0.1, peak=120.0, beside=90.0), "far": Head(0.95, peak=250.0, beside=90.0)}
    assert GlassWatch().look(lamps, heads, lanterns, START).anothers == told
