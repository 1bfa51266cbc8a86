"""A camera's hours: when it is awake, when that changes, across midnight and where the clock jumps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.errors import LamplighterError, SourceError
from detectors.values import Look, View
from tests.workorders.conftest import MANAGER, OPERATOR
from tests.workorders.fakes import FrozenClock, ScriptedEyes, add_camera, light, look
from workorders.actors import Actor
from workorders.errors import NotAllowed
from workorders.queries.cameras import cameras
from workorders.queries.overview import overview
from workorders.register.cameras import CameraDetails, ask_for_watch, save_camera
from workorders.register.hours import Hours, Schedule
from workorders.register.sites import update_site
from workorders.schema import Camera
from workorders.store import Store
from workorders.watch import run_watch
from workorders.words import CameraHealth
from workorders.worker import WorkerLoop, ensure_watch_jobs

NIGHT = Hours(time(18), time(6))
DAY = Hours(time(7), time(19, 30))
WORKDAYS = frozenset(range(5))
FRIDAY_NIGHT = Hours(time(18), time(6), frozenset({4}))
SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("hours", "zone", "wall", "awake", "turns"),
    [
        pytest.param(NIGHT, SHANGHAI, "2026-06-16 17:59", False, "2026-06-16 18:00", id="before the evening"),
        pytest.param(NIGHT, SHANGHAI, "2026-06-16 18:00", True, "2026-06-17 06:00", id="the first moment counts"),
        pytest.param(NIGHT, SHANGHAI, "2026-06-16 23:59", True, "2026-06-17 06:00", id="before midnight"),
        pytest.param(NIGHT, SHANGHAI, "2026-06-17 00:00", True, "2026-06-17 06:00", id="across midnight"),
        pytest.param(NIGHT, SHANGHAI, "2026-06-17 06:00", False, "2026-06-17 18:00", id="the last moment does not"),
        pytest.param(DAY, SHANGHAI, "2026-06-16 06:59", False, "2026-06-16 07:00", id="a day: too early"),
        pytest.param(DAY, SHANGHAI, "2026-06-16 12:00", True, "2026-06-16 19:30", id="a day: noon"),
        pytest.param(DAY, SHANGHAI, "2026-06-16 21:00", False, "2026-06-17 07:00", id="a day: until the next one"),
        pytest.param(FRIDAY_NIGHT, SHANGHAI, "2026-06-20 05:00", True, "2026-06-20 06:00", id="Friday night"),
        pytest.param(FRIDAY_NIGHT, SHANGHAI, "2026-06-20 18:00", False, "2026-06-26 18:00", id="Saturday's is not one"),
        pytest.param(
            Hours(time(), time(), WORKDAYS), SHANGHAI, "2026-06-17 23:59", True, "2026-06-20 00:00", id="whole workdays"
        ),
        pytest.param(
            Hours(time(), time(), WORKDAYS), SHANGHAI, "2026-06-20 00:00", False, "2026-06-22 00:00", id="the weekend"
        ),
        pytest.param(None, SHANGHAI, "2026-06-16 03:00", True, None, id="day and night"),
        pytest.param(NIGHT, NEW_YORK, "2026-03-08 05:59", True, "2026-03-08 06:00", id="the clock springs forward"),
        pytest.param(NIGHT, NEW_YORK, "2026-11-01 05:59", True, "2026-11-01 06:00", id="the clock falls back"),
    ],
)  # fmt: skip
def test_awake_by_the_clock(hours: Hours | None, zone: ZoneInfo, wall: str, awake: bool, turns: str | None) -> None:
    schedule = Schedule(hours, zone)
    at = datetime.fromisoformat(wall).replace(tzinfo=zone).astimezone(UTC)
    expected = datetime.fromisoformat(turns).replace(tzinfo=zone).astimezone(UTC) if turns else None

    assert schedule.awake(at) is awake
    assert schedule.changes_at(at) == expected


@pytest.mark.parametrize(
    ("day", "hours", "lasts"),
    [
        pytest.param("2026-03-08", NIGHT, 11, id="a night of 23 hours' day"),
        pytest.param("2026-11-01", NIGHT, 13, id="a night of 25 hours' day"),
        pytest.param("2026-11-01", Hours(time(1, 30), time(5)), 4.5, id="begins the first time the clock shows it"),
        pytest.param("2026-11-01", Hours(time(23), time(1, 30)), 3.5, id="ends the second time the clock shows it"),
        pytest.param("2026-03-08", Hours(time(2, 30), time(5)), 2.5, id="begins at a time that is skipped"),
        pytest.param("2026-03-08", Hours(time(23), time(2, 30)), 3.5, id="ends at a time that is skipped"),
    ],
)
def test_a_span_is_as_long_as_it_truly_is_where_the_clock_jumps(day: str, hours: Hours, lasts: float) -> None:
    noon_before = datetime.fromisoformat(f"{day} 12:00").replace(tzinfo=NEW_YORK).astimezone(UTC) - timedelta(days=1)
    schedule = Schedule(hours, NEW_YORK)
    begins = schedule.changes_at(noon_before)
    assert begins is not None
    ends = schedule.changes_at(begins)
    assert ends is not None

    assert schedule.awake(begins)
    assert (ends - begins) == timedelta(hours=lasts)


@pytest.mark.parametrize(
    ("latitude", "at", "awake", "turns"),
    [
        pytest.param(31.17, "2026-06-16T04:00", False, "2026-06-16T11:00", id="noon, until sunset at seven"),
        pytest.param(31.17, "2026-06-16T16:00", True, "2026-06-16T20:51", id="midnight, until sunrise before five"),
        pytest.param(78.0, "2026-06-16T12:00", False, None, id="the sun does not set"),
        pytest.param(78.0, "2026-12-16T12:00", True, None, id="the sun does not rise"),
        pytest.param(None, "2026-06-16T04:00", True, None, id="no place: it never sleeps"),
    ],
)
def test_awake_by_the_sun(latitude: float | None, at: str, awake: bool, turns: str | None) -> None:
    schedule = Schedule(Hours(), SHANGHAI, latitude, 121.46)
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    found = schedule.changes_at(moment)

    assert schedule.awake(moment) is awake
    assert (found is None) is (turns is None)
    if found is not None and turns is not None:
        assert abs(found - datetime.fromisoformat(turns).replace(tzinfo=UTC)) < timedelta(minutes=6)
        assert schedule.awake(found) is not awake


@pytest.mark.parametrize(
    ("at", "awake", "turns"),
    [
        pytest.param("2026-06-19T16:00", True, "2026-06-19T20:51", id="Friday, midnight: until sunrise"),
        pytest.param("2026-06-20T16:00", False, "2026-06-26T11:01", id="Saturday, midnight: until Friday's sunset"),
    ],
)
def test_nights_of_some_days(at: str, awake: bool, turns: str) -> None:
    schedule = Schedule(Hours(days=frozenset({4})), SHANGHAI, 31.17, 121.46)
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    found = schedule.changes_at(moment)

    assert schedule.awake(moment) is awake
    assert found is not None
    assert abs(found - datetime.fromisoformat(turns).replace(tzinfo=UTC)) < timedelta(minutes=6)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    st.times(),
    st.times(),
    st.sampled_from(["Asia/Shanghai", "America/New_York", "Europe/Lisbon", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    st.frozensets(st.integers(0, 6), min_size=1),
)
def test_the_next_change_is_one_and_the_first(
    at: datetime, begins: time, ends: time, zone: str, days: frozenset[int]
) -> None:
    begins, ends = begins.replace(second=0, microsecond=0), ends.replace(second=0, microsecond=0)
    if begins == ends:
        return
    schedule = Schedule(Hours(begins, ends, days), ZoneInfo(zone))
    turn = schedule.changes_at(at)

    # Two spans may touch where a skipped or repeated time makes them longer: then it stays awake into the next one.
    if turn is None:
        return
    assert at < turn
    assert schedule.awake(turn) is not schedule.awake(at)
    for part in (0.25, 0.5, 0.75):
        assert schedule.awake(at + (turn - at) * part) is schedule.awake(at)


@pytest.mark.parametrize(
    ("begins", "ends"), [(time(6), time(6)), (time(6), None), (None, time(6))], ids=["the same", "no end", "no begin"]
)
def test_hours_that_cannot_be_are_refused(begins: time | None, ends: time | None) -> None:
    with pytest.raises(LamplighterError):
        Hours(begins, ends)


def test_hours_of_no_day_are_refused() -> None:
    with pytest.raises(LamplighterError, match="at least one day"):
        Hours(time(6), time(9), frozenset())


def test_hours_are_kept_and_only_a_manager_sets_them(store: Store, viewer: Actor) -> None:
    for actor in (OPERATOR, viewer):
        with pytest.raises(NotAllowed):
            save_camera(store, actor, "cam-1", CameraDetails("Pier", hours=NIGHT))
    with pytest.raises(LamplighterError, match="Sunset is known only where"):
        save_camera(store, MANAGER, "cam-1", CameraDetails("Pier", hours=Hours()))
    for hours in (NIGHT, FRIDAY_NIGHT, Hours(time(), time(), WORKDAYS), Hours(), Hours(days=WORKDAYS), None):
        save_camera(store, MANAGER, "cam-1", CameraDetails("Pier", latitude=31.0, longitude=121.0, hours=hours))
        assert cameras(store)[0].hours == hours


@pytest.fixture
def sleeper(store: Store, clock: FrozenClock) -> Store:
    """A site in Shanghai at noon, with a camera of the night that was offline when it fell asleep."""
    clock.at = datetime(2026, 6, 16, 4, tzinfo=UTC)
    update_site(store, MANAGER, "Riverside", "Asia/Shanghai")
    add_camera(store, "cam-1", [light("L-1")], source="rtsp://pier/1", hours=NIGHT)
    ask_for_watch(store, OPERATOR, "cam-1", True)
    with store.write() as work:
        work.session.get_one(Camera, "cam-1").health = CameraHealth.OFFLINE
        work.commit()
    return store


def test_a_sleeping_camera_is_not_offline(sleeper: Store, clock: FrozenClock) -> None:
    (row,) = cameras(sleeper)
    figures = overview(sleeper)
    assert row.asleep
    assert not row.in_trouble
    assert row.turns_at == datetime(2026, 6, 16, 10, tzinfo=UTC), "18:00 in Shanghai"
    assert (figures.cameras, figures.cameras_asleep, dict(figures.cameras_by_health)) == (1, 1, {})

    clock.forward(hours=6)
    (row,) = cameras(sleeper)
    assert (row.asleep, row.in_trouble, row.turns_at) == (False, True, datetime(2026, 6, 16, 22, tzinfo=UTC))
    assert overview(sleeper).cameras_by_health == {CameraHealth.OFFLINE: 1}


def test_the_worker_lets_it_sleep_and_wakes_it(sleeper: Store, clock: FrozenClock) -> None:
    loop = WorkerLoop(sleeper, ScriptedEyes)
    ensure_watch_jobs(sleeper)
    assert not loop.step()
    clock.forward(hours=6)
    ensure_watch_jobs(sleeper)
    assert loop.step()
    loop.join()


def test_a_watch_ends_with_its_hours_and_goes_on_the_next_day(sleeper: Store, clock: FrozenClock) -> None:
    clock.forward(hours=17, minutes=59)
    seen: list[datetime] = []

    def script(view: View) -> Iterator[Look]:
        for n in range(600):
            seen.append(clock.forward(seconds=10))
            yield look(clock(), offset_s=10.0 * n)

    why = run_watch(sleeper, "cam-1", ScriptedEyes(script), progress=lambda *_: None, should_stop=lambda: False)
    assert why == "asleep until its hours begin"
    assert seen[-1] == datetime(2026, 6, 16, 22, tzinfo=UTC), "06:00 in Shanghai"
    assert cameras(sleeper)[0].asleep, "it is still wanted"


def test_an_outage_does_not_outlast_its_hours(sleeper: Store, clock: FrozenClock) -> None:
    clock.forward(hours=17, minutes=55)
    eyes = ScriptedEyes(opens=[SourceError("no answer")] * 1000)

    def sleep(seconds: float) -> None:
        clock.forward(seconds=seconds)

    why = run_watch(
        sleeper, "cam-1", eyes, progress=lambda *_: None, should_stop=lambda: False, sleep=sleep
    )  # fmt: skip
    assert why == "asleep until its hours begin"
    assert not cameras(sleeper)[0].in_trouble
