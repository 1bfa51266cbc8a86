"""Street lights: lit or dark, against their neighbours and their own past."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

import numpy as np

from detectors.inspectors.base import Scene
from detectors.inspectors.crops import head_box, head_crop
from detectors.inspectors.glow import head_peak
from detectors.inspectors.stance import StanceWatch
from detectors.inspectors.state_models import state_model
from detectors.values import Asset, LightState, Observation, Presence, View

_LIT_FROM, _DARK_BELOW = 0.6, 0.45
_HEAD_MIN_TALL_PX = 16.0  # lamps lower than this have heads of two pixels
# In twilight lamps are judged only when so many others, and so large a share of all, are lit: the street is switched
# on. Where the switching was seen, stragglers are given time.
_LIT_NEIGHBOURS, _LIT_SHARE, _STRAGGLING_S = 2, 0.6, 900.0
# By day a lamp that seems lit may be glass in the sun, and then others are too. Nothing burns that is darker than
# this, in grey levels of the brightest part of its head (of 42 lit lamps on rendered day views, all but one have
# more); where there are few others to compare with, and it was never seen dark, it must be brighter: a choice.
_DAY_LIT_FROM, _DAY_OTHERS_BELOW, _DAY_PEAK = 0.6, 0.4, 170.0
_DAY_FEW, _DAY_FEW_LIT_FROM, _DAY_FEW_PEAK = 3, 0.7, 235.0
_DAY_SEEN_DARK = 3  # looks by day after which a lamp's own past vouches for it
_HISTORY = 8
_FLICKER_SWITCHES = 3
_STEADY_LOOKS = 3
_MIN_STANCE_PX = 40.0  # lamps lower than this turn by two pixels


@dataclass(slots=True)
class LightsInspector:
    """light_out, light_on_by_day, light_flickering and light_damaged."""

    view: View
    _past: dict[str, deque[bool]] = field(default_factory=dict)
    _stance: StanceWatch = field(default_factory=lambda: StanceWatch("light_damaged", _MIN_STANCE_PX))
    _dark_by_day: dict[str, int] = field(default_factory=dict)
    _seen_off: datetime | None = None
    _switched_on: datetime | None = None

    def look(self, scene: Scene) -> list[Observation]:
        """See `Inspector.look`."""
        lamps = scene.view.of_kind("street_light")
        observations = self._stance.look(lamps, scene)
        odds = _lit_odds(lamps, scene)
        for lamp in lamps:
            if lamp.id not in odds:
                observations.append(_say(lamp, _asked(scene), Presence.UNKNOWN, 0.0, "its head cannot be seen"))
            elif scene.light is LightState.DAY:
                observations.append(self._by_day(lamp, odds, scene))
            else:
                observations += self._by_night(lamp, odds, scene)
        self._learn_switching(odds, scene)
        return observations

    def _by_night(self, lamp: Asset, odds: Mapping[str, float], scene: Scene) -> list[Observation]:
        if scene.light is LightState.TWILIGHT and not self._street_is_lit(lamp, odds, scene.frame.at):
            return [_say(lamp, "light_out", Presence.UNKNOWN, 0.0, "twilight")]
        if self._stance.leans(lamp.id):
            return [_say(lamp, "light_out", Presence.UNKNOWN, 0.0, "its head is not where it was")]
        lit = odds[lamp.id]
        if _DARK_BELOW <= lit < _LIT_FROM:
            return [_say(lamp, "light_out", Presence.UNKNOWN, 0.0, "neither lit nor dark")]
        past = self._past.setdefault(lamp.id, deque(maxlen=_HISTORY))
        past.append(lit >= _LIT_FROM)
        switches = sum(a != b for a, b in pairwise(past))
        steady = len(set(list(past)[-_STEADY_LOOKS:])) == 1
        if switches >= _FLICKER_SWITCHES and not steady:
            return [
                _say(lamp, "light_flickering", Presence.PRESENT, 0.8, "switches to and fro"),
                _say(lamp, "light_out", Presence.UNKNOWN, 0.0, "flickers"),
            ]
        flicker = _say(lamp, "light_flickering", Presence.ABSENT, 0.8)
        if switches >= _FLICKER_SWITCHES:
            flicker = _say(lamp, "light_flickering", Presence.UNKNOWN, 0.0, "steady for a moment")
        if lit >= _LIT_FROM:
            return [_say(lamp, "light_out", Presence.ABSENT, 0.9), flicker]
        if switches >= 2 and not steady:
            return [_say(lamp, "light_out", Presence.UNKNOWN, 0.0, "may flicker"), flicker]
        return [_say(lamp, "light_out", Presence.PRESENT, 1.0 - lit), flicker]

    def _street_is_lit(self, lamp: Asset, odds: Mapping[str, float], at: datetime) -> bool:
        others = [lit >= _LIT_FROM for i, lit in odds.items() if i != lamp.id]
        if sum(others) < _LIT_NEIGHBOURS or sum(others) < _LIT_SHARE * len(others):
            return False
        return self._switched_on is None or (at - self._switched_on).total_seconds() >= _STRAGGLING_S

    def _learn_switching(self, odds: Mapping[str, float], scene: Scene) -> None:
        """Remember when the street was switched on, if that was seen."""
        if not odds:
            return
        if float(np.median(list(odds.values()))) < _DARK_BELOW:
            self._seen_off, self._switched_on = scene.frame.at, None
        elif self._seen_off is not None and self._switched_on is None:
            self._switched_on = scene.frame.at

    def _by_day(self, lamp: Asset, odds: Mapping[str, float], scene: Scene) -> Observation:
        assert lamp.region is not None
        lit, others = odds[lamp.id], [v for i, v in odds.items() if i != lamp.id]
        peak = head_peak(scene.frame.image, lamp.region)
        self._past.pop(lamp.id, None)
        if lit < _DARK_BELOW or peak < _DAY_PEAK:
            self._dark_by_day[lamp.id] = self._dark_by_day.get(lamp.id, 0) + 1
            return _say(lamp, "light_on_by_day", Presence.ABSENT, 0.8)
        few = len(others) < _DAY_FEW and self._dark_by_day.get(lamp.id, 0) < _DAY_SEEN_DARK
        if lit < (_DAY_FEW_LIT_FROM if few else _DAY_LIT_FROM) or (few and peak < _DAY_FEW_PEAK):
            return _say(lamp, "light_on_by_day", Presence.UNKNOWN, 0.0, "neither lit nor dark")
        if others and float(np.median(others)) >= _DAY_OTHERS_BELOW:
            return _say(lamp, "light_on_by_day", Presence.UNKNOWN, 0.0, "most lamps are bright: it may be the sun")
        return _say(lamp, "light_on_by_day", Presence.PRESENT, lit)


def _lit_odds(lamps: list[Asset], scene: Scene) -> dict[str, float]:
    """Probability that each lamp whose head can be seen is lit."""
    seen = [(a.id, a.region) for a in lamps if a.region is not None and _head_is_seen(a, scene)]
    if not seen:
        return {}
    crops = [head_crop(scene.frame.image, region) for _, region in seen]
    odds = state_model("lamp_lit").judge(crops)[:, 1]
    return {lamp_id: float(lit) for (lamp_id, _), lit in zip(seen, odds, strict=True)}


def _head_is_seen(lamp: Asset, scene: Scene) -> bool:
    assert lamp.region is not None
    whole = lamp.region.box
    if whole.y0 <= 0.0 or whole.height * scene.frame.height < _HEAD_MIN_TALL_PX:
        return False
    return not scene.hidden(head_box(lamp.region))


def _asked(scene: Scene) -> str:
    return "light_on_by_day" if scene.light is LightState.DAY else "light_out"


def _say(lamp: Asset, issue: str, presence: Presence, score: float, reason: str = "") -> Observation:
    assert lamp.region is not None
    return Observation(issue, presence, score, lamp.id, lamp.kind, lamp.region.box, reason)
