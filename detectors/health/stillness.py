"""Frozen pictures: told from a quiet scene by how little this camera's pictures usually differ."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.levels import quantiles
from detectors.values import Grey

# A frozen stream comes back to the same picture again and again, but key frames of the compression differ a little
# from what lies between them: so a picture is compared with several of the last ones, and the likest counts.
_REMEMBERED = 4
_BLOCKS = (30, 17)
# Clocks run on in frozen pictures; they stand at the upper or lower edge.
_EDGE = 0.12
# Differences in grey levels, mean of a block: of the middle block and of nearly the most changed one. On 33 clips, real
# and rendered, by day and by night, a live picture a second later differs by at least 0.7 and 2; a frozen one by 0 and
# 0.1, at key frames by 1.6 and 2.2.
_SAME_MIDDLE, _SAME_MOST = 0.05, 0.2
# Against this camera's own usual differences.
_SHARE_MIDDLE, _SHARE_MOST, _STILL_MOST = 0.3, 0.3, 1.2
_USUAL_LOOKS, _USUAL_FROM = 30, 3
# Streams of few bits skip blocks that hardly change: a quiet night then comes as one and the same picture for a while.
# Where the middle block was usually at rest too, or nothing is known, a picture must stand for longer; longer still
# where something at its edge, a clock, runs on. Choices, but for the patience growing with what was seen.
_ALL_STIRS = 0.15
_PATIENCE_S, _CLOCK_PATIENCE_S, _MOST_PATIENCE_S = 8.0, 60.0, 300.0
_STALL_S = 3.0  # a network stalls for two seconds and goes on: shorter, a look that differs is no key frame; a choice
_SPELLS = 2.0  # times the longest quiet spell that ended by itself
_CLOCK_LEVELS, _CLOCK_PX = 12, 3


@dataclass(slots=True)
class Stillness:
    """Remembers a camera's last pictures, how much they usually differ, and how long they stood."""

    _pictures: deque[Grey] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    _usual: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=_USUAL_LOOKS))
    _since_s: float | None = None
    _clock_runs: bool = False
    _told: bool = False
    _wavers: bool = False
    _longest_s: float = 0.0

    def look(self, now: Grey, at_s: float) -> bool | None:
        """Whether the stream is frozen; None when that cannot be told yet.

        Args:
            at_s: time of the look in seconds.
        """
        if self._pictures and self._pictures[-1].shape != now.shape:
            self._pictures.clear()
        differences = [_difference(now, past) for past in reversed(self._pictures)]
        last = self._pictures[-1] if self._pictures else None
        self._pictures.append(now)
        if last is None:
            return None
        if not self._stands(*min(differences, key=sum)):
            if self._told and not self._wavers:  # a key frame differs once; what thaws goes on differing
                self._wavers = True
                stood_s = at_s - self._since_s if self._since_s is not None else 0.0
                return True if stood_s >= _STALL_S else None
            self._stirred(at_s)
            self._usual.append(differences[0])
            return False
        if self._since_s is None:
            self._since_s, self._clock_runs = at_s, False
        self._clock_runs |= _clock_runs(now, last)
        self._wavers = False
        self._told = at_s - self._since_s >= self._patience_s()
        return True if self._told else None

    def forget(self) -> None:
        """Start afresh: it grew dark or light, and another unrest is usual now."""
        self._usual.clear()
        self._since_s, self._told, self._wavers = None, False, False

    def _stands(self, middle: float, most: float) -> bool:
        """Whether a picture is the one before, by its difference from the likest of the last."""
        if middle < _SAME_MIDDLE and most < _SAME_MOST:
            return True
        if len(self._usual) < _USUAL_FROM or most >= _STILL_MOST:
            return False
        usual_middle, usual_most = np.median(np.array(self._usual), axis=0)
        return bool(middle < _SHARE_MIDDLE * usual_middle and most < _SHARE_MOST * usual_most)

    def _patience_s(self) -> float:
        """How long a picture of this camera must stand to be frozen."""
        if len(self._usual) >= _USUAL_FROM and np.median(np.array(self._usual)[:, 0]) >= _ALL_STIRS:
            return 0.0
        least = _CLOCK_PATIENCE_S if self._clock_runs else _PATIENCE_S
        return min(max(least, _SPELLS * self._longest_s), _MOST_PATIENCE_S)

    def _stirred(self, at_s: float) -> None:
        """A quiet spell that ended before it was taken for a frozen stream belongs to this camera."""
        if self._since_s is not None and not self._told:
            self._longest_s = max(self._longest_s, at_s - self._since_s)
        self._since_s, self._told, self._wavers = None, False, False


def _clock_runs(now: Grey, past: Grey) -> bool:
    """Whether something changed at the upper or lower edge."""
    edge = max(1, round(_EDGE * now.shape[0]))
    apart = cv2.absdiff(now, past) > _CLOCK_LEVELS
    return int(apart[:edge].sum() + apart[-edge:].sum()) >= _CLOCK_PX


def _difference(now: Grey, past: Grey) -> tuple[float, float]:
    edge = round(_EDGE * now.shape[0])
    inner = slice(edge, now.shape[0] - edge) if now.shape[0] > 4 * edge > 0 else slice(None)
    middle, most = quantiles(_block_means(cv2.absdiff(now[inner], past[inner])), 0.5, 0.97)
    return middle, most


def _block_means(values: Grey) -> NDArray[np.float64]:
    """Means of whole blocks, summed down first: a sixth of the time of scaling as floats."""
    columns, rows = (min(n, side) for n, side in zip(_BLOCKS, (values.shape[1], values.shape[0]), strict=True))
    wide, tall = values.shape[1] // columns, values.shape[0] // rows
    bands = values[: rows * tall, : columns * wide].reshape(rows, tall, columns * wide).sum(axis=1, dtype=np.uint16)
    return bands.reshape(rows, columns, wide).sum(axis=2, dtype=np.uint32) / (wide * tall)
