"""Time as this floor knows it: aware UTC, asked for through a port so that a test can stand still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from detectors.errors import LamplighterError

Now = Callable[[], datetime]
"""A function that answers the present moment in UTC, aware."""


def utc_now() -> datetime:
    """The present moment, UTC, aware."""
    return datetime.now(UTC)


def zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name.

    Raises:
        LamplighterError: there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise LamplighterError(f"'{name}' is not a time zone; use an IANA name such as Asia/Shanghai.") from None


def iso(moment: datetime) -> str:
    """A moment as ISO 8601 in UTC with a Z."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
