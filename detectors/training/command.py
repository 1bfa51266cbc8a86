"""`lamplighter train`: from folders of pictures to weights that can be used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from detectors.catalogue.entries import bundled
from detectors.detector import prepare_ultralytics
from detectors.errors import LamplighterError
from detectors.training.classes import CLASSES
from detectors.training.run import SEED, TrainOptions, train_on


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
        out: folder of the run: `set/` with the merged pictures, `run/` with checkpoints and `results.csv`, and the
            weights `lamplighter-n.pt` with their facts.
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
    chosen = options or TrainOptions()
    if chosen.imgsz % 32 or not 160 <= chosen.imgsz <= 1280:
        raise LamplighterError(f"--imgsz {chosen.imgsz}: a multiple of 32 between 160 and 1280 is needed.")
    if chosen.epochs < 1 or not 0 <= chosen.freeze <= 22:
        raise LamplighterError("--epochs must be at least 1, and --freeze between 0 and 22.")
    if not data.is_dir():
        raise LamplighterError(f"{data}: no such folder of training data.")
    prepare_ultralytics()
    begin = start or bundled().path
    knows_coco = teacher or (begin if _class_count(begin) == 80 else None)
    index = _set(data, out, stills, knows_coco, resume, notice)

    def told(epoch: int, epochs: int, scores: dict[str, float]) -> None:
        rest = "  ".join(f"{k.removeprefix('hold/')} {v:.2f}" for k, v in scores.items() if k != "mean")
        notice(f"epoch {epoch}/{epochs}  held-back mAP50 {scores['mean']:.3f}  {rest}")

    best = train_on(index, begin, out / "run", chosen, teacher=knows_coco, resume=resume, on_epoch=told)
    return publish(best, index.parent, out / "lamplighter-n.pt", image_size=640)


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


def publish(checkpoint: Path, built: Path, target: Path, *, image_size: int) -> Path:
    """Choose thresholds on a built set's held-back pictures and export the weights with them."""
    from detectors.training.export import export_weights, read_checkpoint
    from detectors.training.scoring import predictions, score_predictions, truths_of_recipe
    from detectors.training.thresholds import choose

    held_back = truths_of_recipe(built, "hold")
    pairs = list(zip(held_back, predictions(read_checkpoint(checkpoint), held_back, image_size), strict=True))
    scores = score_predictions(pairs, CLASSES)
    about = {
        "image_size": image_size,
        "seed": SEED,
        "held_back_pictures": len(held_back),
        "held_back_map50": {name: round(s["map50"], 4) for name, s in scores.items()},
    }
    return export_weights(checkpoint, target, thresholds=choose(pairs, CLASSES), about=about)
