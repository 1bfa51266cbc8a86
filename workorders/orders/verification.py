"""Verified by the camera: after a repair, clean looks verify it and sightings re-open the order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from detectors.detector import MOVERS
from detectors.geometry import Box
from detectors.values import Look, Presence
from workorders.actors import camera_actor
from workorders.orders.circuits import member_assets
from workorders.orders.intake import SETTLE
from workorders.orders.opening import refresh_condition
from workorders.schema import WorkOrder
from workorders.words import Event, OrderState

CLEAN_LOOKS = 5
"""Clean looks in a row that verify a repair. One look can be wrong; five in a row, apart in time, hardly."""
SEEN_LOOKS = 3
"""Sightings that re-open: as many as confirm a finding in the first place."""
APART = timedelta(seconds=4)
"""Looks nearer to each other than this show the same moment and count once: who walks past has left by the next."""
_HIDDEN_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Watched:
    """A repaired order as a camera watches it. `assets` has every light of a circuit order."""

    order_id: int
    issue: str
    assets: frozenset[str]
    whole_camera: bool
    box: Box | None
    light: str | None
    repaired_at: datetime
    clean_looks: int


@dataclass(slots=True)
class Answers:
    """What looks since the last flush said of one watched order, thinned, and the latest clean look."""

    given: list[tuple[datetime, bool]] = field(default_factory=list)
    clean_look: Look | None = None

    def add(self, look: Look, clean: bool) -> None:
        if self.given and self.given[-1][1] is clean and look.frame.at - self.given[-1][0] < APART:
            return
        self.given.append((look.frame.at, clean))
        self.clean_look = look if clean else self.clean_look


def watched_orders(session: Session, camera_id: str) -> list[Watched]:
    """The repaired orders that a camera still has to judge."""
    rows = session.scalars(
        select(WorkOrder).where(
            WorkOrder.camera_id == camera_id,
            WorkOrder.state == OrderState.RESOLVED,
            WorkOrder.watch_until.is_not(None),
        )
    )
    found = []
    for order in rows:
        assets = [order.asset_id] if order.asset_id else []
        if order.subject.startswith("group:"):
            assets = [a.id for a in member_assets(session, order.id)]
        found.append(
            Watched(
                order.id,
                order.issue,
                frozenset(assets),
                order.subject.startswith("camera:"),
                Box.of(order.box) if order.box else None,
                order.light,
                order.resolved_at or order.opened_at,
                order.clean_looks,
            )
        )
    return found


def judge(watched: Watched, look: Look) -> bool | None:
    """What one look says of a repair: True clean, False the issue is there, None no view.

    An inspector's own answer about the asset counts first. Where it gives none, as for things that only show by being
    found, an unhidden place in the light it was found in counts as clean. A camera fault gives no view of anything
    but the camera itself, a look without the detector none of what only it finds. What is still seen just after the
    repair is reported counts for nothing.
    """
    if look.frame.at <= watched.repaired_at:
        return None
    if look.suspended and not watched.whole_camera:
        return None
    answers = [
        o.presence for o in look.observations if o.issue == watched.issue and _concerns(watched, o.asset_id, o.box)
    ]
    if Presence.PRESENT in answers:
        return False if look.frame.at > watched.repaired_at + SETTLE else None
    if Presence.UNKNOWN in answers:
        return None
    if answers:
        return True
    by_light = watched.issue.startswith("light_") or watched.whole_camera
    if by_light or watched.box is None or look.light.value != watched.light or not look.asked:
        return None
    hidden = (b for _, _, b in look.detections.named(*MOVERS))
    area = max(watched.box.area, 1e-9)
    return None if any(b.intersection(watched.box) > _HIDDEN_SHARE * area for b in hidden) else True


def count(
    session: Session, order_id: int, answers: Iterable[tuple[datetime, bool]], camera_id: str, now: datetime
) -> bool:
    """Count answers towards an order within a transaction; True when the repair is verified by them.

    The caller adds the pictures of the clean look before it commits.
    """
    order = session.get(WorkOrder, order_id)
    if order is None or order.state is not OrderState.RESOLVED or order.watch_until is None:
        return False
    actor = camera_actor(camera_id)
    for at, clean in answers:
        if order.last_look_at is not None and at - order.last_look_at < APART and clean:
            continue
        order.last_look_at = at
        order.clean_looks = order.clean_looks + 1 if clean else 0
        order.seen_after_repair = 0 if clean else order.seen_after_repair + 1
        if order.seen_after_repair >= SEEN_LOOKS:
            order.reopen(actor, now, f"seen again in {SEEN_LOOKS} looks after the repair")
            refresh_condition(session, order)
            return False
        if order.clean_looks >= CLEAN_LOOKS:
            order.verify(actor, now, f"clean in {CLEAN_LOOKS} looks after the repair")
            refresh_condition(session, order)
            return True
    return False


def end_overdue_watches(session: Session, now: datetime) -> int:
    """Leave repairs that no camera had a view of to a person; returns how many."""
    overdue = session.scalars(
        select(WorkOrder).where(WorkOrder.state == OrderState.RESOLVED, WorkOrder.watch_until < now)
    ).all()
    for order in overdue:
        order.watch_until = None
        order.record(
            Event.WATCH_ENDED, camera_actor(order.camera_id or "none"), now, "no view in time: a person must verify"
        )
    return len(overdue)


def _concerns(watched: Watched, asset_id: str | None, box: Box | None) -> bool:
    if watched.whole_camera:
        return True
    if watched.assets:
        return asset_id in watched.assets
    return watched.box is not None and box is not None and box.intersection(watched.box) > 0
