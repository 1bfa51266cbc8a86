"""Attention: which frames the detector has to see. It is the dear part of a look; most frames show nothing new.

It is asked while the view is new, when something that has come to rest changed since it was last asked, when the rules
are in doubt about a place that is as it was then, and every so often whatever happens. What merely passes, as people
and leaves do, is no reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box
from detectors.levels import median
from detectors.settings import Settings
from detectors.values import Grey, LightState

Change = NDArray[np.bool_]

# A pixel changed when it differs by more than this many grey levels, and by so many times what is usual there from
# look to look: sensors have noise, crowns sway, water glitters. Choices, on the side of asking once too often: the
# backgrounds ask for 16 levels. Who passes once is no unrest: it grows at most up to the limit of that look. (When it
# grew as it was, a change had to differ by up to 50 levels for eight looks where somebody had passed on the bench's
# clip; one who walked at the picture's edge was taken for ground, and the ground, 24 s later, for news.)
_LEVELS, _UNREST_FACTOR = 10.0, 2.5
_UNREST_LOOKS = 8
# Pixels of a change that is worth asking about: half of what the backgrounds take for a thing.
_LEAST_PX = 7
_ROUNDED_DOWN = 0.499  # conversion to whole numbers rounds; a level is over a limit when it is over its whole part
# A changed place has come to rest when this share of it is as it was at the look before. Of somebody who walks only
# the inner parts overlap from look to look.
_RESTING_SHARE = 0.6
# Share of a box that may have changed for what was seen there to be still there.
_STILL_SHARE = 0.25
_PATIENCE = 3  # windows of looks for which doubt alone may go on asking


@dataclass(slots=True)
class _Lights:
    """How light the pictures are that are compared, measured once: this look's, the one seen last, the calm one."""

    now: float = 1.0
    seen: float = 1.0
    calm: float = 1.0


@dataclass(slots=True)
class Attention:
    """Remembers what the detector saw last, and what the view looks like at rest as far as the detector saw it.

    A place is new when it differs from both: somebody who stands is like the picture seen last, the pavement they
    leave like the view at rest.
    """

    settings: Settings
    _seen: Grey | None = None
    _seen_at: datetime | None = None
    _light: LightState | None = None
    _calm: Grey | None = None
    _known: Change | None = None
    _now: Grey | None = None
    _lights: _Lights = field(default_factory=_Lights)
    _changed: Change | None = None
    _any_changed: bool = False
    _rests: Change | None = None
    _unrest: NDArray[np.float32] | None = None
    _looks: int = 0
    _asking: int = 0
    _doubts: int = 0
    _doubtful: list[Box] = field(default_factory=list)
    _leaving: bool = False

    def look(self, grey: Grey, at: datetime, light: LightState) -> str:
        """Why the detector should see this frame; "" when it need not.

        Args:
            grey: the frame's grey levels, at the width of the backgrounds: what they notice is noticed here too.
        """
        last, self._now, self._lights.now = self._now, grey, _light_of(grey)
        if self._seen is None or last is None or last.shape != self._now.shape or light is not self._light:
            self._forget(self._now)
            self._asking = self.settings.confirmation.window
            reason = "the view is new"
        else:
            came_to_rest = self._something_came_to_rest(self._now, last, self._seen)
            reason = self._why(at, came_to_rest)
        if reason:
            self._asking = max(0, self._asking - 1)
            self._seen, self._seen_at, self._light = self._now, at, light
            self._lights.seen = self._lights.now
        return reason

    def saw(self, movers: Iterable[Box]) -> None:
        """The detector has seen the frame of the last look: what rests in it is known now.

        Args:
            movers: people and vehicles in it; what is behind them is not known.
        """
        assert self._now is not None
        assert self._rests is not None
        assert self._calm is not None
        assert self._known is not None
        self._changed, self._any_changed = None, False
        learn = self._rests.copy()
        for box in movers:
            x0, y0, x1, y1 = box.grown(0.2).pixels(learn.shape[1], learn.shape[0])
            learn[y0:y1, x0:x1] = False
        np.copyto(self._calm, self._now, where=learn)
        self._known |= learn
        # What was just coming when the detector looked is not done with: should it stay, that is news.
        self._seen = np.where(self._rests, self._now, self._calm)
        self._lights.seen, self._lights.calm = _light_of(self._seen), _light_of(self._calm)

    def doubt(self, places: Iterable[Box], leaving: bool = False) -> None:
        """The rules have judged the frame that the detector saw: what they could decide by another answer of it.

        On the bench's clip, people who walk past had it asked for twelve looks more in each view that was new.

        Args:
            places: where something may be on its way to a finding. Only what rests can be: what was just coming, and
                stays, is news by itself, and what passes is elsewhere by the next look.
            leaving: whether a finding is on its way out.
        """
        assert self._rests is not None
        self._doubtful = [box for box in places if not _changed_in(~self._rests, box)]
        self._leaving = leaving

    def still(self, box: Box) -> bool:
        """Whether a place looks as it did when the detector last saw it."""
        if self._changed is None or not self._any_changed:
            return True
        return not _changed_in(self._changed, box)

    def all_still(self, boxes: NDArray[np.float32]) -> NDArray[np.bool_]:
        """The same of many places at once.

        Args:
            boxes: (n, 4), x0 y0 x1 y1 in 0-1.
        """
        if self._changed is None or not self._any_changed:
            return np.ones(len(boxes), bool)
        height, width = self._changed.shape
        bounds = np.rint(boxes.astype(np.float64) * (width, height, width, height)).astype(np.intp)
        x0, y0 = np.clip(bounds[:, 0], 0, width - 1), np.clip(bounds[:, 1], 0, height - 1)
        x1, y1 = np.clip(bounds[:, 2], x0 + 1, width), np.clip(bounds[:, 3], y0 + 1, height)
        upto = cv2.integral(self._changed.view(np.uint8))
        changed = upto[y1, x1] - upto[y0, x1] - upto[y1, x0] + upto[y0, x0]
        return np.asarray(changed <= _STILL_SHARE * (x1 - x0) * (y1 - y0), bool)

    def _why(self, at: datetime, came_to_rest: bool) -> str:
        assert self._seen_at is not None
        if came_to_rest:
            # As many looks as confirmation counts, so that a new thing is confirmed as if all were asked.
            self._asking, self._doubts = self.settings.confirmation.window, 0
        waited = at - self._seen_at
        if self._asking > 0:
            return "something changed"
        if waited >= timedelta(seconds=self.settings.detector_every_s) or waited < timedelta():
            return "it is time"
        if not self._leaving and not self._doubtful:
            self._doubts = 0
        # Where a place has changed since, an answer would be about something else.
        if not self._leaving and not any(self.still(box) for box in self._doubtful):
            return ""
        self._doubts += 1
        return "in doubt" if self._doubts <= _PATIENCE * self.settings.confirmation.window else ""

    def _forget(self, now: Grey) -> None:
        self._calm, self._known, self._rests = now.copy(), np.zeros(now.shape, bool), np.zeros(now.shape, bool)
        self._unrest, self._looks, self._doubts = None, 0, 0
        self._lights.calm = self._lights.now

    def _something_came_to_rest(self, now: Grey, last: Grey, seen: Grey) -> bool:
        assert self._calm is not None
        assert self._known is not None
        apart = np.asarray(cv2.blur(cv2.absdiff(now, last), (3, 3)), np.uint8)
        limit = self._limit(apart)
        self._rests = apart <= limit
        self._changed = _differs(now, seen, limit, self._lights.now / self._lights.seen)
        self._any_changed = bool(self._changed.any())
        if np.count_nonzero(self._changed & self._rests) < _RESTING_SHARE * _LEAST_PX:
            return False
        of_calm = _differs(now, self._calm, limit, self._lights.now / self._lights.calm)
        new = self._changed & (of_calm | ~self._known)
        resting = new & self._rests
        if np.count_nonzero(resting) < _RESTING_SHARE * _LEAST_PX:
            return False
        count, labels = cv2.connectedComponents(cv2.dilate(new.view(np.uint8), np.ones((3, 3), np.uint8)))
        sizes = np.bincount(labels[new], minlength=count)
        rested = np.bincount(labels[resting], minlength=count)
        return bool(((sizes >= _LEAST_PX) & (rested >= _RESTING_SHARE * sizes))[1:].any())

    def _limit(self, apart: Grey) -> Grey:
        """By how much each place must differ to have changed, as far as its unrest was learnt before this look."""
        first = self._unrest is None
        if self._unrest is None:
            self._unrest, self._looks = apart.astype(np.float32), 1
        limit = cv2.convertScaleAbs(self._unrest, alpha=_UNREST_FACTOR, beta=_LEVELS - _ROUNDED_DOWN)
        if not first:
            self._looks = min(_UNREST_LOOKS, self._looks + 1)
            cv2.accumulateWeighted(cv2.min(apart, limit), self._unrest, 1 / self._looks)
        return np.asarray(limit, np.uint8)


def _differs(now: Grey, then: Grey, limit: Grey, exposure: float) -> Change:
    """Where two pictures differ by more than a limit, the former one at today's exposure: a cloud is no change."""
    as_light = cv2.convertScaleAbs(then, alpha=min(2.0, max(0.5, exposure)))
    return np.asarray(cv2.blur(cv2.absdiff(now, as_light), (3, 3)) > limit, bool)


def _changed_in(changed: Change, box: Box) -> bool:
    x0, y0, x1, y1 = box.pixels(changed.shape[1], changed.shape[0])
    part = changed[y0:y1, x0:x1]
    return bool(np.count_nonzero(part) > _STILL_SHARE * part.size)


def _light_of(grey: Grey) -> float:
    return median(grey[::4, ::4]) + 4.0
