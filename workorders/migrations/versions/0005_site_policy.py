"""What a site decides: language, when a finding raises an order, how long evidence stays; and saved views."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workorders.schema.base import UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("site", sa.Column("language", sa.Text(), nullable=True))
    op.add_column("site", sa.Column("rules", sa.JSON(), nullable=True))
    op.add_column("site", sa.Column("evidence_days", sa.Integer(), nullable=True))
    op.add_column("site", sa.Column("evidence_gb", sa.Double(), nullable=True))
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=128), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_view_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("person_id", "name", name=op.f("uq_saved_view_person_id_name")),
    )
