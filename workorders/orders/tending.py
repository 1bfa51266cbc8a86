"""What time does to orders: watches run out, findings that cleared propose closing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from workorders.actors import SYSTEM
from workorders.orders.verification import end_overdue_watches
from workorders.schema import WorkOrder
from workorders.store import Store
from workorders.words import WAITING_STATES, Event

PROPOSE_CLOSING_AFTER = timedelta(minutes=30)
"""A thing that has not been seen for this long is probably gone: somebody should look and dismiss it as temporary."""


@dataclass(frozen=True, slots=True)
class Tended:
    """How many orders a round changed."""

    watches_ended: int
    closings_proposed: int


def tend(store: Store) -> Tended:
    """One round; a worker makes one every minute. Rounds made twice change nothing more."""
    with store.write() as work:
        now = store.now()
        ended = end_overdue_watches(work.session, now)
        cleared = work.session.scalars(
            select(WorkOrder).where(
                WorkOrder.state.in_(WAITING_STATES),
                WorkOrder.cleared_at <= now - PROPOSE_CLOSING_AFTER,
                WorkOrder.close_proposed_at.is_(None),
            )
        ).all()
        for order in cleared:
            order.close_proposed_at = now
            order.record(Event.CLOSING_PROPOSED, SYSTEM, now, "not seen for a while: close it if it is gone")
        if ended or cleared:
            work.commit()
        return Tended(ended, len(cleared))
