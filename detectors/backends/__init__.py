"""Ways to run a detector: torch, ONNX Runtime, OpenVINO; the fastest that gives the same boxes is used."""

from detectors.backends.loading import BACKENDS, load_detector

__all__ = ["BACKENDS", "load_detector"]
