"""Score a detector on a set in YOLO format: `lamplighter evaluate-detector`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from detectors.backends import load_detector
from detectors.catalogue.entries import ResolvedModel, bundled
from detectors.detector import Detector
from detectors.errors import LamplighterError
from detectors.training.samples import pictures_in, plain_name, read_names, read_rows
from detectors.training.scoring import LEAST_SCORE, Truth, read_picture, score_predictions
from detectors.values import Detections


def evaluate_detector(
    data_yaml: Path,
    weights: ResolvedModel | None = None,
    *,
    image_size: int = 640,
    cache: Path | None = None,
    notice: Callable[[str], None] = lambda _: None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, Any]:
    """Per-class average precision, precision and recall (at the best F1) on a set's validation pictures.

    Classes are matched by name, whatever their numbers. Nothing is written.

    Args:
        data_yaml: YOLO data file: `path`, `val` (else `test`), `names`.
        weights: the model; the bundled one by default.
        cache: folder for exports; with it the fastest runtime is used, without it torch. The boxes are the same.
        notice: told which classes of the file the model does not have.
        progress: told of (pictures done, all).

    Returns:
        `{"model", "images", "classes": {name: {"map50", "map50_95", "precision", "recall", "images", "instances"}}}`.

    Raises:
        LamplighterError: the data file, a label file, a picture or the model cannot be read, or nothing in common.
    """
    resolved = weights if weights is not None else bundled()
    detector = load_detector(resolved, "auto", cache=cache, notice=notice)
    names, pictures = read_data_file(data_yaml)
    known = {plain_name(c): c for c in detector.classes}
    shared = {number: known[plain_name(name)] for number, name in names.items() if plain_name(name) in known}
    extra = [name for name in names.values() if plain_name(name) not in known]
    if not shared:
        listed = ", ".join(names.values())
        raise LamplighterError(f"{data_yaml}: none of its classes ({listed}) is one of {resolved.name}'s.")
    if extra:
        notice(f"Ignored, because {resolved.name} does not have them: {', '.join(extra)}.")
    truths = [Truth(p, tuple(read_rows(label_of(p), shared)), frozenset(shared.values())) for p in pictures]
    found = []
    for i, predicted in enumerate(_predictions(detector, truths, image_size), 1):
        found.append(predicted)
        progress(i, len(truths))
    scores = score_predictions(list(zip(truths, found, strict=True)), list(dict.fromkeys(shared.values())))
    rounded = {n: {k: round(v, 4) if isinstance(v, float) else v for k, v in s.items()} for n, s in scores.items()}
    return {"model": resolved.name, "images": len(truths), "classes": rounded}


def _predictions(detector: Detector, truths: list[Truth], size: int) -> Iterator[Detections]:
    for truth in truths:
        yield detector.predict([read_picture(truth.picture)], LEAST_SCORE, size)[0]


def read_data_file(data_yaml: Path) -> tuple[dict[int, str], list[Path]]:
    """Class names by number and the pictures of a data file's validation part (else its test part).

    Raises:
        LamplighterError: not a data file, or no pictures where it points.
    """
    data, names = read_names(data_yaml)
    part = data.get("val") or data.get("test")
    if not part:
        raise LamplighterError(f"{data_yaml}: has no `val` (or `test`) part.")
    root = (data_yaml.parent / str(data.get("path") or ".")).resolve()
    pictures = [p for entry in (part if isinstance(part, list) else [part]) for p in _listed(root / str(entry), root)]
    if not pictures:
        raise LamplighterError(f"{data_yaml}: no pictures in {root / str(part)}.")
    return names, pictures


def _listed(place: Path, root: Path) -> list[Path]:
    """The pictures of a folder, or of a text file that lists them."""
    if place.suffix != ".txt" or not place.is_file():
        return pictures_in(place)
    lines = [line.strip() for line in place.read_text(encoding="utf-8").splitlines()]
    return [root / line for line in lines if line]


def label_of(picture: Path) -> Path:
    """Where YOLO keeps a picture's labels: the last folder `images` read as `labels`, beside it where there is none."""
    parts = list(picture.parts)
    for i in range(len(parts) - 2, -1, -1):
        if parts[i] == "images":
            parts[i] = "labels"
            break
    return Path(*parts).with_suffix(".txt")
