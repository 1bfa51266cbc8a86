"""What watching costs: hours that each camera was inspected, and the computing that took."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select

from workorders.schema import CameraDay
from workorders.store import Store


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
    """Every camera that was inspected or watched, those that were looked at longest first. Counted by whole days."""
    days = (
        select(
            CameraDay.camera_id,
            func.sum(CameraDay.recorded_s),
            func.sum(CameraDay.watched_s),
            func.sum(CameraDay.computed_s),
        )
        .where(CameraDay.day >= since.astimezone(UTC).date())
        .group_by(CameraDay.camera_id)
    )
    with store.read() as session:
        costs = [CameraCost(*figures) for figures in session.execute(days).all()]
    return tuple(sorted(costs, key=lambda cost: (-cost.inspected_s, cost.camera_id)))
