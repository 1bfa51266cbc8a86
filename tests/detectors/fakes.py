"""Fakes for the edges of the detectors' floor: pictures, clips and a detector that says what it is told."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.detector import Detector
from detectors.sources.live import LiveStream
from detectors.surfaces import SURFACES, SurfaceMap
from detectors.values import Detections, Frame, Image
from detectors.video_writer import write_h264

START = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def noise(image: Image, seed: int, strength: float = 2.0) -> Image:
    """The picture as a live sensor would give it: never twice the same."""
    shown = strength * speckle(image.shape, seed)
    shown += image
    return np.clip(shown, 0, 255, out=shown).astype(np.uint8)


@lru_cache(maxsize=48)  # most tests take the seeds from 0 on; 150 MB of usual pictures
def speckle(shape: tuple[int, ...], seed: int | tuple[int, int]) -> NDArray[np.float64]:
    """What a sensor adds, with a deviation of 1."""
    return np.random.default_rng(seed).normal(0, 1, shape)


def scenery(level: int = 120, width: int = 320, height: int = 180, seed: int = 7) -> Image:
    """A textured picture of a given brightness."""
    rough = np.random.default_rng(seed).normal(0, level / 5, (height // 6, width // 6, 3)).astype(np.float32)
    return np.clip(cv2.resize(rough, (width, height)) + level, 0, 255).astype(np.uint8)


def frame(image: Image, second: float = 0.0) -> Frame:
    return Frame(image, START + timedelta(seconds=second), second, int(second))


def frames(images: Sequence[Image], every_s: float = 1.0) -> list[Frame]:
    return [frame(image, i * every_s) for i, image in enumerate(images)]


@dataclass
class ScriptedDetector:
    """Says of the n-th picture it is given what row n of the script says; the last row repeats."""

    script: Sequence[Detections] = field(default_factory=lambda: [Detections.empty()])
    name: str = "scripted"
    classes: tuple[str, ...] = ("person", "street_light", "litter")
    thresholds: dict[str, float] = field(default_factory=dict)
    asked: int = 0

    def predict(self, images: Sequence[Image], min_score: float, image_size: int) -> list[Detections]:
        answers = []
        for _ in images:
            answers.append(self.script[min(self.asked, len(self.script) - 1)])
            self.asked += 1
        return answers


@dataclass
class FramesSource:
    """A source that gives prepared frames."""

    prepared: list[Frame]
    spec: str = "prepared"
    name: str = "prepared"
    live: bool = False
    fps: float | None = 1.0

    @property
    def duration_s(self) -> float | None:
        return self.prepared[-1].offset_s if self.prepared else 0.0

    def frames(self, every_s: float) -> Iterator[Frame]:
        yield from self.prepared


def write_clip(path: Path, seconds: float, fps: float = 10, picture: Callable[[float], Image] | None = None) -> Path:
    """Write an H.264 clip whose picture is a function of its time."""
    make = picture or (lambda t: noise(scenery(), int(t * 1000)))
    write_h264(path, (make(i / fps) for i in range(round(seconds * fps))), fps)
    return path


def silent_stream(address: str) -> LiveStream:
    return LiveStream(address, timeout_s=1.0)


@dataclass
class PaintedSurfaces:
    """A surface model that says the same of every picture: horizontal bands, named from top to bottom, equally high."""

    bands: Sequence[str] = ("sky", "vegetation", "lawn", "path")

    def look(self, image: Image) -> SurfaceMap:
        rows = np.arange(image.shape[0]) * len(self.bands) // image.shape[0]
        numbers = np.array([SURFACES.index(name) for name in self.bands], np.uint8)[rows]
        return SurfaceMap(np.repeat(numbers[:, None], image.shape[1], axis=1))


@dataclass
class RememberingDetector:
    """Asks a real detector once about each picture, however often it is shown and whoever decoded it."""

    detector: Detector
    _answers: dict[tuple[bytes, float, int], Detections] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.name, self.classes, self.thresholds = self.detector.name, self.detector.classes, self.detector.thresholds

    def predict(self, images: Sequence[Image], min_score: float, image_size: int) -> list[Detections]:
        return [self._answer(image, min_score, image_size) for image in images]

    def _answer(self, image: Image, min_score: float, image_size: int) -> Detections:
        shown = (hashlib.sha1(np.ascontiguousarray(image)).digest(), min_score, image_size)
        if shown not in self._answers:
            self._answers[shown] = self.detector.predict([image], min_score, image_size)[0]
        return self._answers[shown]
