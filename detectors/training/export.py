"""From a training checkpoint to published weights: half precision, no optimiser, nothing of the machine."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from detectors.catalogue.entries import digest
from detectors.errors import LamplighterError


def export_weights(
    checkpoint: Path,
    target: Path,
    *,
    about: Mapping[str, Any],
    image_size: int = 640,
) -> Path:
    """Write a detector's `target` (.pt) and its facts beside it.

    Args:
        checkpoint: `last.pt` or `best.pt` of a run.
        about: facts for the model's card and its users, such as thresholds by class; no paths.
        image_size: longer side it is meant for, pixels.

    Raises:
        LamplighterError: the checkpoint cannot be read.
    """
    import torch
    from ultralytics import __version__

    model = read_checkpoint(checkpoint)
    for attribute in ("args", "pt_path"):
        if hasattr(model, attribute):
            delattr(model, attribute)
    model.criterion = None
    model.yaml = {**model.yaml, "yaml_file": _described_in(model.yaml)}
    arguments = {"task": "detect", "imgsz": image_size, "data": None, "model": target.name}
    model.args = arguments
    for parameter in model.parameters():
        parameter.requires_grad = False
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".new")
    content = {
        "epoch": -1,
        "best_fitness": None,
        "model": model.half().to(memory_format=torch.contiguous_format),
        "ema": None,
        "updates": None,
        "optimizer": None,
        "train_args": arguments,
        "date": None,
        "version": __version__,
        "license": "AGPL-3.0",
    }
    torch.save(content, draft)
    draft.replace(target)
    write_facts(target, [model.names[i] for i in sorted(model.names)], image_size, about)
    return target


def _described_in(layers: Mapping[str, Any]) -> str:
    """Name of the file that describes a model's layers, without its folder; one of a user's own has no scale."""
    scale = layers.get("scale")
    return f"yolo26{scale}.yaml" if scale else Path(str(layers.get("yaml_file", ""))).name


def write_facts(weights: Path, classes: Sequence[str], image_size: int, about: Mapping[str, Any]) -> None:
    """Write a model's facts beside its file (.json): checksum, classes, how it was trained."""
    facts = {"sha256": digest(weights), "classes": list(classes), "image_size": image_size, **about}
    weights.with_suffix(".json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


def read_checkpoint(path: Path) -> Any:
    """The averaged model of a checkpoint, in full precision.

    Raises:
        LamplighterError: no such file, or a damaged one.
    """
    import pickle
    from zipfile import BadZipFile

    from ultralytics.nn.tasks import load_checkpoint

    if not path.is_file():
        raise LamplighterError(f"{path}: no such checkpoint.")
    try:
        return load_checkpoint(path)[0].float()
    except (RuntimeError, EOFError, OSError, BadZipFile, pickle.UnpicklingError, KeyError, TypeError) as error:
        raise LamplighterError(f"{path}: not a checkpoint that can be read; it may be damaged.") from error
