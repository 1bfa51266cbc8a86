"""Measures the pipeline against plain per-frame prediction, and against reader and detector alone, in one run."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import numpy as np

from detectors.catalogue import ResolvedModel
from detectors.detector import Detector, prepare_ultralytics
from detectors.pipeline import inspect_source
from detectors.settings import Settings
from detectors.sources import open_source
from detectors.sources.video import VideoFile
from detectors.values import Image, View
from detectors.video_writer import H264Writer

WIDTH, HEIGHT, FPS = 1920, 1080, 25
_PLAIN_FRAMES = 50  # plain prediction takes seconds per second of video, so only this many frames of it are timed
_VERSIONS = ("torch", "ultralytics", "onnxruntime", "openvino", "av", "opencv-python", "numpy")


def make_clip(path: Path, seconds: int) -> Path:
    """Write a 1080p 25 fps H.264 clip of a still scene with things that move through it; kept for the next time."""
    if path.exists():
        return path
    rough = np.random.default_rng(7).normal(0, 40, (HEIGHT // 12, WIDTH // 12, 3)).astype(np.float32)
    scene = np.clip(cv2.resize(rough, (WIDTH, HEIGHT)) + 120, 0, 255).astype(np.uint8)
    with H264Writer(path, WIDTH, HEIGHT, FPS) as writer:
        for number in range(seconds * FPS):
            writer.write(_frame(scene, number))
    return path


def _frame(scene: Image, number: int) -> Image:
    picture = scene.copy()
    for walker in range(4):
        x = (number * (3 + walker) + walker * 400) % WIDTH
        cv2.rectangle(picture, (x, 500 + 100 * walker), (x + 40, 620 + 100 * walker), (30, 30 + 50 * walker, 60), -1)
    return picture


def bench(
    detector: Detector, model: ResolvedModel, clip: Path, settings: Settings, rounds: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """Time one clip three ways, `rounds` times in turn.

    Args:
        model: what `detector` was loaded from; plain prediction runs its file as ultralytics does by default.

    Returns:
        `realtime_factor` (seconds of video per second of wall time), `ratio_to_plain` (how many times faster than
        `YOLO(...).predict(stream=True)` on every frame) and `ratio_to_floor` (wall time over that of the same
        reader, which decodes every frame of the clip, and as many detector passes), medians, settings, versions.

    Raises:
        SourceError: the clip cannot be read.
    """
    source = VideoFile(clip)
    length_s = source.duration_s or 0.0
    ours, floor, plain = [], [], []
    _inspect(clip, detector, settings)
    for number in range(1, rounds + 1):
        say(f"round {number} of {rounds}")
        ours.append(_timed(lambda: _inspect(clip, detector, settings)))
        floor.append(_timed(lambda: _least(clip, detector, settings)))
        plain.append(_plain_per_frame(clip, model, settings) * length_s * (source.fps or FPS))
    return {
        "realtime_factor": round(length_s / median(ours), 2),
        "ratio_to_plain": round(median(p / o for p, o in zip(plain, ours, strict=True)), 2),
        "ratio_to_floor": round(median(o / f for o, f in zip(ours, floor, strict=True)), 3),
        "seconds": {"inspect": _round(ours), "floor": _round(floor), "plain": _round(plain)},
        "clip": {"name": clip.name, "seconds": round(length_s, 2), "fps": source.fps},
        "settings": settings.model_dump(),
        "model": model.name,
        "backend": type(detector).__name__,
        "rounds": rounds,
        "plain_frames_timed": _PLAIN_FRAMES,
        "machine": {"processor": platform.machine(), "python": platform.python_version(), "cores": _cores()},
        "versions": {name: _version(name) for name in _VERSIONS},
    }


def _inspect(clip: Path, detector: Detector, settings: Settings) -> None:
    for _ in inspect_source(open_source(str(clip)), View("bench"), detector, settings):
        pass


def _least(clip: Path, detector: Detector, settings: Settings) -> None:
    for frame in VideoFile(clip).frames(settings.every_s):
        detector.predict([frame.image], settings.min_score, settings.image_size)


def _plain_per_frame(clip: Path, model: ResolvedModel, settings: Settings) -> float:
    """Seconds a frame of plain prediction; loading and the first frame do not count."""
    prepare_ultralytics()
    from ultralytics import YOLO

    results = YOLO(str(model.path)).predict(str(clip), stream=True, verbose=False, imgsz=settings.image_size)
    next(iter(results), None)
    frames = 0
    began = time.perf_counter()
    for _ in islice(results, _PLAIN_FRAMES):
        frames += 1
    return (time.perf_counter() - began) / max(1, frames)


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _round(times: list[float]) -> list[float]:
    return [round(t, 3) for t in times]


def _cores() -> int:
    import torch

    return torch.get_num_threads()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
