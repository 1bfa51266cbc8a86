"""The store: what is refused, units of work, times, and the queries' figures."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.exc import StatementError

from tests.workorders.conftest import MANAGER, OPERATOR
from tests.workorders.fakes import START, FrozenClock, add_camera, finding, light, take
from workorders.errors import NotAllowed, NotFound, StoreError
from workorders.orders.desk import Request, perform
from workorders.queries.attainment import by_week, levels
from workorders.queries.orders import Lateness, OrderFilter, Sort, orders_page
from workorders.queries.overview import overview
from workorders.queries.people import people, teams
from workorders.register.cameras import CameraDetails, save_camera, set_region
from workorders.register.sites import actor_of, save_person, save_team, update_site
from workorders.schema import Camera, Site
from workorders.store import Store, open_store
from workorders.words import Action, OrderState, Role


@pytest.mark.parametrize(
    ("url", "line"),
    [
        pytest.param("not a url", "not a database URL", id="no URL"),
        pytest.param("oracle://x/y", "not supported", id="another product"),
        pytest.param("mysql://x/y", "not supported", id="another product, driver missing"),
        pytest.param("sqlite://", "needs a file", id="a database in memory"),
        pytest.param("sqlite:////proc/nowhere/site.db", "Cannot", id="a folder that cannot be"),
        pytest.param("postgresql://nobody@127.0.0.1:1/none", "Cannot open the database", id="nobody answers"),
    ],
)
def test_a_database_that_cannot_be_used_gives_one_line(url: str, line: str) -> None:
    with pytest.raises(StoreError, match=line) as refused:
        open_store(url)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "site.db").write_text("hello, I am a text " * 100)
    with pytest.raises(StoreError, match="not a database"):
        open_store(f"sqlite:///{tmp_path}/site.db")


def test_a_database_of_somebody_else(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/site.db")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE invoices (id INTEGER)"))
    with pytest.raises(StoreError, match=r"holds other tables \(invoices\)"):
        open_store(f"sqlite:///{tmp_path}/site.db")
    assert inspect(engine).get_table_names() == ["invoices"]


def test_a_password_is_not_shown() -> None:
    with pytest.raises(StoreError) as refused:
        open_store("postgresql://me:secret@127.0.0.1:1/none")
    assert "secret" not in str(refused.value)


def test_two_starts_at_once_make_one_site(url: str) -> None:
    gate, failed = threading.Barrier(3), []

    def start() -> None:
        gate.wait()
        try:
            open_store(url).close()
        except Exception as error:  # noqa: BLE001 - reported by the assertion below
            failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    store = open_store(url)
    with store.read() as session:
        assert len(session.scalars(select(Site)).all()) == 1
    store.close()


def test_what_is_not_committed_is_not_kept(store: Store) -> None:
    before = store.version()
    with store.write() as work:
        work.session.add(Site(name="x", time_zone="UTC", created_at=START))
    with store.read() as session:
        assert len(session.scalars(select(Site)).all()) == 1
    assert store.version() == before


def test_the_version_grows_with_every_commit(store: Store) -> None:
    before = store.version()
    add_camera(store)
    assert store.version() == before + 1
    orders_page(store)
    assert store.version() == before + 1


def test_writers_queue_instead_of_failing(store: Store) -> None:
    add_camera(store)
    failed: list[Exception] = []

    def writer(n: int) -> None:
        for _ in range(15):
            try:
                with store.write() as work:
                    camera = work.session.get(Camera, "cam-1", with_for_update=True)
                    camera.every_s += 1
                    work.commit()
            except Exception as error:  # noqa: BLE001 - reported by the assertion below
                failed.append(error)

    threads = [threading.Thread(target=writer, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with store.read() as session:
        assert session.get(Camera, "cam-1").every_s == 61


def test_times_are_aware_and_utc(store: Store) -> None:
    shanghai = timezone(timedelta(hours=8))
    with store.write() as work:
        work.session.add(Site(id=9, name="x", time_zone="UTC", created_at=datetime(2026, 6, 1, 8, tzinfo=shanghai)))
        work.commit()
    with store.read() as session:
        assert session.get(Site, 9).created_at == datetime(2026, 6, 1, tzinfo=UTC)
        assert session.get(Site, 9).created_at.tzinfo is UTC
    with pytest.raises(StatementError, match="naive"), store.write() as work:
        work.session.add(Site(id=10, name="x", time_zone="UTC", created_at=datetime(2026, 6, 1)))
        work.commit()


@pytest.fixture
def busy(store: Store, clock: FrozenClock) -> Store:
    """Three lights out an hour apart; the first is repaired in 10 minutes, the second is late, the third is new."""
    add_camera(store, assets=[light(f"L-{n}", n / 10) for n in (1, 2, 3)])
    for n in (1, 2, 3):
        order = take(store, what=finding(asset_id=f"L-{n}", first_seen=clock.at)).order_id
        if n == 1:
            clock.forward(minutes=10)
            request = Request(Action.ASSIGN, assignee="operator", team="lighting")
            perform(store, OPERATOR, order, request)
            for action in (Action.START, Action.RESOLVE):
                perform(store, OPERATOR, order, Request(action))
            clock.forward(minutes=50)
        elif n == 2:
            clock.forward(hours=3)
    return store


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        pytest.param(OrderFilter(), [1, 2, 3], id="all"),
        pytest.param(OrderFilter(only_open=True, states=frozenset({OrderState.NEW})), [2, 3], id="new ones"),
        pytest.param(OrderFilter(lateness=Lateness.LATE), [2], id="late"),
        pytest.param(OrderFilter(lateness=Lateness.IN_TIME), [3], id="in time"),
        pytest.param(OrderFilter(assignee="operator"), [1], id="of a person"),
        pytest.param(OrderFilter(assignee=""), [2, 3], id="of nobody"),
        pytest.param(OrderFilter(team="lighting"), [1], id="of a team"),
        pytest.param(OrderFilter(asset="L-3"), [3], id="of an asset"),
        pytest.param(OrderFilter(camera="cam-9"), [], id="of no such camera"),
        pytest.param(OrderFilter(text="#2"), [2], id="by number"),
        pytest.param(OrderFilter(text="LIGHT out l-3"), [3], id="by words"),
        pytest.param(OrderFilter(text="'; DROP TABLE work_order"), [], id="by a statement"),
        pytest.param(OrderFilter(issues=frozenset({"litter"})), [], id="another issue"),
        pytest.param(OrderFilter(opened_from=START + timedelta(minutes=30)), [2, 3], id="opened since"),
        pytest.param(OrderFilter(opened_to=START + timedelta(minutes=30)), [1], id="opened before"),
    ],
)
def test_filters(busy: Store, wanted: OrderFilter, numbers: list[int]) -> None:
    page = orders_page(busy, wanted, Sort.NUMBER)
    assert [r.id for r in page.rows] == numbers
    assert page.total == len(numbers)


@pytest.mark.parametrize("sort", list(Sort))
def test_every_order_of_the_table_turns_round(busy: Store, sort: Sort) -> None:
    up = [r.id for r in orders_page(busy, sort=sort).rows]
    down = [r.id for r in orders_page(busy, sort=sort, descending=True).rows]
    assert sorted(up) == [1, 2, 3]
    if sort is not Sort.ASSIGNEE:
        assert up == down[::-1]
    pages = [orders_page(busy, sort=sort, limit=1, offset=n) for n in range(4)]
    assert [r.id for p in pages for r in p.rows] == up
    assert {p.total for p in pages} == {3}


def test_an_order_about_to_be_late(busy: Store, clock: FrozenClock) -> None:
    assert overview(busy).soon_late == 0
    clock.forward(minutes=6)
    assert overview(busy).soon_late == 1, "nine of fifteen minutes to respond are left"
    clock.forward(minutes=10)
    assert (overview(busy).soon_late, overview(busy).late) == (0, 2)


def test_the_first_screens_figures(busy: Store) -> None:
    figures = overview(busy)
    assert (figures.waiting, figures.late, figures.unassigned, figures.to_verify) == (2, 1, 2, 1)
    assert figures.waiting_by_priority == {2: 2}
    assert (figures.settled, figures.settled_in_target, figures.attainment) == (1, 1, 1.0)
    assert figures.oldest_waiting_at == START + timedelta(hours=1)
    assert (figures.assets, figures.assets_seen, figures.cameras) == (3, 3, 1)


def test_attainment(busy: Store) -> None:
    priorities, (issue,), teams = levels(busy, START - timedelta(days=1))
    assert (issue.name, issue.resolved, issue.in_policy, issue.mean_s) == ("light_out", 1, 1, 600.0)
    assert [row.name for row in priorities] == ["2"]
    assert [row.name for row in teams] == ["Lighting crew"]
    assert levels(busy, START + timedelta(days=1)) == ((), (), ())


def test_weeks_follow_the_sites_wall_clock_across_a_clock_change(store: Store, clock: FrozenClock) -> None:
    update_site(store, MANAGER, "Berlin", "Europe/Berlin")
    add_camera(store, assets=[light("L-1"), light("L-2", 0.7)])
    clock.at = datetime(2026, 3, 29, 21, 59, tzinfo=UTC)
    take(store, asset_id="L-1", first_seen=clock.at)
    clock.at = datetime(2026, 3, 29, 22, 1, tzinfo=UTC)
    take(store, asset_id="L-2", first_seen=clock.at)
    rows = by_week(store, 2)
    assert [(r.monday.isoformat(), r.opened) for r in rows] == [("2026-03-23", 1), ("2026-03-30", 1)]


def test_people_and_teams(store: Store) -> None:
    save_team(store, MANAGER, "divers", "Divers")
    save_person(store, MANAGER, "li", "Li Wei", Role.OPERATOR, "divers")
    assert actor_of(store, "li").name == "Li Wei"
    save_person(store, MANAGER, "li", "Li Wei", Role.OPERATOR, active=False)
    with pytest.raises(NotFound, match="nobody 'li'"):
        actor_of(store, "li")
    assert "li" not in [p.id for p in people(store)]
    assert ("divers", "Divers") in teams(store)
    with pytest.raises(NotAllowed):
        save_person(store, OPERATOR, "me", "Me", Role.MANAGER)
    with pytest.raises(NotAllowed):
        save_person(store, MANAGER, "me", "Me", Role.SYSTEM)
    with pytest.raises(NotFound, match="no team 'ghosts'"):
        save_person(store, MANAGER, "me", "Me", Role.VIEWER, "ghosts")


@pytest.mark.parametrize(
    ("camera_id", "details", "line"),
    [
        pytest.param("../etc", CameraDetails("x"), "cannot be a camera's id", id="a path for an id"),
        pytest.param("c", CameraDetails("x", latitude=95), "not a latitude", id="beyond the pole"),
        pytest.param("c", CameraDetails("x", longitude=999), "not a longitude", id="round the world"),
        pytest.param("c", CameraDetails("x", time_zone="Mars/Base"), "not a time zone", id="no such zone"),
        pytest.param("c", CameraDetails("x", every_s=0), "between 0.04", id="no time between looks"),
    ],
)
def test_a_camera_that_cannot_be(store: Store, camera_id: str, details: CameraDetails, line: str) -> None:
    from detectors.errors import LamplighterError

    with pytest.raises(LamplighterError, match=line):
        save_camera(store, MANAGER, camera_id, details)


def test_regions_are_drawn_and_taken_away(store: Store) -> None:
    from workorders.queries.cameras import camera_view, cameras

    add_camera(store, assets=[light("L-1")])
    set_region(store, MANAGER, "cam-1", "L-1", [[0, 0], [0.5, 0], [0.5, 0.5]])
    assert camera_view(store, "cam-1").assets[0].region.as_list() == [[0, 0], [0.5, 0], [0.5, 0.5]]
    set_region(store, MANAGER, "cam-1", "L-1", None)
    assert cameras(store)[0].assets == 0
