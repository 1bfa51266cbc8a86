"""The masked loss: what is not labelled is not taught as background."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import torch
from ultralytics.nn.tasks import DetectionModel
from ultralytics.utils.loss import v8DetectionLoss
from ultralytics.utils.tal import TaskAlignedAssigner

from detectors.training.classes import CLASSES, INDEX
from detectors.training.masked_loss import MaskedDetectionLoss, ThinBoxAssigner, masked_criterion

TREE, LAMP, PERSON = INDEX["tree"], INDEX["street_light"], INDEX["person"]


@pytest.fixture(scope="module")
def model() -> Any:
    torch.manual_seed(0)
    model = DetectionModel("yolo26n.yaml", nc=len(CLASSES), verbose=False)
    model.args = SimpleNamespace(box=7.5, cls=0.5, dfl=1.5, epochs=3)
    return model.train()


def batch_of(*, unlabelled: tuple[int, ...] = (), teacher: torch.Tensor | None = None) -> dict[str, Any]:
    """One picture with one lamp, and what it does not label."""
    mask = torch.zeros(1, len(CLASSES), dtype=torch.bool)
    mask[0, list(unlabelled)] = True
    batch = {
        "batch_idx": torch.tensor([0.0]),
        "cls": torch.tensor([[float(LAMP)]]),
        "bboxes": torch.tensor([[0.5, 0.5, 0.3, 0.6]]),
        "unlabelled": mask,
    }
    return batch if teacher is None else {**batch, "teacher": teacher}


def score_gradient(model: Any, batch: dict[str, Any], loss_class: type = MaskedDetectionLoss) -> torch.Tensor:
    """How the class loss pulls at each class's scores: (anchors, classes)."""
    torch.manual_seed(1)
    preds = model(torch.rand(1, 3, 96, 96))["one2many"]
    scores = preds["scores"].detach().requires_grad_()
    loss, _ = loss_class(model).loss({**preds, "scores": scores}, batch)
    loss[1].backward()
    assert scores.grad is not None
    return scores.grad[0].T


def test_an_unlabelled_class_is_not_pulled_anywhere(model: Any) -> None:
    pull = score_gradient(model, batch_of(unlabelled=(TREE,)))
    assert pull[:, TREE].abs().sum() == 0
    assert (pull[:, PERSON] > 0).all(), "a labelled class without a box is background everywhere"


def test_a_box_of_a_class_counts_even_where_the_class_is_otherwise_unlabelled(model: Any) -> None:
    pull = score_gradient(model, batch_of(unlabelled=(LAMP,)))
    assert (pull[:, LAMP] < 0).any(), "anchors on the box are pulled up"
    assert (pull[:, LAMP] <= 0).all(), "no anchor is pushed down"


def test_with_nothing_unlabelled_it_is_the_usual_loss(model: Any) -> None:
    ours = score_gradient(model, batch_of())
    usual = score_gradient(model, batch_of(), v8DetectionLoss)
    torch.testing.assert_close(ours, usual)


def test_a_teacher_s_scores_are_the_targets_of_the_classes_it_knows(model: Any) -> None:
    anchors = score_gradient(model, batch_of()).shape[0]
    teacher = torch.full((1, anchors, len(CLASSES)), -1.0)
    teacher[..., PERSON] = 0.0
    teacher[0, 5, PERSON] = 0.9
    pull = score_gradient(model, batch_of(unlabelled=(PERSON, TREE), teacher=teacher))
    assert pull[5, PERSON] < 0
    assert (pull[:5, PERSON] > 0).all()
    assert pull[:, TREE].abs().sum() == 0


def test_both_heads_are_masked(model: Any) -> None:
    torch.manual_seed(1)
    preds = model(torch.rand(1, 3, 96, 96))
    for head in preds.values():
        head["scores"] = head["scores"].detach().requires_grad_()
    loss, _ = masked_criterion(model)(preds, batch_of(unlabelled=(TREE,)))
    loss.sum().backward()
    for head in preds.values():
        assert head["scores"].grad[0, TREE].abs().sum() == 0
        assert head["scores"].grad[0, PERSON].abs().sum() > 0


@pytest.mark.parametrize(
    ("box", "beside", "usual", "tolerant"),
    [
        pytest.param((100, 50, 106, 150), 3, 0.33, 0.60, id="a thin column, 3 px beside"),
        pytest.param((100, 50, 106, 150), 9, 0.0, 0.14, id="a thin column, 9 px beside"),
        pytest.param((100, 50, 106, 150), 20, 0.0, 0.0, id="a thin column, far beside"),
        pytest.param((100, 50, 140, 150), 3, 0.86, 0.86, id="a wide box as before"),
        pytest.param((100, 50, 106, 150), 0, 1.0, 1.0, id="on its place"),
    ],
)
def test_thin_boxes_are_matched_with_tolerance(
    box: tuple[int, ...], beside: int, usual: float, tolerant: float
) -> None:
    true = torch.tensor([box], dtype=torch.float32)
    found = true + torch.tensor([beside, 0, beside, 0])
    assert TaskAlignedAssigner().iou_calculation(true, found).item() == pytest.approx(usual, abs=0.02)
    assert ThinBoxAssigner().iou_calculation(true, found).item() == pytest.approx(tolerant, abs=0.02)


def test_a_thin_lamp_is_taught_to_be_surer_than_usual(model: Any) -> None:
    batch = batch_of()
    batch["bboxes"] = torch.tensor([[0.5, 0.5, 0.05, 0.6]])  # 5 of 96 px wide
    ours = score_gradient(model, batch)[:, LAMP].min()
    assert ours < score_gradient(model, batch, v8DetectionLoss)[:, LAMP].min() - 1e-4
