"""The guided play as pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from workorders.evidence.files import inside
from workorders.play.stage import CAMERA
from workorders.schema import Camera, Job
from workorders.store import Store
from workorders.words import JobKind, JobState, OrderState, PlayStep


@dataclass(frozen=True, slots=True)
class PlayRow:
    """The latest play.

    Attributes:
        step: None before the first picture.
        at: the night's own time; `time_zone` is its camera's.
        share: how much of the night has passed, 0-1.
        order: number of the order that the lamp raised, None before that.
        still: latest annotated picture.
        on_stage: whether its camera is still in the register, so that there is something to reset.
        message: what the worker says, the one line of why it failed included.
    """

    job_id: int
    state: JobState
    step: PlayStep | None
    at: datetime | None
    time_zone: str
    share: float
    order: int | None
    order_state: OrderState | None
    still: Path | None
    on_stage: bool
    message: str

    @property
    def running(self) -> bool:
        return self.state in (JobState.QUEUED, JobState.RUNNING)


def latest_play(store: Store) -> PlayRow | None:
    """The latest play, None when none was ever asked for."""
    chosen = select(Job, Camera).join(Camera, Camera.id == Job.camera_id).where(Job.kind == JobKind.PLAY)
    with store.read() as session:
        found = session.execute(chosen.order_by(Job.id.desc()).limit(1)).first()
        if found is None:
            return None
        job, camera = found
        told = job.result or {}
        return PlayRow(
            job_id=job.id,
            state=job.state,
            step=PlayStep(told["step"]) if told.get("step") else None,
            at=datetime.fromisoformat(told["at"]) if told.get("at") else None,
            time_zone=camera.time_zone,
            share=float(told.get("share", 0.0)),
            order=told.get("order"),
            order_state=OrderState(told["state"]) if told.get("state") else None,
            still=inside(store.files, camera.still_path) if camera.still_path else None,
            on_stage=camera.enabled and camera.id == CAMERA,
            message=job.message,
        )
