"""What follows an order: its log, what was seen, what people said, the files that prove it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from workorders.schema.base import Base, Handle, word
from workorders.words import DismissReason, EvidenceKind, FindingState, Moment, OrderState, VerdictKind


class LogEntry(Base):
    """One line of an order's history. The database itself refuses to change or delete one."""

    __tablename__ = "order_log"
    __table_args__ = (Index(None, "order_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("work_order.id"))
    at: Mapped[datetime]
    actor_id: Mapped[str] = mapped_column(Handle)
    actor_name: Mapped[str]
    action: Mapped[str] = mapped_column(Handle)
    from_state: Mapped[OrderState | None] = mapped_column(word(OrderState))
    to_state: Mapped[OrderState] = mapped_column(word(OrderState))
    note: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class FindingRow(Base):
    """A confirmed finding as the machine saw it. `key` names its place within the camera."""

    __tablename__ = "finding"
    __table_args__ = (
        UniqueConstraint("camera_id", "issue", "key", "first_seen"),
        Index(None, "order_id"),
        Index(None, "state", "camera_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    camera_id: Mapped[str] = mapped_column(ForeignKey("camera.id"))
    asset_id: Mapped[str | None] = mapped_column(ForeignKey("asset.id"))
    asset_kind: Mapped[str | None] = mapped_column(Handle)
    key: Mapped[str] = mapped_column(Handle)
    issue: Mapped[str] = mapped_column(Handle)
    state: Mapped[FindingState] = mapped_column(word(FindingState))
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    score: Mapped[float]
    observations: Mapped[int]
    box: Mapped[list[float]]
    light: Mapped[str | None]
    order_id: Mapped[int | None] = mapped_column(ForeignKey("work_order.id"))
    suppression_id: Mapped[int | None] = mapped_column(ForeignKey("suppression.id"))


class Suppression(Base):
    """The same issue of the same subject raises nothing until an end; it can be lifted earlier.

    Attributes:
        by_picture: whether it covers the subject only while that looks as in its order's picture.
    """

    __tablename__ = "suppression"
    __table_args__ = (Index(None, "subject", "issue", "until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(Handle)
    issue: Mapped[str] = mapped_column(Handle)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("work_order.id"))
    by_picture: Mapped[bool] = mapped_column(default=False, server_default=false())
    reason: Mapped[DismissReason] = mapped_column(word(DismissReason))
    since: Mapped[datetime]
    until: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    set_by: Mapped[str]
    lifted_by: Mapped[str | None]
    hits: Mapped[int] = mapped_column(default=0)


class Evidence(Base):
    """A file that proves something of an order. `path` is relative to the evidence folder."""

    __tablename__ = "evidence"
    __table_args__ = (Index(None, "order_id", "moment", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("work_order.id"))
    finding_id: Mapped[int | None] = mapped_column(ForeignKey("finding.id"))
    camera_id: Mapped[str | None] = mapped_column(ForeignKey("camera.id"))
    moment: Mapped[Moment] = mapped_column(word(Moment))
    kind: Mapped[EvidenceKind] = mapped_column(word(EvidenceKind))
    path: Mapped[str] = mapped_column(unique=True)
    sha256: Mapped[str]
    size: Mapped[int]
    taken_at: Mapped[datetime]
    box: Mapped[list[float] | None]
    removed_at: Mapped[datetime | None]


class Comment(Base):
    """What somebody wrote under an order."""

    __tablename__ = "comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("work_order.id"), index=True)
    at: Mapped[datetime]
    actor_id: Mapped[str] = mapped_column(Handle)
    actor_name: Mapped[str]
    text: Mapped[str]


class Attachment(Base):
    """A file somebody added: photographs of the repair. `path` is relative to the attachments folder."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("work_order.id"), index=True)
    at: Mapped[datetime]
    actor_id: Mapped[str] = mapped_column(Handle)
    actor_name: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    path: Mapped[str] = mapped_column(unique=True)
    sha256: Mapped[str]
    size: Mapped[int]


class Verdict(Base):
    """What a person said of a finding; kept apart from what the machine said."""

    __tablename__ = "verdict"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("work_order.id"), index=True)
    at: Mapped[datetime]
    actor_id: Mapped[str] = mapped_column(Handle)
    kind: Mapped[VerdictKind] = mapped_column(word(VerdictKind))
    reason: Mapped[DismissReason | None] = mapped_column(word(DismissReason))
    note: Mapped[str] = mapped_column(default="")


class AssetCheck(Base):
    """The latest answer of one camera to "does this asset have this issue?", with counts; not every frame's."""

    __tablename__ = "asset_check"

    asset_id: Mapped[str] = mapped_column(ForeignKey("asset.id", ondelete="CASCADE"), primary_key=True)
    camera_id: Mapped[str] = mapped_column(ForeignKey("camera.id", ondelete="CASCADE"), primary_key=True)
    issue: Mapped[str] = mapped_column(Handle, primary_key=True)
    presence: Mapped[str] = mapped_column(Handle)
    score: Mapped[float]
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    present: Mapped[int] = mapped_column(default=0)
    absent: Mapped[int] = mapped_column(default=0)
    unknown: Mapped[int] = mapped_column(default=0)
