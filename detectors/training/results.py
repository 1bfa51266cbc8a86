"""What a training came to: curves while it ran, and a final table on pictures that it never saw."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from detectors.training.classes import CLASSES
from detectors.training.export import read_checkpoint
from detectors.training.scoring import ClassScore, predictions, score_predictions, truths_of_recipe

Scores = dict[str, dict[str, ClassScore]]
"""Part of the validation pictures ("trees", "rendered by night") to class to scores."""


def score_parts(weights: Path, built: Path, table: Path, *, image_size: int = 640) -> Scores:
    """Score weights on a built set's validation pictures, each source apart; writes them as CSV.

    Sets are small, and real and rendered pictures differ in kind: one figure over all of them would say nothing.
    """
    truths = truths_of_recipe(built, "val")
    pairs = list(zip(truths, predictions(read_checkpoint(weights), truths, image_size), strict=True))
    parts = sorted({truth.part for truth in truths})
    scores = {part: score_predictions([p for p in pairs if p[0].part == part], CLASSES) for part in parts}
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("part", "class", "map50", "map50_95", "precision", "recall", "images", "instances"))
        for part, found in scores.items():
            for name, score in found.items():
                figures = (score["map50"], score["map50_95"], score["precision"], score["recall"])
                counts = (score["images"], score["instances"])
                writer.writerow((part, name, *(round(f, 4) for f in figures), *counts))
    return scores


def table_of(scores: Scores) -> list[str]:
    """The scores as lines of text, a line for each part and class."""
    lines = [f"{'validation part':20} {'class':16} {'mAP50':>6} {'precision':>9} {'recall':>6} {'boxes':>5}"]
    for part, found in scores.items():
        for name, s in found.items():
            figures = f"{s['map50']:6.3f} {s['precision']:9.2f} {s['recall']:6.2f} {s['instances']:5d}"
            lines.append(f"{part:20} {name:16} {figures}")
    return lines


def draw_curves(results: Path, picture: Path) -> None:
    """Draw each class's held-back mAP50 over the epochs of a `results.csv`."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with results.open(encoding="utf-8") as file:
        rows = [{k.strip(): v for k, v in row.items()} for row in csv.DictReader(file)]
    figure = Figure(figsize=(9, 5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot(xlabel="epoch", ylabel="mAP50 on held-back pictures", ylim=(0, 1))
    epochs = [int(row["epoch"]) for row in rows]
    for name in _shown(rows):
        axes.plot(epochs, [float(row[f"hold/{name}"]) for row in rows], marker=".", label=name)
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), fontsize="small")
    axes.grid(alpha=0.3)
    figure.savefig(picture)


def _shown(rows: Sequence[dict[str, str]]) -> list[str]:
    """Classes that the held-back pictures show at all."""
    return [name for name in CLASSES if any(float(row[f"hold/{name}"]) > 0 for row in rows)]
