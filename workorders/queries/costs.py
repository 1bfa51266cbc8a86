"""What watching costs: hours that each camera was inspected, and the computing that took."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from workorders.schema import Job
from workorders.store import Store
from workorders.words import JobKind


@dataclass(frozen=True, slots=True)
class CameraCost:
    """One camera since a moment.

    Attributes:
        recorded_s: seconds of recordings that were inspected; computed_s: seconds that took.
        watched_s: seconds that its stream was watched.
    """

    camera_id: str
    recorded_s: float
    computed_s: float
    watched_s: float

    @property
    def inspected_s(self) -> float:
        """Seconds of the camera's time that were looked at."""
        return self.recorded_s + self.watched_s

    @property
    def computing_an_hour(self) -> float | None:
        """Seconds of computing for an hour of recordings; None without any. A watch's computing is not measured."""
        return 3_600 * self.computed_s / self.recorded_s if self.recorded_s else None


def camera_costs(store: Store, since: datetime) -> tuple[CameraCost, ...]:
    """Every camera that a job looked at, those that were looked at longest first."""
    now = store.now()
    recorded: dict[str, float] = defaultdict(float)
    computed: dict[str, float] = defaultdict(float)
    watched: dict[str, float] = defaultdict(float)
    chosen = select(Job.camera_id, Job.kind, Job.result, Job.started_at, Job.finished_at).where(
        Job.kind.in_((JobKind.INSPECT, JobKind.WATCH)), Job.camera_id.is_not(None), Job.started_at.is_not(None)
    )
    with store.read() as session:
        for camera, kind, result, started, finished in session.execute(chosen):
            ended = finished or now
            if ended < since:
                continue
            if kind is JobKind.WATCH:
                watched[camera] += (ended - max(started, since)).total_seconds()
            elif result:
                recorded[camera] += float(result.get("video_seconds") or 0)
                computed[camera] += float(result.get("wall_seconds") or 0)
    names = recorded.keys() | watched.keys()
    costs = (CameraCost(name, recorded[name], computed[name], watched[name]) for name in names)
    return tuple(sorted(costs, key=lambda cost: (-cost.inspected_s, cost.camera_id)))
