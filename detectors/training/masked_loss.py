"""Detection loss that says nothing about classes an image's labels do not cover.

On a union of sets that each label only some classes, the usual loss teaches that an unlabelled tree is background.
Here the class term of an unlabelled class is dropped for that image, except where a box of that class was given.
"""

from __future__ import annotations

from typing import Any

import torch
from ultralytics.utils.loss import E2ELoss, v8DetectionLoss
from ultralytics.utils.tal import TaskAlignedAssigner

LEAST_SIDE = 12.0
"""Narrower boxes count as this wide where predictions are matched to them, pixels: 1.5 cells of the finest map."""


class _MaskedBCE(torch.nn.Module):
    """Binary cross-entropy by element, zero where a class is unlabelled and no target was assigned.

    Where a teacher is given, its scores are the targets of its classes wherever no box was assigned: what it is half
    sure of is neither taught as present nor as background.
    """

    def __init__(self) -> None:
        super().__init__()
        self.unlabelled: torch.Tensor | None = None
        self.teacher: torch.Tensor | None = None

    def forward(self, scores: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Loss of logits (batch, anchors, classes) against soft targets of the same shape."""
        silent = torch.zeros_like(targets, dtype=torch.bool)
        if self.unlabelled is not None:
            silent = self.unlabelled[:, None, :].to(scores.device) & (targets <= 0)
        if self.teacher is not None:
            taught = self.teacher >= 0
            silent = silent & ~taught
            targets = torch.where(taught, torch.maximum(targets, self.teacher), targets)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(scores, targets, reduction="none")
        return loss.masked_fill(silent, 0.0)


class ThinBoxAssigner(TaskAlignedAssigner):
    """Matches predictions to boxes with some tolerance across thin ones.

    The usual overlap sets how sure a prediction is taught to be, and how much its box counts. A column of 6 px that is
    found 3 px beside its place overlaps by a third: far lamps were taught to be unsure, and their edges hardly at all.
    """

    def iou_calculation(self, gt_bboxes: torch.Tensor, pd_bboxes: torch.Tensor) -> torch.Tensor:
        """Overlaps (n,) of pairs of boxes (n, 4), both widened by what the true one lacks of `LEAST_SIDE`."""
        lacking = (LEAST_SIDE - (gt_bboxes[:, 2:] - gt_bboxes[:, :2])).clamp(min=0) / 2
        grown = torch.cat([-lacking, lacking], 1)
        overlaps: torch.Tensor = super().iou_calculation(gt_bboxes + grown, pd_bboxes + grown)
        return overlaps


class MaskedDetectionLoss(v8DetectionLoss):
    """The detection loss with two more entries of the batch, both optional.

    `unlabelled`: (batch, classes) bool, left out of the class term. `teacher`: (batch, anchors, classes) scores in 0-1
    of a teacher with the same anchors, -1 for classes that it does not know.
    """

    def __init__(self, model: torch.nn.Module, tal_topk: int = 10, tal_topk2: int | None = None) -> None:
        super().__init__(model, tal_topk=tal_topk, tal_topk2=tal_topk2)
        self.bce = _MaskedBCE()
        usual: TaskAlignedAssigner = self.assigner
        same = {k: getattr(usual, k) for k in ("topk", "topk2", "num_classes", "alpha", "beta", "stride")}
        self.assigner: TaskAlignedAssigner = ThinBoxAssigner(**same)

    def loss(
        self, preds: dict[str, torch.Tensor], batch: dict[str, Any]
    ) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        """The box, class and distance terms (3,), times the batch size, and the same detached by name."""
        self.bce.unlabelled, self.bce.teacher = batch.get("unlabelled"), batch.get("teacher")
        # Training runs in bfloat16 on CPUs that have it: distances and scores need full precision here.
        full = {k: v.float() if isinstance(v, torch.Tensor) else v for k, v in preds.items()}
        with torch.autocast(preds["boxes"].device.type, enabled=False):
            return super().loss(full, batch)


def masked_criterion(model: torch.nn.Module) -> Any:
    """The masked loss for a model: for both heads where it has a one-to-one head, else for the one it has."""
    if getattr(model.model[-1], "one2one_cv2", None) is not None:  # type: ignore[index]
        loss = E2ELoss(model, MaskedDetectionLoss)
        # We predict with the one-to-many head, and only that head teaches the layers below: its weight stays up.
        loss.final_o2m = loss.o2m_copy
        return loss
    return MaskedDetectionLoss(model)
