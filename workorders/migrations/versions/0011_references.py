"""A camera keeps a clean picture of its view for each light state; the one it had stays where it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workorders.schema.base import UtcDateTime

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "camera_reference",
        sa.Column("camera_id", sa.String(length=128), nullable=False),
        sa.Column("light", sa.String(length=128), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["camera_id"], ["camera.id"], name=op.f("fk_camera_reference_camera_id_camera"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("camera_id", "light", name=op.f("pk_camera_reference")),
    )
