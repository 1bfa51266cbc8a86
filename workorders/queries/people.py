"""The site, its people and teams, service levels and suppressions as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from workorders.orders.clocks import Calendar
from workorders.register.sites import current_site
from workorders.schema import Person, SlaPolicy, Suppression, Team
from workorders.store import Store
from workorders.words import DismissReason, Role


@dataclass(frozen=True, slots=True)
class SiteRow:
    """The site; every page of a demo site says so. Limits of None are none."""

    name: str
    time_zone: str
    is_demo: bool
    language: str | None = None
    evidence_days: int | None = None
    evidence_gb: float | None = None
    tile_url: str | None = None
    tile_credit: str | None = None


@dataclass(frozen=True, slots=True)
class PersonRow:
    id: str
    name: str
    role: Role
    team_id: str | None
    active: bool


@dataclass(frozen=True, slots=True)
class PolicyRow:
    id: int
    priority: int
    response: timedelta
    resolution: timedelta
    calendar: Calendar | None
    valid_from: datetime
    valid_to: datetime | None
    set_by: str


@dataclass(frozen=True, slots=True)
class SuppressionRow:
    """What is kept quiet.

    Attributes:
        hits: how many findings it kept from raising an order.
        by_picture: whether it holds only while its place looks as in its order's picture.
    """

    id: int
    subject: str
    issue: str
    order_id: int | None
    reason: DismissReason
    since: datetime
    until: datetime
    set_by: str
    hits: int
    by_picture: bool


def site(store: Store) -> SiteRow:
    """The site of this store."""
    with store.read() as session:
        found = current_site(session)
        return SiteRow(
            found.name, found.time_zone, found.is_demo, found.language, found.evidence_days, found.evidence_gb,
            found.tile_url, found.tile_credit,
        )  # fmt: skip


def people(store: Store, with_inactive: bool = False) -> tuple[PersonRow, ...]:
    """People who may act, by name."""
    chosen = select(Person).order_by(Person.name)
    with store.read() as session:
        rows = session.scalars(chosen if with_inactive else chosen.where(Person.active.is_(True)))
        return tuple(PersonRow(p.id, p.name, p.role, p.team_id, p.active) for p in rows)


def teams(store: Store) -> tuple[tuple[str, str], ...]:
    """(id, name) of every team."""
    with store.read() as session:
        return tuple((i, n) for i, n in session.execute(select(Team.id, Team.name).order_by(Team.name)))


def policies(store: Store, with_history: bool = False) -> tuple[PolicyRow, ...]:
    """Service levels in force, or all there ever were, the newest of each priority first."""
    chosen = select(SlaPolicy).order_by(SlaPolicy.priority, SlaPolicy.id.desc())
    with store.read() as session:
        rows = session.scalars(chosen if with_history else chosen.where(SlaPolicy.valid_to.is_(None)))
        return tuple(
            PolicyRow(p.id, p.priority, p.response, p.resolution, p.hours, p.valid_from, p.valid_to, p.set_by)
            for p in rows
        )


def suppressions(store: Store) -> tuple[SuppressionRow, ...]:
    """Suppressions in force, the one that ends first on top."""
    now = store.now()
    with store.read() as session:
        rows = session.scalars(
            select(Suppression)
            .where(Suppression.until > now, Suppression.lifted_at.is_(None))
            .order_by(Suppression.until)
        )
        return tuple(_suppression_row(row) for row in rows)


def _suppression_row(row: Suppression) -> SuppressionRow:
    return SuppressionRow(
        row.id, row.subject, row.issue, row.order_id, row.reason, row.since, row.until, row.set_by, row.hits,
        by_picture=row.by_picture,
    )  # fmt: skip
