"""Export a detector to ONNX once, check that each runtime finds the same boxes, and remember which is fastest."""

from __future__ import annotations

import importlib.util
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from statistics import median

import numpy as np

from detectors.backends.graph_backends import GraphDetector, OnnxRuntimeDetector, OpenVinoDetector
from detectors.backends.preparing import prepare
from detectors.backends.torch_backend import TorchDetector, read_module
from detectors.catalogue.entries import ResolvedModel, digest
from detectors.detector import Detector
from detectors.errors import ModelError
from detectors.sharing import cores
from detectors.values import Detections, Image

GRAPH_BACKENDS: dict[str, type[GraphDetector]] = {"onnxruntime": OnnxRuntimeDetector, "openvino": OpenVinoDetector}
_PROBE_SIZE = 640
_SAME_BOX, _SAME_SCORE = 0.02, 0.02
"""Largest difference of a corner (share of the picture) and of a score: float arithmetic in another order moved
neither by more than 0.002 on the probe pictures."""

# What exporting itself raises: torch's OnnxExporterError is a RuntimeError, a layer that cannot be written a
# NotImplementedError, which is one too; a missing part of onnx; a full disk.
_EXPORT_FAULTS = (RuntimeError, ImportError, OSError)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check of one export found.

    Attributes:
        usable: backends that gave torch's boxes, fastest first, torch among them.
        milliseconds: median for a picture at 640 px, by backend.
    """

    usable: list[str]
    milliseconds: dict[str, float]


def installed(package: str) -> bool:
    """Whether a runtime can be imported, without importing it."""
    return importlib.util.find_spec(package) is not None


def exported(model: ResolvedModel, cache: Path, notice: Callable[[str], None]) -> tuple[Path, Verdict]:
    """The ONNX graph of a model and what its check found; both are made once and kept.

    Args:
        cache: folder that holds exports; one folder in it for each model, runtime versions and core count.

    Raises:
        ModelError: the model cannot be read or exported.
    """
    runtimes = [p for p in ("onnx", "torch", "ultralytics", *GRAPH_BACKENDS) if installed(p)]
    key = "-".join([digest(model.path)[:16], *(f"{p}{version(p)}" for p in runtimes), f"{cores()}cores"])
    folder = cache / model.name / key
    graph, verdict_file = folder / "model.onnx", folder / "check.json"
    if graph.is_file() and verdict_file.is_file():
        return graph, Verdict(**json.loads(verdict_file.read_text(encoding="utf-8")))
    notice(f"Preparing {model.name} for this machine; this is done once.")
    folder.mkdir(parents=True, exist_ok=True)
    verdict, said = prepare(model, graph)
    for line in said:
        notice(line)
    draft = verdict_file.with_suffix(".new")
    draft.write_text(json.dumps(verdict), encoding="utf-8")
    draft.replace(verdict_file)
    return graph, Verdict(**verdict)


def export(model: ResolvedModel, target: Path) -> None:
    """Write a graph with free picture size; ultralytics writes beside the weights, so it gets a copy of them.

    Raises:
        ModelError: the model cannot be read or exported.
    """
    from detectors.detector import prepare_ultralytics

    prepare_ultralytics()
    from ultralytics import YOLO

    with tempfile.TemporaryDirectory(dir=target.parent) as scratch, _quiet():
        copy = Path(scratch) / "model.pt"
        shutil.copyfile(model.path, copy)
        read_module(model)  # a file that cannot be read is named as such, not as one that cannot be exported
        try:
            made = YOLO(str(copy)).export(format="onnx", dynamic=True, simplify=False, imgsz=_PROBE_SIZE, verbose=False)
        except _EXPORT_FAULTS as error:
            raise ModelError(f"{model.path}: cannot be exported to ONNX ({_line(error)}).") from error
        Path(made).replace(target)


def _line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:120] if str(error).strip() else type(error).__name__


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the exporters' chatter off standard output, where commands print JSON."""
    with redirect_stdout(StringIO()):
        yield


def check(model: ResolvedModel, graph: Path, notice: Callable[[str], None]) -> Verdict:
    """Compare each installed runtime with torch on probe pictures, and time them all in one run."""
    pictures = probes()
    reference = TorchDetector(model)
    wanted = reference.predict(pictures, 0.1, _PROBE_SIZE)
    alike: dict[str, Detector] = {"torch": reference}
    for name, kind in GRAPH_BACKENDS.items():
        if not installed(name):
            continue
        try:
            detector = kind(model, graph)
        except (ModelError, ImportError) as error:
            notice(f"{name} is not used: {error}")
            continue
        if all(same(a, b) for a, b in zip(wanted, detector.predict(pictures, 0.1, _PROBE_SIZE), strict=True)):
            alike[name] = detector
        else:
            notice(f"{name} is not used: it finds other boxes than torch.")
    times = measure(alike, pictures[0])
    return Verdict(sorted(times, key=times.__getitem__), {k: round(v, 1) for k, v in times.items()})


def measure(detectors: Mapping[str, Detector], picture: Image, rounds: int = 15) -> dict[str, float]:
    """Median milliseconds for one picture at 640 px by each detector, after two rounds to warm up.

    They take turns, so that whatever else the machine does meanwhile slows all of them alike.
    """
    spans: dict[str, list[float]] = {name: [] for name in detectors}
    for i in range(rounds + 2):
        for name, detector in detectors.items():
            start = time.perf_counter()
            detector.predict([picture], 0.25, _PROBE_SIZE)
            if i >= 2:
                spans[name].append(time.perf_counter() - start)
    return {name: median(taken) * 1000 for name, taken in spans.items()}


def same(a: Detections, b: Detections) -> bool:
    """Whether two runtimes found the same: every box of either, unless at the edge of the threshold, has its twin."""
    return _twins(a, b) and _twins(b, a)


def _twins(a: Detections, b: Detections) -> bool:
    for i, name in enumerate(a.names):
        if a.scores[i] < 0.1 + _SAME_SCORE:
            continue
        near = [
            j
            for j, other in enumerate(b.names)
            if other == name
            and abs(float(a.scores[i] - b.scores[j])) <= _SAME_SCORE
            and float(np.abs(a.boxes[i] - b.boxes[j]).max()) <= _SAME_BOX
        ]
        if not near:
            return False
    return True


def probes() -> list[Image]:
    """Pictures to compare runtimes on: frames of different shape with things drawn that a detector reacts to."""
    rng = np.random.default_rng(7)
    pictures = []
    for h, w in ((384, 640), (480, 480), (360, 240)):
        picture = np.linspace((190, 170, 150), (90, 110, 100), h)[:, None, :].repeat(w, 1)
        for _ in range(14):
            x, y = int(rng.integers(0, w - 30)), int(rng.integers(h // 4, h - 30))
            dx, dy = int(rng.integers(6, w // 4)), int(rng.integers(20, h // 2))
            picture[y : y + dy, x : x + dx] = rng.integers(20, 240, 3)
        picture += rng.normal(0, 6, picture.shape)
        pictures.append(np.clip(picture, 0, 255).astype(np.uint8))
    return pictures
