"""What other settings of confirmation would have changed: the looks of the last days, counted again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from detectors.replay import Counted, Replayed, replay
from detectors.settings import ConfirmationSettings
from workorders.queries.rules import LOOK_BACK
from workorders.register.sites import current_site
from workorders.register.traces import marks_of
from workorders.register.tuning import Tuning, read_tuning
from workorders.schema import FindingRow, SettingChange, Trace, WorkOrder
from workorders.store import Store
from workorders.words import OrderState, SiteSetting

MOST_MARKS = 60_000
"""Marks that a preview counts again at most, the latest ones: about half a second's work."""
_Place = tuple[str, datetime, str]
_SAME = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class TuningPreview:
    """What settings would have changed.

    Attributes:
        looks: marks that were counted again, of looks since `since`; None where nothing is stored.
        findings: confirmed with the settings that are in force now.
        fewer: of these, findings that would not have been; `fewer_dismissed` of them people dismissed.
        more: findings that would have been besides.
        later_s: how much later (earlier, below 0) the others would have been confirmed, the median; None without any.
    """

    looks: int
    since: datetime | None
    findings: int
    fewer: int
    fewer_dismissed: int
    more: int
    later_s: float | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change of a setting: who made it, when, and what it was before and after; None for the default."""

    at: datetime
    actor_name: str
    setting: SiteSetting
    issue: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def setting_changes(store: Store, limit: int = 30) -> tuple[ChangeRow, ...]:
    """The latest changes of the site's settings, the newest first."""
    with store.read() as session:
        rows = session.scalars(select(SettingChange).order_by(SettingChange.id.desc()).limit(limit))
        return tuple(ChangeRow(r.at, r.actor_name, r.setting, r.issue, r.before, r.after) for r in rows)


def preview_confirmation(
    store: Store, issue: str | None, wanted: ConfirmationSettings, back: timedelta = LOOK_BACK
) -> TuningPreview:
    """What settings would have changed in the last days; None stands for the issues without settings of their own."""
    with store.read() as session:
        now = read_tuning(current_site(session).confirmation)
        traces = _traces(session, issue, now, store.now() - back)
        places: dict[_Place, list[Trace]] = defaultdict(list)
        for trace in reversed(traces):
            places[trace.camera_id, trace.run_at, trace.key].append(trace)
        pairs = {place: _both(rows, now.of(rows[0].issue), wanted) for place, rows in places.items()}
        gone = [(place, old) for place, (olds, news) in pairs.items() for old in olds if not _met(old, news)]
        more = [new for olds, news in pairs.values() for new in news if not _met(new, olds)]
        later = [
            (new.confirmed_at - old.confirmed_at).total_seconds()
            for olds, news in pairs.values()
            for old in olds
            for new in news
            if new.meets(old)
        ]
        return TuningPreview(
            looks=sum(trace.count for trace in traces),
            since=min((trace.began_at for trace in traces), default=None),
            findings=sum(len(olds) for olds, _ in pairs.values()),
            fewer=len(gone),
            fewer_dismissed=_dismissed(session, gone),
            more=len(more),
            later_s=median(later) if later else None,
        )


def _traces(session: Session, issue: str | None, now: Tuning, since: datetime) -> Sequence[Trace]:
    """The latest traces, the newest first, as many as a preview counts."""
    of_issue = Trace.issue == issue if issue is not None else Trace.issue.not_in(list(now.issues))
    chosen: list[Trace] = []
    left = MOST_MARKS
    for trace in session.scalars(
        select(Trace).where(of_issue, Trace.ended_at >= since).order_by(Trace.ended_at.desc())
    ):
        left -= trace.count
        if left < 0 and chosen:
            break
        chosen.append(trace)
    return chosen


def _both(
    rows: Iterable[Trace], now: ConfirmationSettings, wanted: ConfirmationSettings
) -> tuple[list[Replayed], list[Replayed]]:
    marks: list[Counted] = [mark for row in sorted(rows, key=lambda r: r.began_at) for mark in marks_of(row)]
    return replay(marks, now), replay(marks, wanted)


def _met(one: Replayed, others: Iterable[Replayed]) -> bool:
    return any(one.meets(other) for other in others)


def _dismissed(session: Session, gone: list[tuple[_Place, Replayed]]) -> int:
    """How many of some findings raised an order that people dismissed."""
    if not gone:
        return 0
    cameras = {camera for (camera, _, _), _ in gone}
    known: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    rows = session.execute(
        select(FindingRow.camera_id, FindingRow.key, FindingRow.first_seen)
        .join(WorkOrder, WorkOrder.id == FindingRow.order_id)
        .where(
            FindingRow.camera_id.in_(cameras), WorkOrder.state == OrderState.DISMISSED,
            FindingRow.first_seen >= min(old.first_seen for _, old in gone) - _SAME,
        )
    )  # fmt: skip
    for camera, key, first_seen in rows:
        known[camera, key].append(first_seen)
    return sum(any(abs(at - old.first_seen) <= _SAME for at in known[camera, key]) for (camera, _, key), old in gone)
