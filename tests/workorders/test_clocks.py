"""Clocks: working hours, holds, and days of 23 and 25 hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.errors import LamplighterError
from workorders.orders.clocks import Calendar, due, due_after_hold, running_time

BERLIN = Calendar("Europe/Berlin", frozenset(range(5)), time(8), time(16))
ALL_DAYS = Calendar("Europe/Berlin", frozenset(range(7)), time(0, 30), time(23, 30))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        pytest.param(utc(2026, 6, 16, 7), 2, utc(2026, 6, 16, 9), id="within one day"),
        pytest.param(utc(2026, 6, 16, 13), 2, utc(2026, 6, 17, 7), id="over night: one hour today, one tomorrow"),
        pytest.param(utc(2026, 6, 19, 13), 2, utc(2026, 6, 22, 7), id="over a weekend"),
        pytest.param(utc(2026, 6, 20, 13), 2, utc(2026, 6, 22, 8), id="begins on a Saturday"),
        pytest.param(utc(2026, 6, 16, 2), 1, utc(2026, 6, 16, 7), id="begins before opening"),
        pytest.param(utc(2026, 6, 16, 6), 8, utc(2026, 6, 16, 14), id="exactly one day ends at closing time"),
        pytest.param(utc(2026, 3, 27, 14), 2, utc(2026, 3, 30, 7), id="clocks go forward at the weekend between"),
        pytest.param(utc(2026, 10, 23, 13), 2, utc(2026, 10, 26, 8), id="clocks go back at the weekend between"),
    ],
)
def test_due_counts_working_hours_on_the_wall_clock(start: datetime, hours: int, expected: datetime) -> None:
    assert due(start, timedelta(hours=hours), BERLIN) == expected


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        pytest.param(date(2026, 3, 29), 22, id="a day of 23 hours"),
        pytest.param(date(2026, 10, 25), 24, id="a day of 25 hours"),
        pytest.param(date(2026, 6, 16), 23, id="an ordinary day"),
    ],
)
def test_a_working_day_across_a_clock_change_has_its_true_length(day: date, hours: int) -> None:
    midnight = datetime.combine(day, time(), ZoneInfo("Europe/Berlin")).astimezone(UTC)
    begin, end = next(ALL_DAYS.spans(midnight))
    assert end - begin == timedelta(hours=hours)


def test_without_a_calendar_twenty_minutes_are_twenty_minutes_even_when_clocks_change() -> None:
    start = utc(2026, 3, 29, 0, 50)
    assert due(start, timedelta(minutes=20)) - start == timedelta(minutes=20)


def test_holidays_do_not_count() -> None:
    calendar = Calendar("Europe/Berlin", frozenset(range(5)), time(8), time(16), frozenset({date(2026, 6, 17)}))
    assert due(utc(2026, 6, 16, 13), timedelta(hours=2), calendar) == utc(2026, 6, 18, 7)


def test_what_was_left_at_the_hold_is_left_after_it() -> None:
    held, resumed, was_due = utc(2026, 6, 16, 13), utc(2026, 6, 18, 9), utc(2026, 6, 16, 13, 30)
    assert due_after_hold(held, resumed, was_due, BERLIN) == utc(2026, 6, 18, 9, 30)


def test_a_hold_does_not_make_a_late_order_less_late() -> None:
    held, resumed, was_due = utc(2026, 6, 16, 13), utc(2026, 6, 16, 18), utc(2026, 6, 16, 12)
    assert due_after_hold(held, resumed, was_due, None) == resumed - timedelta(hours=1)


@given(
    start=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    minutes=st.integers(1, 60 * 24 * 20),
    calendar=st.sampled_from([None, BERLIN, ALL_DAYS, Calendar("Asia/Shanghai", frozenset({2}), time(9), time(10))]),
)
def test_the_clock_has_run_for_the_target_when_it_is_due(
    start: datetime, minutes: int, calendar: Calendar | None
) -> None:
    target = timedelta(minutes=minutes)
    end = due(start, target, calendar)
    assert end > start
    assert running_time(start, end, calendar) == target
    assert Calendar.of(calendar.as_json() if calendar else None) == calendar


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"time_zone": "Europe/Berlin", "days": [], "opens": "08:00", "closes": "16:00"}, id="no day"),
        pytest.param({"time_zone": "Mars/Base", "days": [1], "opens": "08:00", "closes": "16:00"}, id="no such zone"),
        pytest.param(
            {"time_zone": "UTC", "days": [1], "opens": "16:00", "closes": "08:00"}, id="closes before it opens"
        ),
        pytest.param({"time_zone": "UTC", "days": [9], "opens": "08:00", "closes": "16:00"}, id="a ninth weekday"),
        pytest.param({"days": [1]}, id="half a calendar"),
        pytest.param({"time_zone": "UTC", "days": ["x"], "opens": "08:00", "closes": "16:00"}, id="words for days"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused_in_one_line(values: dict) -> None:
    with pytest.raises(LamplighterError) as refused:
        Calendar.of(values)
    assert "\n" not in str(refused.value)
