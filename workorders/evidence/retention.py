"""Retention: old evidence of ended orders goes, by age and by size. Nothing of an open order is ever touched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from detectors.errors import LamplighterError
from workorders.register.sites import current_site
from workorders.schema import Evidence, Job, WorkOrder
from workorders.store import Store
from workorders.words import ENDED_STATES, OPEN_STATES, JobState, OrderState

GONE_STATES = ENDED_STATES - {OrderState.VERIFIED}
"""States after which evidence may go. A verified order still waits for somebody to close it."""
_BATCH = 500


@dataclass(frozen=True, slots=True)
class RetentionReport:
    """What went, or in a dry run would go, and what is left, in bytes."""

    removed: int
    removed_bytes: int
    kept_bytes: int


def retain(
    store: Store, oldest: timedelta | None = None, largest_bytes: int | None = None, dry_run: bool = False
) -> RetentionReport:
    """Remove evidence that is older than a time, then the oldest until the rest fits a size.

    The database is told first and the file goes after that: a crash between the two leaves a file that the check
    finds, never an order that promises one.

    Raises:
        LamplighterError: a negative limit.
    """
    if (oldest is not None and oldest < timedelta()) or (largest_bytes is not None and largest_bytes < 0):
        raise LamplighterError("Limits of age and size must not be negative.")
    now = store.now()
    with store.read() as session:
        total = _total(session)
        chosen: list[Evidence] = []
        left = total
        for row in session.scalars(_may_go()):
            too_old = oldest is not None and row.taken_at < now - oldest
            too_much = largest_bytes is not None and left > largest_bytes
            if too_old or too_much:
                chosen.append(row)
                left -= row.size
    if not dry_run:
        for start in range(0, len(chosen), _BATCH):
            _remove(store, [row.id for row in chosen[start : start + _BATCH]])
    return RetentionReport(len(chosen), total - left, left)


def retain_by_policy(store: Store) -> RetentionReport | None:
    """Remove what the site's own limits say; None when it has none."""
    with store.read() as session:
        site = current_site(session)
        days, gigabytes = site.evidence_days, site.evidence_gb
    if days is None and gigabytes is None:
        return None
    return retain(
        store,
        None if days is None else timedelta(days=days),
        None if gigabytes is None else round(gigabytes * 1e9),
    )


def clear_work_files(store: Store, oldest: timedelta, dry_run: bool = False) -> RetentionReport:
    """Remove uploads, annotated videos and pictures of source tests older than a time that no unfinished job needs.

    Orders keep evidence of their own, so nothing of an order goes.
    """
    with store.read() as session:
        unfinished = select(Job.payload).where(Job.state.in_((JobState.QUEUED, JobState.RUNNING)))
        needed = {Path(str(payload.get("source", ""))).resolve() for payload in session.scalars(unfinished)}
    limit = (store.now() - oldest).timestamp()
    removed = removed_bytes = kept_bytes = 0
    for folder in (store.uploads, store.files / "inspections", store.files / "probes"):
        for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if not file.is_file():
                continue
            size = file.stat().st_size
            if file.stat().st_mtime >= limit or file.resolve() in needed:
                kept_bytes += size
                continue
            removed, removed_bytes = removed + 1, removed_bytes + size
            if not dry_run:
                file.unlink(missing_ok=True)
    return RetentionReport(removed, removed_bytes, kept_bytes)


def _may_go() -> Select[Evidence]:
    parent = aliased(WorkOrder)
    return (
        select(Evidence)
        .join(WorkOrder, WorkOrder.id == Evidence.order_id)
        .outerjoin(parent, parent.id == WorkOrder.parent_id)
        .where(
            Evidence.removed_at.is_(None),
            WorkOrder.state.in_(GONE_STATES),
            # What a circuit order or an original took in is that order's proof while it is open.
            parent.state.is_(None) | parent.state.not_in(OPEN_STATES),
        )
        .order_by(Evidence.taken_at, Evidence.id)
    )


def _remove(store: Store, ids: list[int]) -> None:
    with store.write() as work:
        # Asked again under the write lock: an order may have been re-opened since.
        rows = work.session.scalars(_may_go().where(Evidence.id.in_(ids))).all()
        for row in rows:
            row.removed_at = store.now()
        paths = [row.path for row in rows]
        work.commit()
    for path in paths:
        (store.evidence / path).unlink(missing_ok=True)


def _total(session: Session) -> int:
    return int(
        session.scalar(select(func.coalesce(func.sum(Evidence.size), 0)).where(Evidence.removed_at.is_(None))) or 0
    )
