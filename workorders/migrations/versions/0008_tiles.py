"""Where the map's tiles come from, if a site wants any."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("site", sa.Column("tile_url", sa.Text(), nullable=True))
    op.add_column("site", sa.Column("tile_credit", sa.Text(), nullable=True))
