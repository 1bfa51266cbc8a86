"""Orders as the store tells them, made into lines of the order table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from dashboard.components.order_table import ClockFace, OrderLine
from dashboard.language import tr
from dashboard.pages import order_address
from dashboard.times import clock, epoch_ms
from dashboard.told import told_name
from dashboard.words import (
    PRIORITY_COLORS,
    STATE_COLORS,
    STATE_TITLES,
    issue_title,
    kind_title,
    priority_title,
    short,
)
from workorders.queries.orders import OrderRow
from workorders.words import WAITING_STATES, OrderState


def lines(rows: Sequence[OrderRow], zone: ZoneInfo) -> list[OrderLine]:
    """Rows for the table."""
    return [_line(row, zone) for row in rows]


def face(row: OrderRow) -> ClockFace | None:
    """The clock that runs out next; None for an order that ended without a repair."""
    opened, held = _ms(row.opened_at), epoch_ms(row.held_at)
    if row.state is OrderState.NEW:
        return ClockFace(opened, _ms(row.response_due), None, None, None, answer=True)
    if row.state in WAITING_STATES:
        return ClockFace(opened, _ms(row.resolution_due), held, None, None)
    if row.resolved_at is not None:
        return ClockFace(opened, _ms(row.resolution_due), None, row.resolved_at <= row.resolution_due, None)
    return None


def who(row: OrderRow) -> str:
    """Who has the order; "" for nobody."""
    return " · ".join(name for name in (row.assignee, row.team) if name)


def what(row: OrderRow) -> str:
    """The asset or place of an order in one line."""
    parts = [row.asset_label]
    if row.place and row.place != row.asset_label:
        parts.append(told_name(row.place))
    return " · ".join(parts)


def due_text(row: OrderRow, zone: ZoneInfo) -> str:
    """Both due times, for hovering."""
    return tr(
        "answer by {answer}, repair by {repair}",
        answer=clock(row.response_due, zone), repair=clock(row.resolution_due, zone),
    )  # fmt: skip


def _kind(row: OrderRow) -> str:
    """What goes before an order's asset or place: its kind, and a mark where no asset's name follows."""
    if row.is_circuit:
        return f"{tr('Several street lights')} · "
    if not row.asset_kind or row.asset_kind == "camera":
        return ""
    return f"{kind_title(row.asset_kind)} " if row.asset_id else f"{kind_title(row.asset_kind)} · "


def about(row: OrderRow) -> str:
    """The registered asset of an order with its kind."""
    if row.is_circuit:
        return tr("Several street lights")
    return f"{row.asset_id} ({kind_title(row.asset_kind).lower()})" if row.asset_id else tr("not registered")


def _line(row: OrderRow, zone: ZoneInfo) -> OrderLine:
    return OrderLine(
        id=row.id,
        href=order_address(row.id),
        priority=priority_title(row.priority),
        tone=PRIORITY_COLORS.get(row.priority, "gray"),
        issue=issue_title(row.issue),
        place=short(f"{_kind(row)}{what(row)}", 300),
        camera=short(told_name(row.camera_name or row.camera_id or "—"), 120),
        who=short(who(row), 120),
        state=STATE_TITLES[row.state] + (f" · {tr('seems fixed')}" if row.close_proposed else ""),
        stateTone=STATE_COLORS.get(row.state, "gray"),
        opened=_ms(row.opened_at),
        openedText=clock(row.opened_at, zone, seconds=True),
        dueText=due_text(row, zone),
        clock=face(row),
    )


def _ms(moment: datetime) -> float:
    return moment.timestamp() * 1000
