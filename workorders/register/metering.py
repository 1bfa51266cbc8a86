"""What looking at a camera costs: seconds it was looked at, and of computing, added to one row for each day."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from workorders.schema import CameraDay
from workorders.store import Store

WRITE_EVERY_S = 60.0
"""Wall seconds between two writes; what a kill can lose of the count."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What some looks came to: seconds of computing, and of a recording or a stream that was looked at."""

    computed_s: float
    looks: int
    recorded_s: float = 0.0
    watched_s: float = 0.0


class Meter:
    """Counts the looks of one watch. Days are days of UTC."""

    def __init__(self, store: Store, camera_id: str, wall: Callable[[], float] = time.monotonic) -> None:
        self._store, self._camera_id, self._wall = store, camera_id, wall
        self._last: datetime | None = None
        self._watched_s = self._computed_s = 0.0
        self._looks = 0
        self._written_at = wall()

    def count(self, computed_s: float) -> None:
        """Count a look that ends now; the time since the one before it was watched.

        Args:
            computed_s: seconds of computing that it took.
        """
        now = self._store.now()
        if self._last is not None and now.date() != self._last.date():
            self.write()
        if self._last is not None:
            self._watched_s += max(0.0, (now - self._last).total_seconds())
        self._last = now
        self._computed_s += computed_s
        self._looks += 1
        if self._wall() - self._written_at >= WRITE_EVERY_S:
            self.write()

    def write(self) -> None:
        """Add what was counted to the day's row."""
        if self._last is None or not self._looks:
            return
        with self._store.write() as work:
            cost = Cost(self._computed_s, self._looks, watched_s=self._watched_s)
            add_cost(work.session, self._camera_id, self._last.date(), cost)
            work.commit()
        self._watched_s = self._computed_s = 0.0
        self._looks, self._written_at = 0, self._wall()


def add_cost(session: Session, camera_id: str, day: date, cost: Cost) -> None:
    """Add a cost to the day's row of a camera, within a transaction."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    nothing = {"watched_s": 0.0, "computed_s": 0.0, "looks": 0, "recorded_s": 0.0}
    # Two workers may meet the day at the same moment: one makes the row, both add to what it then holds.
    session.execute(insert(CameraDay).values(camera_id=camera_id, day=day, **nothing).on_conflict_do_nothing())
    session.execute(
        update(CameraDay)
        .where(CameraDay.camera_id == camera_id, CameraDay.day == day)
        .values(
            watched_s=CameraDay.watched_s + cost.watched_s,
            recorded_s=CameraDay.recorded_s + cost.recorded_s,
            computed_s=CameraDay.computed_s + cost.computed_s,
            looks=CameraDay.looks + cost.looks,
        )
    )
