"""Blend what a training learned with what its start knew.

Fine-tuning on a few scenes wins there and loses a little elsewhere. Between the two sets of weights often lies one that
keeps most of both; which one is chosen on held-back pictures.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from detectors.training.export import read_checkpoint
from detectors.training.scoring import Truth, mean_map50, score_model

SHARES = (0.5, 0.75, 1.0)
"""How much of the trained weights a blend takes."""


def best_blend(
    start: Path,
    trained: Path,
    held_back: list[Truth],
    target: Path,
    notice: Callable[[str], None] = print,
    *,
    small: bool = False,
) -> Path:
    """Write the blend that scores best (mean mAP50) on held-back pictures.

    Args:
        start: checkpoint the training started from, with our classes.
        trained: checkpoint it ended with.
        small: whether the training made the start twice as wide.
        target: file for the blend, which can be read as a checkpoint.

    Returns:
        `target`.

    Raises:
        LamplighterError: a checkpoint that cannot be read.
    """
    import torch  # seconds to import: only a training pays for it

    from detectors.training.widen import start_of

    before = start_of(read_checkpoint(start), small=small).state_dict()
    best = -1.0
    for share in SHARES:
        model = read_checkpoint(trained)
        after = model.state_dict()
        mixed = {
            key: torch.lerp(before[key], value, share) if value.is_floating_point() else value
            for key, value in after.items()
        }
        model.load_state_dict(mixed)
        fitness = mean_map50(score_model(model, held_back, imgsz=640))
        notice(f"blend with {share:.0%} of what was learned: mean on held-back pictures {fitness:.3f}")
        if fitness > best:
            best = fitness
            arguments = {"task": "detect", "imgsz": 640}
            torch.save({"model": model, "ema": None, "train_args": arguments}, target)
    return target
