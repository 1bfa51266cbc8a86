"""The table of orders: filtered, sorted and paged by the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, asc, case, desc, func, or_, select

from workorders.queries.clauses import late, next_due, resolution_late, response_late, soon_late, waiting
from workorders.schema import Asset, Camera, Comment, Person, Team, WorkOrder
from workorders.store import Store
from workorders.words import OPEN_STATES, OrderState

MOST_ROWS = 2_000


class Lateness(StrEnum):
    """Which orders by their clocks."""

    LATE = "late"
    SOON = "soon"
    IN_TIME = "in_time"


class Sort(StrEnum):
    """Columns that the table can be sorted by."""

    NUMBER = "number"
    PRIORITY = "priority"
    STATE = "state"
    OPENED = "opened"
    DUE = "due"
    LAST_SEEN = "last_seen"
    ISSUE = "issue"
    ASSIGNEE = "assignee"


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders. Empty means all; several conditions must all hold.

    Attributes:
        only_open: orders that still hold their place (new to resolved).
        text: words that must all occur in number, issue, asset, place, camera or comments.
        assignee: id of a person; "" for orders that nobody has.
        opened_from, opened_to: aware; from is within, to is not.
    """

    states: frozenset[OrderState] = frozenset()
    priorities: frozenset[int] = frozenset()
    issues: frozenset[str] = frozenset()
    only_open: bool = False
    lateness: Lateness | None = None
    assignee: str | None = None
    team: str | None = None
    camera: str | None = None
    asset: str | None = None
    asset_kind: str | None = None
    close_proposed: bool = False
    text: str = ""
    opened_from: datetime | None = None
    opened_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One line of the table.

    Attributes:
        due: the due time that runs out next; response while new, else resolution.
        is_circuit: about several lights at once.
        asset_label: the asset's name or id, the camera's for camera faults, the place otherwise.
        version: hand it in with a request so that an outdated page is refused.
    """

    id: int
    version: int
    issue: str
    priority: int
    state: OrderState
    asset_id: str | None
    asset_kind: str | None
    is_circuit: bool
    asset_label: str
    place: str
    camera_id: str | None
    camera_name: str | None
    assignee_id: str | None
    assignee: str | None
    team_id: str | None
    team: str | None
    opened_at: datetime
    last_seen: datetime
    due: datetime
    response_due: datetime
    resolution_due: datetime
    held_at: datetime | None
    resolved_at: datetime | None
    late_response: bool
    late_resolution: bool
    soon_late: bool
    close_proposed: bool
    sightings: int
    reopened: int
    score: float
    latitude: float | None
    longitude: float | None

    @property
    def is_late(self) -> bool:
        return self.late_response or self.late_resolution


@dataclass(frozen=True, slots=True)
class OrdersPage:
    """Some lines of the table, and how many there are in all."""

    rows: tuple[OrderRow, ...]
    total: int


def orders_page(
    store: Store,
    wanted: OrderFilter | None = None,
    sort: Sort = Sort.DUE,
    descending: bool = False,
    limit: int = 50,
    offset: int = 0,
) -> OrdersPage:
    """A page of the table in a stable order (ties by number).

    Args:
        limit: at most `MOST_ROWS`.
    """
    now = store.now()
    condition, ordering = conditions(wanted or OrderFilter(), now), _ordering(sort, descending)
    # Numbers alone are sorted first: sorting whole rows of a long history takes several times as long.
    page = _numbers(condition, sort, descending).limit(min(limit, MOST_ROWS)).offset(max(0, offset)).subquery("page")
    chosen = row_columns(now).join(page, page.c.id == WorkOrder.id).order_by(*ordering)
    with store.read() as session:
        total = session.scalar(select(func.count()).select_from(WorkOrder).where(*condition)) or 0
        return OrdersPage(tuple(to_row(r) for r in session.execute(chosen)), total)


def order_ids(store: Store, wanted: OrderFilter, sort: Sort = Sort.NUMBER, descending: bool = False) -> tuple[int, ...]:
    """Numbers of all orders that a filter chooses, sorted as the table is."""
    with store.read() as session:
        return tuple(session.scalars(_numbers(conditions(wanted, store.now()), sort, descending)))


def _numbers(condition: list[ColumnElement[bool]], sort: Sort, descending: bool) -> Select[int]:
    numbers = select(WorkOrder.id).where(*condition).order_by(*_ordering(sort, descending))
    if sort is Sort.ASSIGNEE:
        numbers = numbers.outerjoin(Person, Person.id == WorkOrder.assignee_id)
    return numbers


def row_columns(now: datetime) -> Select[*tuple[Any, ...]]:
    """The select that `to_row` reads."""
    columns: Select[*tuple[Any, ...]] = (
        select(
            WorkOrder,
            Asset.name.label("asset_name"),
            Camera.name.label("camera_name"),
            Person.name.label("assignee"),
            Team.name.label("team"),
            next_due().label("due"),
            response_late(now).label("late_response"),
            resolution_late(now).label("late_resolution"),
            soon_late(now).label("soon_late"),
        )
        .outerjoin(Asset, Asset.id == WorkOrder.asset_id)
        .outerjoin(Camera, Camera.id == WorkOrder.camera_id)
        .outerjoin(Person, Person.id == WorkOrder.assignee_id)
        .outerjoin(Team, Team.id == WorkOrder.team_id)
    )
    return columns


def to_row(row: Row[Any]) -> OrderRow:
    """A line of the table from a row of `row_columns`."""
    order: WorkOrder = row[0]
    return OrderRow(
        id=order.id,
        version=order.version,
        issue=order.issue,
        priority=order.priority,
        state=order.state,
        asset_id=order.asset_id,
        asset_kind=order.asset_kind,
        is_circuit=order.subject.startswith("group:"),
        asset_label=_label(order, row),
        place=order.place,
        camera_id=order.camera_id,
        camera_name=row.camera_name,
        assignee_id=order.assignee_id,
        assignee=row.assignee,
        team_id=order.team_id,
        team=row.team,
        opened_at=order.opened_at,
        last_seen=order.last_seen,
        due=row.due,
        response_due=order.response_due,
        resolution_due=order.resolution_due,
        held_at=order.held_at,
        resolved_at=order.resolved_at,
        late_response=bool(row.late_response),
        late_resolution=bool(row.late_resolution),
        soon_late=bool(row.soon_late),
        close_proposed=order.close_proposed_at is not None,
        sightings=order.sightings,
        reopened=order.reopened,
        score=order.score,
        latitude=order.latitude,
        longitude=order.longitude,
    )


def conditions(wanted: OrderFilter, now: datetime) -> list[ColumnElement[bool]]:
    """The conditions of a filter in SQL."""
    found: list[ColumnElement[bool]] = []
    if wanted.states:
        found.append(WorkOrder.state.in_(wanted.states))
    if wanted.only_open:
        found.append(WorkOrder.state.in_(OPEN_STATES))
    if wanted.priorities:
        found.append(WorkOrder.priority.in_(wanted.priorities))
    if wanted.issues:
        found.append(WorkOrder.issue.in_(wanted.issues))
    if wanted.lateness is not None:
        found.append(_lateness(wanted.lateness, now))
    if wanted.assignee is not None:
        nobody = WorkOrder.assignee_id.is_(None)
        found.append(WorkOrder.assignee_id == wanted.assignee if wanted.assignee else nobody)
    if wanted.close_proposed:
        found.append(WorkOrder.close_proposed_at.is_not(None))
    for column, value in (
        (WorkOrder.team_id, wanted.team),
        (WorkOrder.camera_id, wanted.camera),
        (WorkOrder.asset_id, wanted.asset),
        (WorkOrder.asset_kind, wanted.asset_kind),
    ):
        if value is not None:
            found.append(column == value)
    if wanted.opened_from is not None:
        found.append(WorkOrder.opened_at >= wanted.opened_from)
    if wanted.opened_to is not None:
        found.append(WorkOrder.opened_at < wanted.opened_to)
    return found + [_mentions(word) for word in wanted.text.lower().split()]


def _lateness(which: Lateness, now: datetime) -> ColumnElement[bool]:
    if which is Lateness.LATE:
        return late(now)
    if which is Lateness.SOON:
        return soon_late(now)
    return waiting() & ~late(now)


def _mentions(word: str) -> ColumnElement[bool]:
    number = word.removeprefix("#")
    in_order = WorkOrder.search_text.contains(word, autoescape=True)
    # A list of numbers, made once: asking for each order whether it has such a comment takes several times as long.
    in_comments = WorkOrder.id.in_(
        select(Comment.order_id).where(func.lower(Comment.text).contains(word, autoescape=True))
    )
    if number.isdecimal() and len(number) < 10:
        return or_(WorkOrder.id == int(number), in_order, in_comments)
    return or_(in_order, in_comments)


def _ordering(sort: Sort, descending: bool) -> list[ColumnElement[Any]]:
    life = {state: n for n, state in enumerate(OrderState)}
    columns: dict[Sort, ColumnElement[Any]] = {
        Sort.NUMBER: WorkOrder.id.expression,
        Sort.PRIORITY: WorkOrder.priority.expression,
        Sort.STATE: case(*((WorkOrder.state == state, n) for state, n in life.items()), else_=len(life)),
        Sort.OPENED: WorkOrder.opened_at.expression,
        Sort.DUE: next_due(),
        Sort.LAST_SEEN: WorkOrder.last_seen.expression,
        Sort.ISSUE: WorkOrder.issue.expression,
        Sort.ASSIGNEE: Person.name.expression,
    }
    turn = desc if descending else asc
    ties = [] if sort is Sort.NUMBER else [turn(WorkOrder.id)]
    return [turn(columns[sort]), *ties]


def _label(order: WorkOrder, row: Row[Any]) -> str:
    if order.asset_id:
        return str(row.asset_name or order.asset_id)
    if order.subject.startswith("camera:"):
        return str(row.camera_name or order.camera_id)
    return order.place or str(row.camera_name or order.subject)
