"""Columns that are gone or snapped by night: what was dark before something lighter is not there, and the lighter is.

A lamp that goes out takes its light from its own column and from the ground, but its column stays dark before whatever
others light. So only where it was seen so is it asked, and in contrasts, which do not change with the light.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.inspectors.base import Scene
from detectors.inspectors.crops import Crop, column_crop, column_foot, column_tall
from detectors.inspectors.edges import crop_grey, crop_outline
from detectors.inspectors.turned import texture_changed
from detectors.levels import middle_of
from detectors.values import Asset, LightState, Observation, Presence

Grey = NDArray[np.float32]

_MIN_PX = 60.0  # lower lamps have columns of a pixel
_LEARNING_LOOKS = 3
_LEARN_EVERY_S = 60.0  # the evening falls in minutes; of one that snapped in seconds a look or two may tell nothing
_ASIDE, _LEAST_ASIDE = 0.045, 2  # of its height, and px, to either side of a column, where it is lighter
_BLACK = 8.0  # grey levels that are nothing
_DARK, _LEFT = 0.25, 0.35  # contrast of a column, and the share of it below which it is not there
_LIT = 30.0  # grey levels from which something is lit; in the dark lines come and go with the noise
_SHOWS = 0.25  # share of the light beside it that shows in its place: where a lamp behind it goes out, none does
# A column that a lamp came to shine on is a line lighter than what is on either side, by this share and more: 0.28 to
# 0.42 on one at dusk; what shows where one snapped is so by 0.16 at most.
_SHONE_ON = 0.2
_SOFT = (1, 5)  # px across which a column is softened, across it and along it
_UPPER = (0.02, 0.5)  # shares of its height, from above
# Rows of the upper half in which it was dark and is not, as shares of all its rows and of those in which it was. In
# looks at lamps that stand, going out and flickering ones and their neighbours on four rendered places by night, at
# most 0.23 of all rows; of one that snapped there 0.42, of four snapped and gone on a fifth place 0.57 and more.
_LOST, _LOST_OF_SEEN = 0.32, 0.5
_ROUND, _CHANGED_ROUND = 0.25, 0.3  # of its height; and share of texture there that may have changed
_SCORE = 0.7


@dataclass(slots=True)
class SilhouetteWatch:
    """Tells by night of each lamp whether its upper half is gone."""

    _stood: dict[str, deque[tuple[float, Grey]]] = field(default_factory=dict)
    _light: LightState | None = None
    _gone: set[str] = field(default_factory=set)

    def look(self, lamps: Sequence[Asset], scene: Scene, stance: list[Observation]) -> list[Observation]:
        """What was said of how the lamps stand, and what their silhouettes add to it."""
        if scene.light is not self._light:
            self._light = scene.light
            self._stood.clear()
        self._gone = set()
        if scene.light is LightState.DAY:
            return stance
        self._gone = {lamp.id for lamp in lamps if self._is_gone(lamp, scene)}
        return [self._added(said) for said in stance]

    def forget(self, lamps: Iterable[str]) -> None:
        """Learn some lamps anew, by id: they have other outlines than before."""
        for lamp_id in lamps:
            self._stood.pop(lamp_id, None)

    def is_gone(self, lamp_id: str) -> bool:
        """Whether a lamp's upper half was gone in the last look."""
        return lamp_id in self._gone

    def _added(self, said: Observation) -> Observation:
        if said.asset_id not in self._gone or said.presence is Presence.PRESENT:
            return said
        return replace(said, presence=Presence.PRESENT, score=_SCORE, reason="")

    def _is_gone(self, lamp: Asset, scene: Scene) -> bool:
        assert lamp.region is not None
        box = lamp.region.box
        if box.height * scene.frame.height < _MIN_PX or box.y0 <= 0 or box.y1 >= 0.995:
            return False
        if any(box.grown(0.1).intersection(m) > 0 for m in (*scene.movers, *scene.things)):
            return False
        crop = column_crop(scene.frame.image, lamp.region)
        # Of the last looks in which it stood: as dusk falls water and sky behind it darken, and lamps come to light it.
        recent = self._stood.setdefault(lamp.id, deque(maxlen=_LEARNING_LOOKS))
        if recent and recent[0][1].shape != crop.shape[:2]:
            recent.clear()
        known, at_s = len(recent) == _LEARNING_LOOKS, scene.frame.at.timestamp()
        gone = known and is_snapped(middle_of(*(look for _, look in recent)), crop)
        if not gone and (not known or at_s - recent[-1][0] >= _LEARN_EVERY_S):
            recent.append((at_s, crop_grey(crop)))
        return gone


def is_snapped(past: Grey, now: Crop) -> bool:
    """Whether the upper half of a lamp, whose `column_crop` was `past` (n, n) in grey levels, is no longer there."""
    foot, tall = column_foot(len(now))[1], column_tall(len(now))
    rows = slice(max(0, round(foot - (1 - _UPPER[0]) * tall)), round(foot - (1 - _UPPER[1]) * tall))
    outline = crop_outline(now)
    was, left, shows = _silhouette(past, crop_grey(now), outline, max(_LEAST_ASIDE, round(_ASIDE * tall)))
    seen = was[rows] > _DARK
    lost = seen & (left[rows] < _LEFT * was[rows]) & (shows[rows] >= _SHOWS)
    if lost.mean() < _LOST or lost.sum() < _LOST_OF_SEEN * seen.sum():
        return False
    return _changed_round(past, now, outline, rows, tall) <= _CHANGED_ROUND


def _silhouette(past: Grey, now: Grey, outline: Grey, aside: int) -> tuple[Grey, Grey, Grey]:
    """The darkest upright line inside an outline, by row.

    Returns:
        Its contrast, 0-1; what is left of it, as a line darker or, where a lamp came to shine on it, lighter than what
        is beside it; and what share of the light beside it now shows in its place.
    """
    darker, contrast = _contrast(past, aside)
    was = np.where((outline > 0.5) & (darker >= _LIT), contrast, -1.0)
    at = np.arange(len(was)), was.argmax(axis=1)
    lighter = _lighter(now, aside)
    shown = np.maximum(_contrast(now, aside)[1], np.where(lighter >= _SHONE_ON, lighter, 0.0))
    left = cv2.dilate(shown, np.ones((1, 3), np.uint8))
    before, after = cv2.blur(past, _SOFT), cv2.blur(now, _SOFT)
    shows = (after - before)[at] / np.maximum((darker - before)[at], 1.0)
    return np.asarray(was[at], np.float32), np.asarray(left[at], np.float32), np.asarray(shows, np.float32)


def _contrast(grey: Grey, aside: int) -> tuple[Grey, Grey]:
    """Of each pixel the darker of what is so far beside it (px), and by what share it is darker than that."""
    soft, left, right = _beside(grey, aside)
    darker = np.minimum(left, right)
    return darker, np.asarray((darker - soft) / (darker + _BLACK), np.float32)


def _lighter(grey: Grey, aside: int) -> Grey:
    """By what share each pixel is lighter than both what is so far to its left and to its right (px)."""
    soft, left, right = _beside(grey, aside)
    return np.asarray((soft - np.maximum(left, right)) / (soft + _BLACK), np.float32)


def _beside(grey: Grey, aside: int) -> tuple[Grey, Grey, Grey]:
    """A softened picture, and what of it is so far (px) to the left and to the right of each pixel."""
    soft = cv2.blur(grey, _SOFT)
    wide = np.pad(soft, ((0, 0), (aside, aside)), constant_values=255.0)
    return soft, wide[:, : -2 * aside], wide[:, 2 * aside :]


def _changed_round(past: Grey, now: Crop, outline: Grey, rows: slice, tall: float) -> float:
    """Share of the texture beside a part of an outline that no longer looks as it did."""
    inside = outline[rows]
    wide = cv2.dilate(inside, np.ones((1, 2 * round(_ROUND * tall) + 1), np.uint8))
    changed, shown = texture_changed(past, now)
    beside = (inside < 0.5) & (wide > 0.5)
    return float(changed[rows][beside].sum() / max(shown[rows][beside].sum(), 1.0))
