"""Two backgrounds of different patience: both know the scene, only the quick one knows what was just left behind."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box, Mask
from detectors.values import Image

Grey = NDArray[np.float32]

WIDTH = 480
"""Backgrounds are kept at this width, px: enough for a bag at 20 m, and cheap."""

_QUICK_LOOKS = 3
_FIRST_LOOKS = 3
_DRIFT = 0.6  # grey levels by which the patient background moves towards the quick one at each look
_MIN_DIFFERENCE = 16.0  # grey levels; CCTV noise by day is 2-4, at night 5-8
_NOISE_FACTOR = 4.0
_MIN_BLOB_PX = 14
_SAME_TEXTURE = 0.80  # correlation with the background from which a change is only light or shadow


@dataclass(frozen=True, slots=True)
class Change:
    """A place that looks different for several looks, and stays so.

    Attributes:
        box: where, 0-1.
        difference: mean difference there in grey levels, 0-255.
        fill: share of the box that changed, 0-1.
        texture_gain: texture (mean gradient) there now over before; under 1 is smoother, as water is.
        darker: whether it is darker than before.
    """

    box: Box
    difference: float
    fill: float
    texture_gain: float
    darker: bool


@dataclass(slots=True)
class DualBackground:
    """Finds what has newly come to rest in a fixed view."""

    _recent: deque[Grey] = field(default_factory=lambda: deque(maxlen=_QUICK_LOOKS))
    _patient: Grey | None = None
    _noise: float = 3.0

    def look(self, image: Image, ground: Mask | None) -> list[Change]:
        """Take in a frame.

        Args:
            ground: (height, width) mask of any size: where to look; None is everywhere.

        Returns:
            The places where the last looks agree with one another but not with the past.
        """
        now = _grey(image)
        if self._recent and self._recent[-1].shape != now.shape:
            self.restart()
        if self._recent:
            self._noise = 0.8 * self._noise + 0.2 * float(np.median(np.abs(now - self._recent[-1])))
        self._recent.append(now)
        if len(self._recent) < _QUICK_LOOKS:
            return []
        quick = np.median(np.stack(self._recent), axis=0).astype(np.float32)
        if self._patient is None:
            self._patient = quick
            return []
        matched = _match_exposure(quick, self._patient)
        changes = self._changes(matched, self._patient, ground)
        self._patient = self._patient + np.clip(matched - self._patient, -_DRIFT, _DRIFT)
        return changes

    def restart(self) -> None:
        """Forget everything: the camera was moved, or the light switched."""
        self._recent.clear()
        self._patient = None

    def _changes(self, quick: Grey, patient: Grey, ground: Mask | None) -> list[Change]:
        difference = cv2.GaussianBlur(np.abs(quick - patient), (5, 5), 0)
        steady = np.max(np.stack(self._recent), axis=0) - np.min(np.stack(self._recent), axis=0)
        limit = max(_MIN_DIFFERENCE, _NOISE_FACTOR * self._noise)
        changed = (difference > limit) & (cv2.blur(steady, (5, 5)) < 2 * limit)
        if ground is not None:
            size = (quick.shape[1], quick.shape[0])
            changed &= cv2.resize(ground.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST).astype(bool)
        joined = cv2.morphologyEx(changed.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
        joined = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
        count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
        found = []
        for n in range(1, count):
            x, y, w, h, area = (int(v) for v in stats[n])
            if area >= _MIN_BLOB_PX:
                blob = _describe(quick, patient, labels == n, (x, y, w, h))
                if blob is not None:
                    found.append(blob)
        return found


def _describe(quick: Grey, patient: Grey, blob: Mask, window: tuple[int, int, int, int]) -> Change | None:
    x, y, w, h = window
    inside = blob[y : y + h, x : x + w]
    now, before = quick[y : y + h, x : x + w], patient[y : y + h, x : x + w]
    if min(w, h) >= 4 and _correlation(_edges(now)[inside], _edges(before)[inside]) > _SAME_TEXTURE:
        return None
    texture_now, texture_before = float(_edges(now)[inside].mean()), float(_edges(before)[inside].mean())
    height, width = quick.shape
    return Change(
        Box(x / width, y / height, (x + w) / width, (y + h) / height),
        float(np.abs(now - before)[inside].mean()),
        float(inside.mean()),
        (texture_now + 1.0) / (texture_before + 1.0),
        float((now - before)[inside].mean()) < 0,
    )


def _grey(image: Image) -> Grey:
    height = max(2, round(image.shape[0] * WIDTH / image.shape[1]))
    small = cv2.resize(image, (WIDTH, height), interpolation=cv2.INTER_AREA)
    return cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.float32)


def _match_exposure(now: Grey, before: Grey) -> Grey:
    """Scale `now` so that its typical brightness is that of `before`: exposure drifts are no change."""
    ratio = np.median((before + 4.0) / (now + 4.0))
    return (now * np.float32(np.clip(ratio, 0.5, 2.0))).astype(np.float32)


def _edges(grey: Grey) -> Grey:
    gx, gy = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    return np.hypot(gx, gy).astype(np.float32)


def _correlation(a: Grey, b: Grey) -> float:
    if a.size < 2 or float(a.std()) < 1e-3 or float(b.std()) < 1e-3:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])
