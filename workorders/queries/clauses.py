"""What "late" means, as SQL conditions that every query shares."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, literal, or_

from workorders.schema import WorkOrder
from workorders.schema.base import UtcDateTime
from workorders.words import WAITING_STATES, OrderState

SOON = timedelta(minutes=10)
"""An order is about to be late when less than this is left: half of what a P1 order has."""


def moment(at: datetime) -> ColumnElement[datetime]:
    """A moment as a value in SQL."""
    return literal(at, UtcDateTime())


def waiting() -> ColumnElement[bool]:
    """The repair is still owed."""
    return WorkOrder.state.in_(WAITING_STATES)


def response_late(now: datetime) -> ColumnElement[bool]:
    return and_(WorkOrder.state == OrderState.NEW, WorkOrder.response_due < now)


def resolution_late(now: datetime) -> ColumnElement[bool]:
    """Past its due time; on hold the clock stands at the moment of the hold."""
    return and_(waiting(), WorkOrder.resolution_due < func.coalesce(WorkOrder.held_at, moment(now)))


def late(now: datetime) -> ColumnElement[bool]:
    """Either clock has run out."""
    return or_(response_late(now), resolution_late(now))


def soon_late(now: datetime, within: timedelta = SOON) -> ColumnElement[bool]:
    """Not late yet, but a running clock runs out within a time."""
    return and_(
        ~late(now),
        or_(
            and_(WorkOrder.state == OrderState.NEW, WorkOrder.response_due < now + within),
            and_(waiting(), WorkOrder.held_at.is_(None), WorkOrder.resolution_due < now + within),
        ),
    )


def next_due() -> ColumnElement[datetime]:
    """The due time that runs out next: response while new, else resolution."""
    return case((WorkOrder.state == OrderState.NEW, WorkOrder.response_due), else_=WorkOrder.resolution_due)
