"""Boxes, regions and detections."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.detector import calibrated, within_view
from detectors.errors import LamplighterError, RegisterError
from detectors.geometry import Box, Region
from detectors.issues import ISSUES, issue_type
from detectors.values import Detections

unit = st.floats(0, 1)
boxes = st.builds(lambda a, b, c, d: Box.of((a, b, c, d)), unit, unit, unit, unit)


@pytest.mark.parametrize(
    ("a", "b", "iou"),
    [
        pytest.param(Box(0, 0, 0.5, 0.5), Box(0, 0, 0.5, 0.5), 1.0, id="the same"),
        pytest.param(Box(0, 0, 0.5, 0.5), Box(0.5, 0.5, 1, 1), 0.0, id="a corner touches"),
        pytest.param(Box(0, 0, 0.4, 0.2), Box(0.2, 0, 0.6, 0.2), 1 / 3, id="half over half"),
        pytest.param(Box(0.3, 0.3, 0.3, 0.3), Box(0.3, 0.3, 0.3, 0.3), 0.0, id="empty boxes"),
    ],
)
def test_overlap(a: Box, b: Box, iou: float) -> None:
    assert a.iou(b) == pytest.approx(iou)


@given(boxes, boxes)
def test_overlap_is_symmetric_and_bounded(a: Box, b: Box) -> None:
    assert 0 <= a.iou(b) <= 1 + 1e-9
    assert a.iou(b) == b.iou(a)


@given(boxes, st.floats(0, 2), st.integers(1, 4000), st.integers(1, 4000))
def test_boxes_stay_inside_the_picture(box: Box, share: float, width: int, height: int) -> None:
    grown = box.grown(share)
    assert 0 <= grown.x0 <= box.x0 <= box.x1 <= grown.x1 <= 1
    x0, y0, x1, y1 = grown.pixels(width, height)
    assert 0 <= x0 < x1 <= width
    assert 0 <= y0 < y1 <= height


@pytest.mark.parametrize(
    ("points", "says"),
    [
        pytest.param([[0, 0], [1, 1]], "at least 3", id="two points"),
        pytest.param([[0, 0], [1.2, 0], [1, 1]], "outside the picture", id="outside"),
        pytest.param([[0, float("nan")], [1, 0], [1, 1]], "outside the picture", id="not a number"),
        pytest.param([[0.1, 0.5], [0.2, 0.5], [0.9, 0.5]], "no?.*area|area", id="on one line"),
        pytest.param([[0, 0, 0], [1, 0, 0], [1, 1, 0]], "pairs", id="three coordinates"),
    ],
)
def test_a_region_that_cannot_be_is_refused(points: list[list[float]], says: str) -> None:
    with pytest.raises(RegisterError, match=says):
        Region.of(points)


def test_a_region_knows_what_lies_in_it() -> None:
    triangle = Region.of([[0, 0], [1, 0], [0, 1], [0, 0]])
    assert len(triangle.points) == 3
    assert triangle.contains((0.2, 0.2))
    assert not triangle.contains((0.8, 0.8))
    assert triangle.mask(100, 50).mean() == pytest.approx(0.5, abs=0.03)


def test_detections_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match="Expected boxes"):
        Detections(np.zeros((2, 4), np.float32), np.zeros(1, np.float32), ("a",))


def test_detections_are_chosen_by_class_and_score() -> None:
    found = Detections.of([("person", 0.9, (0, 0, 1, 1)), ("person", 0.2, (0, 0, 1, 1)), ("bin", 0.8, (0, 0, 1, 1))])
    assert [(n, round(s, 1)) for n, s, _ in found.named("person", min_score=0.5)] == [("person", 0.9)]
    assert len(found.named("tree")) == 0


def test_every_issue_has_a_priority_and_an_unknown_one_is_named() -> None:
    assert all(row.priority in (1, 2, 3, 4) and row.title for row in ISSUES.values())
    with pytest.raises(LamplighterError, match="Unknown issue 'lihgt_out'"):
        issue_type("lihgt_out")


@pytest.mark.parametrize(
    ("score", "threshold", "scaled"),
    [
        pytest.param(0.2, 0.2, 0.5, id="at its threshold"),
        pytest.param(0.6, 0.2, 0.75, id="half-way from there to certain"),
        pytest.param(0.1, 0.2, 0.25, id="half-way to its threshold"),
        pytest.param(1.0, 0.9, 1.0, id="certain stays certain"),
        pytest.param(0.0, 0.9, 0.0, id="nothing stays nothing"),
    ],
)
def test_scores_of_all_classes_come_to_one_scale(score: float, threshold: float, scaled: float) -> None:
    found = calibrated(Detections.of([("litter", score, (0, 0, 1, 1))]), {"litter": threshold})
    assert float(found.scores[0]) == pytest.approx(scaled)


@given(unit, unit, st.floats(0.01, 0.99))
def test_the_scale_keeps_the_order_of_scores(a: float, b: float, threshold: float) -> None:
    rows = Detections.of([("x", a, (0, 0, 1, 1)), ("x", b, (0, 0, 1, 1))])
    first, second = calibrated(rows, {"x": threshold}).scores
    assert (first <= second) if a <= b else (first >= second)


def test_what_fills_the_view_is_nothing_that_lies_there_but_may_pass() -> None:
    rows = [
        ("litter", 0.6, (0.0, 0.0, 1.0, 1.0)),
        ("truck", 0.6, (0.0, 0.0, 0.9, 0.9)),
        ("litter", 0.6, (0.4, 0.4, 0.6, 0.6)),
    ]
    assert [(name, round(box.area, 2)) for name, _, box in within_view(Detections.of(rows))] == [
        ("truck", 0.81),
        ("litter", 0.04),
    ]
    assert len(within_view(Detections.empty())) == 0
