"""Orders by the day, counted once: a day is counted again only when one of its orders has changed.

A report of a year is of a few hundred days that nobody touches any more. What a day came to is remembered together with
a mark: how many orders it has, which ones, and at which version of each. The database gives the marks of all days from
an index; an order that is re-opened, dismissed or settled late has a new version, so its day is counted anew.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import BigInteger, ColumnElement, Double, Engine, Select, case, cast, extract, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from workorders.clock import zone
from workorders.queries.overview import TARGET
from workorders.register.sites import current_site
from workorders.schema import WorkOrder
from workorders.words import DismissReason, OrderState

Counted = TypeVar("Counted")

MOST_DAYS = 800
"""Days that are remembered for each database and kind of count: two years, a few MB with a hundred orders a day."""
_TARGET_S = TARGET.total_seconds()
_FALSE_ALARMS = (DismissReason.FALSE_ALARM, DismissReason.WRONG_ASSET)
_DAY, _FIRST = timedelta(days=1), date(1970, 1, 1)
_DAY_S, _QUARTER_S = 86_400, 900
"""Zones differ from UTC by whole quarters of an hour, so a quarter lies within one hour of any wall clock."""


@dataclass(frozen=True, slots=True)
class OpenedDay:
    """Orders that were opened on one day of UTC, the latest first where they stand one by one.

    Attributes:
        places: place -> orders; places_of_cameras: camera, or None -> orders without a place of their own.
        hours, months: hour of the day, and first day of the month, on the site's wall clock -> orders.
        assets: the asset of each order that has one.
        responses_s, resolutions_s: seconds to the first answer and to the repair of each order, None without.
    """

    opened: int
    resolved: int
    dismissed: int
    false_alarms: int
    issues: Counter[str]
    places: Counter[str]
    places_of_cameras: Counter[str | None]
    hours: Counter[int]
    months: Counter[date]
    assets: tuple[str, ...]
    responses_s: tuple[float | None, ...]
    resolutions_s: tuple[float | None, ...]


ResolvedDay = Mapping[tuple[int, str, str | None], tuple[int, int, int, float, int]]
"""Orders that were resolved on one day of UTC: priority, issue and team -> how many, how many within their own target
and within 20 minutes, seconds of running clock, and of how many orders these are."""


@dataclass(slots=True)
class _Remembered:
    """What the days of one database came to, each with its mark."""

    opened: dict[str, tuple[object, Any]] = field(default_factory=dict)
    resolved: dict[str, tuple[object, Any]] = field(default_factory=dict)


_remembered: WeakKeyDictionary[Engine, _Remembered] = WeakKeyDictionary()


def opened_days(session: Session, since: datetime) -> list[OpenedDay]:
    """The days with orders opened since a moment, the latest first; of the first day what came after the moment."""
    answered = func.coalesce(
        WorkOrder.acknowledged_at, WorkOrder.assigned_at, WorkOrder.started_at, WorkOrder.resolved_at
    )
    rows = select(
        _epoch(session, WorkOrder.opened_at), WorkOrder.issue, WorkOrder.place, WorkOrder.camera_id,
        WorkOrder.asset_id, _yes(WorkOrder.resolved_at.is_not(None)), _yes(WorkOrder.state == OrderState.DISMISSED),
        _yes(WorkOrder.dismiss_reason.in_(_FALSE_ALARMS)), _seconds(session, WorkOrder.opened_at, answered),
        WorkOrder.resolution_took_s,
    )  # fmt: skip
    local = zone(current_site(session).time_zone)

    @functools.cache
    def on_the_wall(quarter: int) -> tuple[int, date]:
        at = datetime.fromtimestamp(quarter * _QUARTER_S, local)
        return at.hour, at.date().replace(day=1)

    known = _of(session).opened
    return _days(session, WorkOrder.opened_at, since, rows, lambda found: _opened(found, on_the_wall), known, local.key)


def resolved_days(session: Session, since: datetime) -> list[ResolvedDay]:
    """The days with orders resolved since a moment, the latest first; of the first day what came after the moment."""
    rows = select(
        _epoch(session, WorkOrder.resolved_at), WorkOrder.priority, WorkOrder.issue, WorkOrder.team_id,
        _yes(WorkOrder.resolution_met.is_(True)), WorkOrder.resolution_took_s,
    )  # fmt: skip
    return _days(session, WorkOrder.resolved_at, since, rows, _resolved, _of(session).resolved, "")


def _epoch(session: Session, column: InstrumentedAttribute[Any]) -> ColumnElement[int]:
    # Numbers: with times made of them, the first count of a year with 50,000 orders took 0.68 s and not 0.49.
    return cast(func.strftime("%s", column) if _sqlite(session) else func.floor(extract("epoch", column)), BigInteger)


def _seconds(session: Session, begins: InstrumentedAttribute[Any], ends: ColumnElement[Any]) -> ColumnElement[float]:
    if _sqlite(session):
        return func.round(86_400 * (func.julianday(ends) - func.julianday(begins)), 3)
    return cast(extract("epoch", ends - begins), Double)


def _yes(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _of(session: Session) -> _Remembered:
    return _remembered.setdefault(session.connection().engine, _Remembered())


def _days(
    session: Session, column: InstrumentedAttribute[Any], since: datetime, rows: Select[*tuple[Any, ...]],
    count: Callable[[Sequence[Any]], Counted], known: dict[str, tuple[object, Any]], zone_name: str,
) -> list[Counted]:  # fmt: skip
    """Every day's count, the latest first: as remembered where the day's mark is the same, else counted now."""
    first = since.astimezone(UTC)
    whole = first.date() if first.time() == time() else first.date() + _DAY
    # Marks before rows: what changes between the two is then counted under an old mark, and once more the next time.
    marks = _marks(session, column, _midnight(whole))
    kept = {day: known[day][1] for day in marks if known.get(day, (None,))[0] == (marks[day], zone_name)}
    newest = column.desc(), WorkOrder.id.desc()
    for begins, ends in _spans(marks.keys() - kept.keys()):
        inside = rows.where(column >= begins, column < ends).order_by(*newest)
        for number, found in groupby(session.execute(inside), key=lambda row: row[0] // _DAY_S):
            day = (_FIRST + number * _DAY).isoformat()
            if day in marks:
                kept[day] = count(list(found))
                known[day] = (marks[day], zone_name), kept[day]
    latest = [kept[day] for day in sorted(kept, reverse=True)]
    for day in sorted(known)[:-MOST_DAYS]:
        known.pop(day, None)
    if first == _midnight(whole):
        return latest
    part = session.execute(rows.where(column >= first, column < _midnight(whole)).order_by(*newest)).all()
    return [*latest, count(part)] if part else latest


def _marks(session: Session, column: InstrumentedAttribute[Any], since: datetime) -> dict[str, tuple[int, ...]]:
    """What tells whether a day's orders are still the same ones, unchanged, for each day as YYYY-MM-DD in UTC."""
    day = func.substr(column, 1, 10) if _sqlite(session) else func.to_char(func.timezone("UTC", column), "YYYY-MM-DD")
    marks = (
        select(day, func.count(), func.sum(WorkOrder.id), func.sum(WorkOrder.id * WorkOrder.version))
        .where(column >= since)
        .group_by(day)
    )
    return {name: (many, int(ids), int(versions)) for name, many, ids, versions in session.execute(marks)}


def _spans(days: Iterable[str]) -> list[tuple[datetime, datetime]]:
    """Days one after the other as spans from midnight to midnight in UTC, the latest first."""
    spans: list[tuple[datetime, datetime]] = []
    for day in sorted(days, reverse=True):
        begins = _midnight(date.fromisoformat(day))
        if spans and spans[-1][0] == begins + _DAY:
            spans[-1] = begins, spans[-1][1]
        else:
            spans.append((begins, begins + _DAY))
    return spans


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _opened(rows: Sequence[Any], on_the_wall: Callable[[int], tuple[int, date]]) -> OpenedDay:
    at, issues, places, cameras, assets, resolved, dismissed, false_alarms, responses, took = zip(*rows, strict=True)
    walls = [on_the_wall(second // _QUARTER_S) for second in at]
    return OpenedDay(
        opened=len(rows),
        resolved=sum(resolved),
        dismissed=sum(dismissed),
        false_alarms=sum(false_alarms),
        issues=Counter(issues),
        places=Counter(filter(None, places)),
        places_of_cameras=Counter(camera for camera, place in zip(cameras, places, strict=True) if not place),
        hours=Counter(hour for hour, _ in walls),
        months=Counter(month for _, month in walls),
        assets=tuple(filter(None, assets)),
        responses_s=tuple(None if seconds is None else max(0.0, seconds) for seconds in responses),
        resolutions_s=took,
    )


def _resolved(rows: Sequence[Any]) -> ResolvedDay:
    sums: dict[tuple[int, str, str | None], tuple[int, int, int, float, int]] = {}
    for _, priority, issue, team, met, took in rows:
        key, in_target = (priority, issue, team), took is not None and took <= _TARGET_S
        many, in_policy, in_time, seconds, timed = sums.get(key, (0, 0, 0, 0.0, 0))
        sums[key] = many + 1, in_policy + met, in_time + in_target, seconds + (took or 0.0), timed + (took is not None)
    return sums
