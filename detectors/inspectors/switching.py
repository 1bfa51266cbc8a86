"""When the lamps of a street were switched on or off, as far as that was seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from detectors.inspectors.lamp_heads import LIT_FROM, Heads, others_than
from detectors.values import Asset

# A street is on when so many lamps, and so large a share of all, burn. Stragglers are given time.
_LIT_LAMPS, _LIT_SHARE, _STRAGGLING_S = 2, 0.6, 900.0


@dataclass(slots=True)
class StreetSwitch:
    """Remembers when most lamps went on or off."""

    _on: bool | None = None
    _at: datetime | None = None

    def learn(self, heads: Heads, at: datetime) -> None:
        """Take in one look."""
        if not heads:
            return
        on = float(np.median([head.lit for head in heads.values()])) >= LIT_FROM
        if self._on is not None and on is not self._on:
            self._at = at
        self._on = on

    def is_on(self, lamp: Asset, heads: Heads, at: datetime) -> bool:
        """Whether the others burn, and have for long enough that a lamp should too."""
        burning = [head.burns for head in others_than(lamp, heads)]
        if sum(burning) < _LIT_LAMPS or sum(burning) < _LIT_SHARE * len(burning):
            return False
        return not self._on or self._settled(at)

    def went_off(self, at: datetime) -> bool:
        """Whether the street was seen to be switched off, long enough ago that no lamp should burn."""
        return self._on is False and self._at is not None and self._settled(at)

    def _settled(self, at: datetime) -> bool:
        return self._at is None or (at - self._at).total_seconds() >= _STRAGGLING_S
