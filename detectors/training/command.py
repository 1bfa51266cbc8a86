"""`lamplighter train`: from folders of pictures to weights that can be used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from detectors.catalogue.entries import BUNDLED, bundled
from detectors.detector import prepare_ultralytics
from detectors.errors import LamplighterError
from detectors.training.blend import best_blend
from detectors.training.classes import CLASSES
from detectors.training.results import draw_curves, score_parts, table_of
from detectors.training.run import SURFACE_OPTIONS, TrainOptions, train_on
from detectors.training.scoring import truths_of_recipe

SMALL_NAME = "lamplighter-s"
"""What the weights of a small model are called."""


def train(
    data: Path,
    out: Path,
    *,
    options: TrainOptions | None = None,
    stills: Path | None = None,
    start: Path | None = None,
    teacher: Path | None = None,
    resume: bool = False,
    notice: Callable[[str], None] = print,
) -> Path:
    """Build the set (once), train, choose thresholds, export.

    Args:
        data: a folder with one folder a source (see `detectors.training.sources`; one's own sets have a `data.yaml`
            that names their classes), or a set built before (it holds `manifest.json`).
        out: folder of the run: `set/` with the merged pictures, `run/` with checkpoints and `results.csv`,
            `curves.png`, the weights `lamplighter-n.pt` (small: `lamplighter-s.pt`) with their facts, and `scores.csv`:
            the weights' scores on validation pictures, class by class, real and rendered ones apart.
        stills: folder of rendered, fully labelled stills.
        start: checkpoint to start from; the bundled detector by default.
        teacher: COCO checkpoint that labels movers and keeps what is known of them; by default the start, if it has
            the COCO classes.
        resume: go on with a run that was interrupted.
        notice: told of each step and each epoch.

    Returns:
        Path of the weights.

    Raises:
        LamplighterError: pictures, labels or checkpoints that are missing or cannot be read.
    """
    chosen = _checked(data, options or TrainOptions())
    prepare_ultralytics()
    begin = start or bundled().path
    knows_coco = teacher or (begin if _class_count(begin) == 80 else None)
    index = _set(data, out, stills, knows_coco, resume, notice)

    def told(epoch: int, epochs: int, scores: dict[str, float]) -> None:
        rest = "  ".join(f"{k.removeprefix('hold/')} {v:.2f}" for k, v in scores.items() if k != "mean")
        notice(f"epoch {epoch}/{epochs}  held-back mAP50 {scores['mean']:.3f}  {rest}")

    best = train_on(index, begin, out / "run", chosen, teacher=knows_coco, resume=resume, on_epoch=told)
    draw_curves(out / "run" / "results.csv", out / "curves.png")
    if _class_count(begin) == len(CLASSES):
        held_back = truths_of_recipe(index.parent, "hold")
        blend = out / "run" / "weights" / "blend.pt"
        best = best_blend(begin, best, held_back, blend, notice, small=chosen.small)
    name = SMALL_NAME if chosen.small else BUNDLED
    weights = publish(best, index.parent, out / f"{name}.pt", image_size=640, seed=chosen.seed)
    for line in table_of(score_parts(weights, index.parent, out / "scores.csv")):
        notice(line)
    return weights


def train_surface_model(
    data: Path,
    out: Path,
    *,
    options: TrainOptions | None = None,
    stills: Path | None = None,
    start: Path | None = None,
    resume: bool = False,
    notice: Callable[[str], None] = print,
) -> Path:
    """Build the surface model's set, train, score, export: see `train`.

    Returns:
        Path of the weights, `lamplighter-surfaces-n.onnx` in `out`.
    """
    chosen = _checked(data, options or SURFACE_OPTIONS)
    prepare_ultralytics()
    from detectors.training.surface_run import train_surfaces
    from detectors.training.surface_set import build_surfaces

    index = out / "surface_set" / "data.yaml"
    if not (resume and index.is_file()):
        index = build_surfaces(data, index.parent, stills=stills, notice=notice)
    begin = start or bundled().path
    return train_surfaces(index, begin, out / "surface_run", chosen, resume=resume, notice=notice)


def _checked(data: Path, options: TrainOptions) -> TrainOptions:
    """The options, if they can be.

    Raises:
        LamplighterError: they cannot, or there is no such folder.
    """
    if options.imgsz % 32 or not 160 <= options.imgsz <= 1280:
        raise LamplighterError(f"--imgsz {options.imgsz}: a multiple of 32 between 160 and 1280 is needed.")
    if options.batch < 1:
        raise LamplighterError(f"--batch {options.batch}: must be at least 1.")
    if options.score_every < 1:
        raise LamplighterError(f"--score-every {options.score_every}: must be at least 1.")
    if options.epochs < 1 or not 0 <= options.freeze <= 22:
        raise LamplighterError("--epochs must be at least 1, and --freeze between 0 and 22.")
    if not 0 < options.lr < 1:
        raise LamplighterError(f"--lr {options.lr:g}: must be between 0 and 1; 4e-4 is usual, 1e-4 to go on gently.")
    if options.minutes is not None and options.minutes <= 0:
        raise LamplighterError(f"--minutes {options.minutes:g}: must be more than 0.")
    if not data.is_dir():
        raise LamplighterError(f"{data}: no such folder of training data.")
    return options


def _class_count(checkpoint: Path) -> int:
    from detectors.training.export import read_checkpoint

    return len(read_checkpoint(checkpoint).names)


def _set(
    data: Path, out: Path, stills: Path | None, teacher: Path | None, resume: bool, notice: Callable[[str], None]
) -> Path:
    """The data file of the set to train on, built if need be."""
    if (data / "manifest.json").is_file():
        return data / "data.yaml"
    index = out / "set" / "data.yaml"
    if resume and index.is_file():
        return index
    from ultralytics import YOLO

    from detectors.training.recipe import build

    return build(data, out / "set", stills=stills, teacher=YOLO(str(teacher)) if teacher else None, notice=notice)


def publish(checkpoint: Path, built: Path, target: Path, *, image_size: int, seed: int) -> Path:
    """Choose thresholds on a built set's held-back pictures and export the weights with them."""
    from detectors.training.export import export_weights, read_checkpoint
    from detectors.training.scoring import predictions, score_predictions
    from detectors.training.thresholds import choose

    held_back = truths_of_recipe(built, "hold")
    pairs = list(zip(held_back, predictions(read_checkpoint(checkpoint), held_back, image_size), strict=True))
    scores = score_predictions(pairs, CLASSES)
    about = {
        "thresholds": choose(pairs, CLASSES),
        "seed": seed,
        "held_back_pictures": len(held_back),
        "held_back_map50": {name: round(s["map50"], 4) for name, s in scores.items()},
    }
    return export_weights(checkpoint, target, about=about, image_size=image_size)
