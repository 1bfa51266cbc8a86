"""Work for the worker, the workers themselves, what watching costs, and the row that tells of every change."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from workorders.schema.base import Base, Handle, word
from workorders.words import JobKind, JobState


class Job(Base):
    """One thing to do. A worker holds it by a lease that it renews; a lease that ran out is free to be claimed.

    Attributes:
        progress: 0-1.
        message: what is going on, or the one line that says why it failed.
        not_before: earliest moment of the next attempt.
    """

    __tablename__ = "job"
    __table_args__ = (Index(None, "state", "not_before"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[JobKind] = mapped_column(word(JobKind))
    camera_id: Mapped[str | None] = mapped_column(ForeignKey("camera.id"))
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[JobState] = mapped_column(word(JobState))
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int] = mapped_column(default=3)
    not_before: Mapped[datetime]
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    progress: Mapped[float] = mapped_column(default=0.0)
    message: Mapped[str] = mapped_column(default="")
    result: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class Worker(Base):
    """A worker process, as long as it reports."""

    __tablename__ = "worker"

    id: Mapped[str] = mapped_column(Handle, primary_key=True)
    started_at: Mapped[datetime]
    heartbeat_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]


class CameraDay(Base):
    """What looking at one camera came to on one day of UTC.

    Attributes:
        watched_s: seconds that its stream was watched; recorded_s: seconds of its recordings that were inspected.
        computed_s: seconds of computing that both took.
    """

    __tablename__ = "camera_day"

    camera_id: Mapped[str] = mapped_column(ForeignKey("camera.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    watched_s: Mapped[float] = mapped_column(default=0.0)
    computed_s: Mapped[float] = mapped_column(default=0.0)
    looks: Mapped[int] = mapped_column(default=0)
    recorded_s: Mapped[float] = mapped_column(default=0.0, server_default="0")


class StoreVersion(Base):
    """One row whose number grows with every commit: pages poll it instead of their queries."""

    __tablename__ = "store_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
