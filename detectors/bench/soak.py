"""A soak: hours of ten cameras' looks one after the other, as fast as they can be had, while memory is watched."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from detectors.bench.clip import bench_view
from detectors.detector import Detector
from detectors.pipeline import Inspection
from detectors.settings import Settings
from detectors.sources.video import VideoFile

_CAMERAS = 10
_PAGE = os.sysconf("SC_PAGE_SIZE")


def soak(clip: Path, detector: Detector, hours: float, every_s: float, say: Callable[[str], None]) -> dict[str, Any]:
    """Look at a clip's frames in turn with times that run on, and read the process's memory four times an hour.

    Returns:
        Megabytes resident a quarter of the way in and at the end, and the difference: what was learnt and cached by
        then should be all that there is.
    """
    frames = list(VideoFile(clip).frames(2.0))
    inspections = [Inspection(bench_view(), detector, Settings(every_s=every_s)) for _ in range(_CAMERAS)]
    rounds = max(4, round(hours * 3600 / every_s))
    start, memory = datetime.now(UTC), []
    for number in range(rounds):
        offset_s = number * every_s
        frame = replace(frames[number % len(frames)], at=start + timedelta(seconds=offset_s), offset_s=offset_s)
        for inspection in inspections:
            inspection.look(frame)
        if (number + 1) % max(1, rounds // 8) == 0:
            gc.collect()
            memory.append(_resident_mb())
            say(f"soak: {timedelta(seconds=round(offset_s))}, {memory[-1]:.0f} MB")
    early = memory[len(memory) // 4]
    return {
        "virtual_hours": hours,
        "cameras": _CAMERAS,
        "looks": rounds * _CAMERAS,
        "mb_early": round(early, 1),
        "mb_end": round(memory[-1], 1),
        "grown_mb": round(memory[-1] - early, 1),
    }


def _resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE / 2**20
