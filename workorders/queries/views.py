"""What a camera's page shows beside the camera itself: proposals, findings, the answer of a test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from detectors.geometry import Region
from detectors.values import View
from workorders.evidence.files import inside
from workorders.register.regions import SAME_PLACE
from workorders.schema import FindingRow, Job
from workorders.store import Store
from workorders.words import FindingState, JobKind, JobState


@dataclass(frozen=True, slots=True)
class Proposed:
    """An asset that a view seems to show and that is not registered there."""

    id: str
    kind: str
    region: Region


@dataclass(frozen=True, slots=True)
class Proposals:
    """The latest look for assets in a view; `open` are those still to be accepted or left."""

    job_id: int
    state: JobState
    message: str
    open: tuple[Proposed, ...]


@dataclass(frozen=True, slots=True)
class Probe:
    """The answer of a test of an address.

    Attributes:
        message: the one line of why there is no picture.
        took_s: seconds until the picture was there.
    """

    source: str
    state: JobState
    message: str
    picture: Path | None
    width: int
    height: int
    took_s: float


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding of a camera."""

    issue: str
    asset_id: str | None
    state: FindingState
    first_seen: datetime
    last_seen: datetime
    score: float
    observations: int
    order_id: int | None


def proposals(store: Store, view: View) -> Proposals | None:
    """What the latest look at a view proposes, without what is registered by now; None when nobody asked."""
    chosen = select(Job).where(Job.kind == JobKind.DISCOVER, Job.camera_id == view.camera).order_by(Job.id.desc())
    with store.read() as session:
        job = session.scalars(chosen.limit(1)).first()
        if job is None:
            return None
        told: list[dict[str, Any]] = (job.result or {}).get("proposals", [])
        found = (Proposed(p["id"], p["kind"], Region.of(p["polygon"])) for p in told)
        return Proposals(job.id, job.state, job.message, tuple(p for p in found if not _known(p, view)))


def probe_answer(store: Store, job_id: int) -> Probe | None:
    """How the test of an address stands; None when there is no such test."""
    with store.read() as session:
        job = session.get(Job, job_id)
        if job is None or job.kind is not JobKind.PROBE:
            return None
        told = job.result or {}
        picture = inside(store.files, told["picture"]) if "picture" in told else None
        return Probe(
            str(job.payload.get("source", "")),
            job.state,
            job.message,
            picture,
            int(told.get("width", 0)),
            int(told.get("height", 0)),
            float(told.get("seconds", 0.0)),
        )


def camera_findings(store: Store, camera_id: str, limit: int = 20) -> tuple[FindingLine, ...]:
    """The latest findings of a camera, the newest first."""
    chosen = select(FindingRow).where(FindingRow.camera_id == camera_id).order_by(FindingRow.id.desc()).limit(limit)
    with store.read() as session:
        return tuple(
            FindingLine(f.issue, f.asset_id, f.state, f.first_seen, f.last_seen, f.score, f.observations, f.order_id)
            for f in session.scalars(chosen)
        )


def _known(proposed: Proposed, view: View) -> bool:
    return any(
        asset.region is not None and asset.region.box.iou(proposed.region.box) > SAME_PLACE
        for asset in view.of_kind(proposed.kind)
    )
