"""Findings of a clip as lanes under the video: a click moves the player there, a link leads to the order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from dashboard.components import declare, ignore, words
from dashboard.language import tr

_TIMELINE = declare("timeline", '<div class="lm"></div>')


@dataclass(frozen=True, slots=True)
class Lane:
    """One finding. `start` and `end` are seconds of the clip; `order` is the number of the order it belongs to."""

    title: str
    hint: str
    tone: str
    start: float
    end: float
    order: int | None
    href: str


def timeline(lanes: Sequence[Lane], length_s: float, player_key: str, key: str) -> int | None:
    """Show the lanes; returns the order that was clicked.

    Args:
        length_s: length of the clip in seconds.
        player_key: key of the container that holds the `st.video`.
    """
    result = _TIMELINE(
        data={
            "words": words() | {"order": tr("Order {n}"), "none": tr("no order")},
            "findings": [asdict(lane) for lane in lanes],
            "length": length_s,
            "player": player_key,
        },
        key=key,
        on_opened_change=ignore,
    )
    return None if result.opened is None else int(result.opened)
