"""Street lights: lit or dark, against their neighbours and their own past."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from detectors.inspectors.base import Scene
from detectors.inspectors.columns import ColumnWatch
from detectors.inspectors.crops import head_box, head_crop
from detectors.inspectors.flicker import FlickerWatch, Swing
from detectors.inspectors.glow import glares, head_level, head_peak, head_surround, share_of_pool
from detectors.inspectors.held import HeldOdds
from detectors.inspectors.plumb import LAMPS, PlumbLine
from detectors.inspectors.stance import StanceWatch
from detectors.inspectors.state_models import state_model
from detectors.values import Asset, Image, LightState, Observation, Presence, View

# Between these the judge says neither; by day a lamp that is rather dark is dark enough.
_LIT_FROM, _DARK_BELOW, _RATHER_DARK = 0.5, 0.4, 0.45
# A lit lamp called out is called out in every look of its place, so there must be a second witness beside the judge.
# Glass may be hidden by its shade or by leaves, but what it lights is seen: a lamp is out where the ground under it has
# less than the first share of the light that is under those that burn, and never where it has more than the second. On
# night clips of 31 places the ground under 35 lamps that are out has at most 0.65 (33 of them 0.43), under 191 lit ones
# 81 % have more than 0.8; on stills 64 % of 80 that are out have less than 0.5, and 84 % less than 0.8.
_POOL_GONE, _POOL_SHARE = 0.5, 0.8
# Between them, and where no ground is to be seen: a head less bright than so large a share of what lit ones have, or of
# this, where hardly any other is lit; or its having been seen lit; or a judge who is all but certain.
_SEEN_LIT_FROM, _SURELY_DARK = 0.7, 0.03
_DIM, _OTHERS, _LIT_PEAK = 0.9, 2, 200.0
_HEAD_MIN_TALL_PX = 16.0  # lamps lower than this have heads of two pixels
_SMALL_PX, _SMALL_DARK_BELOW = 45.0, 0.2  # lower ones have heads of a few: out is what was seen lit and is surely dark
_CUT_FROM = 0.985  # a head that reaches so far down is cut off by the picture's edge
# In twilight lamps are judged only when so many others, and so large a share of all, are lit: the street is switched
# on. Where the switching was seen, stragglers are given time.
_LIT_NEIGHBOURS, _LIT_SHARE, _STRAGGLING_S = 2, 0.6, 900.0
# By day a lamp that seems lit may be glass in the sun, and then others are too. Nothing burns that is darker than
# this, in grey levels of the brightest part of its head (of 42 lit lamps on rendered day views, all but one have
# more). Among few others, and never seen dark, a head in the sun cannot be told from one that burns: the white lamp of
# the PETS clip has a peak of 255.
_DAY_LIT_FROM, _DAY_OTHERS_BELOW, _DAY_PEAK = 0.6, 0.4, 170.0
# One whose head is so many grey levels brighter than the others' burns, whatever the judge says: on held-back stills
# 10 that burn, in four scenes, are told by that, and none of 667 that do not.
_DAY_AHEAD = 80.0
_DAY_FEW = 3
# What merely reflects the day is no brighter than the brightest two-hundredth of a view, or than this where the sky is
# overexposed: a lamp never seen dark must be. Of nine that burn in clips of seven places none has less than 224; white
# globes under a grey sky have up to 214, one 230.
_DAY_REFLECTED, _DAY_BRIGHTEST = 215.0, 99.5
_DAY_LEAD = 25.0  # grey levels over the others' median; two burning lamps lead by 83 and 120, unlit ones by up to 22
_REGISTERED_LIT = 0.15  # odds of being lit, in the day's reference picture, may be so much lower for "it looked so"
_DAY_SEEN_DARK = 3  # looks by day after which a lamp's own past vouches for it
# A lamp's own past says more than its look: white globes lit by others look lit when they are not. At night a head
# that keeps less than this share of its own usual light, while the others keep theirs, is dark; headlights that passed
# are not its own. By day one that gains so many grey levels burns, unless what is round it changed too: leaves that
# fall show what was behind them.
_FAINT, _OTHERS_KEEP, _FAINT_SCORE = 0.8, 0.9, 0.6
_OWN_LIGHT, _OWN_LOOKS = 200.0, 15
_DAY_GAIN, _DAY_GAIN_ALONE, _DAY_GAIN_LIT_FROM = 50.0, 0.15, 0.35
_DAY_STILL = 10.0  # grey levels: what changes less did not
_DAY_OWN_S = 3600.0  # by then the sun has moved: a lamp's look of yesterday says nothing of this morning's
_MIN_STANCE_PX = 40.0  # lamps lower than this turn by two pixels


@dataclass(frozen=True, slots=True)
class _ByDay:
    """How a lamp that does not burn looks by day, grey levels of its head and of what is round it, and how often."""

    peak: float
    surround: float
    at: datetime
    looks: int = 0

    def seen_dark(self, peak: float, surround: float, at: datetime) -> _ByDay:
        """With one more look."""
        return _ByDay(0.8 * self.peak + 0.2 * peak, 0.8 * self.surround + 0.2 * surround, at, self.looks + 1)


@dataclass(slots=True)
class LightsInspector:
    """light_out, light_on_by_day, light_flickering and light_damaged."""

    view: View
    _odds: HeldOdds = field(default_factory=HeldOdds)
    _flicker: FlickerWatch = field(default_factory=FlickerWatch)
    _seen_lit: set[str] = field(default_factory=set)
    _own: dict[str, deque[float]] = field(default_factory=dict)
    _usual_by_day: dict[str, _ByDay] = field(default_factory=dict)
    _glow: dict[str, tuple[float, float]] = field(default_factory=dict)
    _heads: dict[str, tuple[float, float]] = field(default_factory=dict)
    _light: LightState | None = None
    _registered: dict[str, tuple[float, float]] = field(default_factory=dict)
    _stance: StanceWatch = field(default_factory=lambda: StanceWatch("light_damaged", _MIN_STANCE_PX))
    _plumb: PlumbLine = field(default_factory=lambda: PlumbLine("street_light", LAMPS))
    _columns: ColumnWatch = field(default_factory=ColumnWatch)
    _street_on: bool | None = None
    _switched_on: datetime | None = None
    _switched_off: datetime | None = None

    def look(self, scene: Scene) -> list[Observation]:
        """See `Inspector.look`."""
        lamps = scene.view.of_kind("street_light")
        self._start_from_reference(lamps, scene)
        observations = self._standing(lamps, scene) if scene.asked else []
        odds = self._odds.look(lamps, scene, _lit_odds)
        faint = self._faint(lamps, odds, scene)
        swings = self._swings(lamps, odds, scene)
        for lamp in lamps:
            if lamp.id not in odds:
                observations.append(_say(lamp, _asked(scene), Presence.UNKNOWN, 0.0, "its head cannot be seen"))
            elif scene.light is LightState.DAY:
                observations.append(self._by_day(lamp, odds, scene))
            else:
                observations += self._by_night(lamp, odds, lamp.id in faint, swings[lamp.id], scene)
        self._learn_switching(odds, scene)
        return observations

    def _standing(self, lamps: list[Asset], scene: Scene) -> list[Observation]:
        """light_damaged: leaning, by its past or its box, or gone."""
        said = self._plumb.look(lamps, scene, self._stance.look(lamps, scene))
        return self._columns.look(lamps, scene, said)

    def _start_from_reference(self, lamps: list[Asset], scene: Scene) -> None:
        """How the lamps looked when the view was registered in this light: lit by night, unlit by day."""
        if scene.light is self._light:
            return
        self._light, self._registered = scene.light, {}
        reference = scene.view.reference(scene.light, scene.frame.image)
        if reference is None:
            return
        whole = [a for a in lamps if a.region is not None and a.region.box.y0 > 0.0]
        odds = _odds_in(whole, reference)
        if scene.light is LightState.DAY:
            peaks = {a.id: head_peak(reference, a.region) for a in whole if a.region is not None}
            self._registered = {lamp: (odds[lamp], peaks[lamp]) for lamp in odds}
        else:
            self._seen_lit |= {lamp for lamp, lit in odds.items() if lit >= _SEEN_LIT_FROM}

    def _by_night(
        self, lamp: Asset, odds: Mapping[str, float], faint: bool, swing: Swing, scene: Scene
    ) -> list[Observation]:
        if scene.light is LightState.TWILIGHT and not self._street_is_lit(lamp, odds, scene.frame.at):
            return [_say(lamp, "light_out", Presence.UNKNOWN, 0.0, "twilight"), *self._left_on(lamp, odds, scene)]
        if self._stance.leans(lamp.id) or self._plumb.leans(lamp.id):
            return [_say(lamp, "light_out", Presence.UNKNOWN, 0.0, "its head is not where it was")]
        if odds[lamp.id] >= _SEEN_LIT_FROM and not faint:
            self._seen_lit.add(lamp.id)
        if self._is_small(lamp, scene) and lamp.id not in self._seen_lit:
            return [_say(lamp, "light_out", Presence.UNKNOWN, 0.0, "its head cannot be seen")]
        if swing.flickers:
            return [
                _say(lamp, "light_flickering", Presence.PRESENT, 0.8, "switches to and fro"),
                _say(lamp, "light_out", Presence.UNKNOWN, 0.0, "flickers"),
            ]
        flicker = _say(lamp, "light_flickering", Presence.ABSENT, 0.8)
        if swing.often:
            why = swing.shared or "steady for a moment"
            flicker = _say(lamp, "light_flickering", Presence.UNKNOWN, 0.0, why)
        return [self._out(lamp, odds, faint, swing, scene), flicker]

    def _out(self, lamp: Asset, odds: Mapping[str, float], faint: bool, swing: Swing, scene: Scene) -> Observation:
        assert lamp.region is not None
        lit = min(odds[lamp.id], 1.0 - _FAINT_SCORE) if faint else odds[lamp.id]
        if lit >= _LIT_FROM:
            return _say(lamp, "light_out", Presence.ABSENT, 0.9)
        dark_below = _SMALL_DARK_BELOW if self._is_small(lamp, scene) else _DARK_BELOW
        if lit >= dark_below and not faint:
            return _say(lamp, "light_out", Presence.UNKNOWN, 0.0, "neither lit nor dark")
        doubt = "" if faint else self._doubt(lamp, odds, scene)
        if doubt:
            return _say(lamp, "light_out", Presence.UNKNOWN, 0.0, doubt)
        if swing.may_flicker:
            return _say(lamp, "light_out", Presence.UNKNOWN, 0.0, "may flicker")
        return _say(lamp, "light_out", Presence.PRESENT, 1.0 - lit)

    def _doubt(self, lamp: Asset, odds: Mapping[str, float], scene: Scene) -> str:
        """What speaks against a lamp that looks dark being out: the ground that it would light, or its head."""
        assert lamp.region is not None
        others = [a.region for a in _others_lit(lamp, odds, scene) if a.region is not None]
        share = share_of_pool(scene.frame.grey, lamp.region, others) if scene.light is LightState.NIGHT else None
        if share is not None and share < _POOL_GONE:
            return ""
        if share is not None and share >= _POOL_SHARE:
            return "the ground under it is lit"
        if glares(scene.frame.image, lamp.region):
            return "a light at its head, which may be its own"
        sure = odds[lamp.id] < _SURELY_DARK or lamp.id in self._seen_lit or self._is_dim(lamp, odds, scene)
        return "" if sure else "as bright as lamps that are lit"

    def _is_dim(self, lamp: Asset, odds: Mapping[str, float], scene: Scene) -> bool:
        """Whether a head is less bright than those of the lamps that are lit."""
        peaks = [self._glow_of(a, scene)[0] for a in _others_lit(lamp, odds, scene)]
        usual = float(np.median(peaks)) if len(peaks) >= _OTHERS else _LIT_PEAK
        return self._glow_of(lamp, scene)[0] < _DIM * usual

    def _swings(self, lamps: list[Asset], odds: Mapping[str, float], scene: Scene) -> dict[str, Swing]:
        if scene.light is LightState.DAY:
            self._flicker.forget()
            self._heads.clear()
            return {}
        image, seen = scene.frame.image, [(a.id, a.region) for a in lamps if a.id in odds and a.region is not None]
        for lamp_id, region in seen:
            if lamp_id in self._odds.anew or lamp_id not in self._heads:
                self._heads[lamp_id] = head_level(image, region), head_surround(image, region)
        return self._flicker.look({lamp_id: self._heads[lamp_id] for lamp_id, _ in seen})

    def _is_small(self, lamp: Asset, scene: Scene) -> bool:
        assert lamp.region is not None
        return lamp.region.box.height * scene.frame.height < _SMALL_PX

    def _left_on(self, lamp: Asset, odds: Mapping[str, float], scene: Scene) -> list[Observation]:
        """What to say of a lamp that burns on at dawn, some time after the street was seen to be switched off."""
        since = self._switched_off
        if since is None or (scene.frame.at - since).total_seconds() < _STRAGGLING_S or odds[lamp.id] < _LIT_FROM:
            return []
        return [_say(lamp, "light_on_by_day", Presence.PRESENT, odds[lamp.id])]

    def _faint(self, lamps: list[Asset], odds: Mapping[str, float], scene: Scene) -> set[str]:
        """The lamps that have lost much of their own light of this night, while the others kept theirs."""
        if scene.light is LightState.DAY:
            self._own.clear()
            return set()
        peaks = {a.id: self._glow_of(a, scene)[0] for a in lamps if a.id in odds}
        own = {i: float(np.median(self._own[i])) for i in peaks if i in self._own}
        kept = {i: peaks[i] / usual for i, usual in own.items() if usual >= _OWN_LIGHT}
        faint = set()
        for lamp_id, share in kept.items():
            others = [v for i, v in kept.items() if i != lamp_id]
            if share < _FAINT and others and float(np.median(others)) >= _OTHERS_KEEP:
                faint.add(lamp_id)
        for lamp_id in peaks.keys() - faint:
            self._own.setdefault(lamp_id, deque(maxlen=_OWN_LOOKS)).append(peaks[lamp_id])
        return faint

    def _street_is_lit(self, lamp: Asset, odds: Mapping[str, float], at: datetime) -> bool:
        others = [lit >= _LIT_FROM for i, lit in odds.items() if i != lamp.id]
        if sum(others) < _LIT_NEIGHBOURS or sum(others) < _LIT_SHARE * len(others):
            return False
        return self._switched_on is None or (at - self._switched_on).total_seconds() >= _STRAGGLING_S

    def _learn_switching(self, odds: Mapping[str, float], scene: Scene) -> None:
        """Remember when the street was switched on or off, if that was seen."""
        if not odds:
            return
        lit = float(np.median(list(odds.values()))) >= _RATHER_DARK
        if self._street_on is not None and lit is not self._street_on:
            self._switched_on = scene.frame.at if lit else None
            self._switched_off = None if lit else scene.frame.at
        self._street_on = lit

    def _glow_of(self, lamp: Asset, scene: Scene) -> tuple[float, float]:
        """Grey levels of a lamp's head and of what is round it; as they were where it looks the same."""
        assert lamp.region is not None
        if lamp.id in self._odds.anew or lamp.id not in self._glow:
            image = scene.frame.image
            self._glow[lamp.id] = head_peak(image, lamp.region), head_surround(image, lamp.region)
        return self._glow[lamp.id]

    def _by_day(self, lamp: Asset, odds: Mapping[str, float], scene: Scene) -> Observation:
        lit, others = odds[lamp.id], [v for i, v in odds.items() if i != lamp.id]
        peak, surround = self._glow_of(lamp, scene)
        usual = self._usual_by_day.get(lamp.id)
        if usual is None or (scene.frame.at - usual.at).total_seconds() > _DAY_OWN_S:
            usual = _ByDay(peak, surround, scene.frame.at)
        looks, gain, around = usual.looks, peak - usual.peak, abs(surround - usual.surround)
        alone = around < _DAY_GAIN_ALONE * gain
        gained = looks >= _DAY_SEEN_DARK and peak >= _DAY_PEAK and gain >= _DAY_GAIN and alone
        if gained and lit >= _DAY_GAIN_LIT_FROM and float(np.median([*others, 0.0])) < _DAY_OTHERS_BELOW:
            return _say(lamp, "light_on_by_day", Presence.PRESENT, max(lit, _FAINT_SCORE))
        lead = peak - self._day_peak_of_others(lamp, odds, scene)
        ahead = len(others) >= _DAY_FEW and peak >= _DAY_REFLECTED and lead >= _DAY_AHEAD
        lit_from = 0.0 if ahead else _DAY_LIT_FROM
        if lit < min(lit_from, _RATHER_DARK) or peak < _DAY_PEAK:
            self._usual_by_day[lamp.id] = usual.seen_dark(peak, surround, scene.frame.at)
            return _say(lamp, "light_on_by_day", Presence.ABSENT, 0.8)
        if len(others) < _DAY_FEW and looks < _DAY_SEEN_DARK:
            return _say(lamp, "light_on_by_day", Presence.UNKNOWN, 0.0, "few lamps to compare with, never seen dark")
        # A head no brighter than when it was seen dark does not burn: the PETS lamp's odds swing from 0.4 to 0.72.
        if lit < lit_from or (looks >= _DAY_SEEN_DARK and gain < _DAY_STILL):
            return _say(lamp, "light_on_by_day", Presence.UNKNOWN, 0.0, "neither lit nor dark")
        if others and float(np.median(others)) >= _DAY_OTHERS_BELOW:
            return _say(lamp, "light_on_by_day", Presence.UNKNOWN, 0.0, "most lamps are bright: it may be the sun")
        if looks >= _DAY_SEEN_DARK and around >= max(_DAY_STILL, _DAY_GAIN_ALONE * gain):
            return _say(lamp, "light_on_by_day", Presence.UNKNOWN, 0.0, "what is round it changed too")
        if looks < _DAY_SEEN_DARK and peak < _reflected(scene):
            return _say(lamp, "light_on_by_day", Presence.UNKNOWN, 0.0, "no brighter than what the day lights")
        if looks < _DAY_SEEN_DARK and lead < _DAY_LEAD:
            return _say(lamp, "light_on_by_day", Presence.UNKNOWN, 0.0, "hardly brighter than the others")
        if self._looked_so(lamp, lit, peak):
            return _say(lamp, "light_on_by_day", Presence.UNKNOWN, 0.0, "it looked so when it was registered")
        return _say(lamp, "light_on_by_day", Presence.PRESENT, max(lit, _FAINT_SCORE))

    def _looked_so(self, lamp: Asset, lit: float, peak: float) -> bool:
        """Whether a head looked as bright by day when its view was registered: white globes do."""
        registered_lit, registered_peak = self._registered.get(lamp.id, (0.0, 0.0))
        return registered_lit >= lit - _REGISTERED_LIT and registered_peak >= peak - _DAY_LEAD

    def _day_peak_of_others(self, lamp: Asset, odds: Mapping[str, float], scene: Scene) -> float:
        """Median brightness of the other heads, grey levels 0-255; 0 where they are few."""
        others = [a for a in scene.view.of_kind("street_light") if a.id in odds and a.id != lamp.id]
        return float(np.median([self._glow_of(a, scene)[0] for a in others])) if len(others) >= _DAY_FEW else 0.0


def _lit_odds(lamps: list[Asset], scene: Scene) -> dict[str, float]:
    """Probability that each lamp whose head can be seen is lit."""
    return _odds_in([a for a in lamps if a.region is not None and _head_is_seen(a, scene)], scene.frame.image)


def _odds_in(lamps: list[Asset], image: Image) -> dict[str, float]:
    """Probability that each of some lamps is lit in a picture."""
    seen = [(a.id, a.region) for a in lamps if a.region is not None]
    if not seen:
        return {}
    crops = [head_crop(image, region) for _, region in seen]
    odds = state_model("lamp_lit").judge(crops)[:, 1]
    return {lamp_id: float(lit) for (lamp_id, _), lit in zip(seen, odds, strict=True)}


def _head_is_seen(lamp: Asset, scene: Scene) -> bool:
    assert lamp.region is not None
    whole, head = lamp.region.box, head_box(lamp.region)
    if whole.y0 <= 0.0 or whole.height * scene.frame.height < _HEAD_MIN_TALL_PX:
        return False
    if head.y1 >= _CUT_FROM or head.centre[0] <= 0.0 or head.centre[0] >= 1.0:
        return False
    return not scene.hidden(head, foot=whole.y1)


def _others_lit(lamp: Asset, odds: Mapping[str, float], scene: Scene) -> list[Asset]:
    return [a for a in scene.view.of_kind("street_light") if a.id != lamp.id and odds.get(a.id, 0.0) >= _LIT_FROM]


def _reflected(scene: Scene) -> float:
    """How bright what does not burn may be by day, grey levels 0-255."""
    return min(_DAY_REFLECTED, float(np.percentile(scene.frame.grey, _DAY_BRIGHTEST)))


def _asked(scene: Scene) -> str:
    return "light_on_by_day" if scene.light is LightState.DAY else "light_out"


def _say(lamp: Asset, issue: str, presence: Presence, score: float, reason: str = "") -> Observation:
    assert lamp.region is not None
    return Observation(issue, presence, score, lamp.id, lamp.kind, lamp.region.box, reason)
