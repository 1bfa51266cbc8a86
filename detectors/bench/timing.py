"""Times one clip three ways in turn: as Lamplighter inspects it, at the floor, and with plain prediction."""

from __future__ import annotations

import platform
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from detectors.catalogue import ResolvedModel
from detectors.detector import Detector, prepare_ultralytics
from detectors.pipeline import inspect_source
from detectors.settings import Settings
from detectors.sharing import cores
from detectors.sources.video import VideoFile
from detectors.values import Image, View

_PLAIN_FRAMES = 30  # plain prediction takes seconds per second of video, so only this many frames of it are timed
_VERSIONS = ("torch", "ultralytics", "onnxruntime", "openvino", "av", "opencv-python", "numpy")


@dataclass(frozen=True, slots=True)
class Span:
    """What something took: seconds on the wall, and of all cores together."""

    wall: float
    cpu: float


@dataclass(slots=True)
class Times:
    """Every round's times of one clip."""

    inspect: list[Span] = field(default_factory=list)
    decode: list[Span] = field(default_factory=list)
    passes: list[Span] = field(default_factory=list)
    plain: list[Span] = field(default_factory=list)


def bench(
    detector: Detector,
    model: ResolvedModel,
    clip: Path,
    view: View,
    settings: Settings,
    rounds: int,
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Time one clip.

    Args:
        model: what `detector` was loaded from; plain prediction runs its file as ultralytics does by default.

    Returns:
        `realtime_factor` (seconds of video per second on the wall), `ratio_to_plain` (how many times faster than
        `YOLO(...).predict(stream=True)` on every frame), `ratio_to_floor` (over decoding the pictures looked at, and
        after that as many passes of the detector), `cpu_ratio_to_floor` (the same in seconds of all cores, which other
        work on the machine disturbs less); medians, with the looks, the passes and every round's seconds.

    Raises:
        SourceError: the clip cannot be read.
    """
    source = VideoFile(clip)
    length_s = source.duration_s or 0.0
    _, looks, asked = _inspect(clip, view, detector, settings)
    picture = next(VideoFile(clip).frames(settings.every_s)).image
    times = Times()
    for number in range(1, rounds + 1):
        say(f"{clip.name}: round {number} of {rounds}")
        times.inspect.append(_inspect(clip, view, detector, settings)[0])
        times.decode.append(_span(lambda: _decode(clip, settings)))
        times.passes.append(_span(lambda: _ask(detector, picture, asked, settings)))
        times.plain.append(_plain_per_frame(clip, model, settings))
    frames = length_s * (source.fps or 25.0)
    return {
        "realtime_factor": round(length_s / median(t.wall for t in times.inspect), 1),
        "ratio_to_plain": round(_ratio([frames * p.wall for p in times.plain], [t.wall for t in times.inspect]), 1),
        "ratio_to_floor": round(_over_floor(times, "wall"), 2),
        "cpu_ratio_to_floor": round(_over_floor(times, "cpu"), 2),
        "clip": {"name": clip.name, "seconds": round(length_s, 2), "fps": source.fps},
        "looks": looks,
        "detector_passes": asked,
        "seconds": {name: [round(t.wall, 3) for t in getattr(times, name)] for name in Times.__slots__},
        "cpu_seconds": {name: [round(t.cpu, 3) for t in getattr(times, name)] for name in Times.__slots__},
        "plain_frames_timed": _PLAIN_FRAMES,
    }


def start_seconds(clip: Path, rounds: int) -> list[float]:
    """Seconds of `lamplighter inspect` on a clip of which one frame is looked at, from the start of its process to its
    end, each round."""
    command = [sys.executable, "-m", "lamplighter", "inspect", str(clip), "--no-save", "--every", "3600"]
    taken = []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        taken.append(round(time.perf_counter() - began, 2))
    return taken[1:]


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "processor": platform.machine(),
        "cores": cores(),
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in _VERSIONS},
    }


def _inspect(clip: Path, view: View, detector: Detector, settings: Settings) -> tuple[Span, int, int]:
    looks = [0, 0]

    def work() -> None:
        for look in inspect_source(VideoFile(clip), view, detector, settings):
            looks[0] += 1
            looks[1] += bool(look.asked)

    return _span(work), looks[0], looks[1]


def _decode(clip: Path, settings: Settings) -> None:
    for _ in VideoFile(clip).decoded(settings.every_s):
        pass


def _ask(detector: Detector, picture: Image, times: int, settings: Settings) -> None:
    for _ in range(times):
        detector.predict([picture], settings.min_score, settings.image_size)


def _plain_per_frame(clip: Path, model: ResolvedModel, settings: Settings) -> Span:
    """What a frame of plain prediction takes; loading and the first frame do not count."""
    prepare_ultralytics()
    from ultralytics import YOLO

    results = YOLO(str(model.path)).predict(str(clip), stream=True, verbose=False, imgsz=settings.image_size)
    next(iter(results), None)
    taken = _span(lambda: list(islice(results, _PLAIN_FRAMES)))
    return Span(taken.wall / _PLAIN_FRAMES, taken.cpu / _PLAIN_FRAMES)


def _span(work: Callable[[], object]) -> Span:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Span(time.perf_counter() - wall, time.process_time() - cpu)


def _over_floor(times: Times, kind: str) -> float:
    floor = [getattr(d, kind) + getattr(p, kind) for d, p in zip(times.decode, times.passes, strict=True)]
    return _ratio([getattr(t, kind) for t in times.inspect], floor)


def _ratio(above: list[float], below: list[float]) -> float:
    return median(a / b for a, b in zip(above, below, strict=True))


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
