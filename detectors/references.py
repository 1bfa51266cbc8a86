"""Reference pictures of a view: a clean one for each light state it is seen in, with who passes voted out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np

from detectors.errors import LamplighterError
from detectors.light import judge, measure
from detectors.values import Frame, Image, LightState

_FEWEST_FOR_MEDIAN = 3


def reference_pictures(frames: Iterable[Frame]) -> dict[LightState, Image]:
    """For each light state that some frames of one view show, the median of those frames.

    Frames of another size than most are left out; of fewer than three the first one stands for all.
    """
    shown: dict[LightState, list[Image]] = defaultdict(list)
    for frame in frames:
        shown[judge(measure(frame.grey), None)].append(frame.image)
    return {light: _median(pictures) for light, pictures in shown.items()}


def write_references(frames: Iterable[Frame], folder: Path, camera: str) -> dict[str, str]:
    """Write a view's reference pictures as CAMERA.LIGHT.png; returns where that of each light state lies.

    Raises:
        LamplighterError: the folder cannot be written to.
    """
    kept = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for light, picture in reference_pictures(frames).items():
            file = folder / f"{camera}.{light.value}.png"
            file.write_bytes(cv2.imencode(".png", picture)[1].tobytes())
            kept[light.value] = str(file)
    except OSError as error:
        raise LamplighterError(f"The reference pictures cannot be written to {folder}: {error.strerror}.") from error
    return kept


def _median(pictures: list[Image]) -> Image:
    shapes = [p.shape for p in pictures]
    alike = [p for p in pictures if p.shape == max(shapes, key=shapes.count)]
    if len(alike) < _FEWEST_FOR_MEDIAN:
        return alike[0]
    # Row by row: a whole stack as floats would take eight times the memory of its pictures.
    return np.stack([np.median([p[row] for p in alike], axis=0).astype(np.uint8) for row in range(len(alike[0]))])
