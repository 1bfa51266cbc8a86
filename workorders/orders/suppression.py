"""Suppression: after a dismissal the same issue of the same subject may raise nothing for a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from workorders.actors import Actor
from workorders.errors import NotFound
from workorders.schema import Suppression
from workorders.store import Store


def in_force(session: Session, subject: str, issue: str, seen_at: datetime) -> Suppression | None:
    """The suppression that covers something seen at a moment, None when there is none."""
    return session.scalars(
        select(Suppression)
        .where(
            Suppression.subject == subject,
            Suppression.issue == issue,
            Suppression.until > seen_at,
            or_(Suppression.lifted_at.is_(None), Suppression.lifted_at > seen_at),
        )
        .order_by(Suppression.until.desc())
        .limit(1)
    ).first()


def lift(store: Store, actor: Actor, suppression_id: int) -> None:
    """End a suppression now. What was seen while it was in force stays unraised until it is seen again.

    Raises:
        NotAllowed: a viewer.
        NotFound: no such suppression.
    """
    actor.must_change_orders()
    with store.write() as work:
        found = work.session.get(Suppression, suppression_id)
        if found is None:
            raise NotFound(f"There is no suppression {suppression_id}.")
        if found.lifted_at is None:
            found.lifted_at, found.lifted_by = store.now(), actor.id
        work.commit()
