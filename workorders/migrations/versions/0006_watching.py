"""Watching: a camera's hours, and what its watch costs each day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("camera", sa.Column("hours", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "camera_day",
        sa.Column("camera_id", sa.String(length=128), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("watched_s", sa.Double(), nullable=False),
        sa.Column("computed_s", sa.Double(), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["camera_id"], ["camera.id"], name=op.f("fk_camera_day_camera_id_camera")),
        sa.PrimaryKeyConstraint("camera_id", "day", name=op.f("pk_camera_day")),
    )
