"""Training the detector and the surface model: data recipe, masked loss, scoring, export."""

from detectors.training.command import train, train_surface_model
from detectors.training.evaluate import evaluate_detector
from detectors.training.run import TrainOptions

__all__ = ["TrainOptions", "evaluate_detector", "train", "train_surface_model"]
