"""What stands behind a site's settings: who changed them, and what its looks counted, so that others can be tried."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from workorders.schema.base import Base, Handle, word
from workorders.words import SiteSetting


class SettingChange(Base):
    """One line of the log of a site's settings: nothing of it is changed later.

    Attributes:
        issue: code; None for what holds for all issues.
        before, after: what was set; None for the default.
    """

    __tablename__ = "setting_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[str] = mapped_column(Handle)
    actor_name: Mapped[str]
    setting: Mapped[SiteSetting] = mapped_column(word(SiteSetting))
    issue: Mapped[str | None] = mapped_column(Handle)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class Trace(Base):
    """What an inspection counted for one place for a while, look by look: see `workorders.register.traces`.

    Attributes:
        run_at: when that inspection began; with `key` it names the place.
        began_at, ended_at: capture times of the first and the last mark.
    """

    __tablename__ = "trace"
    __table_args__ = (Index(None, "issue", "ended_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    camera_id: Mapped[str] = mapped_column(ForeignKey("camera.id"))
    run_at: Mapped[datetime]
    key: Mapped[str] = mapped_column(Handle)
    issue: Mapped[str] = mapped_column(Handle)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    count: Mapped[int]
    marks: Mapped[bytes] = mapped_column(LargeBinary)
