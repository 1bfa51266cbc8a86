"""One order with everything under it: clocks, log, evidence, comments, what may be done, and orders like it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from workorders.actors import Actor
from workorders.errors import NotFound
from workorders.evidence.files import inside
from workorders.orders.clocks import running_time
from workorders.orders.usual import has_picture
from workorders.queries.orders import OrderRow, row_columns, to_row
from workorders.schema import Attachment, Comment, Evidence, LogEntry, SlaPolicy, WorkOrder
from workorders.store import Store
from workorders.words import (
    WAITING_STATES,
    Action,
    DismissReason,
    EvidenceKind,
    Moment,
    OrderState,
)

_SIMILAR = 10


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of an order.

    Attributes:
        used: share of the target that is gone; over 1 when late.
        left: running time until it is due; negative when late.
        running: False when it has stopped for good or stands on hold.
        met: None while it has not stopped for good.
    """

    target: timedelta
    due: datetime
    left: timedelta
    used: float
    running: bool
    met: bool | None


@dataclass(frozen=True, slots=True)
class LogLine:
    at: datetime
    actor: str
    action: str
    from_state: OrderState | None
    to_state: OrderState
    note: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """A piece of evidence.

    Attributes:
        file: where it lies; None when it is gone, and `missing` says why.
    """

    id: int
    kind: EvidenceKind
    moment: Moment
    taken_at: datetime
    sha256: str
    size: int
    file: Path | None
    missing: str


@dataclass(frozen=True, slots=True)
class CommentItem:
    at: datetime
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class AttachmentItem:
    """A file somebody added; `file` is None when it is gone."""

    id: int
    at: datetime
    author: str
    name: str
    media_type: str
    size: int
    file: Path | None


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """One order and everything under it.

    Attributes:
        allowed: what this actor may do to it now.
        similar: other orders of the same subject or the same asset, newest first.
        children: orders that a circuit order took in, and duplicates of this one.
        comparable: whether a picture is kept that tells, compared with later ones, that nothing has changed.
        false_before: other orders of the same subject and issue that people dismissed as a false alarm.
    """

    row: OrderRow
    allowed: tuple[Action, ...]
    response: Clock
    resolution: Clock
    log: tuple[LogLine, ...]
    evidence: tuple[EvidenceItem, ...]
    comments: tuple[CommentItem, ...]
    attachments: tuple[AttachmentItem, ...]
    similar: tuple[OrderRow, ...]
    children: tuple[OrderRow, ...]
    parent_id: int | None
    dismiss_reason: DismissReason | None
    box: tuple[float, ...] | None
    light: str | None
    first_seen: datetime
    acknowledged_at: datetime | None
    assigned_at: datetime | None
    started_at: datetime | None
    verified_at: datetime | None
    closed_at: datetime | None
    cleared_at: datetime | None
    close_proposed_at: datetime | None
    watch_until: datetime | None
    clean_looks: int
    paused: timedelta
    policy_since: datetime
    has_calendar: bool
    comparable: bool
    false_before: int

    def file_of(self, kind: EvidenceKind, moment: Moment = Moment.BEFORE) -> Path | None:
        """The first file of a kind that is there."""
        return next((e.file for e in self.evidence if e.kind is kind and e.moment is moment and e.file), None)


class OrderPulse(NamedTuple):
    """What grows whenever something happens to an order that a reader should see."""

    version: int
    evidence: int
    comments: int
    attachments: int


def order_pulse(store: Store, order_id: int) -> OrderPulse:
    """The pulse of an order; cheap enough to ask for every two seconds.

    Raises:
        NotFound: no such order.
    """
    counts = [
        select(func.count()).select_from(table).where(table.order_id == order_id).scalar_subquery()
        for table in (Evidence, Comment, Attachment)
    ]
    with store.read() as session:
        found = session.execute(select(WorkOrder.version, *counts).where(WorkOrder.id == order_id)).one_or_none()
    if found is None:
        raise NotFound(f"There is no order {order_id}.")
    return OrderPulse(*found)


def order_detail(store: Store, order_id: int, actor: Actor) -> OrderDetail:
    """One order as an actor sees it.

    Raises:
        NotFound: no such order.
    """
    now = store.now()
    with store.read() as session:
        found = session.execute(row_columns(now).where(WorkOrder.id == order_id)).one_or_none()
        if found is None:
            raise NotFound(f"There is no order {order_id}.")
        order: WorkOrder = found[0]
        return OrderDetail(
            row=to_row(found),
            allowed=order.allowed_actions(actor),
            response=response_clock(order, order.policy, now),
            resolution=resolution_clock(order, order.policy, now),
            log=_log(session, order_id),
            evidence=_evidence(store, session, order_id),
            comments=tuple(
                CommentItem(c.at, c.actor_name, c.text)
                for c in session.scalars(select(Comment).where(Comment.order_id == order_id).order_by(Comment.id))
            ),
            attachments=_attachments(store, session, order_id),
            similar=_similar(session, order, now),
            children=_rows(session, now, WorkOrder.parent_id == order_id),
            parent_id=order.parent_id,
            dismiss_reason=order.dismiss_reason,
            box=tuple(order.box) if order.box else None,
            light=order.light,
            first_seen=order.first_seen,
            acknowledged_at=order.acknowledged_at,
            assigned_at=order.assigned_at,
            started_at=order.started_at,
            verified_at=order.verified_at,
            closed_at=order.closed_at,
            cleared_at=order.cleared_at,
            close_proposed_at=order.close_proposed_at,
            watch_until=order.watch_until,
            clean_looks=order.clean_looks,
            paused=timedelta(seconds=order.paused_s),
            policy_since=order.policy.valid_from,
            has_calendar=order.policy.calendar is not None,
            comparable=has_picture(session, order),
            false_before=_false_before(session, order),
        )


def response_clock(order: WorkOrder, policy: SlaPolicy, now: datetime) -> Clock:
    """The response clock at a moment: it stops when somebody acknowledges, or the order ends."""
    stopped = order.acknowledged_at or order.closed_at
    return _clock(policy, policy.response, order.response_due, stopped or now, stopped is None, order.response_met)


def resolution_clock(order: WorkOrder, policy: SlaPolicy, now: datetime) -> Clock:
    """The resolution clock at a moment: it stands on hold, and stops when the order is resolved or ends."""
    stands = order.resolved_at or order.closed_at or order.held_at
    running = order.state in WAITING_STATES and order.held_at is None
    return _clock(policy, policy.resolution, order.resolution_due, stands or now, running, order.resolution_met)


def _clock(
    policy: SlaPolicy, target: timedelta, due: datetime, reads: datetime, running: bool, met: bool | None
) -> Clock:
    left = running_time(reads, due, policy.hours)
    return Clock(target, due, left, 1 - left / target, running, met)


def _log(session: Session, order_id: int) -> tuple[LogLine, ...]:
    rows = session.scalars(select(LogEntry).where(LogEntry.order_id == order_id).order_by(LogEntry.id))
    return tuple(LogLine(e.at, e.actor_name, e.action, e.from_state, e.to_state, e.note, e.detail) for e in rows)


def _evidence(store: Store, session: Session, order_id: int) -> tuple[EvidenceItem, ...]:
    # What a circuit order took in is its proof too.
    taken_in = select(WorkOrder.id).where(WorkOrder.parent_id == order_id)
    rows = session.scalars(
        select(Evidence)
        .where(or_(Evidence.order_id == order_id, Evidence.order_id.in_(taken_in)))
        .order_by(Evidence.moment.desc(), Evidence.order_id != order_id, Evidence.id)
    )
    items = []
    for row in rows:
        file = None if row.removed_at else inside(store.evidence, row.path)
        why = "removed by retention" if row.removed_at else "" if file else "the file is missing from the disk"
        items.append(EvidenceItem(row.id, row.kind, row.moment, row.taken_at, row.sha256, row.size, file, why))
    return tuple(items)


def _attachments(store: Store, session: Session, order_id: int) -> tuple[AttachmentItem, ...]:
    rows = session.scalars(select(Attachment).where(Attachment.order_id == order_id).order_by(Attachment.id))
    return tuple(
        AttachmentItem(a.id, a.at, a.actor_name, a.name, a.media_type, a.size, inside(store.attachments, a.path))
        for a in rows
    )


def _similar(session: Session, order: WorkOrder, now: datetime) -> tuple[OrderRow, ...]:
    same = [WorkOrder.subject == order.subject]
    if order.asset_id:
        same.append(WorkOrder.asset_id == order.asset_id)
    return _rows(session, now, or_(*same) & (WorkOrder.id != order.id))


def _false_before(session: Session, order: WorkOrder) -> int:
    same = (WorkOrder.subject == order.subject) & (WorkOrder.issue == order.issue) & (WorkOrder.id != order.id)
    false = same & (WorkOrder.dismiss_reason == DismissReason.FALSE_ALARM)
    return session.scalar(select(func.count()).select_from(WorkOrder).where(false)) or 0


def _rows(session: Session, now: datetime, condition: Any) -> tuple[OrderRow, ...]:
    chosen = row_columns(now).where(condition).order_by(WorkOrder.id.desc()).limit(_SIMILAR)
    return tuple(to_row(r) for r in session.execute(chosen))
