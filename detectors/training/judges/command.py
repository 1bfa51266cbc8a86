"""`lamplighter train-judge`: from labelled stills to a small judge of lamps, crowns, bins, places, people or damage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from detectors.errors import LamplighterError
from detectors.training.judges.bare_places import bare_places
from detectors.training.judges.bodies import bodies
from detectors.training.judges.crowns import tree_crowns
from detectors.training.judges.damage import damage
from detectors.training.judges.examples import GROUPS, HELD_BACK, Examples
from detectors.training.judges.felled import felled_trees
from detectors.training.judges.full_bins import bin_rims, full_bins
from detectors.training.judges.harmed import FOLDER as HARMED_FOLDER
from detectors.training.judges.heads import lamp_heads
from detectors.training.judges.leaning import leaning_trees
from detectors.training.judges.outlines import Still, read_planned, read_stills
from detectors.training.judges.stances import lamp_stances
from detectors.training.judges.standing import standing_things
from detectors.training.judges.variation import Vary, varied, varied_bins, varied_heads
from detectors.training.sources import LEFT, MAKES_FOLDER


def _of_outlined(
    examples: Callable[[list[Still], Path | None, np.random.Generator], Examples], each: int
) -> Callable[[Path, Path | None, np.random.Generator], Examples]:
    """Examples of outlined stills, at most `each` a scene: where they show the same things, few tell all."""
    return lambda stills, photographs, rng: examples(read_stills(stills, each), photographs, rng)


def _of_harmed(
    examples: Callable[[list[Still], Path | None, np.random.Generator, Path | None], Examples],
    each: int,
    beside: Sequence[str] = (),
) -> Callable[[Path, Path | None, np.random.Generator], Examples]:
    """As `_of_outlined`, and of the stills in which much has come to harm where they lie beside these.

    Args:
        beside: names of folders of other stills that are read too where they lie beside these.
    """

    def of(stills: Path, photographs: Path | None, rng: np.random.Generator) -> Examples:
        harmed = stills.parent / HARMED_FOLDER
        all_stills = [
            *read_stills(stills, each),
            *(s for name in beside for s in read_planned(stills.parent / name, each)),
        ]
        return examples(all_stills, photographs, rng, harmed if harmed.is_dir() else None)

    return of


def _of_bins(
    examples: Callable[[list[Still], Path | None, np.random.Generator, Path | None], Examples], each: int
) -> Callable[[Path, Path | None, np.random.Generator], Examples]:
    """As `_of_outlined`, and of the stills of bins of many makes where they lie beside these."""

    def of(stills: Path, photographs: Path | None, rng: np.random.Generator) -> Examples:
        makes = stills.parent / MAKES_FOLDER
        return examples(read_stills(stills, each), photographs, rng, makes if makes.is_dir() else None)

    return of


@dataclass(frozen=True, slots=True)
class _Recipe:
    """How one judge's examples are made and varied.

    Attributes:
        examples: of a folder of stills and, where they help, one of photographs.
        vary: what else the crops may look like.
        photographs: whether photographs help.
        contrasts: whether only contrasts tell, by night as by day.
    """

    examples: Callable[[Path, Path | None, np.random.Generator], Examples]
    vary: Vary = varied
    photographs: bool = True
    contrasts: bool = False


_RECIPES = {
    "lamp_lit": _Recipe(
        _of_outlined(lambda stills, _, rng: lamp_heads(stills, rng), 6), varied_heads, photographs=False
    ),
    "lamp_gone": _Recipe(
        _of_harmed(lamp_stances, 2),
        partial(varied, hidden=0.15),
        contrasts=True,
    ),
    "tree_leans": _Recipe(_of_harmed(leaning_trees, 2), partial(varied, hidden=0.15), contrasts=True),
    "tree_gone": _Recipe(_of_outlined(felled_trees, 2), partial(varied, hidden=0.15), contrasts=True),
    "tree_crown": _Recipe(_of_harmed(tree_crowns, 2, (LEFT.name, MAKES_FOLDER))),
    "tree_blossom": _Recipe(_of_outlined(partial(tree_crowns, blossoms=True), 2)),
    "bin_full": _Recipe(_of_bins(full_bins, 6), varied_bins, contrasts=True),
    "bin_rim": _Recipe(_of_bins(bin_rims, 6), varied_bins, contrasts=True),
    "place_bare": _Recipe(_of_bins(bare_places, 3), partial(varied, hidden=0.0)),
    "person": _Recipe(bodies, partial(varied, hidden=0.0)),  # a block drawn before somebody would be a case
    "stands": _Recipe(standing_things, partial(varied, hidden=0.0), contrasts=True),
    "damage": _Recipe(damage, partial(varied, hidden=0.0), contrasts=True),
}
JUDGES = tuple(_RECIPES)
JUDGE_EPOCHS = 24
_SEED = 2
_ANY_SIDE = 48


def train_judge(
    stills: Path,
    out: Path,
    *,
    judge: str = "lamp_lit",
    photographs: Path | None = None,
    epochs: int = JUDGE_EPOCHS,
    start: Path | None = None,
    notice: Callable[[str], None] = print,
) -> Path:
    """Cut crops, train on four scenes of five, tell the scores on the fifth, export.

    Args:
        stills: folder of labelled stills with their `outlines.json`.
        out: folder for the graph.
        judge: which of `JUDGES`.
        photographs: labelled photographs (`images/train`, `images/val`, `labels/...`): of trees for `tree_crown`
            and `tree_blossom`, those of `val` held back, and for `tree_gone` and `tree_leans`, of `train` alone; of
            bins for `bin_full`, `bin_rim` and `place_bare`, of `train` alone. For `person` and `stands` the folder
            that holds `camvid` and `litter_bins`, those of `val` held back; for `damage` and `lamp_gone` that of all,
            of `train` alone.
        start: checkpoint of a YOLO detector whose first layers see for the judge, see `seeing`; it then needs a third
            of the epochs, each several times as long. Without one its layers are small and know nothing before.
        notice: told of the examples, now and then of the scores, and of the table of scores at the end.

    Returns:
        Path of the graph, to be put in the place of the bundled one.

    Raises:
        LamplighterError: stills, outlines, photographs or a checkpoint that are missing or cannot be read, or too few
            scenes.
    """
    from detectors.training.judges.net import JudgeNet, export, table, train_net  # torch takes seconds to import

    if epochs < 1:
        raise LamplighterError("--epochs must be at least 1.")
    recipe = _RECIPES[judge]
    if photographs is not None and not recipe.photographs:
        raise LamplighterError(f"--data is not for {judge}: no photographs of it are known.")
    if start is not None:
        JudgeNet(_ANY_SIDE, 1, start=start)  # says at once, not after minutes of cutting crops, what is wrong with it
    examples = recipe.examples(stills, photographs, np.random.default_rng(_SEED))
    scenes = sorted({scene for scene in examples.scenes.tolist() if "/" not in scene})  # photographs have one
    if len(scenes) < GROUPS:
        raise LamplighterError(f"{stills}: {len(scenes)} scenes of use; at least {GROUPS} are needed.")
    held = np.isin(examples.scenes, scenes[::GROUPS]) | np.char.startswith(examples.scenes, HELD_BACK)
    notice(f"{(~held).sum()} crops of {len(scenes)} scenes to train on, {held.sum()} held back")
    learn, rest = examples.part(~held), examples.part(held)
    net = train_net(learn, rest, epochs, _SEED, recipe.vary, notice, recipe.contrasts, start)
    notice(table(net, rest))
    target = out / f"{judge}.onnx"
    export(net, examples.crops.shape[1], target)
    return target
