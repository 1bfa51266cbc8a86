"""When trees that shed their leaves are surely in leaf or may be bare, by the calendar and the camera's latitude."""

from __future__ import annotations

from datetime import datetime

# Nearer to the equator trees are green all the year or shed when it is dry; beyond, summers are short.
_TEMPERATE = (23.5, 62.0)
_SUMMER = range(6, 10)  # June to September: south of it leaves come in April, in the north at the end of May
_WINTER = (12, 1, 2)
_HALF_A_YEAR = 6


def is_summer(at: datetime, latitude: float | None) -> bool:
    """Whether every healthy tree is in leaf at a time.

    Args:
        latitude: degrees, south negative; None where unknown, so that nothing tells the season.
    """
    return _northern_month(at, latitude) in _SUMMER


def is_winter(at: datetime, latitude: float | None) -> bool:
    """Whether a healthy tree may well have shed its leaves; latitude and where nothing tells the season as above."""
    return _northern_month(at, latitude) in _WINTER


def _northern_month(at: datetime, latitude: float | None) -> int | None:
    """The month that has the same season north of the equator; None where nothing tells the season."""
    if latitude is None or not _TEMPERATE[0] <= abs(latitude) <= _TEMPERATE[1]:
        return None
    return at.month if latitude > 0 else (at.month + _HALF_A_YEAR - 1) % 12 + 1
