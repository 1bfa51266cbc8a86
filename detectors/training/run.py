"""Train the detector: build the set, run the epochs, write the weights."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detectors.errors import LamplighterError

SEED = 26
"""What the order and the changes of pictures are drawn from; a run that goes on from the last needs another."""
WORKERS = 12
"""Processes that make training pictures for a CUDA card, at most one a core; on a CPU ultralytics uses none."""


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """What can be chosen.

    Attributes:
        epochs: passes over the set.
        imgsz: longer side of the training pictures, pixels, a multiple of 32.
        freeze: how many layers from the input stay as they are.
        batch: pictures a step.
        lr: learning rate at its highest.
        mosaic: share of training pictures made of four.
        close_mosaic: how many last epochs go without mosaics.
        threads: CPU threads; None for torch's own choice.
        minutes: train for this long instead of `epochs`; the learning rate falls to fit.
        seed: what random numbers are drawn from; the same seed shows the same pictures in the same order.
        bf16: compute in bfloat16, nearly twice as fast on CPUs that have it.
        small: train the small model: a nano start is made twice as wide (see `widen`).
        score_every: held-back pictures are scored after each so many epochs, and after the last.
    """

    epochs: int = 20
    imgsz: int = 640
    freeze: int = 5
    batch: int = 8
    lr: float = 4e-4
    mosaic: float = 0.3
    close_mosaic: int = 0
    threads: int | None = None
    seed: int = SEED
    bf16: bool = False
    minutes: float | None = None
    small: bool = False
    score_every: int = 1


SURFACE_OPTIONS = TrainOptions(imgsz=320, lr=1e-3, mosaic=0.0)
"""What the surface model is trained with: squares of the shorter side, a head that starts from nothing."""


def train_on(
    index: Path,
    start: Path,
    out: Path,
    options: TrainOptions,
    *,
    teacher: Path | None = None,
    resume: bool = False,
    on_epoch: Callable[[int, int, dict[str, float]], None] | None = None,
) -> Path:
    """Train on a set that the recipe wrote.

    Args:
        index: the set's `data.yaml`.
        start: checkpoint to start from: COCO classes or ours.
        out: folder of the run; holds `weights/last.pt`, `weights/best.pt` and `results.csv`.
        teacher: a COCO checkpoint of the start's architecture, whose knowledge of movers and benches is kept.
        resume: go on from `out/weights/last.pt`.
        on_epoch: told of (epoch, epochs, held-back scores) after each epoch.

    Returns:
        The checkpoint that scored best on the held-back pictures.

    Raises:
        LamplighterError: nothing to resume, or a start that cannot be read.
    """
    os.environ.setdefault("YOLO_OFFLINE", "True")
    import torch
    from ultralytics.nn.tasks import load_checkpoint

    from detectors.training.trainer import LamplighterTrainer

    last = checked_start(start, out, resume)
    if options.threads:
        torch.set_num_threads(options.threads)
    trainer = LamplighterTrainer(overrides=_overrides(index, start, out, options, last))
    trainer.on_epoch, trainer.bf16 = on_epoch, options.bf16
    trainer.small, trainer.score_every = options.small, options.score_every
    if teacher is not None:
        trainer.teacher = load_checkpoint(teacher)[0].eval().to(memory_format=torch.channels_last)
    trainer.train()
    return trainer.best if trainer.best.is_file() else trainer.last


def checked_start(start: Path, out: Path, resume: bool) -> Path | None:
    """The checkpoint to resume from, None for a new run.

    Raises:
        LamplighterError: nothing to resume, a run that has done all its epochs, or no checkpoint to start from.
    """
    from ultralytics.nn.tasks import load_checkpoint

    last = out / "weights" / "last.pt"
    if not start.is_file():
        raise LamplighterError(f"No checkpoint at {start}: give one with --start.")
    if not resume:
        return None
    if not last.is_file():
        raise LamplighterError(f"Nothing to resume: {last} does not exist. Start without --resume.")
    checkpoint = load_checkpoint(last)[1]
    if checkpoint["epoch"] + 1 >= checkpoint["train_args"]["epochs"]:
        raise LamplighterError(f"{last} has done all its epochs: start a new run from it with --start.")
    return last


def _overrides(index: Path, start: Path, out: Path, o: TrainOptions, resume: Path | None) -> dict[str, Any]:
    return {
        **overrides(index, out, o, resume),
        "task": "detect",
        "model": str(resume or start),
        "weight_decay": 0.0005,
        "mosaic": o.mosaic,
        "close_mosaic": min(o.close_mosaic, o.epochs),
        "scale": 0.45,
        "translate": 0.1,
        "degrees": 0.0,  # the box round a turned box is wider: a lamp of 8 x 80 px grows by a third at 2 degrees
        "hsv_h": 0.015,
        "hsv_v": 0.45,
        "val": True,
    }


def overrides(index: Path, out: Path, o: TrainOptions, resume: Path | None) -> dict[str, Any]:
    """Ultralytics' settings that every training of ours shares.

    Args:
        resume: checkpoint to go on from, None for a new run.
    """
    return {
        "mode": "train",
        "resume": str(resume) if resume else False,
        "data": str(index),
        "project": str(out.parent.resolve()),
        "name": out.name,
        "exist_ok": True,
        "epochs": o.epochs,
        "time": o.minutes / 60 if o.minutes else None,
        "imgsz": o.imgsz,
        "batch": o.batch,
        "nbs": o.batch,
        "freeze": o.freeze or None,
        "optimizer": "AdamW",
        "lr0": o.lr,
        "lrf": 0.03,
        "cos_lr": True,
        "warmup_epochs": 0.5,
        "warmup_bias_lr": 0.0,
        "hsv_s": 0.6,
        "fliplr": 0.5,
        "patience": 0,
        "cache": "ram",
        "amp": False,
        "plots": False,
        "seed": o.seed,
        "workers": WORKERS,
        "verbose": False,
        "augmentations": [],
    }
