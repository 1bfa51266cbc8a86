"""Suppression: after a dismissal the same issue of the same subject may raise nothing for a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from detectors.issues import issue_type
from workorders.actors import Actor
from workorders.errors import NotAllowed, NotFound
from workorders.schema import Asset, Suppression
from workorders.store import Store
from workorders.words import DismissReason


def in_force(session: Session, subject: str, issue: str, seen_at: datetime) -> Suppression | None:
    """The suppression that covers something seen at a moment however it looks, None when there is none."""
    return session.scalars(
        select(Suppression)
        .where(
            Suppression.subject == subject,
            Suppression.issue == issue,
            Suppression.by_picture.is_(False),
            Suppression.until > seen_at,
            # What follows from an order covers earlier sightings too, as in recordings; a plan has a beginning.
            or_(Suppression.order_id.is_not(None), Suppression.since <= seen_at),
            or_(Suppression.lifted_at.is_(None), Suppression.lifted_at > seen_at),
        )
        .order_by(Suppression.until.desc())
        .limit(1)
    ).first()


def suppress(
    store: Store,
    actor: Actor,
    asset_id: str,
    issue: str,
    until: datetime,
    reason: DismissReason,
    since: datetime | None = None,
) -> int:
    """Let an issue of an asset raise nothing until an end, ahead of time: for works that are known to come.

    Args:
        since: when it begins; None for now.

    Raises:
        NotAllowed: a viewer, an end that does not lie ahead, or a beginning after it.
        NotFound: no such asset.
        LamplighterError: no such issue.
    """
    actor.must_change_orders()
    issue_type(issue)
    with store.write() as work:
        now = store.now()
        if until <= now:
            raise NotAllowed("A suppression needs an end that lies ahead.")
        if since is not None and since >= until:
            raise NotAllowed("A suppression must begin before it ends.")
        if work.session.get(Asset, asset_id) is None:
            raise NotFound(f"There is no asset '{asset_id}'.")
        row = Suppression(
            subject=f"asset:{asset_id}",
            issue=issue,
            reason=reason,
            since=since or now,
            until=until,
            set_by=actor.id,
            hits=0,
        )
        work.session.add(row)
        work.commit()
        return row.id


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
