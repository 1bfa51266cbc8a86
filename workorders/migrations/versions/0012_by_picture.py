"""A suppression can depend on its order's picture: it holds while the place looks as it does there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("suppression", sa.Column("by_picture", sa.Boolean(), nullable=False, server_default=sa.false()))
