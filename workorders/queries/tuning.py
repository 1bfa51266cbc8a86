"""What other settings of confirmation would have changed: the looks of the last days, counted again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Select, func, select
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
        fewer: of these, findings that would not have been; `fewer_orders` orders had no other finding, and people
            dismissed `fewer_dismissed` of these orders.
        more: findings that would have been besides; `more_orders` of them found no order open in their place, so they
            would have raised that many at most, fewer where a rule asks that they last.
        later_s: how much later (earlier, below 0) the others would have been confirmed, the median; None without any.
    """

    looks: int
    since: datetime | None
    findings: int
    fewer: int
    fewer_orders: int
    fewer_dismissed: int
    more: int
    more_orders: int
    later_s: float | None


@dataclass(frozen=True, slots=True)
class _Raised:
    """A finding, by the camera and key of its place, with the order that it raised or joined."""

    place: tuple[str, str]
    first_seen: datetime
    order: int
    state: OrderState
    opened_at: datetime
    ended_at: datetime | None


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
        more = [(place, new) for place, (olds, news) in pairs.items() for new in news if not _met(new, olds)]
        later = [
            (new.confirmed_at - old.confirmed_at).total_seconds()
            for olds, news in pairs.values()
            for old in olds
            for new in news
            if new.meets(old)
        ]
        raised = _raised(session, {(camera, key) for (camera, _, key), _ in (*gone, *more)})
        lost = _lost(raised, gone)
        return TuningPreview(
            looks=sum(trace.count for trace in traces),
            since=min((trace.began_at for trace in traces), default=None),
            findings=sum(len(olds) for olds, _ in pairs.values()),
            fewer=len(gone),
            fewer_orders=len(lost),
            fewer_dismissed=sum(state is OrderState.DISMISSED for state in lost.values()),
            more=len(more),
            more_orders=sum(not _had_order(raised, place, new) for place, new in more),
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


def _raised(session: Session, places: set[tuple[str, str]]) -> Sequence[_Raised]:
    """The findings that raised an order, or joined one, of the cameras and keys of some places."""
    if not places:
        return ()
    rows = session.execute(
        select(
            FindingRow.camera_id, FindingRow.key, FindingRow.first_seen, WorkOrder.id, WorkOrder.state,
            WorkOrder.opened_at, func.coalesce(WorkOrder.resolved_at, WorkOrder.closed_at),
        )
        .join(WorkOrder, WorkOrder.id == FindingRow.order_id)
        .where(FindingRow.order_id.in_(_orders_of(places)))
    )  # fmt: skip
    return [
        _Raised((camera, key), first, order, state, opened, ended)
        for camera, key, first, order, state, opened, ended in rows
    ]


def _orders_of(places: set[tuple[str, str]]) -> Select[int | None]:
    cameras, keys = {camera for camera, _ in places}, {key for _, key in places}
    return select(FindingRow.order_id).where(FindingRow.camera_id.in_(cameras), FindingRow.key.in_(keys))


def _lost(raised: Sequence[_Raised], gone: Sequence[tuple[_Place, Replayed]]) -> dict[int, OrderState]:
    """The orders, and their states, none of whose findings is left when some are gone."""
    times: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for (camera, _, key), old in gone:
        times[camera, key].append(old.first_seen)

    def stays(row: _Raised) -> bool:
        return not any(abs(at - row.first_seen) <= _SAME for at in times[row.place])

    kept = {row.order for row in raised if stays(row)}
    return {row.order: row.state for row in raised if row.order not in kept}


def _had_order(raised: Iterable[_Raised], place: _Place, new: Replayed) -> bool:
    """Whether an order was open in a place when a finding would have been confirmed there."""
    camera, _, key = place
    return any(
        row.place == (camera, key)
        and row.opened_at <= new.confirmed_at
        and (row.ended_at or new.confirmed_at) >= new.confirmed_at
        for row in raised
    )
