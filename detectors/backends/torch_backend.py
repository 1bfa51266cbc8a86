"""Detection with torch, through ultralytics' model classes."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from typing import Any
from zipfile import BadZipFile

import numpy as np

from detectors.backends.fitting import as_input, detections_from, fit
from detectors.catalogue.entries import ResolvedModel
from detectors.detector import prepare_ultralytics
from detectors.errors import ModelError
from detectors.values import Detections, Image


class TorchDetector:
    """A detection model run by torch, on a GPU where there is one."""

    backend = "torch"

    def __init__(self, model: ResolvedModel) -> None:
        """Load the weights.

        Raises:
            ModelError: a damaged file, or a model of another task.
        """
        prepare_ultralytics()
        import torch

        self.name, self.thresholds, self._map = model.name, dict(model.thresholds), model.class_map
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.module = read_module(model)
        self.module.eval().to(self.device)
        self._names: dict[int, str] = dict(self.module.names)
        self.classes = tuple(dict.fromkeys(self._map.get(n, n) for n in self._names.values()))

    def predict(self, images: Sequence[Image], min_score: float, image_size: int) -> list[Detections]:
        """See `Detector.predict`."""
        import torch

        found = []
        for image in images:
            padded, fitted = fit(image, image_size)
            with torch.inference_mode():
                raw = self.module(torch.from_numpy(as_input(padded)).to(self.device))
            output = (raw[0] if isinstance(raw, (tuple, list)) else raw)[0].float().cpu().numpy()
            found.append(detections_from(output, fitted, self._names, self._map, min_score))
        return found


def read_module(model: ResolvedModel) -> Any:
    """The detection module of a `.pt` file, ready to run, in full precision.

    Raises:
        ModelError: a damaged file, or a model of another task.
    """
    prepare_ultralytics()
    from ultralytics import YOLO
    from ultralytics.nn.modules import OBB, Detect, Pose, Segment

    damaged = f"{model.path}: not a model file that can be read; it may be damaged."
    try:
        loaded = YOLO(str(model.path))
        module = loaded.model
        head = module.model[-1]
        boxes = isinstance(head, Detect) and not isinstance(head, (Segment, Pose, OBB))
        if boxes:
            module.end2end = False  # the one-to-many head, whose boxes are suppressed here: it finds more
            module.float().fuse(verbose=False)
    except (
        RuntimeError,
        EOFError,
        OSError,
        BadZipFile,
        pickle.UnpicklingError,
        KeyError,
        TypeError,
        AttributeError,
        ModuleNotFoundError,
        IndexError,
    ) as error:
        raise ModelError(damaged) from error
    if not boxes:
        task = type(head).__name__.rstrip("0123456789").lower()
        raise ModelError(f"{model.path}: a model for '{task}'; a detection model is needed.")
    return module


class PromptedDetector:
    """An open-vocabulary model (YOLOE) that looks for texts."""

    backend = "torch"

    def __init__(self, model: ResolvedModel) -> None:
        """Load the weights and set the texts.

        Raises:
            ModelError: a damaged file, or the text encoder is missing and cannot be fetched.
        """
        prepare_ultralytics()
        from ultralytics import YOLOE

        self.name, self.thresholds, self._map = model.name, dict(model.thresholds), model.class_map
        try:
            self._model = YOLOE(str(model.path))
            self._model.set_classes(list(model.prompts))
        except (
            RuntimeError,
            EOFError,
            OSError,
            BadZipFile,
            pickle.UnpicklingError,
            KeyError,
            TypeError,
            ImportError,
            AttributeError,
        ) as error:
            raise ModelError(
                f"{model.path}: cannot be set to look for texts; it needs an undamaged file and ultralytics' text "
                "encoder (mobileclip2_b.ts beside it, or a network to fetch it from)."
            ) from error
        self.classes = tuple(dict.fromkeys(self._map[p] for p in model.prompts))

    def predict(self, images: Sequence[Image], min_score: float, image_size: int) -> list[Detections]:
        """See `Detector.predict`."""
        found = []
        for image in images:
            result = self._model.predict(image, conf=min_score, imgsz=image_size, verbose=False, save=False)[0]
            boxes = result.boxes
            names = tuple(self._map.get(result.names[int(c)], result.names[int(c)]) for c in boxes.cls.tolist())
            corners = np.clip(boxes.xyxyn.cpu().numpy(), 0, 1).astype(np.float32).reshape(-1, 4)
            found.append(Detections(corners, boxes.conf.cpu().numpy().astype(np.float32), names))
        return found
