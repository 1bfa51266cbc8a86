"""Service levels over time: by week, by issue, by team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from workorders.clock import zone
from workorders.queries.clauses import moment
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


_IN_POLICY = func.coalesce(func.sum(case((WorkOrder.resolution_met.is_(True), 1))), 0)
_IN_TARGET = func.coalesce(func.sum(case((WorkOrder.resolution_took_s <= TARGET.total_seconds(), 1))), 0)


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


def by_issue(store: Store, since: datetime) -> tuple[AttainmentRow, ...]:
    """Attainment of each issue since a moment."""
    return _grouped(store, WorkOrder.issue.expression, since)


def by_priority(store: Store, since: datetime) -> tuple[AttainmentRow, ...]:
    """Attainment of each priority since a moment; names are "1" to "4"."""
    return _grouped(store, WorkOrder.priority.expression, since)


def by_team(store: Store, since: datetime) -> tuple[AttainmentRow, ...]:
    """Attainment of each team since a moment; "" for orders that no team had."""
    return _grouped(store, func.coalesce(Team.name, ""), since)


def _grouped(store: Store, column: ColumnElement[Any], since: datetime) -> tuple[AttainmentRow, ...]:
    chosen = (
        select(column, func.count(), _IN_POLICY, _IN_TARGET, func.avg(WorkOrder.resolution_took_s))
        .select_from(WorkOrder)
        .outerjoin(Team, Team.id == WorkOrder.team_id)
        .where(WorkOrder.resolved_at >= since)
        .group_by(column)
        .order_by(column)
    )
    with store.read() as session:
        return tuple(AttainmentRow(str(name), *figures) for name, *figures in session.execute(chosen))
