"""The two clocks of an order: response and resolution. Pure arithmetic on aware UTC moments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from detectors.errors import LamplighterError
from workorders.clock import zone

LONGEST_DAYS = 3660
"""How far ahead a calendar is searched: a target that is not reached in ten years is a mistake in the calendar."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working hours in one time zone. Clocks run only inside them.

    Attributes:
        time_zone: IANA name.
        days: weekdays that are worked, Monday is 0.
        opens, closes: local wall times; `closes` after `opens`, on the same day.
        holidays: local dates on which nothing runs.
    """

    time_zone: str
    days: frozenset[int]
    opens: time
    closes: time
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        zone(self.time_zone)
        if not self.days or not self.days <= set(range(7)):
            raise LamplighterError("A calendar needs at least one weekday, from 0 (Monday) to 6 (Sunday).")
        if self.opens >= self.closes:
            raise LamplighterError("A calendar's closing time must be later than its opening time.")

    def spans(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Working spans in UTC from `start` on, the first one cut at `start`."""
        local = zone(self.time_zone)
        first = start.astimezone(local).date()
        for n in range(LONGEST_DAYS):
            day = first + timedelta(days=n)
            if day.weekday() not in self.days or day in self.holidays:
                continue
            # Wall times go through the zone one by one, so a day of 23 or 25 hours has its true length.
            begin = datetime.combine(day, self.opens, local).astimezone(UTC)
            end = datetime.combine(day, self.closes, local).astimezone(UTC)
            if end > start:
                yield max(begin, start), end

    def as_json(self) -> dict[str, Any]:
        return {
            "time_zone": self.time_zone,
            "days": sorted(self.days),
            "opens": self.opens.isoformat("minutes"),
            "closes": self.closes.isoformat("minutes"),
            "holidays": sorted(d.isoformat() for d in self.holidays),
        }

    @classmethod
    def of(cls, values: dict[str, Any] | None) -> Calendar | None:
        """The calendar of its JSON form; None for one that always runs.

        Raises:
            LamplighterError: the values make no calendar.
        """
        if not values:
            return None
        try:
            return cls(
                str(values["time_zone"]),
                frozenset(int(d) for d in values["days"]),
                time.fromisoformat(values["opens"]),
                time.fromisoformat(values["closes"]),
                frozenset(date.fromisoformat(d) for d in values.get("holidays", ())),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise LamplighterError(f"This is not a working calendar: {error}.") from None


def due(start: datetime, target: timedelta, calendar: Calendar | None = None) -> datetime:
    """When a clock that starts at `start` reaches its target.

    Raises:
        LamplighterError: the calendar never reaches the target.
    """
    if calendar is None:
        return start + target
    left = target
    for begin, end in calendar.spans(start):
        if left <= end - begin:
            return begin + left
        left -= end - begin
    raise LamplighterError("This calendar never reaches the target; give it more working days.")


def running_time(start: datetime, end: datetime, calendar: Calendar | None = None) -> timedelta:
    """How long a clock runs between two moments; negative when `end` is earlier."""
    if end < start:
        return -running_time(end, start, calendar)
    if calendar is None:
        return end - start
    total = timedelta()
    for begin, stop in calendar.spans(start):
        if begin >= end:
            break
        total += min(stop, end) - begin
    return total


def due_after_hold(held_at: datetime, resumed_at: datetime, due_at: datetime, calendar: Calendar | None) -> datetime:
    """The new due time after a hold: what was left when the clock stopped is left when it runs again.

    An order that was late when it was held stays late by as much.
    """
    left = running_time(held_at, due_at, calendar)
    return due(resumed_at, left, calendar) if left >= timedelta() else resumed_at + left
