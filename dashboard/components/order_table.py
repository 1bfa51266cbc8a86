"""The table of orders: marks, time left that ticks in the browser, selection, sorting asked of SQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import streamlit as st

from dashboard.components import declare, ignore, words
from dashboard.language import Titles, mark, tr
from dashboard.times import epoch_ms

_TABLE = declare("order_table", '<div class="lm"></div>')

FULL = ("number", "priority", "thumb", "issue", "where", "since", "who", "state", "left")
_HEADS = Titles(
    {
        "number": mark("No."),
        "priority": mark("Priority"),
        "issue": mark("What and where"),
        "where": mark("Camera"),
        "since": mark("Since"),
        "who": mark("Who"),
        "state": mark("State"),
        "left": mark("Time left"),
    }
)
COMPACT = ("priority", "issue", "since", "who", "state", "left")


@dataclass(frozen=True, slots=True)
class ClockFace:
    """One clock as the browser needs it to tick. Moments are milliseconds since 1970.

    Attributes:
        held: when it was stopped; None while it runs.
        met: how it ended; None while it has not.
        took: milliseconds it ran, where known.
        answer: whether this is the response clock.
    """

    started: float
    due: float
    held: float | None
    met: bool | None
    took: float | None
    answer: bool = False


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One row, ready for the screen. `opened` and `dueText` follow the script's names.

    Attributes:
        thumb: address of a small picture, None for an order without one.
    """

    id: int
    href: str
    priority: str
    tone: str
    issue: str
    place: str
    camera: str
    who: str
    state: str
    stateTone: str
    opened: float
    openedText: str
    dueText: str
    clock: ClockFace | None
    fresh: bool = False
    thumb: str | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody did with the table in this run.

    Attributes:
        opened: number of the order that was clicked.
        sorted: name of the column whose heading was clicked.
    """

    opened: int | None
    sorted: str | None


def order_table(
    lines: Sequence[OrderLine],
    now: datetime,
    *,
    key: str,
    label: str,
    empty: str,
    columns: Sequence[str] = FULL,
    sort: str = "",
    descending: bool = False,
    selectable: bool = False,
    picked: Collection[int] = (),
) -> Chosen:
    """Show orders and tell what was done.

    Args:
        now: the store's present moment, which the ticking times count from.
        empty: shown when there are no rows.
        sort: column that the rows are sorted by; "" to offer no sorting.
        picked: orders that a new table begins with; later `picked_in` tells what is selected.
    """
    result = _TABLE(
        data={
            "words": _words(),
            "heads": {name: _HEADS.get(name, "") for name in columns},
            "rows": [asdict(line) for line in lines],
            "now": epoch_ms(now),
            "label": label,
            "empty": empty,
            "columns": list(columns),
            "sort": sort,
            "descending": descending,
            "selectable": selectable,
            "picked": list(picked),
        },
        key=key,
        on_opened_change=ignore,
        on_sorted_change=ignore,
        on_picked_change=ignore,
    )
    return Chosen(None if result.opened is None else int(result.opened), result.sorted)


def _words() -> dict[str, str]:
    own = {"nobody": tr("nobody"), "all": tr("Select all of this page"), "one": tr("Select order {n}")}
    return words() | own


def picked_in(key: str) -> tuple[int, ...] | None:
    """Numbers of the orders selected in the table of a key, before it is shown again; None before anybody chose."""
    state = st.session_state.get(key)
    picked = getattr(state, "picked", None)
    return None if picked is None else tuple(int(number) for number in picked)
