"""Street lights: lit or dark, from the brightness of the head against its surround, its neighbours and its own past."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from itertools import pairwise

import cv2
import numpy as np

from detectors.geometry import Box
from detectors.inspectors.base import Scene
from detectors.values import Asset, Image, LightState, Observation, Presence, View

# The lantern is looked for in the upper part of the lamp's region, and a little outside it: regions are drawn by hand.
_HEAD_SHARE = 0.22
_HEAD_MARGIN = 0.20
# The lantern's glass measures about this share of the lamp's height each way (curved arms show less of it).
_LANTERN_SHARE = 0.03
_LANTERN_MIN_PX = 3
# Grey levels (0-255) of the brightest part of the head. On four rendered night views: 18 lit lamps 249-255; of 7 dark
# ones the median is 67, but three reach 160-248, one of which has a lit lamp behind its head. What lies between is
# unknown. A glaring lamp may fill its own surround with light, so contrast is not asked of it.
_GLARING_PEAK = 225.0
_LIT_PEAK, _LIT_CONTRAST = 190.0, 60.0
_DARK_PEAK = 130.0
# White globes are lit by their neighbours: between dark and lit a lamp is dark when it is this much fainter than them.
_LIT_NEIGHBOURS, _FAINT = 2, 0.85
# By day sunlit glass and paint are bright too: a lamp counts as lit only when it clearly outshines the others, by
# more than they differ among themselves. Chosen on rendered day views, several of one place: of 451 lamp views the
# rule found 7 of 14 lit and 2 dark ones, then with two neighbours instead of three. Dark lamps reach 254 there.
_DAY_PEAK, _DAY_LEAD, _DAY_SPREADS = 240.0, 15.0, 7.4
_DAY_NEIGHBOURS = 3
_HISTORY = 8
_FLICKER_SWITCHES = 3
_STEADY_LOOKS = 3


@dataclass(frozen=True, slots=True)
class HeadReading:
    """Brightness of a lamp's head: its brightest part, and that of its surround, as grey levels 0-255."""

    peak: float
    surround: float

    @property
    def contrast(self) -> float:
        return self.peak - self.surround

    def lit(self) -> bool | None:
        """Whether the lamp is lit at night; None where it cannot be told."""
        if self.peak >= _GLARING_PEAK or (self.peak >= _LIT_PEAK and self.contrast >= _LIT_CONTRAST):
            return True
        return False if self.peak < _DARK_PEAK else None


def head_box(asset: Asset) -> Box:
    """Where a lamp's head is: the upper part of its region, widened a little."""
    assert asset.region is not None
    whole = asset.region.box
    margin = _HEAD_MARGIN * max(whole.width, 0.15 * whole.height)
    top = max(0.0, whole.y0 - 0.05 * whole.height)
    return Box.of((whole.x0 - margin, top, whole.x1 + margin, whole.y0 + _HEAD_SHARE * whole.height))


def read_head(image: Image, box: Box) -> HeadReading:
    """Measure a head: mean of its brightest pixels against the median of the ring round the box."""
    height, width = image.shape[:2]
    x0, y0, x1, y1 = box.pixels(width, height)
    grey = cv2.cvtColor(_crop(image, x0, y0, x1, y1), cv2.COLOR_BGR2GRAY)
    flat = np.sort(grey.ravel())
    lantern = round((_LANTERN_SHARE * (y1 - y0) / _HEAD_SHARE) ** 2)
    peak = float(flat[-max(_LANTERN_MIN_PX, lantern) :].mean())
    pad_x, pad_y = max(4, x1 - x0), max(4, (y1 - y0) // 2)
    left, top = max(0, x0 - pad_x), max(0, y0 - pad_y)
    around = cv2.cvtColor(_crop(image, left, top, x1 + pad_x, y1 + pad_y), cv2.COLOR_BGR2GRAY)
    ring = np.ones(around.shape, bool)
    ring[y0 - top : y1 - top, x0 - left : x1 - left] = False
    return HeadReading(peak, float(np.median(around[ring])) if ring.any() else float(np.median(around)))


def _crop(image: Image, x0: int, y0: int, x1: int, y1: int) -> Image:
    return image[y0:y1, x0:x1]


@dataclass(slots=True)
class LightsInspector:
    """light_out, light_on_by_day and light_flickering."""

    view: View
    _past: dict[str, deque[bool]] = field(default_factory=dict)

    def look(self, scene: Scene) -> list[Observation]:
        """See `Inspector.look`. In twilight nothing is said: lamps of one street switch minutes apart."""
        lamps = scene.view.of_kind("street_light")
        readings = {a.id: read_head(scene.frame.image, head_box(a)) for a in lamps}
        observations: list[Observation] = []
        for lamp in lamps:
            if scene.light is LightState.NIGHT:
                lit_others = [r.peak for i, r in readings.items() if i != lamp.id and r.lit()]
                observations += self._by_night(lamp, readings[lamp.id], lit_others, scene)
            elif scene.light is LightState.DAY:
                others = [r.peak for i, r in readings.items() if i != lamp.id]
                observations.append(self._by_day(lamp, readings[lamp.id], others))
            else:
                observations.append(_say(lamp, "light_out", Presence.UNKNOWN, 0.0, "twilight"))
        return observations

    def _by_night(self, lamp: Asset, reading: HeadReading, others: list[float], scene: Scene) -> list[Observation]:
        if scene.hidden(head_box(lamp)):
            return [_say(lamp, "light_out", Presence.UNKNOWN, 0.0, "hidden")]
        lit = reading.lit()
        if lit is None and len(others) >= _LIT_NEIGHBOURS and reading.peak < _FAINT * float(np.median(others)):
            lit = False
        if lit is None:
            return [_say(lamp, "light_out", Presence.UNKNOWN, 0.0, f"peak {reading.peak:.0f}, neither lit nor dark")]
        past = self._past.setdefault(lamp.id, deque(maxlen=_HISTORY))
        past.append(lit)
        if _flickers(past):
            return [
                _say(lamp, "light_flickering", Presence.PRESENT, 0.8, "switches to and fro"),
                _say(lamp, "light_out", Presence.UNKNOWN, 0.0, "flickers"),
            ]
        flicker = _say(lamp, "light_flickering", Presence.ABSENT, 0.8)
        if lit:
            return [_say(lamp, "light_out", Presence.ABSENT, 0.9), flicker]
        return [_say(lamp, "light_out", Presence.PRESENT, _darkness(reading)), flicker]

    def _by_day(self, lamp: Asset, reading: HeadReading, others: list[float]) -> Observation:
        if len(others) < _DAY_NEIGHBOURS:
            return _say(lamp, "light_on_by_day", Presence.UNKNOWN, 0.0, "no other lamps to compare with")
        usual = float(np.median(others))
        spread = float(np.median(np.abs(np.array(others) - usual)))
        lead = reading.peak - usual
        if reading.peak >= _DAY_PEAK and lead >= max(_DAY_LEAD, _DAY_SPREADS * spread):
            return _say(lamp, "light_on_by_day", Presence.PRESENT, min(1.0, 0.6 + lead / 200))
        return _say(lamp, "light_on_by_day", Presence.ABSENT, 0.8)


def _darkness(reading: HeadReading) -> float:
    """How sure a lamp is dark, 0.5-1."""
    return float(np.clip(0.5 + 0.5 * (_DARK_PEAK - reading.peak) / _DARK_PEAK, 0.5, 1.0))


def _flickers(past: deque[bool]) -> bool:
    states = list(past)
    switches = sum(a != b for a, b in pairwise(states))
    return switches >= _FLICKER_SWITCHES and len(set(states[-_STEADY_LOOKS:])) > 1


def _say(lamp: Asset, issue: str, presence: Presence, score: float, reason: str = "") -> Observation:
    assert lamp.region is not None
    return Observation(issue, presence, score, lamp.id, lamp.kind, lamp.region.box, reason)
