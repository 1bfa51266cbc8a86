"""What a judge said of a thing before, and how much its word has changed since."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from statistics import median

from detectors.values import LightState

# A thing has a past once it looked its usual self in a few looks; more of them tell no more. It has changed when the
# judge finds the new state so many times likelier than then. Choices.
_USUAL, _LEAST_LOOKS, _MOST_LOOKS, _RISEN = 0.35, 3, 9, 9.0
_SUREST = 0.01  # no odds are surer


@dataclass(slots=True)
class Past:
    """The odds of a new state that a judge gave each thing while it looked its usual self, by day and by night."""

    _usual: dict[tuple[str, LightState], deque[float]] = field(default_factory=dict)

    def risen(self, thing: str, light: LightState, odds: float) -> float:
        """How surely a thing is in the new state and was not before, 0-1; 0 while it has no past. Takes in this look.

        Args:
            odds: of the new state, 0-1, in this look.
        """
        usual = self._usual.setdefault((thing, light), deque(maxlen=_MOST_LOOKS))
        times = _ratio(odds) / _ratio(median(usual)) / _RISEN if len(usual) >= _LEAST_LOOKS else 0.0
        if odds < _USUAL and times < 1.0:
            usual.append(odds)
        return times / (1 + times)


def _ratio(odds: float) -> float:
    sure = min(max(odds, _SUREST), 1 - _SUREST)
    return sure / (1 - sure)
