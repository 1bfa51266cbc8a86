"""Where cameras look: heading and angle of view, for the map."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("camera", sa.Column("heading_deg", sa.Double(), nullable=True))
    op.add_column("camera", sa.Column("angle_deg", sa.Double(), nullable=True))
