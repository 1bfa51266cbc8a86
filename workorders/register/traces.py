"""Traces: what looks counted for each place, look by look, kept for some days so that other settings can be tried.

Only places where something was seen at least once have one: a quiet night leaves none. Drawn marks of a finding that
stands all day, at a look a second with scores that waver by 0.05, packed to 145 kB.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete

from detectors.replay import Counted
from detectors.values import Look, Mark
from workorders.schema import Trace
from workorders.store import Store

KEPT = timedelta(days=8)
"""A day more than previews look back."""
LONGEST = timedelta(minutes=15)
"""After this a trace is written and another begins; what a kill can lose of it."""
_MARK = struct.Struct("<IBB")  # hundredths of a second since the mark before; score, 0 for not seen; looks
_SCORES = 250  # steps of a score: those that people set are kept exactly


@dataclass(slots=True)
class _Open:
    issue: str
    began_at: datetime
    ended_at: datetime
    count: int = 0
    packed: bytearray = field(default_factory=bytearray)


class Traces:
    """Gathers the marks of one inspection of a camera between writes."""

    def __init__(self, camera_id: str, run_at: datetime) -> None:
        self._camera_id, self._run_at = camera_id, run_at
        self._open: dict[str, _Open] = {}

    def add(self, look: Look) -> None:
        """Take in what a look counted."""
        at = look.frame.at
        for mark in look.marks:
            trace = self._open.setdefault(mark.key, _Open(mark.issue, at, at))
            trace.packed += _packed(mark, at - trace.ended_at)
            trace.count += 1
            trace.ended_at = max(at, trace.ended_at)

    def ripe(self, at: datetime | None) -> dict[str, Trace]:
        """Rows, by key, of the traces that are long enough at a moment, or of all for None."""
        return {
            key: Trace(
                camera_id=self._camera_id, run_at=self._run_at, key=key, issue=trace.issue, began_at=trace.began_at,
                ended_at=trace.ended_at, count=trace.count, marks=zlib.compress(bytes(trace.packed)),
            )
            for key, trace in self._open.items()
            if at is None or at - trace.began_at >= LONGEST
        }  # fmt: skip

    def written(self, rows: dict[str, Trace]) -> None:
        """Begin anew where a row is kept."""
        for key in rows:
            del self._open[key]


def marks_of(trace: Trace) -> Iterator[Counted]:
    """The marks of a row, in order."""
    at = trace.began_at
    for hundredths, score, looks in _MARK.iter_unpack(zlib.decompress(trace.marks)):
        at += timedelta(milliseconds=10 * hundredths)
        yield Counted(at, (score - 1) / _SCORES if score else None, looks)


def forget_traces(store: Store) -> int:
    """Delete the traces that no preview looks at any more; returns how many there were."""
    with store.write() as work:
        gone = work.session.execute(delete(Trace).where(Trace.ended_at < store.now() - KEPT))
        work.commit()
        return int(getattr(gone, "rowcount", 0))


def _packed(mark: Mark, since: timedelta) -> bytes:
    hundredths = min(2**32 - 1, max(0, round(since.total_seconds() * 100)))
    score = 0 if mark.score is None else 1 + round(_SCORES * min(1.0, max(0.0, mark.score)))
    return _MARK.pack(hundredths, score, min(255, mark.looks))
