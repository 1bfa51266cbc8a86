"""The two clocks of one order, ticking in the browser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from dashboard.components import declare, words
from dashboard.components.order_table import ClockFace
from dashboard.times import epoch_ms

_CLOCKS = declare("clocks", '<div class="lm"></div>')


@dataclass(frozen=True, slots=True)
class NamedClock:
    """A clock with its heading, the due time printed beside it and what it is measured against.

    Attributes:
        face: None for a clock that ended without being met or missed, as a dismissed order's.
    """

    title: str
    due_text: str
    hint: str
    face: ClockFace | None


def clocks(named: Sequence[NamedClock], now: datetime, key: str) -> None:
    """Show clocks one under the other."""
    entries = [
        {"title": c.title, "dueText": c.due_text, "hint": c.hint, "clock": c.face and asdict(c.face)} for c in named
    ]
    _CLOCKS(data={"clocks": entries, "now": epoch_ms(now), "words": words()}, key=key)
