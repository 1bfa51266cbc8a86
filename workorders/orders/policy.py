"""Service levels as they are edited: a new row takes over, the old one stays for the orders born under it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from detectors.errors import LamplighterError
from workorders.actors import Actor
from workorders.orders.clocks import Calendar
from workorders.schema import SlaPolicy
from workorders.store import Store


def policy_at(session: Session, priority: int, at: datetime) -> SlaPolicy:
    """The policy of a priority in force at a moment; the earliest one for a moment before any.

    Raises:
        LamplighterError: the priority has no policy.
    """
    of_priority = select(SlaPolicy).where(SlaPolicy.priority == priority)
    found = session.scalars(
        of_priority.where(SlaPolicy.valid_from <= at, or_(SlaPolicy.valid_to.is_(None), SlaPolicy.valid_to > at))
        .order_by(SlaPolicy.valid_from.desc())
        .limit(1)
    ).first()
    found = found or session.scalars(of_priority.order_by(SlaPolicy.valid_from).limit(1)).first()
    if found is None:
        raise LamplighterError(f"There is no priority {priority}; use 1 to 4.")
    return found


def set_policy(
    store: Store,
    actor: Actor,
    priority: int,
    response: timedelta,
    resolution: timedelta,
    calendar: Calendar | None = None,
) -> int:
    """Put new targets in force from now on. Orders already open keep theirs.

    Returns:
        Id of the new policy.

    Raises:
        NotAllowed: the actor is no manager.
        LamplighterError: targets that are not positive or in the wrong order, or no such priority.
    """
    actor.must_manage()
    if not timedelta() < response <= resolution:
        raise LamplighterError("A response target must be more than zero and no longer than the resolution target.")
    with store.write() as work:
        now = store.now()
        current = policy_at(work.session, priority, now)
        current.valid_to = now
        follower = SlaPolicy(
            priority=priority,
            response_s=round(response.total_seconds()),
            resolution_s=round(resolution.total_seconds()),
            calendar=calendar.as_json() if calendar else None,
            valid_from=now,
            valid_to=None,
            set_by=actor.id,
        )
        work.session.add(follower)
        work.commit()
        return follower.id
