"""Builds the demo site in an empty store, in bulk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Table, func, insert, select, text, update
from sqlalchemy.orm import Session

from workorders.clock import zone
from workorders.demo import ground
from workorders.demo.history import History, Share
from workorders.errors import StoreError
from workorders.register.sites import current_site
from workorders.schema import Asset, Base, SlaPolicy, WorkOrder
from workorders.store import Store
from workorders.words import Condition, OrderState

ZONE = "Asia/Shanghai"
_BATCH = 5_000
_STILL_OPEN = (
    OrderState.NEW, OrderState.NEW, OrderState.NEW, OrderState.ACKNOWLEDGED, OrderState.ACKNOWLEDGED,
    OrderState.ASSIGNED, OrderState.IN_PROGRESS, OrderState.IN_PROGRESS, OrderState.ON_HOLD,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """How large the demo site is.

    Attributes:
        monthly_share: share of the assets that get an order in a month: 200 of 6,800.
        orders: number of orders, if not by the monthly share.
        seed: the same seed, moment and plan give the same site.
    """

    assets: int = 6_800
    months: int = 24
    monthly_share: float = 200 / 6_800
    in_target: float = 0.985
    orders: int | None = None
    seed: int = 20_260_616

    @property
    def ended_orders(self) -> int:
        return self.orders if self.orders is not None else round(self.assets * self.monthly_share * self.months)


def build_demo_site(
    store: Store, plan: DemoPlan | None = None, progress: Callable[[float], object] = lambda share: None
) -> int:
    """Fill an empty store; returns the number of orders.

    Raises:
        StoreError: the store already has assets or orders.
    """
    plan = plan or DemoPlan()
    rng, now = Random(plan.seed), store.now()
    with store.write() as work:
        session = work.session
        _refuse_full(session)
        site = current_site(session)
        site.name, site.time_zone, site.is_demo = "Riverside demo district", ZONE, True
        along = ground.assets(plan.assets, site.id, now, rng)
        cameras, regions = ground.cameras(along, site.id, now, rng)
        for name, rows in (("asset", along), ("camera", cameras), ("camera_region", regions)):
            _insert(session, name, rows)
        policies = {p.priority: p.id for p in session.scalars(select(SlaPolicy))}
        seen_by = {r["asset_id"]: r["camera_id"] for r in regions}
        history = History(along, seen_by, policies, site.id, Share(plan.in_target), rng)
        _write_history(history, plan, now, rng)
        progress(0.3)
        for name, rows in (("work_order", history.orders), ("order_log", history.log)):
            _insert(session, name, rows)
            progress(0.7)
        _mark_faults(session)
        _set_counter(session)
        work.commit()
    progress(1.0)
    return len(history.orders)


def _refuse_full(session: Session) -> None:
    if session.scalar(select(func.count()).select_from(Asset)) or session.scalar(
        select(func.count()).select_from(WorkOrder)
    ):
        raise StoreError("The demo site needs an empty database; this one already has assets or orders.")


def _write_history(history: History, plan: DemoPlan, now: datetime, rng: Random) -> None:
    span = timedelta(days=30.4375 * plan.months)
    moments = sorted(now - span * rng.random() - timedelta(hours=3) for _ in range(plan.ended_orders))
    local = zone(ZONE)
    for number, (asset_id, at) in enumerate(zip(history.choose(len(moments)), moments, strict=True), start=1):
        # Most of a park's troubles come with its visitors: nights are quieter.
        if at.astimezone(local).hour < 6 and rng.random() < 0.6:
            at -= timedelta(hours=7)
        history.ended(number, asset_id, at)
    first = len(moments) + 1
    busy = list(dict.fromkeys(history.choose(len(_STILL_OPEN) * 4)))
    for n, (asset_id, state) in enumerate(zip(busy, _STILL_OPEN, strict=False)):
        history.still_open(first + n, asset_id, now - timedelta(minutes=3 + 2.1 * n), state)


def _insert(session: Session, table: str, rows: list[dict[str, Any]]) -> None:
    target: Table = Base.metadata.tables[table]
    for start in range(0, len(rows), _BATCH):
        session.execute(insert(target), rows[start : start + _BATCH])


def _mark_faults(session: Session) -> None:
    waiting = select(WorkOrder.asset_id).where(WorkOrder.closed_at.is_(None))
    session.execute(update(Asset).where(Asset.id.in_(waiting)).values(condition=Condition.FAULT))


def _set_counter(session: Session) -> None:
    """PostgreSQL numbers rows from a counter of its own, which rows that bring their number do not move."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT setval('work_order_id_seq', (SELECT max(id) FROM work_order))"))
