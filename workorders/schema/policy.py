"""Service levels. A row is never changed: a new one follows it, and an order keeps the one it was born with."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from workorders.orders.clocks import Calendar
from workorders.schema.base import Base


class SlaPolicy(Base):
    """Targets of one priority from one moment on.

    Attributes:
        response_s, resolution_s: targets in seconds of running clock.
        calendar: working hours, None for clocks that always run.
        valid_to: when the next policy took over; None for the one in force.
    """

    __tablename__ = "sla_policy"
    __table_args__ = (Index(None, "priority", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    priority: Mapped[int]
    response_s: Mapped[int]
    resolution_s: Mapped[int]
    calendar: Mapped[dict[str, Any] | None]
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]
    set_by: Mapped[str]

    @property
    def response(self) -> timedelta:
        return timedelta(seconds=self.response_s)

    @property
    def resolution(self) -> timedelta:
        return timedelta(seconds=self.resolution_s)

    @property
    def hours(self) -> Calendar | None:
        return Calendar.of(self.calendar)
