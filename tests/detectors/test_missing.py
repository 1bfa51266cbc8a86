"""Furniture that is not to be seen, and why it may stand there all the same."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from detectors.geometry import Box, Region
from detectors.inspectors import Scene
from detectors.inspectors.furniture import FurnitureInspector
from detectors.values import Asset, Detections, Image, LightState, Observation, Presence, View
from tests.detectors.fakes import frame
from tests.detectors.scenes import HEIGHT, WIDTH, day

P, A, U = Presence.PRESENT, Presence.ABSENT, Presence.UNKNOWN
PLACE, OTHER = Box(0.4, 0.6, 0.5, 0.75), Box(0.6, 0.6, 0.7, 0.75)


def benches(*boxes: Box) -> View:
    return View("walk", tuple(Asset(f"B-{i}", "bench", Region.rectangle(b)) for i, b in enumerate(boxes, 1)))


def seen_at(*boxes: Box) -> Detections:
    return Detections.of([("bench", 0.8, b.as_list()) for b in boxes])


def verdict(observations: list[Observation], asset: str = "B-1") -> tuple[Presence, str]:
    (found,) = [(o.presence, o.reason) for o in observations if o.issue == "asset_missing" and o.asset_id == asset]
    return found


@pytest.mark.parametrize(
    ("place", "said"),
    [
        pytest.param(PLACE, P, id="whole"),
        pytest.param(Box(0.97, 0.6, 1.0, 0.75), U, id="a strip at the right edge"),
        pytest.param(Box(0.0, 0.6, 0.03, 0.75), U, id="a strip at the left edge"),
        pytest.param(Box(0.4, 0.85, 0.5, 1.0), U, id="cut below"),
    ],
)
def test_what_the_edge_cuts_is_not_missed_from_the_start(place: Box, said: Presence) -> None:
    view = benches(place, OTHER)
    seen = FurnitureInspector(view).look(Scene(frame(day(), 0), LightState.DAY, seen_at(OTHER), view, []))
    assert verdict(seen)[0] is said


def test_what_the_edge_cuts_is_missed_once_it_was_seen() -> None:
    place = Box(0.92, 0.6, 1.0, 0.75)
    view = benches(place, OTHER)
    inspector, last = FurnitureInspector(view), []
    for second in range(8):
        there = second < 4
        picture = drawn(day(seed=second), place) if there else day(seed=second)
        found = seen_at(OTHER, place) if there else seen_at(OTHER)
        last = inspector.look(Scene(frame(picture, second), LightState.DAY, found, view, []))
    assert verdict(last)[0] is P


@pytest.mark.parametrize(
    ("stands", "light", "said"),
    [
        pytest.param(False, 1.0, (P, ""), id="taken away under its lamp"),
        pytest.param(True, 0.4, (A, ""), id="its lamp went out, its edges still show"),
        pytest.param(
            False, 0.4, (U, "its light went out"), id="its lamp went out and it does not show: nobody can tell"
        ),
    ],
)
def test_after_dark_a_place_that_lost_its_light_is_not_judged(
    stands: bool, light: float, said: tuple[Presence, str]
) -> None:
    view = benches(PLACE, OTHER)
    inspector, last = FurnitureInspector(view), []
    for second in range(8):
        before = second < 4
        picture = drawn(day(seed=second), PLACE) if before or stands else day(seed=second)
        dimmed = (picture * (1.0 if before else light)).astype(np.uint8)
        found = seen_at(OTHER, PLACE) if before else seen_at(OTHER)
        last = inspector.look(Scene(frame(dimmed, second), LightState.NIGHT, found, view, []))
    presence, reason = verdict(last)
    assert (presence, reason if presence is U else "") == said


def drawn(picture: Image, place: Box) -> Image:
    """The walk with a bench of five slats."""
    x0, y0, x1, y1 = place.pixels(WIDTH, HEIGHT)
    for y in range(y0, y1, 8):
        cv2.rectangle(picture, (x0, y), (x1, y + 4), (40, 70, 110), -1)
    return picture


@pytest.mark.parametrize(
    ("before", "said"),
    [
        pytest.param(Box(0.40, 0.62, 0.49, 0.78), U, id="a bin stands before most of it"),
        pytest.param(Box(0.48, 0.64, 0.52, 0.78), P, id="a bin stands before its end"),
        pytest.param(Box(0.40, 0.64, 0.45, 0.78), P, id="a bin stands before a third of it"),
    ],
)
def test_what_other_things_hide_is_not_missed_from_the_start(before: Box, said: Presence) -> None:
    view = View("walk", (*benches(PLACE, OTHER).assets, Asset("W-1", "bin", Region.rectangle(before))))
    seen = FurnitureInspector(view).look(Scene(frame(day(), 0), LightState.DAY, seen_at(OTHER), view, []))
    assert verdict(seen)[0] is said


@pytest.mark.parametrize(
    ("score", "said"),
    [pytest.param(0.4, U, id="too small to tell"), pytest.param(0.8, P, id="surely seen before, however small")],
)
def test_what_is_small_is_missed_where_it_was_surely_seen(score: float, said: Presence) -> None:
    small = Box(0.4, 0.6, 0.46, 0.66)
    view = benches(small, OTHER)
    inspector, last = FurnitureInspector(view), []
    for second in range(13):
        there = second < 6
        picture = drawn(day(seed=second), small) if there else day(seed=second)
        rows = [("bench", 0.8, OTHER.as_list())] + ([("bench", score, small.as_list())] if there else [])
        found = Detections.of(rows)
        last = inspector.look(Scene(frame(picture, second), LightState.DAY, found, view, []))
    assert verdict(last)[0] is said
