"""The desk: how people (and the system) act on orders, one or many, each in one short transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from detectors.errors import LamplighterError
from workorders.actors import Actor
from workorders.clock import iso
from workorders.errors import Conflict, NotAllowed, NotFound
from workorders.orders.circuits import hand_over_findings
from workorders.orders.opening import refresh_condition
from workorders.orders.policy import policy_at
from workorders.orders.usual import require_picture
from workorders.schema import LogEntry, Person, Suppression, Team, Verdict, WorkOrder
from workorders.store import Store
from workorders.words import ENDED_STATES, OPEN_STATES, Action, DismissReason, Event, OrderState, VerdictKind

WATCH_AFTER_REPAIR = timedelta(hours=48)
"""How long the camera has to verify a repair: two nights, so that a light can be judged lit. Then a person must."""

_CHANGES = (*(action.value for action in Action), Event.PRIORITY_CHANGED.value)
"""Log entries that change an order's version."""


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants done to an order.

    Attributes:
        assignee, team: ids, for `assign`.
        reason: for `dismiss`.
        suppress_for: for `dismiss`: how long the same issue of the same subject shall raise nothing.
        while_alike: for `dismiss`: only while the place looks as in the order's picture, `suppress_for` at most.
        duplicate_of: number of the order that goes on, for `mark_duplicate`.
    """

    action: Action
    note: str = ""
    assignee: str | None = None
    team: str | None = None
    reason: DismissReason | None = None
    suppress_for: timedelta | None = None
    while_alike: bool = False
    duplicate_of: int | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What an order came to.

    Attributes:
        version: to be handed in with the next request on the same order.
    """

    order_id: int
    state: OrderState
    version: int


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """What came of one request on many orders: each is done whole or refused with its line."""

    done: tuple[Done, ...]
    refused: tuple[tuple[int, str], ...]


def perform(store: Store, actor: Actor, order_id: int, request: Request, expected_version: int | None = None) -> Done:
    """Do one thing to one order.

    Args:
        expected_version: version the person was looking at; None to act whatever happened since.

    Raises:
        NotFound: no such order, person, team or original.
        NotAllowed: the order's state or the person's role does not permit it, or something needed is missing.
        Conflict: somebody else was first; the text says who did what and when.
    """
    with store.write() as work:
        order = load_order(work.session, order_id)
        refuse_outdated(work.session, order, expected_version)
        _carry_out(work.session, order, actor, request, store.now())
        refresh_condition(work.session, order)
        work.commit()
        return Done(order.id, order.state, order.version)


def perform_many(store: Store, actor: Actor, order_ids: Iterable[int], request: Request) -> BulkOutcome:
    """Do one thing to many orders, each in its own transaction: one refused order does not hold up the others."""
    done: list[Done] = []
    refused: list[tuple[int, str]] = []
    for order_id in dict.fromkeys(order_ids):
        try:
            done.append(perform(store, actor, order_id, request))
        except LamplighterError as error:
            refused.append((order_id, str(error)))
    return BulkOutcome(tuple(done), tuple(refused))


def set_priority(
    store: Store, actor: Actor, order_id: int, priority: int, note: str = "", expected_version: int | None = None
) -> Done:
    """Change an order's priority; its clocks take the targets in force when it was opened.

    Raises:
        NotFound, NotAllowed, Conflict, LamplighterError: as in `perform`; no such priority.
    """
    with store.write() as work:
        order = load_order(work.session, order_id)
        refuse_outdated(work.session, order, expected_version)
        order.set_priority(actor, store.now(), policy_at(work.session, priority, order.opened_at), note)
        work.commit()
        return Done(order.id, order.state, order.version)


def load_order(session: Session, order_id: int) -> WorkOrder:
    """An order to be changed: other writers wait until this transaction ends.

    Raises:
        NotFound: no such order.
    """
    order = session.get(WorkOrder, order_id, with_for_update=True)
    if order is None:
        raise NotFound(f"There is no order {order_id}.")
    return order


def refuse_outdated(session: Session, order: WorkOrder, expected_version: int | None) -> None:
    """Raises:
    Conflict: the order changed since the version that was expected.
    """
    if expected_version is not None and order.version != expected_version:
        last = session.scalars(
            select(LogEntry)
            .where(LogEntry.order_id == order.id, LogEntry.action.in_(_CHANGES))
            .order_by(LogEntry.id.desc())
            .limit(1)
        ).first()
        raise Conflict(_who_was_first(order.id, last))


def _who_was_first(order_id: int, last: LogEntry | None) -> str:
    if last is None:
        return f"Order {order_id} was changed by somebody else; look at it again."
    what = last.action.replace("_", " ")
    return (
        f"{last.actor_name} was first: order {order_id} is {last.to_state.value.replace('_', ' ')} "
        f"({what}, {iso(last.at)}); look at it again."
    )


def _carry_out(session: Session, order: WorkOrder, actor: Actor, request: Request, at: datetime) -> None:
    note = request.note
    match request.action:
        case Action.ACKNOWLEDGE:
            order.acknowledge(actor, at, note)
        case Action.ASSIGN:
            _require_people(session, request)
            order.assign(actor, at, note, assignee=request.assignee, team=request.team)
        case Action.START:
            order.start(actor, at, note)
        case Action.HOLD:
            order.hold(actor, at, note)
        case Action.RESUME:
            order.resume(actor, at, note)
        case Action.RESOLVE:
            order.resolve(actor, at, note, watch=WATCH_AFTER_REPAIR)
            _say(session, order, actor, at, VerdictKind.CONFIRMED, None, note)
        case Action.VERIFY:
            order.verify(actor, at, note)
        case Action.CLOSE:
            order.close(actor, at, note)
        case Action.DISMISS:
            _dismiss(session, order, actor, request, at)
        case Action.MARK_DUPLICATE:
            _mark_duplicate(session, order, actor, request, at)
        case Action.MARK_NOT_OURS:
            order.mark_not_ours(actor, at, note)
        case Action.REOPEN:
            _refuse_second_open(session, order)
            order.reopen(actor, at, note)


def _dismiss(session: Session, order: WorkOrder, actor: Actor, request: Request, at: datetime) -> None:
    if request.reason is None:
        raise NotAllowed(f"Order {order.id} was not dismissed: give a reason.")
    order.dismiss(actor, at, request.note, reason=request.reason)
    _say(session, order, actor, at, VerdictKind.DISMISSED, request.reason, request.note)
    if request.suppress_for is not None:
        if request.suppress_for <= timedelta():
            raise NotAllowed("A suppression needs an end that lies ahead.")
        if request.while_alike:
            require_picture(session, order)
        session.add(
            Suppression(
                subject=order.subject,
                issue=order.issue,
                order_id=order.id,
                by_picture=request.while_alike,
                reason=request.reason,
                since=at,
                until=at + request.suppress_for,
                set_by=actor.id,
            )
        )


def _mark_duplicate(session: Session, order: WorkOrder, actor: Actor, request: Request, at: datetime) -> None:
    if request.duplicate_of is None:
        raise NotAllowed(f"Order {order.id} was not marked as a duplicate: say of which order.")
    original = load_order(session, request.duplicate_of)
    if original.state is OrderState.DUPLICATE:
        raise NotAllowed(f"Order {original.id} is itself a duplicate of order {original.parent_id}; name that one.")
    order.mark_duplicate(actor, at, request.note, of=original.id)
    hand_over_findings(session, order.id, original.id)


def _refuse_second_open(session: Session, order: WorkOrder) -> None:
    if order.state not in ENDED_STATES:
        return
    other = session.scalar(
        select(WorkOrder.id).where(
            WorkOrder.subject == order.subject, WorkOrder.issue == order.issue, WorkOrder.state.in_(OPEN_STATES)
        )
    )
    if other is not None:
        raise NotAllowed(f"Order {order.id} was not re-opened: order {other} is already open for the same thing.")


def _require_people(session: Session, request: Request) -> None:
    if request.assignee is not None and session.get(Person, request.assignee) is None:
        raise NotFound(f"There is no person '{request.assignee}' to assign to.")
    if request.team is not None and session.get(Team, request.team) is None:
        raise NotFound(f"There is no team '{request.team}' to assign to.")


def _say(
    session: Session,
    order: WorkOrder,
    actor: Actor,
    at: datetime,
    kind: VerdictKind,
    reason: DismissReason | None,
    note: str,
) -> None:
    session.add(Verdict(order_id=order.id, at=at, actor_id=actor.id, kind=kind, reason=reason, note=note.strip()))
