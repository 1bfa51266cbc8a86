"""The desk: assignment, holds, dismissal, duplicates, re-opening, bulk actions, and two operators at once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, time, timedelta

import pytest

from detectors.errors import LamplighterError
from tests.workorders.conftest import MANAGER, OPERATOR, VIEWER
from tests.workorders.fakes import FrozenClock, add_camera, finding, light, take
from workorders.actors import Actor
from workorders.errors import Conflict, NotAllowed, NotFound
from workorders.orders.clocks import Calendar
from workorders.orders.desk import Request, perform, perform_many, set_priority
from workorders.orders.policy import set_policy
from workorders.orders.remarks import attach, comment
from workorders.orders.suppression import lift
from workorders.queries.assets import asset_detail
from workorders.queries.order import OrderDetail, order_detail
from workorders.queries.orders import OrderFilter, orders_page
from workorders.queries.people import policies, suppressions
from workorders.store import Store
from workorders.words import Action, Condition, DismissReason, OrderState, Role

A = Action


@pytest.fixture
def order(store: Store) -> int:
    """A light out: priority 2, 15 minutes to respond, 2 hours to resolve."""
    add_camera(store, assets=[light("L-1"), light("L-2", 0.7)])
    number = take(store).order_id
    assert number is not None
    return number


def act(store: Store, number: int, *actions: Action, actor: Actor = OPERATOR, **kw: object) -> OrderDetail:
    for action in actions:
        person = {"assignee": "operator"} if action is A.ASSIGN and not kw else {}
        perform(store, actor, number, Request(action, **{"note": "waits for parts", **person, **kw}))
    return order_detail(store, number, actor)


def test_assigning_a_new_order_acknowledges_it(store: Store, order: int) -> None:
    detail = act(store, order, A.ASSIGN)
    assert [line.action for line in detail.log] == ["opened", "acknowledge", "assign"]
    assert detail.row.state is OrderState.ASSIGNED
    assert detail.response.met is True


def test_the_second_of_two_operators_is_told_who_was_first(store: Store, order: int, clock: FrozenClock) -> None:
    seen = order_detail(store, order, OPERATOR).row.version
    clock.forward(minutes=1)
    li = Actor("li", "Li Wei", Role.OPERATOR)
    perform(store, li, order, Request(A.ACKNOWLEDGE), seen)
    with pytest.raises(Conflict, match=r"Li Wei was first: order 1 is acknowledged .*2026-06-16T12:01:00Z"):
        perform(store, OPERATOR, order, Request(A.DISMISS, reason=DismissReason.KNOWN), seen)
    assert order_detail(store, order, OPERATOR).row.state is OrderState.ACKNOWLEDGED


def test_what_a_camera_adds_does_not_make_a_page_outdated(store: Store, order: int, clock: FrozenClock) -> None:
    seen = order_detail(store, order, OPERATOR).row.version
    take(store, what=finding(last_seen=clock.forward(minutes=2), observations=4))
    assert perform(store, OPERATOR, order, Request(A.ACKNOWLEDGE), seen).state is OrderState.ACKNOWLEDGED
    assert order_detail(store, order, OPERATOR).row.sightings == 4


def test_of_two_operators_at_the_same_moment_one_wins(store: Store, order: int) -> None:
    version = order_detail(store, order, OPERATOR).row.version
    results: list[str] = []
    gate = threading.Barrier(4)

    def operator(name: str) -> None:
        gate.wait()
        try:
            perform(store, Actor(name, name, Role.OPERATOR), order, Request(A.ACKNOWLEDGE), version)
            results.append("done")
        except (Conflict, NotAllowed):
            results.append("refused")

    threads = [threading.Thread(target=operator, args=(f"op-{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["done", "refused", "refused", "refused"]


def test_the_resolution_clock_stands_on_hold(store: Store, order: int, clock: FrozenClock) -> None:
    act(store, order, A.ASSIGN, A.START)
    clock.forward(minutes=30)
    held = act(store, order, A.HOLD)
    clock.forward(hours=5)
    still = order_detail(store, order, OPERATOR)
    assert still.resolution.left == held.resolution.left == timedelta(minutes=90)
    assert not still.row.is_late
    act(store, order, A.RESUME)
    clock.forward(minutes=89)
    done = act(store, order, A.RESOLVE)
    assert done.resolution.met is True
    assert done.paused == timedelta(hours=5)
    assert done.resolution.left == timedelta(minutes=1)


def test_an_hour_too_long_is_late_even_with_a_hold(store: Store, order: int, clock: FrozenClock) -> None:
    act(store, order, A.ASSIGN, A.START)
    clock.forward(minutes=30)
    act(store, order, A.HOLD)
    clock.forward(hours=1)
    act(store, order, A.RESUME)
    clock.forward(minutes=91)
    assert order_detail(store, order, OPERATOR).row.late_resolution
    assert act(store, order, A.RESOLVE).resolution.met is False


def test_an_order_keeps_the_policy_it_was_born_with(store: Store, order: int, clock: FrozenClock) -> None:
    due = order_detail(store, order, OPERATOR).row.resolution_due
    clock.forward(minutes=1)
    set_policy(store, MANAGER, 2, timedelta(minutes=1), timedelta(minutes=2))
    assert order_detail(store, order, OPERATOR).row.resolution_due == due
    younger = take(store, asset_id="L-2").order_id
    assert order_detail(store, younger, OPERATOR).resolution.target == timedelta(minutes=2)
    act(store, order, A.ASSIGN, A.START, A.RESOLVE, A.VERIFY, A.REOPEN)
    assert order_detail(store, order, OPERATOR).resolution.target == timedelta(hours=2)
    assert len(policies(store, with_history=True)) == 5


def test_an_orders_clock_runs_in_working_hours_only(store: Store, order: int, clock: FrozenClock) -> None:
    """Opened on the last working day before clocks go forward, held over the change."""
    clock.at = datetime(2026, 3, 27, 13, tzinfo=UTC)  # Friday 14:00 in Berlin
    office = Calendar("Europe/Berlin", frozenset(range(5)), time(8), time(16))
    set_policy(store, MANAGER, 2, timedelta(hours=1), timedelta(hours=4), office)
    number = take(store, asset_id="L-2", first_seen=clock.at).order_id
    due = order_detail(store, number, OPERATOR).row.resolution_due
    assert due == datetime(2026, 3, 30, 8, tzinfo=UTC), "two hours on Friday, two from Monday 08:00 summer time"
    act(store, number, A.ASSIGN, A.START)
    clock.at = datetime(2026, 3, 27, 14, tzinfo=UTC)
    assert act(store, number, A.HOLD).resolution.left == timedelta(hours=3)
    clock.at = datetime(2026, 3, 30, 7, tzinfo=UTC)
    assert act(store, number, A.RESUME).row.resolution_due == datetime(2026, 3, 30, 10, tzinfo=UTC)
    clock.at = datetime(2026, 3, 30, 9, 30, tzinfo=UTC)
    done = act(store, number, A.RESOLVE)
    assert (done.resolution.met, done.resolution.left, done.paused) == (True, timedelta(minutes=30), timedelta(hours=2))


def test_a_changed_priority_takes_the_targets_of_the_day_it_was_opened(store: Store, order: int) -> None:
    set_priority(store, OPERATOR, order, 1, "a school is next to it")
    detail = order_detail(store, order, OPERATOR)
    assert detail.resolution.target == timedelta(minutes=20)
    assert detail.row.resolution_due == detail.row.opened_at + timedelta(minutes=20)
    with pytest.raises(LamplighterError, match="no priority 7"):
        set_priority(store, OPERATOR, order, 7)


def test_a_dismissal_suppresses_until_its_end(store: Store, order: int, clock: FrozenClock) -> None:
    request = Request(A.DISMISS, reason=DismissReason.PERMITTED_WORKS, suppress_for=timedelta(days=7))
    perform(store, OPERATOR, order, request)
    later = finding(first_seen=clock.forward(days=1))
    taken = take(store, what=later)
    assert taken.suppressed
    assert taken.order_id is None
    assert suppressions(store)[0].hits == 1
    assert take(store, asset_id="L-2").order_id is not None, "the neighbour is not suppressed"
    after = finding(first_seen=clock.forward(days=7))
    assert take(store, what=after).opened


def test_a_lifted_suppression_lets_the_next_sighting_through(store: Store, order: int, clock: FrozenClock) -> None:
    request = Request(A.DISMISS, reason=DismissReason.TEMPORARY, suppress_for=timedelta(days=7))
    perform(store, OPERATOR, order, request)
    clock.forward(hours=1)
    seen = finding(first_seen=clock.at, last_seen=clock.at)
    assert take(store, what=seen).suppressed
    lift(store, OPERATOR, suppressions(store)[0].id)
    assert suppressions(store) == ()
    again = finding(first_seen=seen.first_seen, last_seen=clock.forward(minutes=1))
    assert take(store, what=again).opened


@pytest.mark.parametrize(
    ("request_", "line"),
    [
        pytest.param(Request(A.DISMISS), "give a reason", id="dismissal without a reason"),
        pytest.param(Request(A.ASSIGN), "name a person or a team", id="assignment to nobody"),
        pytest.param(Request(A.ASSIGN, assignee="ghost"), "no person 'ghost'", id="assignment to a stranger"),
        pytest.param(Request(A.ASSIGN, team="ghosts"), "no team 'ghosts'", id="assignment to no such team"),
        pytest.param(Request(A.MARK_DUPLICATE), "of which order", id="duplicate of nothing"),
        pytest.param(Request(A.MARK_DUPLICATE, duplicate_of=1), "duplicate of itself", id="duplicate of itself"),
        pytest.param(Request(A.MARK_DUPLICATE, duplicate_of=99), "no order 99", id="duplicate of no order"),
        pytest.param(Request(A.MARK_NOT_OURS), "say whose it is", id="not ours without a word"),
        pytest.param(Request(A.RESOLVE), "cannot resolve; it can acknowledge, assign", id="resolving a new order"),
        pytest.param(
            Request(A.DISMISS, reason=DismissReason.KNOWN, suppress_for=timedelta(0)), "lies ahead", id="no time at all"
        ),
    ],
)
def test_what_is_missing_is_said_in_one_line(store: Store, order: int, request_: Request, line: str) -> None:
    with pytest.raises(LamplighterError, match=line):
        perform(store, OPERATOR, order, request_)
    assert order_detail(store, order, OPERATOR).row.state is OrderState.NEW


def test_a_hold_needs_a_reason(store: Store, order: int) -> None:
    act(store, order, A.ASSIGN, A.START)
    with pytest.raises(NotAllowed, match="say what it waits for"):
        perform(store, OPERATOR, order, Request(A.HOLD, note="  "))


def test_a_duplicate_points_at_the_order_that_goes_on(store: Store, order: int) -> None:
    other = take(store, asset_id="L-2").order_id
    act(store, other, A.MARK_DUPLICATE, duplicate_of=order)
    assert [c.id for c in order_detail(store, order, OPERATOR).children] == [other]
    with pytest.raises(NotAllowed, match="is itself a duplicate"):
        act(store, order, A.MARK_DUPLICATE, duplicate_of=other)


def test_an_ended_order_is_not_reopened_beside_an_open_one(store: Store, order: int, clock: FrozenClock) -> None:
    act(store, order, A.DISMISS, reason=DismissReason.FALSE_ALARM)
    successor = take(store, what=finding(first_seen=clock.forward(hours=1))).order_id
    with pytest.raises(NotAllowed, match=f"order {successor} is already open"):
        act(store, order, A.REOPEN)


def test_a_failed_repair_goes_on_with_its_old_clock(store: Store, order: int, clock: FrozenClock) -> None:
    due = order_detail(store, order, OPERATOR).row.resolution_due
    act(store, order, A.ASSIGN, A.START, A.RESOLVE)
    clock.forward(minutes=10)
    again = act(store, order, A.REOPEN)
    assert again.row.resolution_due == due
    assert again.row.response_due == clock.at + timedelta(minutes=15)
    assert again.row.reopened == 1


def test_an_order_reopened_after_its_end_begins_anew(store: Store, order: int, clock: FrozenClock) -> None:
    act(store, order, A.DISMISS, reason=DismissReason.FALSE_ALARM)
    clock.forward(days=1)
    assert act(store, order, A.REOPEN).row.resolution_due == clock.at + timedelta(hours=2)


def test_bulk_actions_do_what_they_can_and_say_what_they_could_not(store: Store, order: int) -> None:
    other = take(store, asset_id="L-2").order_id
    act(store, other, A.ACKNOWLEDGE)
    outcome = perform_many(store, OPERATOR, [order, other, 77, order], Request(A.ACKNOWLEDGE))
    assert [d.order_id for d in outcome.done] == [order]
    assert [number for number, _ in outcome.refused] == [other, 77]
    assert "cannot acknowledge" in outcome.refused[0][1]


def test_a_viewer_changes_nothing(store: Store, order: int) -> None:
    for refused in (
        lambda: perform(store, VIEWER, order, Request(A.ACKNOWLEDGE)),
        lambda: comment(store, VIEWER, order, "hello"),
        lambda: attach(store, VIEWER, order, "a.jpg", b"x"),
        lambda: set_priority(store, VIEWER, order, 1),
        lambda: set_policy(store, OPERATOR, 1, timedelta(minutes=1), timedelta(minutes=2)),
    ):
        with pytest.raises(NotAllowed):
            refused()
    assert order_detail(store, order, VIEWER).allowed == ()


def test_an_asset_is_faulty_while_it_has_an_open_order(store: Store, order: int) -> None:
    assert asset_detail(store, "L-1").row.condition is Condition.FAULT
    act(store, order, A.ASSIGN, A.START, A.RESOLVE)
    assert asset_detail(store, "L-1").row.condition is Condition.FAULT, "a repair counts once it is verified"
    act(store, order, A.VERIFY)
    assert asset_detail(store, "L-1").row.condition is Condition.OK


def test_comments_are_found_by_search(store: Store, order: int) -> None:
    comment(store, OPERATOR, order, "The Ballast was humming")
    assert orders_page(store, OrderFilter(text="ballast l-1")).total == 1
    assert orders_page(store, OrderFilter(text="ballast l-2")).total == 0
    assert orders_page(store, OrderFilter(text="100%")).total == 0, "a percent sign is a character, not a wildcard"


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        pytest.param("virus.exe", b"MZ", "is not kept", id="a program"),
        pytest.param("noext", b"x", "is not kept", id="no ending"),
        pytest.param("empty.jpg", b"", "0 bytes", id="empty"),
        pytest.param("page.svg", b"<svg onload=alert(1)>", "is not kept", id="a picture that is a script"),
    ],
)
def test_attachments_that_are_not_kept(store: Store, order: int, name: str, content: bytes, line: str) -> None:
    with pytest.raises(NotAllowed, match=line):
        attach(store, OPERATOR, order, name, content)


def test_an_attachment_stays_in_its_folder_whatever_its_name(store: Store, order: int) -> None:
    attach(store, OPERATOR, order, "../../etc/re pair<1>.jpg", b"photo")
    item = order_detail(store, order, OPERATOR).attachments[0]
    assert item.file is not None
    assert item.file.is_relative_to(store.attachments.resolve())
    assert item.file.read_bytes() == b"photo"
    item.file.unlink()
    assert order_detail(store, order, OPERATOR).attachments[0].file is None


def test_no_such_order(store: Store) -> None:
    with pytest.raises(NotFound, match="no order 5"):
        order_detail(store, 5, OPERATOR)
