"""Lamps that burn by day: heads that outshine what is beside them, or shine where they did not before."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from detectors.inspectors.base import Scene
from detectors.inspectors.glass import Glass
from detectors.inspectors.lamp_heads import LIT_FROM, Head, Heads, heads_in, others_than, said, unsure
from detectors.values import Asset, Observation, Presence

_ISSUE = "light_on_by_day"
# A head that burns is so bright (grey levels), and so much brighter than the brightest beside it: a white sky behind a
# head, or a wall in the sun, is beside it too. Those that burn in clips of 44 places and the samples lead by 66 and
# more. Of 95 lamps in CamVid's streets, none of which burns, 14 are lit to the judge, for their sky is overexposed;
# none leads by more than 17.
_SHINES, _OUTSHINES = 170.0, 40.0
# Further the judge must hold it for lit, or it must be so much brighter than the other heads as nothing is that the sun
# lights, and the judge not be sure that it is dark: white glass before leaves, overexposed, is ahead by as much. On
# stills of 194 scenes by day one of 2,080 heads that do not burn passes all this, and 234 of 351 that do.
_LOOKS_LIT, _AHEAD, _SURELY_DARK = 0.8, 100.0, 0.1
# Where light fills the glass and all but overexposes it less will do: lanterns and globes that burn before water or
# pale paving, on places that the judge never saw, have odds of 0.3 to 0.75 and lead by 45 and more. Of 2,143 dark heads
# on stills, others' light left out, four pass, of two lamps.
_GLASS, _AHEAD_FULL, _MAY_BE_LIT = 240.0, 40.0, 0.25
# White glass is bright under any sky: where at least three others do not burn and one is no brighter than they are, by
# so many grey levels, its brightness is no witness, and the judge must be so sure. Without this a lantern of one of 52
# known places would be told in every clip.
_AS_DARK, _SURELY_LIT = 15.0, 0.95
# Where most of a row is bright it may be the sun, unless so many of them pass all this: heads are judged each for
# itself, and of the 1,302 dark ones on stills of scenes that the judge never saw two pass, each alone in its picture.
_ROW = 3
# Among fewer others, and never seen dark, a head in the sun cannot be told from one that burns: the white lamp of the
# PETS clip has a peak of 255. Two do where the judge is sure of the lamp, finds neither lit, and it is so many grey
# levels brighter than either: on stills none of 1,684 dark heads among any number of others, and 20 of 235 that burn.
_FEW, _TWO, _AHEAD_OF_TWO = 3, 2, 30.0
_AS_REGISTERED = 25.0  # grey levels: a head no brighter than it was in the reference picture is a white globe
# Its own past, known after so many looks that found it dark: one that gains so many grey levels burns, unless what is
# round it changed too (leaves that fall show what was behind them), and one that hardly gained does not.
_KNOWN_LOOKS, _GAIN, _GAIN_ROUND, _STILL = 3, 50.0, 0.15, 10.0
_PAST_S = 3600.0  # by then the sun has moved: a lamp's look of yesterday says nothing of this morning's
_SCORE_LEAST, _SCORE_DARK = 0.6, 0.8


@dataclass(frozen=True, slots=True)
class _Past:
    """How a lamp looks that does not burn: grey levels of its head and of what is round it, in so many looks."""

    peak: float
    surround: float
    at: datetime
    looks: int = 0

    def with_look(self, head: Head, at: datetime) -> _Past:
        peak, surround = 0.8 * self.peak + 0.2 * head.peak, 0.8 * self.surround + 0.2 * head.surround
        return _Past(peak, surround, at, self.looks + 1)

    def gained(self, head: Head) -> bool:
        """Whether a head grew so much brighter, alone, that it was switched on."""
        return self.looks >= _KNOWN_LOOKS and _gained(self.peak, self.surround, head)


@dataclass(slots=True)
class DayWatch:
    """Tells which lamps burn by day; remembers how they looked when they did not."""

    _past: dict[str, _Past] = field(default_factory=dict)
    _registered: Heads = field(default_factory=dict)

    def start(self, lamps: list[Asset], scene: Scene) -> None:
        """Look at the picture by which the view was registered in this light."""
        reference = scene.view.reference(scene.light, scene.frame.image)
        self._registered = {} if reference is None else heads_in(lamps, reference, by_day=True)

    def look(self, lamp: Asset, heads: Heads, at: datetime, glass: Glass | None = None) -> Observation:
        """What to say of one lamp that is seen.

        Args:
            heads: all that are seen in this look.
            at: time of the look, UTC.
            glass: what their light tells; None where nobody looked.
        """
        glass = glass or Glass()
        head, others = heads[lamp.id], others_than(lamp, heads)
        past = self._past.get(lamp.id)
        if past is None or (at - past.at).total_seconds() > _PAST_S:
            past = _Past(head.peak, head.surround, at)
        switched = past.gained(head)
        glass_came = lamp.id in glass.came_on
        came_on = switched or glass_came or self._came_on(lamp, head)
        # Before a white sky or wet paving in the sun it outshines nothing, but it alone came to be as bright.
        burns = (switched and head.burns and head.peak >= _SHINES) or glass_came
        if burns or (_shines(head) and (came_on or _looks_lit(head, others, lamp.id in glass.full))):
            if lamp.id in glass.anothers and not glass_came:
                return unsure(lamp, _ISSUE, "what shines there is another lamp's light")
            doubt = "" if glass_came else self._doubt(lamp, head, others, past, came_on)
            presence = Presence.UNKNOWN if doubt else Presence.PRESENT
            return said(lamp, _ISSUE, presence, 0.0 if doubt else max(head.lit, _SCORE_LEAST), doubt)
        if head.burns:
            return unsure(lamp, _ISSUE, "no brighter than what the day lights")
        self._past[lamp.id] = past.with_look(head, at)
        return said(lamp, _ISSUE, Presence.ABSENT, _SCORE_DARK)

    def _came_on(self, lamp: Asset, head: Head) -> bool:
        """Whether a head that the judge holds for lit was dark when the view was registered, all else as now."""
        registered = self._registered.get(lamp.id)
        if registered is None or registered.burns or not head.burns:
            return False
        return _gained(registered.peak, registered.surround, head)

    def _doubt(self, lamp: Asset, head: Head, others: list[Head], past: _Past, came_on: bool) -> str:
        """What speaks against a lamp that seems lit burning."""
        known = past.looks >= _KNOWN_LOOKS
        if known and head.peak - past.peak < _STILL:
            return "no brighter than when it was dark"
        registered = self._registered.get(lamp.id)
        if registered is not None and head.peak - registered.peak < _AS_REGISTERED:
            return "it looked so when it was registered"
        if came_on:
            return ""
        if not known and len(others) < _FEW and not _leads_two(head, others):
            return "few lamps to compare with, never seen dark"
        if others and float(np.median([h.lit for h in others])) >= LIT_FROM and not _row_burns([head, *others]):
            return "most lamps are bright: it may be the sun"
        return ""


def _shines(head: Head) -> bool:
    """Whether a head is brighter than what the day lights, and than all that is beside it."""
    return head.peak >= _SHINES and head.outshines >= _OUTSHINES


def _gained(peak: float, surround: float, head: Head) -> bool:
    """Whether a head is much brighter than it was, and what is round it is not."""
    gain = head.peak - peak
    return gain >= _GAIN and abs(head.surround - surround) < _GAIN_ROUND * gain


def _leads_two(head: Head, others: list[Head]) -> bool:
    """Whether a head surely burns and two others do not, nor are nearly as bright."""
    if len(others) < _TWO or head.lit < _SURELY_LIT or any(other.burns for other in others):
        return False
    return head.peak - max(other.peak for other in others) >= _AHEAD_OF_TWO


def _row_burns(heads: list[Head]) -> bool:
    """Whether so many heads shine and look lit, each for itself, that it is not the sun."""
    return sum(_shines(head) and head.lit >= _LOOKS_LIT for head in heads) >= _ROW


def _looks_lit(head: Head, others: list[Head], full: bool) -> bool:
    """Whether a head that shines burns, by what this look alone shows; `full`: light fills its glass."""
    leads = head.peak - float(np.median([h.peak for h in others])) if len(others) >= _FEW else 0.0
    ahead = leads >= _AHEAD
    if full and head.peak >= _GLASS and leads >= _AHEAD_FULL and head.lit >= _MAY_BE_LIT:
        return True
    dark = [h.peak for h in others if not h.burns]
    as_dark = len(dark) >= _FEW and head.peak - float(np.median(dark)) < _AS_DARK
    return (ahead and head.lit >= _SURELY_DARK) or head.lit >= (_SURELY_LIT if as_dark else _LOOKS_LIT)
