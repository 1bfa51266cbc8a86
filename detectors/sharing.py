"""One detector and a few cores for many cameras: turns in the order of asking, pictures of several cameras together."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from detectors.detector import Detector
from detectors.errors import LamplighterError
from detectors.values import Detections, Image

MOST_AT_ONCE = 8
"""Pictures handed to the detector in one call."""


@dataclass(slots=True)
class _Asked:
    """A camera's pictures, waiting for an answer."""

    images: Sequence[Image]
    min_score: float
    image_size: int
    done: threading.Event = field(default_factory=threading.Event)
    answer: list[Detections] | None = None

    @property
    def form(self) -> tuple[float, int, tuple[int, ...]]:
        """What must be alike for pictures to go together."""
        return self.min_score, self.image_size, self.images[0].shape if len(self.images) else ()


def cores() -> int:
    """CPU cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class SharedDetector:
    """A detector that any thread may ask, while it is asked by one at a time: models keep state while they predict.

    Whoever finds it free asks for all that wait. A camera waits for its own answer before it asks again, so none gets
    more than its share.
    """

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._turn = threading.Lock()
        self._waiting: deque[_Asked] = deque()

    @property
    def name(self) -> str:
        return self._detector.name

    @property
    def classes(self) -> tuple[str, ...]:
        return self._detector.classes

    @property
    def thresholds(self) -> Mapping[str, float]:
        return self._detector.thresholds

    def predict(self, images: Sequence[Image], min_score: float, image_size: int) -> list[Detections]:
        """See `Detector.predict`."""
        mine = _Asked(images, min_score, image_size)
        self._waiting.append(mine)
        while not mine.done.is_set():
            with self._turn:
                if not mine.done.is_set():
                    self._answer(self._next())
        if mine.answer is None:
            raise LamplighterError("The detector failed on pictures that were asked for together with these.")
        return mine.answer

    def _next(self) -> list[_Asked]:
        """The first that waits, and those behind it that can go with it."""
        group = [self._waiting.popleft()]
        count = len(group[0].images)
        while self._waiting and self._waiting[0].form == group[0].form:
            count += len(self._waiting[0].images)
            if count > MOST_AT_ONCE:
                break
            group.append(self._waiting.popleft())
        return group

    def _answer(self, group: list[_Asked]) -> None:
        try:
            pictures = [image for asked in group for image in asked.images]
            found = self._detector.predict(pictures, group[0].min_score, group[0].image_size)
            for asked in group:
                asked.answer, found = found[: len(asked.images)], found[len(asked.images) :]
        finally:
            for asked in group:
                asked.done.set()
