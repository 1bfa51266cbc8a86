"""Training the detector: data recipe, masked loss, scoring, export."""

from detectors.training.command import train
from detectors.training.evaluate import evaluate_detector
from detectors.training.run import TrainOptions

__all__ = ["TrainOptions", "evaluate_detector", "train"]
