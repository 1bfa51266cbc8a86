"""Two backgrounds of different patience: both know the scene, only the quick one knows what was just left behind."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors import values
from detectors.arrivals import came, edges
from detectors.free_looks import FreeLooks
from detectors.fresh_lines import FreshLine, fresh_lines
from detectors.geometry import Box, Mask
from detectors.levels import median
from detectors.steady import laid_on
from detectors.sway import Sway
from detectors.values import Image

Grey = NDArray[np.float32]

_SPREAD_PX = 5  # over so many pixels across and down the last looks must agree
_QUICK_LOOKS = 3
_SWAY_RANGE = 1.5  # three looks lie farther apart than two
# Grey levels by which the patient background moves towards the quick one in a second, and at most at one look: shadows
# creep along with the sun. What was told as a change is not learnt: a thing does not become part of the path by lying
# there for long.
_DRIFT, _MOST_DRIFT = 0.6, 6.0
_MIN_DIFFERENCE = 16.0  # grey levels; a choice, not measured
_NOISE_FACTOR = 4.0
_MIN_BLOB_PX, _LINE_PX = 14, 4
_SAME_TEXTURE = 0.80  # correlation with the background from which a change is only light or shadow
# Shade darkens evenly and not to black, and the paving shows through; choices.
_SHADE, _SHADE_EVEN, _SHADE_ALIKE = (0.4, 0.93), 0.1, 0.4
_MIDDLING, _DIM = 100.0, 50.0  # lightness that dim colours are raised to, and below which noise is most of them
_OF_LINE = 0.6  # share of a change on a thin line that came from which it is a piece of that
# When so much of the ground changed at once, the light did.
_LIGHT_CHANGED = 0.3
_JUDGED = 0.5  # share of a place that must be known to tell whether it changed


@dataclass(frozen=True, slots=True)
class Change:
    """A place where something new has come to rest.

    Attributes:
        box: where, 0-1.
        difference: mean difference there in grey levels, 0-255.
        fill: share of the box that changed, 0-1.
        roughness: middle gradient inside it, off its rim, over the difference: how much it has a texture of its own.
        gain: its middle grey level over the one before.
        colour: how far its colour is from that of the ground round it (a and b of CIELAB, 0-255).
        solid: height of its tallest part without gaps, 0-1 of the picture: a case is solid, strewn litter is not.
        motley: spread of its colours (a and b of CIELAB) across the direction in which they differ most, as in
            middling light: what is of one colour has none, however much of the paving shows beside it.
        of_line: whether it is a piece of a thin dark line that came.
    """

    box: Box
    difference: float
    fill: float
    roughness: float
    gain: float
    colour: float
    solid: float
    motley: float = 0.0
    of_line: bool = False


@dataclass(slots=True)
class DualBackground:
    """Finds what has newly come to rest in a fixed view.

    Attributes:
        lines: thin dark lines that came, in the last look.
    """

    lines: list[FreshLine] = field(default_factory=list)

    _recent: deque[values.Grey] = field(default_factory=lambda: deque(maxlen=_QUICK_LOOKS))
    _free: FreeLooks = field(default_factory=lambda: FreeLooks(_QUICK_LOOKS))
    _patient: Grey | None = None
    _known: Mask | None = None
    _noise: float = 3.0
    _sway: Sway = field(default_factory=Sway)
    _told: Mask | None = None
    _judged: Mask | None = None
    _changed: Mask | None = None
    _asked: list[Box] = field(default_factory=list)

    def look(
        self,
        image: Image,
        grey: values.Grey,
        ground: Mask | None,
        movers: Iterable[Box] = (),
        things: Iterable[Box] = (),
        seconds: float = 1.0,
        paved: Mask | None = None,
    ) -> list[Change]:
        """Take in a frame.

        Args:
            grey: its grey levels at 480 px of width: enough for a bag at 20 m, and cheap.
            things: what was taken for a mover in the last looks, and is none: it was there all the time.
            seconds: time since the last frame.
            ground: (height, width) mask of any size: where to look; None is everywhere.
            movers: people and vehicles in the frame: nothing is learnt or judged where they are.
            paved: (height, width) mask of any size: where to look for thin lines too; None is nowhere.

        Returns:
            The places where the last looks agree with one another but not with the past.
        """
        self.lines = []
        if self._recent and self._recent[-1].shape != grey.shape:
            self.restart()
        if self._recent:
            grey = laid_on(grey, self._recent[-1] if self._patient is None else self._patient)
            apart = cv2.absdiff(grey, self._recent[-1])[::2, ::2]  # every fourth pixel tells the noise as well
            self._noise = 0.8 * self._noise + 0.2 * median(apart)
            self._sway.learn(apart, self._recent[-1], self._noise)
        self._recent.append(grey)
        self._free.take_in(grey, self._patient, movers, things)
        if len(self._recent) < _QUICK_LOOKS:
            return []
        quick, spread = _middle_of(self._free.looks)
        calm = spread < _SPREAD_PX**2 * (self._limit + self._sway.slack(quick, _SWAY_RANGE))
        settled = self._free.seen & calm
        if self._patient is None or self._known is None:
            self._patient, self._known = quick, settled
            return []
        latest = self._free.looks[-1].astype(np.float32)
        self._learn(latest, self._free.agreed(self._limit) & ~self._known)
        changes = self._changes(quick, settled, ground, image, paved)
        step = float(np.clip(_DRIFT * seconds, _DRIFT, _MOST_DRIFT))
        drift = np.clip(quick - self._patient, -step, step)
        learns = settled if self._told is None else settled & ~self._told
        self._patient = np.where(learns, self._patient + drift, self._patient).astype(np.float32)
        return changes

    def restart(self) -> None:
        """Forget everything: the camera was moved, or the light switched."""
        self._recent.clear()
        self._free.clear()
        self._patient = self._known = self._told = self._judged = self._changed = None

    def changed_share(self, box: Box) -> float:
        """What share of a place, on registered ground or off it, is not as it was known, 0-1.

        0 too where less than half of it can be judged. What changed is not learnt while this is asked at each look.
        """
        if self._judged is None or self._changed is None:
            return 0.0
        self._asked.append(box)
        x0, y0, x1, y1 = box.pixels(self._judged.shape[1], self._judged.shape[0])
        judged = float(self._judged[y0:y1, x0:x1].mean())
        return float(self._changed[y0:y1, x0:x1].mean()) / judged if judged >= _JUDGED else 0.0

    @property
    def _limit(self) -> float:
        return max(_MIN_DIFFERENCE, _NOISE_FACTOR * self._noise)

    def _learn(self, quick: Grey, where: Mask) -> None:
        """Take the quick background for the patient one in some places."""
        assert self._patient is not None
        assert self._known is not None
        self._patient = np.where(where, quick, self._patient).astype(np.float32)
        self._known = self._known | where

    def _changes(
        self, quick: Grey, settled: Mask, ground: Mask | None, image: Image, paved: Mask | None
    ) -> list[Change]:
        assert self._patient is not None
        assert self._known is not None
        apart = np.maximum(np.abs(quick - self._patient) - self._sway.slack(self._patient, _SWAY_RANGE), 0.0)
        difference = cv2.GaussianBlur(apart, (5, 5), 0)
        self._judged = where = settled & self._known
        self._changed = (difference > self._limit) & where
        if ground is not None:
            where = where & _laid(ground, quick.shape)
        changed = self._changed & where
        self._told = np.zeros(quick.shape, bool)
        for box in self._asked:
            x0, y0, x1, y1 = box.pixels(quick.shape[1], quick.shape[0])
            self._told[y0:y1, x0:x1] = True
        self._asked.clear()
        if changed.sum() > _LIGHT_CHANGED * where.sum():
            self._learn(quick, settled)
            return []
        line = np.zeros(quick.shape, bool)
        if paved is not None:
            where_paved = where & _laid(paved, quick.shape)
            self.lines, line = fresh_lines(quick, self._patient, where_paved, self._noise, image)
            self._told |= line
        joined = cv2.morphologyEx(changed.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
        joined = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
        count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
        found = []
        for n in range(1, count):
            x, y, w, h, area = (int(v) for v in stats[n])
            if area < _MIN_BLOB_PX:
                continue
            blob = labels == n
            of_line = float(line[blob].mean()) > _OF_LINE
            if not of_line and not came(quick, self._patient, blob, where):
                self._learn(quick, cv2.dilate(blob.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool))
            elif (change := _describe(quick, self._patient, blob, changed, (x, y, w, h), image)) is not None:
                found.append(replace(change, of_line=of_line))
                self._told |= cv2.dilate(blob.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
        return found


def _laid(mask: Mask, shape: tuple[int, ...]) -> Mask:
    """A mask of any size at the size of the grey levels."""
    laid = cv2.resize(mask.astype(np.uint8), (shape[1], shape[0]), interpolation=cv2.INTER_NEAREST)
    return np.asarray(laid, np.uint8).astype(bool)


def _middle_of(looks: list[values.Grey]) -> tuple[Grey, NDArray[np.int16]]:
    """Of three looks the middle level of each pixel, and how far they are apart there, summed over what is round it.

    In whole numbers, and without a sort: a tenth of what a median of floats takes.
    """
    first, second, third = looks
    least, most = cv2.min(first, second), cv2.max(first, second)
    middle = cv2.max(least, cv2.min(most, third))
    apart = cv2.subtract(cv2.max(most, third), cv2.min(least, third))
    spread = cv2.boxFilter(apart, cv2.CV_16S, (_SPREAD_PX, _SPREAD_PX), normalize=False)
    return middle.astype(np.float32), np.asarray(spread, np.int16)


def _describe(
    quick: Grey, patient: Grey, blob: Mask, changed: Mask, window: tuple[int, int, int, int], image: Image
) -> Change | None:
    """What came to lie there; None where it is only light or shade.

    Args:
        blob: one place that changed, its gaps closed.
        changed: every pixel that changed.
    """
    x, y, w, h = window
    inside = blob[y : y + h, x : x + w]
    now, before = quick[y : y + h, x : x + w], patient[y : y + h, x : x + w]
    if min(w, h) >= _LINE_PX and _correlation(edges(now)[inside], edges(before)[inside]) > _SAME_TEXTURE:
        return None
    core = _off_rim(inside)
    if _is_shade(now[core], before[core]):
        return None
    difference = float(np.abs(now - before)[core].mean())
    # A bicycle is mostly gaps. What is but a line is not: on the PETS clip a barrier tape swings.
    itself = inside & changed[y : y + h, x : x + w]
    whole = itself if itself.any() and min(w, h) >= _LINE_PX else inside
    height, width = quick.shape
    colour, motley = _colours(image, blob, window)
    return Change(
        Box(x / width, y / height, (x + w) / width, (y + h) / height),
        float(np.abs(now - before)[whole].mean()),
        float(inside.mean()),
        float(np.median(edges(now)[core])) / max(1.0, difference),
        (float(np.median(now[core])) + 4.0) / (float(np.median(before[core])) + 4.0),
        colour,
        _tallest_run(itself) / height,
        motley,
    )


def _colours(image: Image, blob: Mask, window: tuple[int, int, int, int]) -> tuple[float, float]:
    """How far the colour of a blob is from that of what lies round it, and how motley the blob is."""
    x, y, w, h = window
    part = slice(max(0, y - h // 2), y + h + h // 2), slice(max(0, x - w // 2), x + w + w // 2)
    small = cv2.resize(image, (blob.shape[1], blob.shape[0]), interpolation=cv2.INTER_AREA)[part]
    whole = cv2.cvtColor(np.ascontiguousarray(small), cv2.COLOR_BGR2LAB).astype(np.float32)
    lab, inner = whole[..., 1:], blob[part]
    smooth = cv2.blur(lab, (3, 3))[inner]  # without the sensor's noise
    spread = float(np.sqrt(max(0.0, np.linalg.eigvalsh(np.cov(smooth.T))[0])))
    light = float(np.clip(np.median(whole[..., 0][inner]), _DIM, _MIDDLING))
    motley = spread * _MIDDLING / light  # colours fade with the light
    outer = ~cv2.dilate(inner.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
    if not outer.any():
        return 0.0, motley
    return float(np.hypot(*(np.median(lab[inner], axis=0) - np.median(lab[outer], axis=0)))), motley


def _tallest_run(inside: Mask) -> int:
    """Pixels of the longest run down a column; one that both neighbours lack is a stray line."""
    padded = np.pad(inside, ((1, 1), (0, 0)))
    longest = np.zeros(inside.shape[1], int)
    for column in range(inside.shape[1]):
        ends = np.flatnonzero(np.diff(padded[:, column].astype(np.int8)))
        longest[column] = int((ends[1::2] - ends[::2]).max(initial=0))
    if len(longest) < 3:
        return int(longest.max(initial=0))
    return int(np.minimum(longest[1:], longest[:-1]).max())


def _off_rim(inside: Mask) -> Mask:
    """A blob without its rim, as far as anything is left of it."""
    padded = np.pad(inside.astype(np.uint8), 1)
    for size in (5, 3):
        core = cv2.erode(padded, np.ones((size, size), np.uint8))[1:-1, 1:-1].astype(bool)
        if core.sum() >= _MIN_BLOB_PX:
            return core
    return inside


def _is_shade(now: Grey, before: Grey) -> bool:
    """Whether a place is only darker, evenly: the paving still shows through."""
    ratio = (now + 4.0) / (before + 4.0)
    middle = float(np.median(ratio))
    even = float(np.percentile(np.abs(ratio / middle - 1), 80)) < _SHADE_EVEN
    return _SHADE[0] < middle < _SHADE[1] and even and _correlation(now, before) > _SHADE_ALIKE


def _correlation(a: Grey, b: Grey) -> float:
    if a.size < 2 or float(a.std()) < 1e-3 or float(b.std()) < 1e-3:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])
