"""What watching costs: hours that each camera was inspected, and the computing that took."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select

from workorders.schema import CameraDay, Job
from workorders.store import Store
from workorders.words import JobKind


@dataclass(frozen=True, slots=True)
class CameraCost:
    """One camera since a moment.

    Attributes:
        recorded_s: seconds of recordings that were inspected.
        watched_s: seconds that its stream was watched.
        computed_s: seconds of computing that both took: the time of the inspections, and that of the watch's looks
            with reading and decoding.
    """

    camera_id: str
    recorded_s: float
    watched_s: float
    computed_s: float

    @property
    def inspected_s(self) -> float:
        """Seconds of the camera's time that were looked at."""
        return self.recorded_s + self.watched_s

    @property
    def computing_an_hour(self) -> float | None:
        """Seconds of computing for an hour of the camera's time; None without any."""
        return 3_600 * self.computed_s / self.inspected_s if self.inspected_s else None


def camera_costs(store: Store, since: datetime) -> tuple[CameraCost, ...]:
    """Every camera that was inspected or watched, those that were looked at longest first. Watches count by days."""
    recorded: dict[str, float] = defaultdict(float)
    computed: dict[str, float] = defaultdict(float)
    watched: dict[str, float] = {}
    inspections = select(Job.camera_id, Job.result).where(
        Job.kind == JobKind.INSPECT, Job.camera_id.is_not(None), Job.finished_at >= since
    )
    days = (
        select(CameraDay.camera_id, func.sum(CameraDay.watched_s), func.sum(CameraDay.computed_s))
        .where(CameraDay.day >= since.astimezone(UTC).date())
        .group_by(CameraDay.camera_id)
    )
    with store.read() as session:
        for camera, result in session.execute(inspections):
            if camera is not None and result:
                recorded[camera] += float(result.get("video_seconds") or 0)
                computed[camera] += float(result.get("wall_seconds") or 0)
        for camera, seconds, computing in session.execute(days):
            watched[camera] = seconds
            computed[camera] += computing
    names = recorded.keys() | watched.keys()
    costs = (CameraCost(name, recorded[name], watched.get(name, 0.0), computed[name]) for name in names)
    return tuple(sorted(costs, key=lambda cost: (-cost.inspected_s, cost.camera_id)))
