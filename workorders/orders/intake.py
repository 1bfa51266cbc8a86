"""Intake: a finding becomes an order, or evidence of one that is open, or nothing where it is suppressed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from detectors.values import Change, Finding, FindingChange
from workorders.actors import camera_actor
from workorders.evidence.writer import NewEvidence, has_evidence
from workorders.orders.circuits import ISSUE as CIRCUIT_ISSUE
from workorders.orders.circuits import covering_circuit, gather_circuit
from workorders.orders.opening import open_order, refresh_condition
from workorders.orders.rules import AT_ONCE, rules_in_force
from workorders.orders.subject import subject_of
from workorders.orders.suppression import in_force
from workorders.orders.usual import Usual, nothing_usual
from workorders.schema import Asset, Camera, FindingRow, Suppression, WorkOrder
from workorders.words import OPEN_STATES, WAITING_STATES, DismissReason, Event, FindingState, OrderState

SETTLE = timedelta(seconds=60)
"""After a repair is reported a camera may still see the issue for a moment: a lamp warms up, the crew walks off."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a finding came to.

    Attributes:
        order_id: the order it belongs to, None when it is suppressed or the site's rules hold it back.
        opened: whether it raised that order.
        needs_evidence: whether the order has no picture of this finding yet.
        nothing_wrong: whether people called it a false alarm.
    """

    finding_id: int
    order_id: int | None
    opened: bool
    suppressed: bool
    needs_evidence: bool
    nothing_wrong: bool


def wants_pictures(session: Session, change: FindingChange, usual: Usual = nothing_usual) -> bool:
    """Whether pictures should be written before the change is taken in, so that order and evidence appear at once."""
    if change.change is Change.CLEARED:
        return False
    row = _known(session, change.finding)
    if row is not None and row.order_id is not None:
        return not has_evidence(session, row.order_id, row.id)
    subject, asset = subject_of(session, change.finding)
    return _suppression(session, subject, asset, change.finding, usual) is None


def take_in(
    session: Session,
    camera: Camera,
    change: FindingChange,
    now: datetime,
    light: str | None = None,
    evidence: Sequence[NewEvidence] = (),
    usual: Usual = nothing_usual,
) -> Taken:
    """Take in one change of a finding within a transaction.

    The same change taken in twice, as after a worker was killed, changes nothing the second time.

    Args:
        usual: tells which suppression covers a place that looks as in the picture that it depends on.
    """
    finding = change.finding
    row = _known(session, finding)
    about = subject_of(session, finding) if row is None or row.order_id is None else None
    counted = 0 if row is None else row.observations
    if row is None:
        row = _new_row(session, finding, about[1] if about else None, light)
    _refresh(row, change)
    _leave_ended_order(session, row)
    opened = False
    if row.order_id is None and change.change is not Change.CLEARED:
        opened = _find_order(session, camera, row, finding, about or subject_of(session, finding), now, light, usual)
    elif row.order_id is not None:
        _continue_order(session, camera, row, change, now, row.observations - counted)
    needs = row.order_id is not None and (opened or not has_evidence(session, row.order_id, row.id))
    if needs and row.order_id is not None:
        session.add_all(e.row(row.order_id, row.id, camera.id) for e in evidence)
        needs = not evidence
    session.flush()
    if opened and row.order_id is not None and row.issue == CIRCUIT_ISSUE:
        gather_circuit(session, camera, row.order_id, now)
    return Taken(row.id, row.order_id, opened, row.suppression_id is not None, needs, _is_nothing(session, row))


def _is_nothing(session: Session, row: FindingRow) -> bool:
    order = session.get(WorkOrder, row.order_id) if row.order_id is not None else None
    quiet = session.get(Suppression, row.suppression_id) if row.suppression_id is not None else None
    said = (order.dismiss_reason if order else None, quiet.reason if quiet else None)
    return DismissReason.FALSE_ALARM in said


def end_stale(session: Session, camera_id: str, state: FindingState = FindingState.ENDED) -> None:
    """Findings that an earlier inspection of the camera left active are over: nobody looks at them any more."""
    session.execute(
        update(FindingRow)
        .where(FindingRow.camera_id == camera_id, FindingRow.state == FindingState.ACTIVE)
        .values(state=state)
    )


def _known(session: Session, finding: Finding) -> FindingRow | None:
    return session.scalars(
        select(FindingRow).where(
            FindingRow.camera_id == finding.camera,
            FindingRow.issue == finding.issue,
            FindingRow.key == finding.key,
            FindingRow.first_seen == finding.first_seen,
        )
    ).one_or_none()


def _new_row(session: Session, finding: Finding, asset: Asset | None, light: str | None) -> FindingRow:
    row = FindingRow(
        camera_id=finding.camera,
        asset_id=asset.id if asset else None,
        asset_kind=finding.asset_kind,
        key=finding.key,
        issue=finding.issue,
        state=FindingState.ACTIVE,
        first_seen=finding.first_seen,
        last_seen=finding.last_seen,
        cleared_at=None,
        score=finding.score,
        observations=finding.observations,
        box=finding.box.as_list(),
        light=light,
        order_id=None,
        suppression_id=None,
    )
    session.add(row)
    session.flush()
    return row


def _refresh(row: FindingRow, change: FindingChange) -> None:
    finding = change.finding
    if finding.last_seen >= row.last_seen:
        row.last_seen, row.score, row.observations = finding.last_seen, finding.score, finding.observations
        row.box = finding.box.as_list()
    cleared = change.change is Change.CLEARED
    row.state = FindingState.CLEARED if cleared else FindingState.ACTIVE
    row.cleared_at = finding.last_seen if cleared else None


def _leave_ended_order(session: Session, row: FindingRow) -> None:
    """A finding that goes on after its order was verified or closed needs another; a dismissal stands."""
    order = session.get(WorkOrder, row.order_id) if row.order_id is not None else None
    if order is None or order.state not in (OrderState.VERIFIED, OrderState.CLOSED):
        return
    ended = order.closed_at or order.verified_at
    if ended is not None and row.last_seen > ended + SETTLE:
        row.order_id = None


def _find_order(
    session: Session,
    camera: Camera,
    row: FindingRow,
    finding: Finding,
    about: tuple[str, Asset | None],
    now: datetime,
    light: str | None,
    usual: Usual,
) -> bool:
    """Give the finding its order; True when that is a new one."""
    subject, asset = about
    suppression = _suppression(session, subject, asset, finding, usual)
    if suppression is not None:
        if row.suppression_id is None:
            suppression.hits += 1
        row.suppression_id = suppression.id
        return False
    row.suppression_id = None
    order = _open_order_of(session, subject, finding.issue)
    if order is None and asset is not None:
        order = covering_circuit(session, asset, finding.issue, now)
    if order is None:
        rule = rules_in_force(session).get(finding.issue, AT_ONCE)
        if not rule.raises(finding.first_seen, finding.last_seen, finding.score):
            return False
        order = open_order(
            session, camera, asset, subject, finding.issue, now, first_seen=finding.first_seen,
            last_seen=finding.last_seen, score=finding.score, box=finding.box, light=light,
            sightings=finding.observations,
        )  # fmt: skip
        row.order_id = order.id
        return True
    row.order_id = order.id
    _seen_again(session, camera, order, finding, now)
    return False


def _suppression(
    session: Session, subject: str, asset: Asset | None, finding: Finding, usual: Usual
) -> Suppression | None:
    """The suppression of the finding's own subject, or of the circuit that its light hangs on."""
    own = in_force(session, subject, finding.issue, finding.last_seen)
    number = usual(subject, finding.issue, finding.box) if own is None else None
    if number is not None:
        own = session.get(Suppression, number)
    if own is not None or asset is None or not asset.group_ref:
        return own
    return in_force(session, f"group:{asset.group_ref}", finding.issue, finding.last_seen)


def _open_order_of(session: Session, subject: str, issue: str) -> WorkOrder | None:
    return session.scalars(
        select(WorkOrder)
        .where(WorkOrder.subject == subject, WorkOrder.issue == issue, WorkOrder.state.in_(OPEN_STATES))
        .with_for_update()
    ).one_or_none()


def _seen_again(session: Session, camera: Camera, order: WorkOrder, finding: Finding, now: datetime) -> None:
    actor = camera_actor(camera.id)
    if order.state is OrderState.RESOLVED and order.resolved_at is not None:
        if finding.first_seen > order.resolved_at + SETTLE:
            order.reopen(actor, now, "seen again after the repair")
            refresh_condition(session, order)
    else:
        order.record(Event.SEEN_AGAIN, actor, now)
    order.cleared_at = order.close_proposed_at = None
    session.flush()
    _add_sightings(session, order.id, finding, finding.observations)


def _continue_order(
    session: Session, camera: Camera, row: FindingRow, change: FindingChange, now: datetime, looks: int
) -> None:
    """Count the looks that saw the finding since the last time, or note that it is seen no more."""
    order = session.get(WorkOrder, row.order_id)
    if order is None or order.state not in WAITING_STATES:
        return
    if change.change is not Change.CLEARED:
        _add_sightings(session, order.id, change.finding, looks)
        return
    session.flush()
    others = session.scalar(
        select(FindingRow.id).where(FindingRow.order_id == order.id, FindingRow.state == FindingState.ACTIVE).limit(1)
    )
    if others is None and order.cleared_at is None:
        order.cleared_at = now
        order.record(Event.CLEARED, camera_actor(camera.id), now, "no longer seen by the camera")


def _add_sightings(session: Session, order_id: int, finding: Finding, count: int) -> None:
    """What cameras add does not change the order's version: an operator's page stays good."""
    session.execute(
        update(WorkOrder)
        .where(WorkOrder.id == order_id, WorkOrder.last_seen < finding.last_seen)
        .values(last_seen=finding.last_seen, sightings=WorkOrder.sightings + count)
        .execution_options(synchronize_session=False)
    )
