"""Clips: a few seconds around the moment of a finding, as H.264 that browsers play."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from detectors.values import Image, Look
from detectors.video_writer import write_h264
from workorders.evidence.encoding import ENCODER
from workorders.evidence.files import adopt, new_name
from workorders.evidence.writer import NewEvidence, jpeg
from workorders.words import EvidenceKind, Moment

LOOKS_BEFORE, LOOKS_AFTER = 8, 6
WIDEST_PX = 960
"""Clips are for seeing what happened; the still pictures keep the full size."""
_QUALITY = 90
"""Frames that may become a clip wait as JPEG, of this quality: those of a hundred cameras would fill a gigabyte."""
SLOWEST_FPS, FASTEST_FPS = 3.0, 12.0


@dataclass(slots=True)
class _Running:
    order_id: int
    finding_id: int
    at: datetime
    frames: list[bytes]
    wanted: int = LOOKS_AFTER


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip in its place, and whose it is."""

    order_id: int
    finding_id: int
    evidence: NewEvidence


@dataclass(slots=True)
class ClipRecorder:
    """Keeps the latest frames of one camera and writes a clip once enough have followed a finding."""

    root: Path
    every_s: float
    _recent: deque[bytes] = field(default_factory=lambda: deque(maxlen=LOOKS_BEFORE))
    _running: list[_Running] = field(default_factory=list)
    _encoding: list[Future[Clip]] = field(default_factory=list)

    def begin(self, order_id: int, finding_id: int, at: datetime) -> None:
        """Record from the frames kept until a few after this moment."""
        if all(r.finding_id != finding_id for r in self._running):
            self._running.append(_Running(order_id, finding_id, at, list(self._recent)))

    def add(self, look: Look) -> list[Clip]:
        """Take in a frame; returns the clips whose files have been written meanwhile."""
        small = jpeg(_narrowed(look.frame.image), _QUALITY)
        self._recent.append(small)
        for running in self._running:
            running.frames.append(small)
            running.wanted -= 1
        self._encode([r for r in self._running if r.wanted <= 0])
        return self._written()

    def finish(self) -> list[Clip]:
        """The source has ended: write what there is of every clip begun, and wait for it."""
        self._encode(list(self._running))
        wait(self._encoding)
        return self._written()

    def _written(self) -> list[Clip]:
        done = [f for f in self._encoding if f.done()]
        self._encoding = [f for f in self._encoding if f not in done]
        return [f.result() for f in done]

    def _encode(self, complete: list[_Running]) -> None:
        for running in complete:
            self._running.remove(running)
            if running.frames:
                self._encoding.append(ENCODER.submit(partial(self._write, running)))

    def _write(self, running: _Running) -> Clip:
        fps = min(FASTEST_FPS, max(SLOWEST_FPS, 1 / self.every_s))
        relative = new_name(f"{running.at:%Y/%m/%d}", ".mp4")
        write_h264(self.root / relative, map(_opened, running.frames), fps)
        file = adopt(self.root, relative)
        evidence = NewEvidence(EvidenceKind.CLIP, Moment.BEFORE, file, running.at, None)
        return Clip(running.order_id, running.finding_id, evidence)


def _opened(frame: bytes) -> Image:
    return np.asarray(cv2.imdecode(np.frombuffer(frame, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def _narrowed(image: Image) -> Image:
    height, width = image.shape[:2]
    if width <= WIDEST_PX:
        return image
    size = (WIDEST_PX, max(2, round(height * WIDEST_PX / width)))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)
