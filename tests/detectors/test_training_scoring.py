"""Average precision, and the thresholds chosen from it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from detectors.training.samples import Row
from detectors.training.scoring import (
    ClassScore,
    Truth,
    hits_of,
    mean_map50,
    overlaps,
    predictions,
    score_predictions,
)
from detectors.training.teacher import overlap
from detectors.training.thresholds import DEFAULT, LEAST, MOST, choose
from detectors.values import Detections

BOX = (0.1, 0.1, 0.5, 0.5)
FAR = (0.6, 0.6, 0.9, 0.9)
NEAR = (0.12, 0.1, 0.52, 0.5)


def truth(*boxes: tuple[float, float, float, float], name: str = "bin", covered: tuple[str, ...] = ("bin",)) -> Truth:
    return Truth(Path("x.jpg"), tuple(Row(name, b) for b in boxes), frozenset(covered))


@pytest.mark.parametrize(
    ("wanted", "found", "map50", "recall"),
    [
        pytest.param([BOX, FAR], [("bin", 0.9, BOX), ("bin", 0.8, FAR)], 1.0, 1.0, id="all found"),
        pytest.param([BOX, FAR], [("bin", 0.9, BOX)], 0.5, 0.5, id="one of two found"),
        pytest.param([BOX], [("bin", 0.9, FAR)], 0.0, 0.0, id="in the wrong place"),
        pytest.param([BOX], [("litter", 0.9, BOX)], 0.0, 0.0, id="as another class"),
        pytest.param([BOX], [("bin", 0.9, BOX), ("bin", 0.5, NEAR)], 1.0, 1.0, id="a weaker double costs nothing"),
        pytest.param([BOX], [("bin", 0.9, FAR), ("bin", 0.5, BOX)], 0.5, 1.0, id="a stronger false one halves it"),
        pytest.param([BOX], [], 0.0, 0.0, id="nothing found"),
    ],
)
def test_scores(wanted: list, found: list, map50: float, recall: float) -> None:
    scores = score_predictions([(truth(*wanted), Detections.of(found))], ["bin"])["bin"]
    assert scores["map50"] == pytest.approx(map50, abs=0.01)
    assert scores["recall"] == pytest.approx(recall, abs=0.01)
    assert scores["instances"] == len(wanted)


def test_pictures_that_do_not_label_a_class_do_not_count_against_it() -> None:
    labelled = (truth(BOX), Detections.of([("bin", 0.7, BOX)]))
    silent = (truth(covered=("litter",)), Detections.of([("bin", 0.9, BOX)]))
    assert score_predictions([labelled, silent], ["bin"])["bin"]["map50"] == pytest.approx(1.0, abs=0.01)


def test_a_class_without_a_box_is_not_scored() -> None:
    assert score_predictions([(truth(), Detections.of([("bin", 0.7, BOX)]))], ["bin"]) == {}


def score(map50: float, instances: int) -> ClassScore:
    return ClassScore(map50=map50, map50_95=0.0, precision=0.0, recall=0.0, images=1, instances=instances)


@pytest.mark.parametrize(
    ("scores", "mean"),
    [
        pytest.param({"bin": score(0.8, 60), "tree": score(0.6, 12)}, 0.7, id="each class weighs the same"),
        pytest.param({"bin": score(0.8, 60), "motorcycle": score(0.0, 1)}, 0.8, id="one box decides nothing"),
        pytest.param({"bin": score(0.8, 3), "dog": score(0.4, 1)}, 0.6, id="few boxes are better than none"),
        pytest.param({}, 0.0, id="nothing was scored"),
    ],
)
def test_the_figure_that_chooses_an_epoch(scores: dict[str, ClassScore], mean: float) -> None:
    assert mean_map50(scores) == pytest.approx(mean)


def test_one_box_is_found_once() -> None:
    hits, _, _, _ = hits_of([(truth(BOX), Detections.of([("bin", 0.5, NEAR), ("bin", 0.9, BOX)]))], "bin")
    assert hits[:, 0].tolist() == [True, False]


side = st.floats(0.01, 0.5)
corner = st.floats(0, 0.5)


boxes = st.builds(lambda x, y, w, h: (x, y, x + w, y + h), corner, corner, side, side)


@given(boxes, boxes)
def test_overlap_is_within_bounds_and_the_same_both_ways(a: tuple, b: tuple) -> None:
    found = overlaps(np.array([a], np.float32), np.array([b], np.float32))[0, 0]
    assert 0 <= found <= 1.0001
    assert found == pytest.approx(overlap(b, a), abs=1e-4)
    assert overlap(a, a) == pytest.approx(1)


def test_the_threshold_parts_right_from_wrong() -> None:
    pairs = [(truth(BOX), Detections.of([("bin", 0.5, BOX), ("bin", 0.3, FAR)])) for _ in range(20)]
    assert 0.3 < choose(pairs, ["bin"])["bin"] <= 0.5


def test_where_many_thresholds_are_as_good_the_middle_is_taken() -> None:
    sure = [(truth(BOX), Detections.of([("bin", 0.6, BOX)])) for _ in range(100)]
    faint = [(truth(BOX), Detections.of([("bin", 0.3, BOX)]))]
    assert choose(sure + faint, ["bin"]) == {"bin": pytest.approx(0.45)}, "0.3 is better by a hair: one box of 101"


@pytest.mark.parametrize(
    ("score", "wanted"),
    [pytest.param(0.02, LEAST, id="not below the least"), pytest.param(0.95, MOST, id="not above the most")],
)
def test_thresholds_stay_in_bounds(score: float, wanted: float) -> None:
    pairs = [(truth(BOX), Detections.of([("bin", score, BOX)])) for _ in range(20)]
    assert choose(pairs, ["bin"]) == {"bin": wanted}


def test_too_few_boxes_leave_the_default() -> None:
    assert choose([(truth(BOX), Detections.of([("bin", 0.9, BOX)]))], ["bin", "dog"]) == {
        "bin": DEFAULT,
        "dog": DEFAULT,
    }


class Elsewhere(torch.nn.Module):
    """A detector whose weights are not in the computer's own memory: one box of a bin in the middle of any picture."""

    def __init__(self) -> None:
        super().__init__()
        self.names = {0: "bin"}
        self.weight = torch.nn.Parameter(torch.zeros(1, device="meta"))

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """One anchor: centre, size and score; fails for pictures that are not where the weights are."""
        assert pictures.device == self.weight.device
        return torch.tensor([[[80.0], [64.0], [80.0], [64.0], [0.9]]])


def test_pictures_are_sent_to_where_the_model_computes(tmp_path: Path) -> None:
    picture = tmp_path / "x.png"
    cv2.imwrite(str(picture), np.zeros((128, 160, 3), np.uint8))
    (found,) = predictions(Elsewhere(), [Truth(picture, (), frozenset())], 160)
    assert found.names == ("bin",)
    np.testing.assert_allclose(found.boxes, [[0.25, 0.25, 0.75, 0.75]], atol=1e-6)
