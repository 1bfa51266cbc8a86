"""Opening an order: everything it is born with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from detectors.geometry import Box
from detectors.issues import CAMERA_KIND, issue_type
from workorders.actors import SYSTEM, Actor
from workorders.orders.policy import policy_at
from workorders.register.sites import current_site
from workorders.schema import Asset, Camera, FindingRow, WorkOrder
from workorders.words import OPEN_STATES, Condition, Event, OrderState


def open_order(
    session: Session,
    camera: Camera | None,
    asset: Asset | None,
    subject: str,
    issue: str,
    now: datetime,
    *,
    first_seen: datetime | None = None,
    last_seen: datetime | None = None,
    score: float = 1.0,
    box: Box | None = None,
    light: str | None = None,
    sightings: int = 1,
    priority: int | None = None,
    actor: Actor = SYSTEM,
    note: str = "",
) -> WorkOrder:
    """Add a new order and start its clocks. The caller has made sure that none is open for its subject and issue.

    Args:
        camera: None for an order that a person raises for an asset.
        sightings: looks that saw the issue so far.
        priority: default: the issue's, one step more urgent for an asset of criticality 1.
    """
    kind = issue_type(issue)
    rank = priority or kind.priority
    if priority is None and asset is not None and asset.criticality == 1:
        rank = max(1, rank - 1)
    spot = camera if asset is None or asset.latitude is None else asset
    place = (asset.place if asset else "") or (camera.name if camera else "")
    order = WorkOrder(
        version=1,
        site_id=camera.site_id if camera else current_site(session).id,
        issue=issue,
        priority=rank,
        state=OrderState.NEW,
        subject=subject,
        camera_id=camera.id if camera else None,
        asset_id=asset.id if asset else None,
        asset_kind=asset.kind if asset else CAMERA_KIND if subject.startswith("camera:") else None,
        place=place,
        latitude=spot.latitude if spot else None,
        longitude=spot.longitude if spot else None,
        box=box.as_list() if box else None,
        light=light,
        score=score,
        sightings=sightings,
        first_seen=first_seen or now,
        last_seen=last_seen or now,
        policy=policy_at(session, rank, now),
        opened_at=now,
        reopened=0,
        clean_looks=0,
        seen_after_repair=0,
        search_text=_search_text(kind.title, issue, subject, asset, camera, place),
    )
    order.start_clocks(now)
    session.add(order)
    session.flush()
    order.record(Event.OPENED, actor, now, note)
    if asset is not None:
        asset.condition = Condition.FAULT
    session.flush()
    return order


def refresh_condition(session: Session, order: WorkOrder) -> None:
    """Bring the condition of what an order is about in line with the orders still open for it, circuits' too."""
    session.flush()
    taken_in = select(WorkOrder.asset_id).where(WorkOrder.parent_id == order.id)
    joined = select(FindingRow.asset_id).where(FindingRow.order_id == order.id)
    about = Asset.id.in_(taken_in) | Asset.id.in_(joined) | (Asset.id == order.asset_id)
    for asset in session.scalars(select(Asset).where(about)).all():
        parents = select(WorkOrder.parent_id).where(WorkOrder.asset_id == asset.id)
        joins = select(FindingRow.order_id).where(FindingRow.asset_id == asset.id)
        own = (WorkOrder.asset_id == asset.id) | WorkOrder.id.in_(parents) | WorkOrder.id.in_(joins)
        still_open = session.scalar(select(WorkOrder.id).where(own, WorkOrder.state.in_(OPEN_STATES)).limit(1))
        asset.condition = Condition.OK if still_open is None else Condition.FAULT


def _search_text(title: str, issue: str, subject: str, asset: Asset | None, camera: Camera | None, place: str) -> str:
    words = [title, issue, subject.split(":", 1)[-1], place]
    if camera is not None:
        words += [camera.id, camera.name]
    if asset is not None:
        words += [asset.id, asset.name, asset.external_ref or "", asset.group_ref or ""]
    return " ".join(dict.fromkeys(w for w in words if w)).lower()
