"""Times as people read them: how long ago or ahead, and the moment itself in the site's zone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dashboard.language import Titles, listed, mark

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
SPANS = Titles(
    {
        "s": mark("{n} s"),
        "min": mark("{n} min"),
        "min_s": mark("{n} min {rest} s"),
        "h": mark("{n} h"),
        "h_min": mark("{n} h {rest} min"),
        "d": mark("{n} d"),
        "d_h": mark("{n} d {rest} h"),
        "now": mark("just now"),
        "ago": mark("{span} ago"),
        "ahead": mark("in {span}"),
    }
)
"""How lengths of time are said. The browser ticks with the same words: `components.words`."""

DAYS = Titles(
    {0: mark("Mon"), 1: mark("Tue"), 2: mark("Wed"), 3: mark("Thu"), 4: mark("Fri"), 5: mark("Sat"), 6: mark("Sun")}
)


def days_text(days: Collection[int]) -> str:
    """Days of the week, 0 for Monday, as `Mon – Fri` or `Mon, Sat`."""
    ordered = sorted(days)
    run = len(ordered) > 2 and ordered == list(range(ordered[0], ordered[-1] + 1))
    return f"{DAYS[ordered[0]]} – {DAYS[ordered[-1]]}" if run else listed(DAYS[day] for day in ordered)


def clock(moment: datetime | None, zone: ZoneInfo, seconds: bool = False) -> str:
    """A moment in a zone, as `2026-06-16 11:08`; an em dash for none."""
    if moment is None:
        return "—"
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def span(length: timedelta | float) -> str:
    """A length of time in its two largest units, as `1 h 05 min`; never negative."""
    total = abs(round(length.total_seconds() if isinstance(length, timedelta) else length))
    if total < _MINUTE:
        return _say("s", total)
    if total < _HOUR:
        minutes, seconds = divmod(total, _MINUTE)
        return _say("min_s", minutes, f"{seconds:02}") if minutes < 5 and seconds else _say("min", minutes)
    if total < _DAY:
        hours, rest = divmod(total, _HOUR)
        return _say("h_min", hours, f"{rest // _MINUTE:02}") if rest >= _MINUTE else _say("h", hours)
    days, rest = divmod(total, _DAY)
    return _say("d_h", days, rest // _HOUR) if days < 14 and rest >= _HOUR else _say("d", days)


def ago(moment: datetime | None, now: datetime) -> str:
    """How long ago, as `5 min ago`; `in 5 min` for a moment ahead; an em dash for none."""
    if moment is None:
        return "—"
    length = now - moment
    if abs(length) < timedelta(seconds=10):
        return SPANS["now"]
    return SPANS["ago" if length > timedelta() else "ahead"].format(span=span(length))


def roughly_ago(moment: datetime | None, now: datetime) -> str:
    """How long ago in one unit, as `5 min ago`; for places where two do not fit."""
    length = timedelta() if moment is None else now - moment
    total = int(abs(length.total_seconds()))
    if moment is None or total < 10:
        return ago(moment, now)
    unit, of = next(((unit, of) for of, unit in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min")) if total >= of), ("s", 1))
    return SPANS["ago" if length > timedelta() else "ahead"].format(span=_say(unit, total // of))


def zone_title(zone: ZoneInfo, now: datetime) -> str:
    """A zone named as in a heading: `Asia/Shanghai, UTC+8`."""
    offset = now.astimezone(zone).utcoffset() or timedelta()
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    suffix = f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")
    return suffix if zone.key == "UTC" and minutes == 0 else f"{zone.key}, {suffix}"


def epoch_ms(moment: datetime | None) -> float | None:
    """A moment as the browser counts it, milliseconds since 1970."""
    return None if moment is None else moment.timestamp() * 1000


def _say(unit: str, number: int, rest: object = "") -> str:
    return SPANS[unit].format(n=number, rest=rest)
