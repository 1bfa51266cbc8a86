"""What inspections of recordings cost goes into the day's row as well; that of earlier jobs is taken over."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from workorders.schema.base import UtcDateTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("camera_day", sa.Column("recorded_s", sa.Double(), nullable=False, server_default="0"))
    days = sa.table(
        "camera_day", sa.column("camera_id", sa.String), sa.column("day", sa.Date), sa.column("watched_s", sa.Double),
        sa.column("computed_s", sa.Double), sa.column("looks", sa.Integer), sa.column("recorded_s", sa.Double),
    )  # fmt: skip
    connection = op.get_bind()
    for (camera, day), cost in _inspected(connection).items():
        here = (days.c.camera_id == camera) & (days.c.day == day)
        grown = {name: days.c[name] + value for name, value in cost.items()}
        if not connection.execute(sa.update(days).where(here).values(grown)).rowcount:
            connection.execute(sa.insert(days).values(camera_id=camera, day=day, watched_s=0.0, **cost))


def _inspected(connection: sa.Connection) -> dict[tuple[str, date], dict[str, float]]:
    """What finished inspections came to, by camera and day."""
    job = sa.table(
        "job", sa.column("kind", sa.String), sa.column("camera_id", sa.String), sa.column("result", sa.JSON),
        sa.column("finished_at", UtcDateTime()),
    )  # fmt: skip
    done = sa.select(job.c.camera_id, job.c.result, job.c.finished_at).where(
        job.c.kind == "inspect", job.c.camera_id.is_not(None), job.c.finished_at.is_not(None)
    )
    found: dict[tuple[str, date], dict[str, float]] = defaultdict(
        lambda: {"recorded_s": 0.0, "computed_s": 0.0, "looks": 0}
    )
    rows: Any = connection.execute(done)
    for camera, result, finished in rows:
        if isinstance(result, dict) and isinstance(finished, datetime):
            cost = found[camera, finished.date()]
            cost["recorded_s"] += float(result.get("video_seconds") or 0)
            cost["computed_s"] += float(result.get("wall_seconds") or 0)
            cost["looks"] += int(result.get("frames") or 0)
    return found
