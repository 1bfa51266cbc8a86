"""The first screen: what is broken, since when, who has it, is it late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from workorders.queries.clauses import late, soon_late, waiting
from workorders.queries.jobs import SILENCE
from workorders.register.hours import sleepers
from workorders.register.sites import current_site
from workorders.schema import Asset, Camera, CameraRegion, Worker, WorkOrder
from workorders.store import Store
from workorders.words import CameraHealth, OrderState

T = TypeVar("T")

TARGET = timedelta(minutes=20)
"""The deployment this echoes settles over 98 % of its orders within this time."""
LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Overview:
    """Figures of one moment.

    Attributes:
        waiting_by_priority: orders whose repair is owed, for each priority that has any.
        settled: orders resolved within the last 30 days; of these `settled_in_target` within 20 minutes of running
            clock, and `settled_in_policy` within their own target.
        opened_last_30_days: orders raised in that time.
        cameras: that are switched on; `cameras_by_health` counts those of them that do not sleep by their hours.
        assets_seen: assets in use that a camera which is switched on has a region for.
        worker_alive: whether any worker reported a moment ago.
    """

    at: datetime
    site_name: str
    time_zone: str
    is_demo: bool
    waiting_by_priority: Mapping[int, int]
    waiting_by_state: Mapping[OrderState, int]
    waiting_by_issue: Mapping[str, int]
    waiting: int
    unassigned: int
    late: int
    soon_late: int
    to_verify: int
    close_proposed: int
    oldest_waiting_at: datetime | None
    opened_last_30_days: int
    settled: int
    settled_in_target: int
    settled_in_policy: int
    assets: int
    assets_seen: int
    cameras: int
    cameras_by_health: Mapping[CameraHealth, int]
    cameras_asleep: int
    worker_alive: bool

    @property
    def attainment(self) -> float | None:
        """Share of the orders settled in 30 days that took at most 20 minutes; None when none was settled."""
        return self.settled_in_target / self.settled if self.settled else None

    @property
    def policy_attainment(self) -> float | None:
        """Share of the orders settled in 30 days that met their own target; None when none was settled."""
        return self.settled_in_policy / self.settled if self.settled else None


def overview(store: Store) -> Overview:
    """All figures of the first screen, read at one moment."""
    now = store.now()
    with store.read() as session:
        site = current_site(session)
        by_priority = _counts(session, WorkOrder.priority)
        settled, in_target, in_policy = _settled(session, now - LOOK_BACK)
        asleep = list(sleepers(session, now))
        health = session.execute(
            select(Camera.health, func.count())
            .where(Camera.enabled.is_(True), Camera.id.not_in(asleep))
            .group_by(Camera.health)
        )
        cameras_by_health = dict(health.all())
        open_figures = session.execute(
            select(
                func.count(),
                func.coalesce(func.sum(case((WorkOrder.assignee_id.is_(None) & WorkOrder.team_id.is_(None), 1))), 0),
                func.coalesce(func.sum(case((late(now), 1))), 0),
                func.coalesce(func.sum(case((soon_late(now), 1))), 0),
                func.coalesce(func.sum(case((WorkOrder.close_proposed_at.is_not(None), 1))), 0),
                func.min(WorkOrder.opened_at),
            ).where(waiting())
        ).one()
        return Overview(
            at=now,
            site_name=site.name,
            time_zone=site.time_zone,
            is_demo=site.is_demo,
            waiting_by_priority=by_priority,
            waiting_by_state=_counts(session, WorkOrder.state),
            waiting_by_issue=_counts(session, WorkOrder.issue),
            waiting=open_figures[0],
            unassigned=open_figures[1],
            late=open_figures[2],
            soon_late=open_figures[3],
            to_verify=_count(session, WorkOrder.state == OrderState.RESOLVED),
            close_proposed=open_figures[4],
            oldest_waiting_at=open_figures[5],
            opened_last_30_days=_count(session, WorkOrder.opened_at >= now - LOOK_BACK),
            settled=settled,
            settled_in_target=in_target,
            settled_in_policy=in_policy,
            assets=session.scalar(select(func.count()).select_from(Asset).where(Asset.retired_at.is_(None))) or 0,
            assets_seen=session.scalar(_seen()) or 0,
            cameras=sum(cameras_by_health.values()) + len(asleep),
            cameras_by_health=cameras_by_health,
            cameras_asleep=len(asleep),
            worker_alive=bool(
                session.scalar(
                    select(func.count())
                    .select_from(Worker)
                    .where(Worker.heartbeat_at > now - SILENCE, Worker.stopped_at.is_(None))
                )
            ),
        )


def _counts(session: Session, column: InstrumentedAttribute[T]) -> dict[T, int]:
    rows = session.execute(select(column, func.count()).where(waiting()).group_by(column).order_by(column))
    return dict(rows.all())


def _count(session: Session, condition: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(WorkOrder).where(condition)) or 0


def _seen() -> Select[int]:
    """Counts the assets in use that a camera which is switched on has a region for."""
    return (
        select(func.count(CameraRegion.asset_id.distinct()))
        .join(Asset, Asset.id == CameraRegion.asset_id)
        .join(Camera, Camera.id == CameraRegion.camera_id)
        .where(Asset.retired_at.is_(None), Camera.enabled.is_(True))
    )


def _settled(session: Session, since: datetime) -> tuple[int, int, int]:
    row = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(case((WorkOrder.resolution_took_s <= TARGET.total_seconds(), 1))), 0),
            func.coalesce(func.sum(case((WorkOrder.resolution_met.is_(True), 1))), 0),
        ).where(WorkOrder.resolved_at >= since)
    ).one()
    return row[0], row[1], row[2]
