"""Detection from an ONNX graph, by ONNX Runtime or OpenVINO. Neither needs torch to be imported."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detectors.backends.fitting import as_input, detections_from, fit
from detectors.catalogue.entries import ResolvedModel
from detectors.errors import ModelError
from detectors.sharing import cores
from detectors.values import Detections, Image


class GraphDetector(ABC):
    """A detector that runs an ONNX graph with input (1, 3, h, w) and output (1, 4 + classes, anchors)."""

    backend = "graph"

    def __init__(self, model: ResolvedModel, graph: Path) -> None:
        """Load the graph.

        Args:
            model: whose name, class map and thresholds are taken.
            graph: the `.onnx` file.

        Raises:
            ModelError: not an ONNX file that can be read, or one without class names.
        """
        self.name, self.thresholds, self._map = model.name, dict(model.thresholds), model.class_map
        self._names, self._fixed = self._open(graph)
        self.classes = tuple(dict.fromkeys(self._map.get(n, n) for n in self._names.values()))

    @abstractmethod
    def _open(self, graph: Path) -> tuple[dict[int, str], tuple[int, int] | None]:
        """Load; returns class names and the input's fixed (h, w), None where it takes any."""

    @abstractmethod
    def _run(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        """(1, 3, h, w) to (1, 4 + classes, anchors)."""

    def predict(self, images: Sequence[Image], min_score: float, image_size: int) -> list[Detections]:
        """See `Detector.predict`."""
        size = self._fixed[0] if self._fixed else image_size
        found = []
        for image in images:
            padded, fitted = fit(image, size)
            if self._fixed:
                padded = _grown(padded, self._fixed)
            output = self._run(as_input(padded))[0]
            found.append(detections_from(output, fitted, self._names, self._map, min_score))
        return found


def _grown(padded: Image, size: tuple[int, int]) -> Image:
    """Pad on the right and below to a graph's fixed input size."""
    whole = np.full((*size, 3), 114, np.uint8)
    whole[: padded.shape[0], : padded.shape[1]] = padded
    return whole


def _described(
    metadata: Mapping[str, str], shape: Sequence[Any], graph: Path
) -> tuple[dict[int, str], tuple[int, int] | None]:
    """Class names and fixed input size from what a graph says of itself.

    Raises:
        ModelError: no class names in it, a model of another task, or not one picture in.
    """
    try:
        names = ast.literal_eval(metadata.get("names", ""))
    except (ValueError, SyntaxError):
        names = None
    if not isinstance(names, dict) or not names:
        raise ModelError(f"{graph}: has no class names; export it with ultralytics (`yolo export format=onnx`).")
    if metadata.get("task", "detect") != "detect":
        raise ModelError(f"{graph}: a model for '{metadata['task']}'; a detection model is needed.")
    fixed = [d for d in shape[2:] if isinstance(d, int) and d > 0]
    if len(fixed) == 2 and fixed[0] != fixed[1]:
        raise ModelError(f"{graph}: its input is {fixed[1]}x{fixed[0]}; export it square or with dynamic=True.")
    return {int(k): str(v) for k, v in names.items()}, (fixed[0], fixed[1]) if len(fixed) == 2 else None


def open_session(graph: Path) -> Any:
    """An ONNX Runtime session on the CPU.

    Raises:
        ModelError: not an ONNX file that can be read.
    """
    import onnxruntime as ort
    from onnxruntime.capi.onnxruntime_pybind11_state import (
        Fail,
        InvalidArgument,
        InvalidGraph,
        InvalidProtobuf,
        NoSuchFile,
    )

    options = ort.SessionOptions()
    options.intra_op_num_threads = cores()
    # Threads that spin between frames starve decoding and the other cameras on a small machine.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return ort.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    except (Fail, InvalidArgument, InvalidGraph, InvalidProtobuf, NoSuchFile) as error:
        raise ModelError(f"{graph}: not an ONNX model that can be read; it may be damaged.") from error


class OnnxRuntimeDetector(GraphDetector):
    """The graph run by ONNX Runtime on the CPU."""

    backend = "onnxruntime"

    def _open(self, graph: Path) -> tuple[dict[int, str], tuple[int, int] | None]:
        self._session = open_session(graph)
        self._input = self._session.get_inputs()[0]
        return _described(self._session.get_modelmeta().custom_metadata_map, self._input.shape, graph)

    def _run(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(self._session.run(None, {self._input.name: pixels})[0], np.float32)


class OpenVinoDetector(GraphDetector):
    """The graph run by OpenVINO on the CPU."""

    backend = "openvino"

    def _open(self, graph: Path) -> tuple[dict[int, str], tuple[int, int] | None]:
        import onnx
        import openvino as ov
        from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

        try:
            # OpenVINO names its faults by RuntimeError; onnx reads the class names that it drops.
            metadata = {p.key: p.value for p in onnx.load(str(graph), load_external_data=False).metadata_props}
            network = ov.Core().read_model(str(graph))
        except (RuntimeError, OSError, ValueError, DecodeError) as error:
            raise ModelError(f"{graph}: not an ONNX model that can be read; it may be damaged.") from error
        # Without the hint it computes in bfloat16 where the CPU has it, and scores move by up to 0.02.
        settings = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_NUM_THREADS": str(cores()),
            "INFERENCE_PRECISION_HINT": "f32",
        }
        self._compiled = ov.Core().compile_model(network, "CPU", settings)
        shape = [d.get_length() if d.is_static else None for d in network.inputs[0].partial_shape]
        return _described(metadata, shape, graph)

    def _run(self, pixels: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(self._compiled(pixels)[0], np.float32)
