"""`lamplighter train-judge`: from labelled stills to the judge of lit and dark lamps, or of bare crowns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from detectors.errors import LamplighterError
from detectors.training.judges.crowns import HELD_BACK, tree_crowns
from detectors.training.judges.heads import lamp_heads
from detectors.training.judges.outlines import read_stills
from detectors.training.judges.variation import varied

JUDGES = ("lamp_lit", "tree_crown")
JUDGE_EPOCHS = 24
_SEED = 2
_STILLS_A_SCENE = {"lamp_lit": 6, "tree_crown": 2}  # the stills of a scene show the same trees
_HELD_BACK_EACH = 5


def train_judge(
    stills: Path,
    out: Path,
    *,
    judge: str = "lamp_lit",
    photographs: Path | None = None,
    epochs: int = JUDGE_EPOCHS,
    notice: Callable[[str], None] = print,
) -> Path:
    """Cut crops, train on four scenes of five, tell the scores on the fifth, export.

    Args:
        stills: folder of labelled stills with their `outlines.json`.
        out: folder for the graph.
        judge: which of `JUDGES`.
        photographs: labelled photographs of trees (`images/train`, `images/val`, `labels/...`), for `tree_crown` alone;
            those of `val` are held back.
        notice: told of the examples, now and then of the scores, and of the table of scores at the end.

    Returns:
        Path of the graph, to be put in the place of the bundled one.

    Raises:
        LamplighterError: stills, outlines or photographs that are missing or cannot be read, or too few scenes.
    """
    from detectors.training.judges.net import export, table, train_net  # torch takes seconds to import

    if epochs < 1:
        raise LamplighterError("--epochs must be at least 1.")
    if photographs is not None and judge != "tree_crown":
        raise LamplighterError("--data is for tree_crown: photographs of trees tell nothing of lamps.")
    seen, rng = read_stills(stills, _STILLS_A_SCENE[judge]), np.random.default_rng(_SEED)
    examples = lamp_heads(seen, rng) if judge == "lamp_lit" else tree_crowns(seen, photographs, rng)
    rendered = {still.scene for still in seen}
    scenes = sorted(set(examples.scenes.tolist()) & rendered)
    if len(scenes) < _HELD_BACK_EACH:
        raise LamplighterError(f"{stills}: {len(scenes)} scenes of use; at least {_HELD_BACK_EACH} are needed.")
    held = np.isin(examples.scenes, scenes[::_HELD_BACK_EACH]) | np.char.startswith(examples.scenes, HELD_BACK)
    notice(f"{(~held).sum()} crops of {len(scenes)} scenes to train on, {held.sum()} held back")
    net = train_net(examples.part(~held), examples.part(held), epochs, _SEED, varied, notice)
    notice(table(net, examples.part(held)))
    target = out / f"{judge}.onnx"
    export(net, examples.crops.shape[1], target)
    return target
