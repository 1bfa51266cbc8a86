"""A camera's hours: when it is watched, on the site's wall clock or from sunset to sunrise; outside them it sleeps.

Days begin and end by the wall clock, so where the clock jumps a span is as long as it truly is. A time that the clock
shows twice, or skips, is taken so that the camera is rather watched too long than too short.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from detectors.errors import RegisterError
from detectors.light import sun_elevation
from workorders.clock import zone
from workorders.register.sites import current_site
from workorders.schema import Camera
from workorders.words import CameraDesire

_SUNSET_DEG = -0.833
"""Height of the sun's middle when its upper edge touches the horizon, refraction counted."""
_STEP, _EXACT = timedelta(minutes=20), timedelta(seconds=30)
_FAR = timedelta(days=1)
EVERY_DAY = frozenset(range(7))
"""Weekdays, 0 for Monday."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When a camera is watched.

    Attributes:
        begins, ends: wall times of the site; an end before the beginning lies on the next day. Both None: from sunset
            to sunrise where the camera stands. Both the same, on some days of the week only: the whole of these days.
        days: weekdays that it begins on; a night belongs to the day of its evening.
    """

    begins: time | None = None
    ends: time | None = None
    days: frozenset[int] = EVERY_DAY

    def __post_init__(self) -> None:
        if (self.begins is None) != (self.ends is None):
            raise RegisterError("Hours need both a beginning and an end.")
        if not self.days or not self.days <= EVERY_DAY:
            raise RegisterError("Hours need at least one day of the week.")
        if self.begins is not None and self.begins == self.ends and self.days == EVERY_DAY:
            raise RegisterError("Hours that end when they begin say nothing; choose day and night, or another end.")

    @property
    def by_sun(self) -> bool:
        return self.begins is None

    @property
    def whole_days(self) -> bool:
        return self.begins is not None and self.begins == self.ends

    def as_json(self) -> dict[str, Any]:
        kept: dict[str, Any] = {} if self.days == EVERY_DAY else {"days": sorted(self.days)}
        if self.begins is None or self.ends is None:
            return {"sun": True} | kept
        return {"begins": self.begins.isoformat("minutes"), "ends": self.ends.isoformat("minutes")} | kept

    @classmethod
    def of(cls, values: dict[str, Any] | None) -> Hours | None:
        """The hours of their JSON form; None for day and night."""
        if not values:
            return None
        days = frozenset(values.get("days", EVERY_DAY))
        if values.get("sun"):
            return cls(days=days)
        return cls(time.fromisoformat(values["begins"]), time.fromisoformat(values["ends"]), days)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A camera's hours where it stands.

    Attributes:
        hours: None for day and night.
        local: zone of the wall clock.
        latitude, longitude: degrees; without them the sun is not known, and the camera never sleeps by it.
    """

    hours: Hours | None
    local: ZoneInfo
    latitude: float | None = None
    longitude: float | None = None

    def awake(self, at: datetime) -> bool:
        """Whether a moment lies within the hours."""
        if self.hours is None:
            return True
        if self.hours.by_sun:
            return self._night(at)
        return any(begin <= at < end for begin, end in self._spans(at))

    def changes_at(self, at: datetime) -> datetime | None:
        """When it next falls asleep or wakes; None when it does neither before its next day's hours are over."""
        if self.hours is None:
            return None
        if self.hours.by_sun:
            return self._night_turns_at(self.hours.days, at)
        edges = (edge for span in self._spans(at) for edge in span)
        now = self.awake(at)
        return min((edge for edge in edges if edge > at and self.awake(edge) is not now), default=None)

    def _spans(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Spans in UTC that may hold a moment, and the next ones."""
        assert self.hours is not None
        begins, ends, days = self.hours.begins, self.hours.ends, self.hours.days
        assert begins is not None
        assert ends is not None
        today = at.astimezone(self.local).date()
        for shift in range(-1, 3 if days == EVERY_DAY else 10):
            day = today + timedelta(days=shift)
            if day.weekday() not in days:
                continue
            last = day if ends > begins else day + timedelta(days=1)
            yield min(self._both(day, begins)), max(self._both(last, ends))

    def _both(self, day: date, wall: time) -> tuple[datetime, datetime]:
        """The moments that a wall time of a day may mean, in UTC; the same one twice on nearly all days."""
        first = datetime.combine(day, wall, self.local)
        return first.astimezone(UTC), first.replace(fold=1).astimezone(UTC)

    def _night(self, at: datetime) -> bool:
        """Whether the sun is down, in a night whose evening lies on one of the days."""
        assert self.hours is not None
        evening = (at.astimezone(self.local) - timedelta(hours=12)).weekday()
        return evening in self.hours.days and self._dark(at)

    def _night_turns_at(self, days: frozenset[int], at: datetime) -> datetime | None:
        turn = _turn(self._night, at)
        noon = datetime.combine(at.astimezone(self.local).date(), time(12), self.local)
        noons = (noon + timedelta(days=n) for n in range(1, 8) if days != EVERY_DAY)
        for later in (noon for noon in noons if turn is None and noon.weekday() in days):
            turn = turn or _turn(self._night, later.astimezone(UTC))
        return turn

    def _dark(self, at: datetime) -> bool:
        if self.latitude is None or self.longitude is None:
            return True
        return sun_elevation(at, self.latitude, self.longitude) < _SUNSET_DEG


def schedule_of(camera: Camera, local: ZoneInfo) -> Schedule:
    """A camera's schedule on the wall clock of its site."""
    return Schedule(Hours.of(camera.hours), local, camera.latitude, camera.longitude)


def sleepers(session: Session, now: datetime) -> dict[str, Schedule]:
    """The cameras that shall be watched and sleep at a moment, with their schedules."""
    having = select(Camera).where(
        Camera.hours.is_not(None), Camera.desired == CameraDesire.WATCHED, Camera.enabled.is_(True)
    )
    cameras = session.scalars(having).all()
    if not cameras:
        return {}
    local = zone(current_site(session).time_zone)
    found = {camera.id: schedule_of(camera, local) for camera in cameras}
    return {name: schedule for name, schedule in found.items() if not schedule.awake(now)}


def _turn(holds: Callable[[datetime], bool], at: datetime) -> datetime | None:
    """When something next becomes true or false, to half a minute; None when not within a day."""
    now, low = holds(at), at
    while low < at + _FAR:
        high = low + _STEP
        if holds(high) is not now:
            while high - low > _EXACT:
                middle = low + (high - low) / 2
                low, high = (middle, high) if holds(middle) is now else (low, middle)
            return high
        low = high
    return None
