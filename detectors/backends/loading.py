"""Choose how a detector is run."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from detectors.backends.exporting import GRAPH_BACKENDS, exported, installed
from detectors.backends.graph_backends import GraphDetector
from detectors.backends.torch_backend import PromptedDetector, TorchDetector
from detectors.catalogue.entries import ResolvedModel, verify
from detectors.errors import ModelError

BACKENDS = ("auto", "torch", *GRAPH_BACKENDS)

LoadedDetector = TorchDetector | PromptedDetector | GraphDetector


def _silent(_: str) -> None:
    return None


def load_detector(
    model: ResolvedModel,
    backend: str = "auto",
    *,
    cache: Path | None = None,
    notice: Callable[[str], None] = _silent,
) -> LoadedDetector:
    """A detector, ready to predict.

    Args:
        backend: one of BACKENDS. `auto` is torch on a GPU where there is one; else, with a cache, the fastest of the
            installed runtimes that gives torch's boxes; without a cache, torch.
        cache: folder for exports; nothing is exported without it.
        notice: told when something takes long, or a runtime is passed over.

    Raises:
        ModelError: a file that cannot be read, a model of another task, or a backend that is not installed.
    """
    if backend not in BACKENDS:
        raise ModelError(f'No backend "{backend}": one of {", ".join(BACKENDS)}.')
    verify(model)
    if model.prompts:
        return PromptedDetector(model)
    if model.path.suffix == ".onnx":
        return _from_graph(model, model.path, backend)
    if backend == "torch" or cache is None or (backend == "auto" and has_gpu()):
        return TorchDetector(model)
    if backend != "auto":
        _need(backend)
        graph, verdict = exported(model, cache, notice)
        if backend not in verdict.usable:
            raise ModelError(f"{backend} does not give the same boxes as torch for {model.name}: use backend auto.")
        return GRAPH_BACKENDS[backend](model, graph)
    return _fastest(model, cache, notice)


def _fastest(model: ResolvedModel, cache: Path, notice: Callable[[str], None]) -> LoadedDetector:
    """The fastest runtime that works; torch when none other does."""
    if not installed("onnx") or not any(installed(name) for name in GRAPH_BACKENDS):
        return TorchDetector(model)
    try:
        graph, verdict = exported(model, cache, notice)
        best = verdict.usable[0]
        return TorchDetector(model) if best == "torch" else GRAPH_BACKENDS[best](model, graph)
    except (ModelError, OSError) as error:
        detector = TorchDetector(model)  # raises the clear line itself when the file is at fault
        notice(f"Detecting with torch: {error}")
        return detector


def _from_graph(model: ResolvedModel, graph: Path, backend: str) -> GraphDetector:
    if backend == "torch":
        raise ModelError(f"{graph}: torch cannot run an ONNX file; use backend onnxruntime or openvino.")
    name = next((n for n in GRAPH_BACKENDS if installed(n)), "onnxruntime") if backend == "auto" else backend
    _need(name)
    return GRAPH_BACKENDS[name](model, graph)


def _need(backend: str) -> None:
    if not installed(backend):
        raise ModelError(f"{backend} is not installed: `pip install {backend}`, or use backend auto.")


def has_gpu() -> bool:
    """Whether torch can use an NVIDIA GPU; torch is imported only where a driver is there."""
    if not Path("/dev/nvidia0").exists() and shutil.which("nvidia-smi") is None:
        return False
    import torch

    return torch.cuda.is_available()
