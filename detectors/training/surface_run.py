"""Train the surface model, score it, and write its weights: `lamplighter train --surfaces`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from ultralytics.models.yolo.semantic import SemanticSegmentationTrainer
from ultralytics.utils.loss import SemanticSegmentationLoss
from ultralytics.utils.torch_utils import unwrap_model

from detectors.surfaces import SIZE, SURFACES, SurfaceGraph, SurfaceModel
from detectors.training.export import read_checkpoint, write_facts
from detectors.training.run import TrainOptions, checked_start, overrides
from detectors.training.scoring import read_picture
from detectors.training.speed import in_bfloat16, keep_norms
from detectors.training.surface_graph import write_graph
from detectors.training.surface_set import UNTAUGHT, pictures_of, read_mask


class _FullLoss(SemanticSegmentationLoss):
    """Ultralytics' loss, in full precision whatever the model computed in."""

    def forward(self, preds: Any, batch: dict[str, Any]) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        found: tuple[torch.Tensor, dict[str, torch.Tensor]] = super().forward(tuple(p.float() for p in preds), batch)
        return found


class SurfaceTrainer(SemanticSegmentationTrainer):
    """Ultralytics' trainer, quicker on a CPU; tells of each epoch."""

    bf16: bool = False
    on_epoch: Callable[[int, int, float], None] | None = None

    def _setup_train(self) -> None:
        super()._setup_train()
        model = unwrap_model(self.model)
        model.criterion = _FullLoss(model)
        # Only the live model: the averaged copy that is scored and saved was made before.
        keep_norms(model)
        if self.bf16:
            in_bfloat16(model, self.device)

    def validate(self) -> tuple[dict[str, float], float]:
        """Score the averaged weights on the held-back pictures (mean IoU)."""
        metrics, fitness = super().validate()
        if self.on_epoch is not None:
            self.on_epoch(self.epoch + 1, self.epochs, fitness)
        return metrics, fitness

    def final_eval(self) -> None:
        """Nothing: the best epoch was chosen on held-back pictures, and the validation part is scored apart."""


def train_surfaces(
    index: Path,
    start: Path,
    out: Path,
    options: TrainOptions,
    *,
    resume: bool = False,
    notice: Callable[[str], None] = print,
) -> Path:
    """Train on a set that `build_surfaces` wrote.

    Args:
        start: detection checkpoint of the same size, whose layers below the head are taken.
        out: folder of the run; the weights are written beside it as `lamplighter-surfaces-n.onnx`.
        resume: go on from `out/weights/last.pt`.

    Returns:
        Path of the weights.

    Raises:
        LamplighterError: nothing to resume, or a start that is not there.
    """
    trainer = SurfaceTrainer(overrides=_overrides(index, start, out, options, checked_start(start, out, resume)))
    trainer.bf16 = options.bf16
    trainer.on_epoch = lambda epoch, of, miou: notice(f"epoch {epoch}/{of}  held-back mean IoU {miou:.3f}")
    trainer.train()
    best = trainer.best if trainer.best.is_file() else trainer.last
    return publish_surfaces(best, index.parent, out.parent / "lamplighter-surfaces-n.onnx", options.seed, notice)


def _overrides(index: Path, start: Path, out: Path, o: TrainOptions, resume: Path | None) -> dict[str, Any]:
    return {
        **overrides(index, out, o, resume),
        "model": str(resume or "yolo26n-sem.yaml"),
        "pretrained": str(start),
        "mosaic": 0.0,
        "scale": 0.3,
        "degrees": 2.0,
        "hsv_h": 0.02,
        "hsv_v": 0.5,
    }


def publish_surfaces(
    checkpoint: Path, built: Path, target: Path, seed: int, notice: Callable[[str], None] = print
) -> Path:
    """Publish a checkpoint as a graph with its facts beside it: its scores on the validation part, by source."""
    module = read_checkpoint(checkpoint)
    scores = score_surfaces(SurfaceGraph(write_graph(module, target)), built, "val")
    for source, found in scores.items():
        notice(f"{source}: " + "  ".join(f"{name} {iou:.3f}" for name, iou in found.items()))
    classes = [module.names[i] for i in sorted(module.names)]
    write_facts(target, classes, SIZE, {"seed": seed, "validation_iou": scores})
    return target


def score_surfaces(model: SurfaceModel, built: Path, split: str) -> dict[str, dict[str, float]]:
    """Intersection over union of each surface that a source shows, and their mean, by source.

    Pixels that are not taught do not count.
    """
    counts: dict[str, np.ndarray[Any, Any]] = {}
    kinds = len(SURFACES)
    for item in pictures_of(built, split):
        truth, seen = read_mask(item.mask), model.look(read_picture(item.picture)).classes
        known = truth != UNTAUGHT
        pairs = np.bincount(truth[known].astype(int) * kinds + seen[known], minlength=kinds * kinds)
        counts[item.source] = counts.get(item.source, 0) + pairs.reshape(kinds, kinds)
    return {source: _ious(table) for source, table in counts.items()}


def _ious(table: np.ndarray[Any, Any]) -> dict[str, float]:
    shown = [i for i in range(len(SURFACES)) if table[i].sum() > 0]
    found = {}
    for i in shown:
        union = table[i].sum() + table[:, i].sum() - table[i, i]
        found[SURFACES[i]] = round(float(table[i, i] / union), 4)
    return {"mean": round(sum(found.values()) / len(shown), 4), **found}
