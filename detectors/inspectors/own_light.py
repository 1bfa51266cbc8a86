"""Lamps that lost much of their own light of this night: those before others, or lit by them, look lit when dark."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from detectors.inspectors.lamp_heads import Heads

# A head that keeps less than this share of its own usual light, while the others keep theirs, went dark. Only what
# shone (grey levels) had light of its own to lose; headlights that passed are not its own, so the usual is a median.
_FAINT, _OTHERS_KEEP = 0.8, 0.9
_SHONE, _LOOKS = 200.0, 15
# Where heads lie before one another the brightest part may be a neighbour's: then the head as a whole tells, but the
# neighbours lose as well what they shared with it, so only that counts which lost most. A picture that lies off by a
# pixel costs no head on nine night views so much of it, while the others keep theirs. A lamp that leans shines as
# bright as ever beside where its head was (0.97 of its peak; the lamp that went out kept 0.89).
_AS_BRIGHT = 0.95
# Its odds of being dark, to the judge, must have grown so many times too. On a swaying mast a small head slides out of
# its place and in again: of 17 clean night clips so shaken two told a lamp that stood at 1 to 3 times, but for one look
# at 5; the lamp that went out behind another, and looks lit still, is at 9 to 26.
_DARKER = 4.0
# Of a head in a crown only specks are seen, but the ground loses its light with it: where it had so much, grey levels,
# it keeps less than this share, the least of all, and the others' ground stays. Under a lamp that goes out in a crown
# it keeps 0.05. What falls there darkens it as much (0.17), but then the judge still holds the head for lit.
_GROUND, _DIM = 30.0, 0.4


@dataclass(slots=True)
class OwnLight:
    """Remembers how bright heads were in the last looks of a night."""

    _past: dict[str, deque[tuple[float, float, float, float]]] = field(default_factory=dict)

    def forget(self) -> None:
        """Start afresh: the light of the day is nobody's own."""
        self._past.clear()

    def forget_some(self, lamps: Iterable[str]) -> None:
        """Learn some lamps anew, by id: they have other outlines than before, and so their heads are elsewhere."""
        for lamp_id in lamps:
            self._past.pop(lamp_id, None)

    def faint(self, heads: Heads) -> set[str]:
        """Take in one look; the lamps that have lost much of their light, while the others kept theirs."""
        usual = {i: np.median(np.array(self._past[i]), axis=0) for i in heads if i in self._past}
        shone = {i: light for i, light in usual.items() if light[0] >= _SHONE}
        kept = {i: heads[i].peak / float(light[0]) for i, light in shone.items()}
        whole = {i: heads[i].level / max(1.0, float(light[1])) for i, light in shone.items()}
        faint = {i for i in kept if _lost(i, kept)}
        if whole:
            most = min(whole, key=lambda i: whole[i])
            faint |= {most} if _lost(most, whole) and kept[most] < _AS_BRIGHT else set()
        ground = {i: heads[i].ground / float(light[3]) for i, light in usual.items() if light[3] >= _GROUND}
        least = min(ground, key=lambda i: ground[i], default="")
        faint |= {least} if least and not heads[least].burns and _lost(least, ground, _DIM) else set()
        faint = {i for i in faint if _odds_of_dark(heads[i].lit) >= _DARKER * _odds_of_dark(float(usual[i][2]))}
        for lamp_id in heads.keys() - faint:
            head = heads[lamp_id]
            self._past.setdefault(lamp_id, deque(maxlen=_LOOKS)).append((head.peak, head.level, head.lit, head.ground))
        return faint


def _lost(lamp_id: str, kept: dict[str, float], faint: float = _FAINT) -> bool:
    """Whether a lamp kept little of its light and the others most of theirs."""
    others = [share for i, share in kept.items() if i != lamp_id]
    return kept[lamp_id] < faint and bool(others) and float(np.median(others)) >= _OTHERS_KEEP


def _odds_of_dark(lit: float) -> float:
    return (1.0 - lit) / max(lit, 1e-6)
