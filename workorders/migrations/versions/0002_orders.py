"""Work orders and what follows them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workorders.schema.base import UtcDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "work_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("issue", sa.String(length=128), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("subject", sa.String(length=128), nullable=False),
        sa.Column("camera_id", sa.String(length=128), nullable=True),
        sa.Column("asset_id", sa.String(length=128), nullable=True),
        sa.Column("asset_kind", sa.String(length=128), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("box", sa.JSON(), nullable=True),
        sa.Column("light", sa.Text(), nullable=True),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("sightings", sa.Integer(), nullable=False),
        sa.Column("first_seen", UtcDateTime(), nullable=False),
        sa.Column("last_seen", UtcDateTime(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("clock_started_at", UtcDateTime(), nullable=False),
        sa.Column("response_due", UtcDateTime(), nullable=False),
        sa.Column("resolution_due", UtcDateTime(), nullable=False),
        sa.Column("response_met", sa.Boolean(), nullable=True),
        sa.Column("resolution_met", sa.Boolean(), nullable=True),
        sa.Column("resolution_took_s", sa.Double(), nullable=True),
        sa.Column("paused_s", sa.Double(), nullable=False),
        sa.Column("held_at", UtcDateTime(), nullable=True),
        sa.Column("assignee_id", sa.String(length=128), nullable=True),
        sa.Column("team_id", sa.String(length=128), nullable=True),
        sa.Column("acknowledged_at", UtcDateTime(), nullable=True),
        sa.Column("assigned_at", UtcDateTime(), nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("resolved_at", UtcDateTime(), nullable=True),
        sa.Column("verified_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("dismiss_reason", sa.String(24), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("cleared_at", UtcDateTime(), nullable=True),
        sa.Column("close_proposed_at", UtcDateTime(), nullable=True),
        sa.Column("watch_until", UtcDateTime(), nullable=True),
        sa.Column("clean_looks", sa.Integer(), nullable=False),
        sa.Column("last_look_at", UtcDateTime(), nullable=True),
        sa.Column("seen_after_repair", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_work_order_asset_id_asset")),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name=op.f("fk_work_order_assignee_id_person")),
        sa.ForeignKeyConstraint(["camera_id"], ["camera.id"], name=op.f("fk_work_order_camera_id_camera")),
        sa.ForeignKeyConstraint(["parent_id"], ["work_order.id"], name=op.f("fk_work_order_parent_id_work_order")),
        sa.ForeignKeyConstraint(["policy_id"], ["sla_policy.id"], name=op.f("fk_work_order_policy_id_sla_policy")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_work_order_site_id_site")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_work_order_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order")),
    )
    op.create_index(op.f("ix_work_order_asset_id"), "work_order", ["asset_id"], unique=False)
    op.create_index(op.f("ix_work_order_camera_id"), "work_order", ["camera_id"], unique=False)
    op.create_index(op.f("ix_work_order_opened_at"), "work_order", ["opened_at"], unique=False)
    op.create_index(op.f("ix_work_order_parent_id"), "work_order", ["parent_id"], unique=False)
    op.create_index(op.f("ix_work_order_resolved_at"), "work_order", ["resolved_at"], unique=False)
    op.create_index(op.f("ix_work_order_state_resolution_due"), "work_order", ["state", "resolution_due"], unique=False)
    op.create_index(
        "uq_work_order_one_open",
        "work_order",
        ["subject", "issue"],
        unique=True,
        sqlite_where=sa.text("state in ('new', 'acknowledged', 'assigned', 'in_progress', 'on_hold', 'resolved')"),
        postgresql_where=sa.text("state in ('new', 'acknowledged', 'assigned', 'in_progress', 'on_hold', 'resolved')"),
    )
    op.create_table(
        "order_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.String(length=128), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=128), nullable=False),
        sa.Column("from_state", sa.String(24), nullable=True),
        sa.Column("to_state", sa.String(24), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_order_log_order_id_work_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_log")),
    )
    op.create_index(op.f("ix_order_log_order_id_id"), "order_log", ["order_id", "id"], unique=False)
    op.create_table(
        "suppression",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=128), nullable=False),
        sa.Column("issue", sa.String(length=128), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(24), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_suppression_order_id_work_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression")),
    )
    op.create_index(
        op.f("ix_suppression_subject_issue_until"), "suppression", ["subject", "issue", "until"], unique=False
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("camera_id", sa.String(length=128), nullable=False),
        sa.Column("asset_id", sa.String(length=128), nullable=True),
        sa.Column("asset_kind", sa.String(length=128), nullable=True),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("issue", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("first_seen", UtcDateTime(), nullable=False),
        sa.Column("last_seen", UtcDateTime(), nullable=False),
        sa.Column("cleared_at", UtcDateTime(), nullable=True),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("observations", sa.Integer(), nullable=False),
        sa.Column("box", sa.JSON(), nullable=False),
        sa.Column("light", sa.Text(), nullable=True),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("suppression_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_finding_asset_id_asset")),
        sa.ForeignKeyConstraint(["camera_id"], ["camera.id"], name=op.f("fk_finding_camera_id_camera")),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_finding_order_id_work_order")),
        sa.ForeignKeyConstraint(
            ["suppression_id"], ["suppression.id"], name=op.f("fk_finding_suppression_id_suppression")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint(
            "camera_id", "issue", "key", "first_seen", name=op.f("uq_finding_camera_id_issue_key_first_seen")
        ),
    )
    op.create_index(op.f("ix_finding_order_id"), "finding", ["order_id"], unique=False)
    op.create_index(op.f("ix_finding_state_camera_id"), "finding", ["state", "camera_id"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("camera_id", sa.String(length=128), nullable=True),
        sa.Column("moment", sa.String(24), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.Column("box", sa.JSON(), nullable=True),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["camera_id"], ["camera.id"], name=op.f("fk_evidence_camera_id_camera")),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name=op.f("fk_evidence_finding_id_finding")),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_evidence_order_id_work_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("path", name=op.f("uq_evidence_path")),
    )
    op.create_index(op.f("ix_evidence_order_id_moment_kind"), "evidence", ["order_id", "moment", "kind"], unique=False)
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.String(length=128), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_comment_order_id_work_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index(op.f("ix_comment_order_id"), "comment", ["order_id"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.String(length=128), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_attachment_order_id_work_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("path", name=op.f("uq_attachment_path")),
    )
    op.create_index(op.f("ix_attachment_order_id"), "attachment", ["order_id"], unique=False)
    op.create_table(
        "verdict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("reason", sa.String(24), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["work_order.id"], name=op.f("fk_verdict_order_id_work_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict")),
    )
    op.create_index(op.f("ix_verdict_order_id"), "verdict", ["order_id"], unique=False)
    keep_log_append_only()


def keep_log_append_only() -> None:
    """Make the database itself refuse to change or delete a line of an order's history."""
    refusal = "the log of orders is append-only"
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER order_log_no_{verb.lower()} BEFORE {verb} ON order_log "
                f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_order_log_change() RETURNS trigger AS $$ "
        f"BEGIN RAISE EXCEPTION '{refusal}'; END $$ LANGUAGE plpgsql"
    )
    op.execute(
        "CREATE TRIGGER order_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON order_log "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_order_log_change()"
    )
