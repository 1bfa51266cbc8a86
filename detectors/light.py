"""Light state: how light the scene is, judged from the camera's own pixels, with the sun's position as prior."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import cv2
import numpy as np
from astral import Observer
from astral.sun import elevation

from detectors.values import Image, LightState

# Brightness is the lower quartile of the grey picture (0-255): unlike the mean it is not lifted by a few lamps and the
# paving they light. On 176 rendered views: day 30-109, dusk 11-43, night 7-18; CamVid by day 38-40.
_DAY_FROM = 30.0
_NIGHT_BELOW = 18.0
# Where the pixels alone decide, whatever the clock says: clips come with wrong clocks.
_SURELY_DAY = 45.0
_SURELY_NIGHT = 8.0
# The sun, in degrees over the horizon: civil twilight ends at -6.
_SUN_DAY = 8.0
_SUN_NIGHT = -6.0
_DARK_DAY_FROM = 14.0
_LOOKS_TO_CHANGE = 3


def brightness(image: Image) -> float:
    """How light a picture is, 0-255."""
    small = cv2.resize(image, (160, 90), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    return float(np.percentile(grey, 25))


def sun_elevation(at: datetime, latitude: float, longitude: float) -> float:
    """Height of the sun over the horizon in degrees (astral)."""
    return float(elevation(Observer(latitude, longitude), at))


def judge(level: float, sun: float | None) -> LightState:
    """Light state of one picture.

    Args:
        level: brightness of the picture.
        sun: height of the sun in degrees, None where the place of the camera is unknown.
    """
    if level >= _SURELY_DAY:
        return LightState.DAY
    if level < _SURELY_NIGHT:
        return LightState.NIGHT
    if sun is not None and sun >= _SUN_DAY:
        return LightState.DAY if level >= _DARK_DAY_FROM else LightState.TWILIGHT
    if sun is not None and sun <= _SUN_NIGHT:
        return LightState.NIGHT
    if level >= _DAY_FROM:
        return LightState.DAY
    return LightState.NIGHT if level < _NIGHT_BELOW else LightState.TWILIGHT


@dataclass(slots=True)
class LightMeter:
    """Light state of one camera over time: a change takes several looks in a row."""

    latitude: float | None = None
    longitude: float | None = None
    state: LightState | None = None
    _candidate: LightState | None = None
    _count: int = 0

    def look(self, image: Image, at: datetime) -> LightState:
        """Judge one picture and return the settled state."""
        sun = None
        if self.latitude is not None and self.longitude is not None:
            sun = sun_elevation(at, self.latitude, self.longitude)
        judged = judge(brightness(image), sun)
        if self.state is None or judged is self.state:
            self.state, self._candidate, self._count = judged, None, 0
            return judged
        self._count = self._count + 1 if judged is self._candidate else 1
        self._candidate = judged
        if self._count >= _LOOKS_TO_CHANGE:
            self.state, self._candidate, self._count = judged, None, 0
        return self.state
