"""Light state: how light the scene is, judged from the camera's own pixels, with the sun's position as prior."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import cv2
import numpy as np
from astral import Observer
from astral.sun import elevation

from detectors.levels import quantiles
from detectors.values import Grey, Image, LightState

# Brightness is the lower quartile of the grey picture (0-255): unlike the mean it is not lifted by a few lamps and the
# paving they light. On single rendered views: day 29-102 (34 views), overcast 32-63 (8), dusk 10-42 (5), night 6-23
# (13); photographs by day mostly over 35, but down to 13 on dark streets (CamVid).
_DAY_FROM = 30.0
_NIGHT_BELOW = 18.0
# Where the pixels alone decide, whatever the clock says: clips come with wrong clocks.
_SURELY_DAY = 45.0
_SURELY_NIGHT = 8.0
# A bright sky makes a dark street day: upper quartile of the picture's upper third. CamVid by day has 136 and more;
# night stays at 109 or below, dusk at 120.
_BRIGHT_SKY = 130.0
# The sun, in degrees over the horizon: civil twilight ends at -6.
_SUN_DAY = 8.0
_SUN_SET = 0.0
_SUN_NIGHT = -6.0
_DARK_DAY_FROM = 14.0
# Bars that fit a view into a screen of another shape are black, and alike on both sides: grey level, and share of their
# pixels, for some hold the camera's name.
_BAR, _OF_A_BAR = 4, 0.75
# A change of state takes so many looks in a row, or so long: one look of a time-lapse is as good as many of a film.
_LOOKS_TO_CHANGE = 3
_TIME_TO_CHANGE_S = 60.0
_SUN_EVERY_S = 60.0  # by then it has moved by a quarter of a degree


@dataclass(frozen=True, slots=True)
class Level:
    """How light a picture is, as grey levels 0-255: the ground's lower quartile, and the sky's upper one."""

    ground: float
    sky: float


def measure(picture: Image | Grey) -> Level:
    """How light a picture is, without black bars above and below or at its sides."""
    small = cv2.resize(picture, (160, 90), interpolation=cv2.INTER_AREA)
    grey = small if small.ndim == 2 else cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    shown = _without_bars(_without_bars(grey).T).T
    return Level(quantiles(shown, 0.25)[0], quantiles(shown[: max(1, len(shown) // 3)], 0.75)[0])


def _without_bars(grey: Grey) -> Grey:
    """The rows between two black bars of one breadth; all rows where there are none, or nothing else."""
    if min(np.count_nonzero(edge <= _BAR) for edge in (grey[0], grey[-1])) < _OF_A_BAR * grey.shape[1]:
        return grey  # nearly every picture, and soon known
    seen = np.flatnonzero((grey <= _BAR).mean(axis=1) < _OF_A_BAR)
    bar = min(int(seen[0]), len(grey) - 1 - int(seen[-1])) if seen.size else 0
    return grey[bar : len(grey) - bar]


def sun_elevation(at: datetime, latitude: float, longitude: float) -> float:
    """Height of the sun over the horizon in degrees (astral)."""
    return float(elevation(Observer(latitude, longitude), at))


def judge(level: Level, sun: float | None) -> LightState:
    """Light state of one picture.

    Args:
        sun: height of the sun in degrees, None where the place of the camera is unknown.
    """
    ground = level.ground
    if ground >= _SURELY_DAY:
        # Fog or dirt on the lens spreads the light of lamps over a night as bright as a day. Whether it is the clock or
        # the picture that is wrong nobody can tell, so nothing is said that holds for one of them alone.
        doubtful = sun is not None and sun <= _SUN_NIGHT and level.sky < _BRIGHT_SKY
        return LightState.TWILIGHT if doubtful else LightState.DAY
    if ground < _SURELY_NIGHT and level.sky < _BRIGHT_SKY:
        return LightState.NIGHT
    if sun is not None and sun >= _SUN_DAY:
        return LightState.DAY if ground >= _DARK_DAY_FROM or level.sky >= _BRIGHT_SKY else LightState.TWILIGHT
    if sun is not None and sun <= _SUN_NIGHT:
        return LightState.NIGHT
    if ground < _NIGHT_BELOW and level.sky < _BRIGHT_SKY:
        return LightState.NIGHT
    if sun is not None and sun <= _SUN_SET:
        return LightState.TWILIGHT
    return LightState.DAY if ground >= _DAY_FROM or level.sky >= _BRIGHT_SKY else LightState.TWILIGHT


@dataclass(slots=True)
class LightMeter:
    """Light state of one camera over time: a passing flash does not change it."""

    latitude: float | None = None
    longitude: float | None = None
    state: LightState | None = None
    _candidate: LightState | None = None
    _count: int = 0
    _last: datetime | None = None
    _sun: tuple[datetime, float] | None = None

    def look(self, picture: Image | Grey, at: datetime) -> LightState:
        """Judge one picture and return the settled state."""
        judged = judge(measure(picture), self._sun_at(at))
        waited_s = (at - self._last).total_seconds() if self._last else 0.0
        self._last = at
        self._count = self._count + 1 if judged is self._candidate else 1
        self._candidate = judged
        if self.state is None or self._count >= _LOOKS_TO_CHANGE or waited_s >= _TIME_TO_CHANGE_S:
            self.state = judged
        return self.state

    def _sun_at(self, at: datetime) -> float | None:
        """Height of the sun in degrees, to the minute; None where the place of the camera is unknown."""
        if self.latitude is None or self.longitude is None:
            return None
        if self._sun is None or abs((at - self._sun[0]).total_seconds()) >= _SUN_EVERY_S:
            self._sun = at, sun_elevation(at, self.latitude, self.longitude)
        return self._sun[1]
