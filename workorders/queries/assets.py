"""Assets as pages show them: a paged table, and one asset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, func, or_, select, union
from sqlalchemy.orm import aliased

from workorders.errors import NotFound
from workorders.queries.clauses import waiting
from workorders.queries.orders import OrderRow, row_columns, to_row
from workorders.schema import Asset, AssetCheck, CameraRegion, FindingRow, WorkOrder
from workorders.store import Store
from workorders.words import Condition, Power


@dataclass(frozen=True, slots=True)
class AssetFilter:
    """Which assets. `text` words must all occur in id, name, place or external ref."""

    kind: str | None = None
    condition: Condition | None = None
    group: str | None = None
    camera: str | None = None
    faulty: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class AssetRow:
    """One asset; `worst_priority` and `waiting_orders` tell of the orders whose repair is owed."""

    id: str
    kind: str
    name: str
    place: str
    latitude: float | None
    longitude: float | None
    criticality: int
    external_ref: str | None
    group_ref: str | None
    condition: Condition
    power: Power
    last_checked_at: datetime | None
    waiting_orders: int
    worst_priority: int | None


@dataclass(frozen=True, slots=True)
class AssetsPage:
    rows: tuple[AssetRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class CheckRow:
    """What one camera last said of one issue of the asset, with counts of all its answers."""

    camera_id: str
    issue: str
    presence: str
    reason: str
    at: datetime
    present: int
    absent: int
    unknown: int


@dataclass(frozen=True, slots=True)
class AssetDetail:
    row: AssetRow
    attributes: Mapping[str, Any]
    cameras: tuple[str, ...]
    checks: tuple[CheckRow, ...]
    orders: tuple[OrderRow, ...]


def _owed() -> Subquery:
    """(asset_id, owed, worst): what is owed to every asset, by orders of its own and by those that took them in."""
    part = aliased(WorkOrder)
    order = WorkOrder.id.label("order_id"), WorkOrder.priority.label("priority")
    own = select(WorkOrder.asset_id.label("asset_id"), *order).where(waiting(), WorkOrder.asset_id.is_not(None))
    taken_in = select(part.asset_id, *order).join(part, part.parent_id == WorkOrder.id)
    joined = select(FindingRow.asset_id, *order).join(FindingRow, FindingRow.order_id == WorkOrder.id)
    every = union(
        own,
        taken_in.where(waiting(), part.asset_id.is_not(None)),
        joined.where(waiting(), FindingRow.asset_id.is_not(None)),
    ).subquery("every")
    counted = select(every.c.asset_id, func.count().label("owed"), func.min(every.c.priority).label("worst"))
    return counted.group_by(every.c.asset_id).subquery("owed")


_OWED = _owed()
# The fields of AssetRow in their order.
_COLUMNS: Select[*tuple[Any, ...]] = select(
    Asset.id,
    Asset.kind,
    Asset.name,
    Asset.place,
    Asset.latitude,
    Asset.longitude,
    Asset.criticality,
    Asset.external_ref,
    Asset.group_ref,
    Asset.condition,
    Asset.power,
    Asset.last_checked_at,
    func.coalesce(_OWED.c.owed, 0),
    _OWED.c.worst,
).outerjoin(_OWED, _OWED.c.asset_id == Asset.id)


def assets_page(store: Store, wanted: AssetFilter | None = None, limit: int = 50, offset: int = 0) -> AssetsPage:
    """A page of the register, by id."""
    condition = _conditions(wanted or AssetFilter())
    matching = select(Asset.id).outerjoin(_OWED, _OWED.c.asset_id == Asset.id).where(*condition)
    with store.read() as session:
        total = session.scalar(select(func.count()).select_from(matching.subquery())) or 0
        rows = session.execute(_COLUMNS.where(*condition).order_by(Asset.id).limit(limit).offset(offset))
        return AssetsPage(tuple(AssetRow(*r) for r in rows), total)


def asset_detail(store: Store, asset_id: str) -> AssetDetail:
    """One asset with its latest checks and orders.

    Raises:
        NotFound: no such asset.
    """
    with store.read() as session:
        found = session.execute(_COLUMNS.where(Asset.id == asset_id)).one_or_none()
        if found is None:
            raise NotFound(f"There is no asset '{asset_id}'.")
        seen_by = select(CameraRegion.camera_id).where(CameraRegion.asset_id == asset_id)
        checks = session.scalars(
            select(AssetCheck).where(AssetCheck.asset_id == asset_id).order_by(AssetCheck.issue, AssetCheck.camera_id)
        )
        # What took its order in, or what was found of it, as a circuit does, goes on for it.
        parents = select(WorkOrder.parent_id).where(WorkOrder.asset_id == asset_id)
        joined = select(FindingRow.order_id).where(FindingRow.asset_id == asset_id)
        own = (WorkOrder.asset_id == asset_id) | WorkOrder.id.in_(parents) | WorkOrder.id.in_(joined)
        orders = row_columns(store.now()).where(own).order_by(WorkOrder.id.desc()).limit(50)
        return AssetDetail(
            row=AssetRow(*found),
            attributes=session.scalars(select(Asset.attributes).where(Asset.id == asset_id)).one(),
            cameras=tuple(session.scalars(seen_by.order_by(CameraRegion.camera_id))),
            checks=tuple(
                CheckRow(c.camera_id, c.issue, c.presence, c.reason, c.at, c.present, c.absent, c.unknown)
                for c in checks
            ),
            orders=tuple(to_row(r) for r in session.execute(orders)),
        )


def _conditions(wanted: AssetFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Asset.retired_at.is_(None)]
    if wanted.kind is not None:
        found.append(Asset.kind == wanted.kind)
    if wanted.condition is not None:
        found.append(Asset.condition == wanted.condition)
    if wanted.group is not None:
        found.append(Asset.group_ref == wanted.group)
    if wanted.camera is not None:
        seen = select(CameraRegion.asset_id).where(CameraRegion.camera_id == wanted.camera)
        found.append(Asset.id.in_(seen))
    if wanted.faulty:
        found.append(_OWED.c.owed.is_not(None))
    for word in wanted.text.lower().split():
        texts = (Asset.id, Asset.name, Asset.place, Asset.external_ref)
        found.append(or_(*(func.lower(t).contains(word, autoescape=True) for t in texts)))
    return found
