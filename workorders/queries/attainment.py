"""Service levels over time: by week, by issue, by team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, Subquery, and_, func, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from workorders.clock import zone
from workorders.queries.clauses import moment
from workorders.queries.days import resolved_days
from workorders.queries.overview import TARGET
from workorders.register.sites import current_site
from workorders.schema import Team, WorkOrder
from workorders.store import Store


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One week of the site's zone, by its Monday. Counts are of orders opened in it, and of orders resolved in it."""

    monday: date
    opened: int
    resolved: int
    in_policy: int
    in_target: int


@dataclass(frozen=True, slots=True)
class AttainmentRow:
    """Orders resolved since a moment, for one issue, team or priority.

    Attributes:
        in_policy: within their own target; in_target: within 20 minutes of running clock.
        mean_s: mean running time to resolution, seconds; None when none was resolved.
    """

    name: str
    resolved: int
    in_policy: int
    in_target: int
    mean_s: float | None


def by_week(store: Store, weeks: int = 26) -> tuple[WeekRow, ...]:
    """The latest weeks, oldest first, each from Monday midnight to Monday midnight on the site's wall clock."""
    with store.read() as session:
        local = zone(current_site(session).time_zone)
        today = store.now().astimezone(local).date()
        last = today - timedelta(days=today.weekday())
        mondays = [last - timedelta(weeks=n) for n in range(weeks - 1, -1, -1)]

        def midnight(day: date) -> datetime:
            return datetime.combine(day, time(), local).astimezone(UTC)

        spans = union_all(
            *(
                select(moment(midnight(day)).label("begins"), moment(midnight(day + timedelta(weeks=1))).label("ends"))
                for day in mondays
            )
        ).subquery("weeks")
        # A count for each week by itself goes through an index; one join of weeks and orders is planned far worse.
        opened = _within(WorkOrder.opened_at, spans)
        resolved = _within(WorkOrder.resolved_at, spans)
        counts = session.execute(
            select(
                spans.c.begins,
                opened.scalar_subquery(),
                resolved.scalar_subquery(),
                resolved.where(WorkOrder.resolution_met.is_(True)).scalar_subquery(),
                resolved.where(WorkOrder.resolution_took_s <= TARGET.total_seconds()).scalar_subquery(),
            ).order_by(spans.c.begins)
        ).all()
    return tuple(WeekRow(day, *row[1:]) for day, row in zip(mondays, counts, strict=True))


def _within(column: InstrumentedAttribute[Any], spans: Subquery) -> Select[int]:
    """How many orders have a moment within a span."""
    inside = and_(column >= spans.c.begins, column < spans.c.ends)
    return select(func.count()).select_from(WorkOrder).where(inside).correlate(spans)


def levels(store: Store, since: datetime) -> tuple[tuple[AttainmentRow, ...], ...]:
    """Attainment since a moment of each priority ("1" to "4"), of each issue, and of each team ("" for none)."""
    with store.read() as session:
        days = resolved_days(session, since)
        teams: dict[str | None, str] = dict(session.execute(select(Team.id, Team.name)).all())
    sums: dict[tuple[int, str, str | None], Sequence[float]] = {}
    for day in days:
        for key, figures in day.items():
            sums[key] = _plus(sums[key], figures) if key in sums else figures
    named = [((str(key[0]), key[1], teams.get(key[2], "")), figures) for key, figures in sums.items()]
    return tuple(_by_name([(names[n], figures) for names, figures in named]) for n in range(3))


def _plus(one: Sequence[float], other: Sequence[float]) -> Sequence[float]:
    return [a + b for a, b in zip(one, other, strict=True)]


def _by_name(rows: Sequence[tuple[str, Sequence[float]]]) -> tuple[AttainmentRow, ...]:
    sums: dict[str, Sequence[float]] = {}
    for name, figures in rows:
        sums[name] = _plus(sums[name], figures) if name in sums else figures
    return tuple(
        AttainmentRow(name, int(resolved), int(in_policy), int(in_target), seconds / timed if timed else None)
        for name, (resolved, in_policy, in_target, seconds, timed) in sorted(sums.items())
    )
