"""`lamplighter train-judge`: from labelled stills to the judge of lit and dark lamps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detectors.errors import LamplighterError
from detectors.training.judges.heads import Examples, lamp_heads
from detectors.training.judges.outlines import read_stills

JUDGE_EPOCHS = 24
_SEED = 2
_STILLS_A_SCENE = 6
_HELD_BACK_EACH = 5


def train_judge(stills: Path, out: Path, *, epochs: int = JUDGE_EPOCHS, notice: Callable[[str], None] = print) -> Path:
    """Cut crops, train on four scenes of five, tell the scores on the fifth, export.

    Args:
        stills: folder of labelled stills with their `outlines.json`.
        out: folder for the graph.
        notice: told of the examples and, now and then, of the scores.

    Returns:
        Path of `lamp_lit.onnx`, to be put in the place of the bundled one.

    Raises:
        LamplighterError: stills or outlines that are missing or cannot be read, or too few scenes.
    """
    from detectors.training.judges.net import export, train_net  # torch takes seconds to import

    if epochs < 1:
        raise LamplighterError("--epochs must be at least 1.")
    examples = lamp_heads(read_stills(stills, _STILLS_A_SCENE), np.random.default_rng(_SEED))
    scenes = sorted(set(examples.scenes.tolist()))
    if len(scenes) < _HELD_BACK_EACH:
        raise LamplighterError(f"{stills}: {len(scenes)} scenes with lamps; at least {_HELD_BACK_EACH} are needed.")
    held = np.isin(examples.scenes, scenes[::_HELD_BACK_EACH])
    notice(f"{(~held).sum()} crops of {len(scenes)} scenes to train on, {held.sum()} held back")
    net = train_net(_part(examples, ~held), _part(examples, held), epochs, _SEED, notice)
    target = out / "lamp_lit.onnx"
    export(net, examples.crops.shape[1], target)
    return target


def _part(examples: Examples, which: NDArray[np.bool_]) -> Examples:
    return replace(
        examples,
        crops=examples.crops[which],
        targets=examples.targets[which],
        weights=examples.weights[which],
        scenes=examples.scenes[which],
    )
