"""The detector as people judged it: verdicts by issue, precision with its uncertainty, and what it got wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Select, case, false, func, select

from workorders.play.crew import CREW
from workorders.queries.evidence import small_pictures
from workorders.schema import FindingRow, Suppression, Verdict, WorkOrder
from workorders.schema.base import UtcDateTime
from workorders.store import Store
from workorders.words import DismissReason, VerdictKind

WRONG = frozenset({DismissReason.FALSE_ALARM, DismissReason.WRONG_ASSET})
"""Reasons that say the machine was wrong; the others say that what it saw was there and needed no work."""
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Judged:
    """What people said of one issue's findings; each order counts once, by its latest verdict.

    Attributes:
        confirmed: somebody mended what was found.
        needless: it was there and needed no work.
        wrong: it was not there, or it was another asset.
    """

    issue: str
    confirmed: int
    needless: int
    wrong: int

    @property
    def total(self) -> int:
        return self.confirmed + self.needless + self.wrong

    @property
    def precision(self) -> float:
        """Share of the judged findings that were really there."""
        return (self.confirmed + self.needless) / self.total

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the precision."""
        return wilson(self.confirmed + self.needless, self.total)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One finding that people called wrong."""

    order_id: int
    issue: str
    reason: DismissReason
    note: str
    score: float
    at: datetime
    picture: Path | None


@dataclass(frozen=True, slots=True)
class Repeat:
    """A place where the same issue was told falsely more than once.

    Attributes:
        right: orders of the same issue and subject that were not wrong.
        order_id: the latest wrong one.
        quiet: whether the place is kept quiet now.
    """

    subject: str
    issue: str
    wrong: int
    right: int
    order_id: int
    at: datetime
    quiet: bool


def wilson(right: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share; (0, 1) when nothing was counted."""
    if total == 0:
        return 0.0, 1.0
    share, spread = right / total, _Z**2 / total
    middle = (share + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * math.sqrt(share * (1 - share) / total + spread / (4 * total))
    return max(0.0, middle - half), min(1.0, middle + half)


def judged_by_issue(store: Store) -> tuple[Judged, ...]:
    """Verdicts by issue, the most judged first. What the guided play's crew says counts for nothing."""
    counts: dict[str, list[int]] = {}
    chosen = (
        _latest(WorkOrder.issue, Verdict.kind, Verdict.reason, func.count())
        .group_by(WorkOrder.issue, Verdict.kind, Verdict.reason)
        .order_by(WorkOrder.issue)
    )
    with store.read() as session:
        for issue, kind, reason, number in session.execute(chosen):
            column = 0 if kind is VerdictKind.CONFIRMED else 2 if reason in WRONG else 1
            counts.setdefault(issue, [0, 0, 0])[column] += number
    return tuple(sorted((Judged(i, *c) for i, c in counts.items()), key=lambda j: (-j.total, j.issue)))


def mistakes(store: Store, limit: int = 24) -> tuple[Mistake, ...]:
    """What it got wrong, as people said, the latest first."""
    chosen = (
        _latest(WorkOrder.id, WorkOrder.issue, Verdict.reason, Verdict.note, WorkOrder.score, Verdict.at)
        .where(Verdict.reason.in_(WRONG))
        .order_by(Verdict.id.desc())
        .limit(limit)
    )
    with store.read() as session:
        rows = session.execute(chosen).all()
    pictures = small_pictures(store, [row[0] for row in rows])
    return tuple(
        Mistake(number, issue, reason, note, score, at, pictures.get(number))
        for number, issue, reason, note, score, at in rows
    )


def repeats(store: Store, limit: int = 20) -> tuple[Repeat, ...]:
    """Where it was wrong again and again, most often first."""
    is_wrong = func.coalesce(Verdict.reason.in_(WRONG), false())
    wrong = func.sum(case((is_wrong, 1), else_=0))
    latest = func.max(case((is_wrong, WorkOrder.id)))
    at = func.max(case((is_wrong, Verdict.at)), type_=UtcDateTime())
    chosen = (
        _latest(WorkOrder.subject, WorkOrder.issue, wrong, func.count(), latest, at)
        .group_by(WorkOrder.subject, WorkOrder.issue)
        .having(wrong > 1)
        .order_by(wrong.desc(), latest.desc())
        .limit(limit)
    )
    now = store.now()
    in_force = select(Suppression.subject, Suppression.issue).where(
        Suppression.since <= now, Suppression.until > now, Suppression.lifted_at.is_(None)
    )
    with store.read() as session:
        quiet = {(subject, issue) for subject, issue in session.execute(in_force)}
        return tuple(
            Repeat(subject, issue, times, count - times, order, when, (subject, issue) in quiet)
            for subject, issue, times, count, order, when in session.execute(chosen)
        )


def _latest(*columns: Any) -> Select[*tuple[Any, ...]]:
    """Columns of the latest verdict of each order that a camera's finding raised."""
    latest = select(func.max(Verdict.id)).group_by(Verdict.order_id)
    seen = select(FindingRow.id).where(FindingRow.order_id == WorkOrder.id).exists()
    return (
        select(*columns)
        .select_from(Verdict)
        .join(WorkOrder, WorkOrder.id == Verdict.order_id)
        .where(Verdict.id.in_(latest), Verdict.actor_id != CREW.id, seen)
    )
