"""Lamps that lost much of their own light of this night: white globes lit by others look lit when they are not."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from detectors.inspectors.lamp_heads import Heads

# A head that keeps less than this share of its own usual light, while the others keep theirs, went dark. Only what
# shone (grey levels) had light of its own to lose; headlights that passed are not its own, so the usual is a median.
_FAINT, _OTHERS_KEEP = 0.8, 0.9
_SHONE, _LOOKS = 200.0, 15


@dataclass(slots=True)
class OwnLight:
    """Remembers how bright heads were in the last looks of a night."""

    _past: dict[str, deque[float]] = field(default_factory=dict)

    def forget(self) -> None:
        """Start afresh: the light of the day is nobody's own."""
        self._past.clear()

    def faint(self, heads: Heads) -> set[str]:
        """Take in one look; the lamps that have lost much of their light, while the others kept theirs."""
        usual = {i: float(np.median(self._past[i])) for i in heads if i in self._past}
        kept = {i: heads[i].peak / light for i, light in usual.items() if light >= _SHONE}
        faint = set()
        for lamp_id, share in kept.items():
            others = [v for i, v in kept.items() if i != lamp_id]
            if share < _FAINT and others and float(np.median(others)) >= _OTHERS_KEEP:
                faint.add(lamp_id)
        for lamp_id in heads.keys() - faint:
            self._past.setdefault(lamp_id, deque(maxlen=_LOOKS)).append(heads[lamp_id].peak)
        return faint
