"""Street lights: out, flickering, burning by day, leaning or gone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from detectors.geometry import Region
from detectors.inspectors.arms import ArmSides, holds_arm, is_boxed
from detectors.inspectors.askew_lamps import AskewLamps
from detectors.inspectors.base import Scene
from detectors.inspectors.columns import ColumnWatch
from detectors.inspectors.crops import head_box
from detectors.inspectors.emptied import EmptyOutlines
from detectors.inspectors.flicker import FlickerWatch, Swing
from detectors.inspectors.glass import GlassWatch
from detectors.inspectors.glow import alone_in_the_dark, beside_head, head_peak, share_of_pool
from detectors.inspectors.held import Held
from detectors.inspectors.lamp_heads import LIT_FROM, Head, Heads, heads_in, heads_seen, is_overgrown, said, unsure
from detectors.inspectors.lamp_stance import LampStance
from detectors.inspectors.lit_by_day import DayWatch
from detectors.inspectors.lost_columns import LostColumns
from detectors.inspectors.own_light import OwnLight
from detectors.inspectors.plumb import LAMPS, PlumbLine
from detectors.inspectors.silhouettes import SilhouetteWatch
from detectors.inspectors.switching import StreetSwitch
from detectors.values import Asset, LightState, Observation, Presence, View

# A lit lamp called out is called out in every look of its place, so there must be a second witness beside the judge.
# Glass may be hidden by its shade or by leaves, but what it lights is seen: a lamp is out where the ground under it has
# less than the first share of the light that is under those that burn, and not where it has more than the second.
_POOL_GONE, _POOL_THERE = 0.5, 0.8
# Behind a registered tree's crown a lamp that burns may show nothing of itself, and the crown shades the ground too:
# 0.22-0.44 of the others' light under five that burn, 0.03-0.27 under four that are out. Between the two the judge must
# be surely right too: it says 0.00-0.01 of two that are out and have so much, 0.04 and more of three that burn, if
# 0.01-0.05 of a far one. Seen when it was made.
_POOL_DARK_BEHIND, _POOL_GONE_BEHIND = 0.18, 0.33
# But lamps beside it light that ground too. Where nearer and farther ones surely show their light its own glass would
# be seen, hidden neither by its shade nor by where the camera stands, and a judge as sure as this is believed: of 3,606
# looks at lamps that burn or hide their glass, in stills by night, none is under 0.09.
_BLACK, _SURELY_LIT = 0.03, 0.9
# In so many looks a lamp surely burned whose head is seen, whatever crown is registered before it.
_BURNED_LOOKS = 3
# An arm before the lit arms of a row holds their light, so the judge may take it for lit, if not surely so. Where the
# ground under it alone is dark it is out: of 3,278 looks at lamps that burn, in stills by night, two pass, of one lamp.
# Between them, and where no ground is to be seen, the judge must be so sure, and no light stand out so bright at its
# head (grey levels) and so far from all beside it: other lamps far behind a dark head have their like beside it.
_SURELY_DARK = 0.25
# Of a lamp of which only a box is known, with an arm in it, the head is anywhere along its top and the ground anywhere
# under it: there the judge must be surer. With outlines reduced to boxes, in stills by night, 115 of 146 such lamps
# that are out are told and 16 of 392 that burn without this, 107 and seven with it.
_SURELY_DARK_BOXED = 0.1
_BRIGHT, _STANDS_OUT = 225.0, 100.0
# By night no dark head is so bright on the whole (about a hundred looks at lamps that are out, before lit sky and
# others: 106 at most); a lit one that bloomed before an evening sky was called out with 185 to 193.
_FILLED = 140.0
# At dusk the sky behind a dark head is as bright: there it must be so much brighter than what is round it. None of 86
# lamps told out in stills at dusk is (108 and 55 brighter at most), 94 of 494 that burn are, and so is one told out
# falsely before conifers (800011, 151 and 69 brighter).
_OVER_SKY = 30.0
# In a crown, or half in one, a lamp that burns may show as a glimmer on leaves: so much brighter than all beside it, if
# not as bright as other lights behind are. On walk 53 burning ones are mostly ahead by 54 to 63 and reach 121 to 130;
# in 36 looks at lamps out in crowns none that reaches less than 190 is ahead by more than 40. In view when chosen.
_IN_CROWN, _GLIMMERS, _GLIMMER = 0.5, 45.0, 190.0
# A proposed box is a guess. One with an arm may hold it out to the wrong side, its head in the empty corner, as in four
# of eight night views on walks of another generator: until it was seen to burn only dark ground is believed. And of any
# a light this bright beside its head may be its own. There 26 lamps were called out falsely without this and 10 with
# it, on two sets of known places 10 and none. So may one in its head, as bright as most that burn, that is no other's
# (800015: a box began far above the arm of its lamp).
_OWN = 200.0
# Where no light of so many grey levels shows in such a head or beside it, one so tall (px) is out on whichever side it
# is: of 188 on arms that are out in stills by night, boxes for outlines, 13 to 25 are dark to the judge and so black,
# none of 664 that burn; of lower ones, behind leaves, some are.
_NO_LIGHT, _NEAR_PX = 100.0, 60.0
# With these, on two outlines each of the lamps of 30 px and more in stills of night scenes, 729 of 880 that are out
# are told and none of 3,568 that burn; four in five of the scenes the judge has learnt.
_FAINT_SCORE = 0.6
_FLICKER_LOOKS = 3  # a lamp that went on twice was told by four looks at least


@dataclass(slots=True)
class LightsInspector:
    """light_out, light_on_by_day, light_flickering and light_damaged."""

    view: View
    _arms: ArmSides = field(default_factory=ArmSides)
    _heads: Held[Head] = field(default_factory=Held)
    _day: DayWatch = field(default_factory=DayWatch)
    _glass: GlassWatch = field(default_factory=GlassWatch)
    _flicker: FlickerWatch = field(default_factory=FlickerWatch)
    _own: OwnLight = field(default_factory=OwnLight)
    _street: StreetSwitch = field(default_factory=StreetSwitch)
    _light: LightState | None = None
    _burned: Counter[str] = field(default_factory=Counter)
    _stance: LampStance = field(default_factory=LampStance)
    _plumb: PlumbLine = field(default_factory=lambda: PlumbLine("street_light", LAMPS))
    _columns: ColumnWatch = field(default_factory=ColumnWatch)
    _lost: LostColumns = field(default_factory=LostColumns)
    _silhouettes: SilhouetteWatch = field(default_factory=SilhouetteWatch)
    _outlines: EmptyOutlines = field(default_factory=EmptyOutlines)
    _askew: AskewLamps = field(default_factory=AskewLamps)

    def look(self, scene: Scene) -> list[Observation]:
        """See `Inspector.look`."""
        scene = self._arms.outlined(scene)
        for watch in (self._stance, self._silhouettes):
            watch.forget(self._arms.told)
        self._own.forget_some(self._arms.told)
        lamps = scene.view.of_kind("street_light")
        if scene.light is not self._light:
            self._change_to(scene.light, lamps, scene)
        day = scene.light is LightState.DAY
        heads = self._heads.look(lamps, scene, heads_seen)
        swings = {} if day else self._flicker.look(heads, lambda: _between(lamps, heads, scene))
        observations = self._standing(lamps, heads, scene, swings) if scene.asked else []
        issue = "light_on_by_day" if day else "light_out"
        observations += [unsure(a, issue, "its head cannot be seen") for a in lamps if a.id not in heads]
        seen = [a for a in lamps if a.id in heads]
        if day:
            glass = self._glass.look(seen, heads, scene.frame.grey, scene.frame.at)
            observations += [self._day.look(lamp, heads, scene.frame.at, glass) for lamp in seen]
        else:
            faint = self._own.faint(heads)
            self._burned.update(lamp.id for lamp in seen if heads[lamp.id].lit >= _SURELY_LIT)
            for lamp in seen:
                observations += self._by_night(lamp, heads, lamp.id in faint, swings[lamp.id], scene)
        self._street.learn(heads, scene.frame.at)
        return observations

    def _change_to(self, light: LightState, lamps: list[Asset], scene: Scene) -> None:
        self._light = light
        if light is LightState.DAY:
            self._day.start(lamps, scene)
            self._glass.forget()
            self._own.forget()
            self._flicker.forget()
            self._burned.clear()

    def _standing(self, lamps: list[Asset], heads: Heads, scene: Scene, swings: dict[str, Swing]) -> list[Observation]:
        """light_damaged: leaning, by its past or its box, snapped or gone, or not in its outline."""
        flickering = {lamp_id for lamp_id, swing in swings.items() if swing.often}
        leaning = self._plumb.look(lamps, scene, self._stance.look(lamps, scene, flickering))
        gone = self._silhouettes.look(lamps, scene, self._columns.look(lamps, scene, leaning))
        gone = self._lost.look(lamps, scene, gone)
        burning = [lamp_id for lamp_id, head in heads.items() if head.lit >= _SURELY_LIT]
        return self._askew.look(lamps, scene, self._outlines.look(lamps, scene, gone, burning))

    def _is_damaged(self, lamp: Asset) -> bool:
        """Whether a lamp's head was not where it is registered when the lamp was last looked at as a whole."""
        leans = self._stance.leans(lamp.id) or self._plumb.leans(lamp.id) or self._lost.is_lost(lamp.id)
        leans = leans or self._askew.leans(lamp.id)
        return leans or self._silhouettes.is_gone(lamp.id) or self._outlines.is_empty(lamp.id)

    def _by_night(self, lamp: Asset, heads: Heads, faint: bool, swing: Swing, scene: Scene) -> list[Observation]:
        at = scene.frame.at
        if scene.light is LightState.TWILIGHT and not self._street.is_on(lamp, heads, at):
            left_on = heads[lamp.id].burns and self._street.went_off(at)
            burns = [said(lamp, "light_on_by_day", Presence.PRESENT, heads[lamp.id].lit)] if left_on else []
            return [unsure(lamp, "light_out", "twilight"), *burns]
        if self._is_damaged(lamp):
            return [unsure(lamp, "light_out", "its head is not where it was")]
        if swing.flickers:
            flickers = said(lamp, "light_flickering", Presence.PRESENT, 0.8, "switches to and fro")
            return [replace(flickers, looks=_FLICKER_LOOKS), unsure(lamp, "light_out", "flickers")]
        steady = said(lamp, "light_flickering", Presence.ABSENT, 0.8)
        if swing.often:
            steady = unsure(
                lamp, "light_flickering", "another lamp switches with it" if swing.shared else "steady for a moment"
            )
        return [self._out(lamp, heads, faint, swing, scene), steady]

    def _out(self, lamp: Asset, heads: Heads, faint: bool, swing: Swing, scene: Scene) -> Observation:
        lit, burned = heads[lamp.id].lit, self._burned[lamp.id] >= _BURNED_LOOKS
        # The box of a proposed one is a guess, and so is the ground under its head: that does not overrule the judge.
        doubted = lit < (_SURELY_LIT if burned or not scene.view.proposed else LIT_FROM)
        faint = faint or (doubted and _is_alone_in_the_dark(lamp, heads, scene))
        lit = min(lit, 1.0 - _FAINT_SCORE) if faint else lit
        if lit >= LIT_FROM:
            return said(lamp, "light_out", Presence.ABSENT, 0.9)
        known = faint or burned or not scene.view.proposed
        doubt = "" if known else _doubt_of_box(lamp, heads, scene)
        doubt = doubt or ("" if faint else _doubt(lamp, heads, scene, is_overgrown(lamp, scene) and not burned))
        if not doubt and swing.may_flicker:
            doubt = "may flicker"
        return unsure(lamp, "light_out", doubt) if doubt else said(lamp, "light_out", Presence.PRESENT, 1.0 - lit)


def _between(lamps: list[Asset], heads: Heads, scene: Scene) -> list[Heads]:
    """What the pictures before a look by night show of the heads that it shows."""
    if scene.light is not LightState.NIGHT:
        return []
    seen = [a for a in lamps if a.id in heads]
    return [heads_in(seen, image, by_day=False) for image in scene.frame.glimpses()]


def _doubt(lamp: Asset, heads: Heads, scene: Scene, overgrown: bool) -> str:
    """What speaks against a lamp that looks dark being out: the ground that it would light, or its head."""
    assert lamp.region is not None
    head, pool = heads[lamp.id], _pool(lamp, heads, scene)
    if _is_filled(head, scene) or _glimmers(lamp, head, scene):
        return "a light at its head, which may be its own"
    if head.lit >= _SURELY_DARK_BOXED and is_boxed(lamp.region) and holds_arm(lamp.region.box, scene):
        return "its head may be elsewhere in its box"
    if pool is not None and pool < (_gone_behind(head) if overgrown else _POOL_GONE):
        return ""
    if overgrown:
        return "its head cannot be seen"
    if pool is not None and pool >= _POOL_THERE and not (head.lit < _BLACK and _would_show(lamp, heads, scene)):
        return "the ground under it is lit"
    if _stands_out(head):
        return "a light at its head, which may be its own"
    return "" if head.lit < _SURELY_DARK else "neither lit nor dark"


def _gone_behind(head: Head) -> float:
    """Share of the others' light below which the ground says that a lamp behind a crown is out."""
    return _POOL_GONE_BEHIND if head.lit < _BLACK else _POOL_DARK_BEHIND


def _doubt_of_box(lamp: Asset, heads: Heads, scene: Scene) -> str:
    """What speaks against the head of a proposed lamp being where its box has it."""
    assert lamp.region is not None
    arm, burning = holds_arm(lamp.region.box, scene), _burning_beside(lamp, heads, scene)
    if heads[lamp.id].peak >= _OWN and head_peak(scene.frame.image, lamp.region, burning) >= _OWN:
        return "a light at its head, which may be its own"
    if heads[lamp.id].beside >= _BRIGHT:
        # A head on its own column is where the box has it: the light of lamps beside it is theirs.
        others = [] if arm else burning
        if not others or beside_head(scene.frame.image, lamp.region, others) >= _BRIGHT:
            return "a light at its head, which may be its own"
    black = max(heads[lamp.id].peak, heads[lamp.id].beside) < _NO_LIGHT
    if black and lamp.region.box.height * scene.frame.height >= _NEAR_PX:
        return ""
    pool = _pool(lamp, heads, scene) if arm else 0.0
    return "its head cannot be seen" if pool is None or pool >= _POOL_GONE else ""


def _would_show(lamp: Asset, heads: Heads, scene: Scene) -> bool:
    """Whether lamps nearer and farther, by their height in the picture, show their light to the camera."""
    burning = [a.region for a in scene.view.of_kind("street_light") if a.id in heads and heads[a.id].lit >= _SURELY_LIT]
    tall = [region.box.height for region in burning if region is not None]
    return lamp.region is not None and bool(tall) and min(tall) <= lamp.region.box.height <= max(tall)


def _pool(lamp: Asset, heads: Heads, scene: Scene) -> float | None:
    """Light on the ground under a lamp over that under those that burn; None where it cannot be told."""
    if scene.light is not LightState.NIGHT or lamp.region is None:
        return None
    return share_of_pool(scene.frame.grey, lamp.region, _burning_beside(lamp, heads, scene))


def _is_alone_in_the_dark(lamp: Asset, heads: Heads, scene: Scene) -> bool:
    """Whether the ground under a lamp tells by itself that it does not burn, whatever shines at its head."""
    if scene.light is not LightState.NIGHT or lamp.region is None or is_overgrown(lamp, scene):
        return False
    if _stands_out(heads[lamp.id]) or _is_filled(heads[lamp.id], scene):
        return False
    ground = (head_box(lamp.region).centre[0], lamp.region.box.y1)
    if any(box.contains(ground) for _, _, box in scene.detections.named("fallen_tree", "puddle")):
        return False  # a crown or water there is as dark: under lamps that burn they left 0.13 and 0.2 of the light
    return alone_in_the_dark(scene.frame.grey, lamp.region, _burning_beside(lamp, heads, scene))


def _stands_out(head: Head) -> bool:
    """Whether a light shines at a head that is far brighter than all beside it."""
    return head.peak >= _BRIGHT and head.outshines >= _STANDS_OUT


def _is_filled(head: Head, scene: Scene) -> bool:
    """Whether light fills a head after dark."""
    if scene.light is LightState.DAY or head.level < _FILLED:
        return False
    return scene.light is LightState.NIGHT or head.level >= head.surround + _OVER_SKY


def _glimmers(lamp: Asset, head: Head, scene: Scene) -> bool:
    """Whether light shows through the leaves of a crown that hides a head, or half of it."""
    return head.outshines >= _GLIMMERS and head.peak < _GLIMMER and is_overgrown(lamp, scene, _IN_CROWN)


def _burning_beside(lamp: Asset, heads: Heads, scene: Scene) -> list[Region]:
    """Where the other lamps are that burn."""
    burning = [a.region for a in scene.view.of_kind("street_light") if a.id in heads and heads[a.id].burns]
    return [region for region in burning if region is not None and region != lamp.region]
