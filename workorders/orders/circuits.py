"""Circuit faults: three or more neighbouring lights out at one time are one order, which takes in the single ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from workorders.actors import SYSTEM
from workorders.orders.opening import open_order
from workorders.schema import Asset, Camera, FindingRow, WorkOrder
from workorders.words import OPEN_STATES, WAITING_STATES, Event

ISSUE = "light_out"
FEWEST = 3
WINDOW = timedelta(minutes=30)
"""Lights of one circuit go out together; cameras come round to them within minutes of each other."""
NEIGHBOURS_M = 60.0
"""Columns along a path or street stand 20 to 50 m apart; the next circuit begins further off."""
CIRCUIT_PRIORITY = 1
_EARTH_M = 6_371_000.0


def gather_circuit(session: Session, camera: Camera, order_id: int, now: datetime) -> WorkOrder | None:
    """Make one circuit order of a new single order and its neighbours' when together they are enough; else None."""
    order = session.get(WorkOrder, order_id)
    if order is None or order.issue != ISSUE or order.asset_id is None:
        return None
    single = select(WorkOrder, Asset).join(Asset, Asset.id == WorkOrder.asset_id)
    # What counts is that they are out together: one may have failed first and be dark still.
    since, until = order.first_seen - WINDOW, order.first_seen + WINDOW
    owed = session.execute(
        single.where(
            WorkOrder.issue == ISSUE,
            WorkOrder.state.in_(WAITING_STATES),
            WorkOrder.first_seen <= until,
            WorkOrder.last_seen >= since,
        ).order_by(WorkOrder.id)
    ).all()
    asset = next(a for o, a in owed if o.id == order_id)
    members = _connected(asset, [a for _, a in owed])
    if len(members) < FEWEST:
        return None
    ids = {m.id for m in members}
    singles = [o for o, a in owed if a.id in ids]
    subject = f"group:{asset.group_ref}" if asset.group_ref else f"group:near:{min(ids)}"
    circuit = open_order(
        session, camera, None, subject, ISSUE, now, priority=CIRCUIT_PRIORITY,
        first_seen=min(o.first_seen for o in singles), last_seen=max(o.last_seen for o in singles),
        score=max(o.score for o in singles), light=order.light, sightings=sum(o.sightings for o in singles),
        note=f"{len(members)} neighbouring lights out at one time: likely a circuit fault",
    )  # fmt: skip
    circuit.asset_kind, circuit.box = "street_light", None
    circuit.latitude, circuit.longitude, circuit.place = order.latitude, order.longitude, order.place
    circuit.search_text += " circuit " + " ".join(sorted(ids)).lower()
    for one in singles:
        _take_in(session, circuit, one, now)
    session.flush()
    return circuit


def covering_circuit(session: Session, asset: Asset, issue: str, now: datetime) -> WorkOrder | None:
    """The open circuit order that a further light out belongs to."""
    if issue != ISSUE:
        return None
    circuits = session.scalars(
        select(WorkOrder).where(
            WorkOrder.issue == ISSUE, WorkOrder.subject.startswith("group:"), WorkOrder.state.in_(OPEN_STATES)
        )
    )
    for circuit in circuits:
        members = member_assets(session, circuit.id)
        if any(are_neighbours(asset, m) for m in members):
            circuit.record(Event.TAKEN_IN, SYSTEM, now, f"{asset.id} is out as well", {"asset": asset.id})
            return circuit
    return None


def member_assets(session: Session, circuit_id: int) -> Sequence[Asset]:
    """The lights that a circuit order is about."""
    taken_in = select(WorkOrder.asset_id).where(WorkOrder.parent_id == circuit_id)
    joined = select(FindingRow.asset_id).where(FindingRow.order_id == circuit_id)
    return session.scalars(select(Asset).where(Asset.id.in_(taken_in) | Asset.id.in_(joined))).all()


def are_neighbours(one: Asset, other: Asset) -> bool:
    """Whether two lights hang on one circuit: by their group where both have one, else by distance."""
    if one.group_ref and other.group_ref:
        return one.group_ref == other.group_ref
    metres = distance_m(one, other)
    return metres is not None and metres <= NEIGHBOURS_M


def distance_m(one: Asset, other: Asset) -> float | None:
    """Distance over ground in metres; None where a place is unknown."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    a, b = radians(one.latitude), radians(other.latitude)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * _EARTH_M * asin(min(1.0, sqrt(half)))


def _connected(start: Asset, candidates: Sequence[Asset]) -> list[Asset]:
    """The assets reached from one by stepping from neighbour to neighbour, as along a line of lights."""
    reached, frontier = {start.id: start}, [start]
    while frontier:
        here = frontier.pop()
        for other in candidates:
            if other.id not in reached and are_neighbours(here, other):
                reached[other.id] = other
                frontier.append(other)
    return list(reached.values())


def _take_in(session: Session, circuit: WorkOrder, single: WorkOrder, now: datetime) -> None:
    circuit.record(Event.TAKEN_IN, SYSTEM, now, f"took in order {single.id}", {"order": single.id})
    single.mark_duplicate(SYSTEM, now, f"part of the circuit fault in order {circuit.id}", of=circuit.id)
    hand_over_findings(session, single.id, circuit.id)


def hand_over_findings(session: Session, duplicate_id: int, original_id: int) -> None:
    """What cameras go on seeing of a duplicate belongs to the order that goes on."""
    session.execute(update(FindingRow).where(FindingRow.order_id == duplicate_id).values(order_id=original_id))
