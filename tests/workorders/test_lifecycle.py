"""The state machine: every sequence of actions keeps the invariants."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select

from detectors.values import Change
from tests.workorders.conftest import MANAGER, OPERATOR, VIEWER, new_sqlite
from tests.workorders.fakes import FrozenClock, add_camera, finding, light, take
from workorders.errors import NotAllowed
from workorders.orders.desk import Request, perform, set_priority
from workorders.orders.lifecycle import FROM, allowed, leads_to
from workorders.schema import LogEntry, WorkOrder
from workorders.store import Store, open_store
from workorders.words import OPEN_STATES, Action, DismissReason, OrderState


def test_every_state_is_reached_and_none_but_new_begins() -> None:
    reached, frontier = {OrderState.NEW}, [OrderState.NEW]
    while frontier:
        state = frontier.pop()
        for action in allowed(state):
            after = leads_to(action, state)
            if after not in reached:
                reached.add(after)
                frontier.append(after)
    assert reached == set(OrderState)


@pytest.mark.parametrize("state", list(OrderState))
def test_no_state_is_a_dead_end(state: OrderState) -> None:
    assert allowed(state), f"nothing can be done to an order that is {state}"


@pytest.mark.parametrize(
    ("state", "actions"),
    [
        pytest.param(OrderState.NEW, "acknowledge assign dismiss mark_duplicate mark_not_ours", id="new"),
        pytest.param(OrderState.IN_PROGRESS, "assign hold resolve dismiss mark_duplicate mark_not_ours", id="working"),
        pytest.param(OrderState.ON_HOLD, "assign resume dismiss mark_duplicate mark_not_ours", id="on hold"),
        pytest.param(OrderState.RESOLVED, "verify reopen", id="resolved"),
        pytest.param(OrderState.VERIFIED, "close reopen", id="verified"),
        pytest.param(OrderState.CLOSED, "reopen", id="closed"),
        pytest.param(OrderState.DISMISSED, "reopen", id="dismissed"),
    ],
)
def test_what_a_state_permits(state: OrderState, actions: str) -> None:
    assert [a.value for a in allowed(state)] == actions.split()


def _request(action: Action, other: int) -> Request:
    return Request(
        action,
        note="because",
        assignee="operator" if action is Action.ASSIGN else None,
        reason=DismissReason.KNOWN if action is Action.DISMISS else None,
        duplicate_of=other if action is Action.MARK_DUPLICATE else None,
    )


class OneOrder(RuleBasedStateMachine):
    """People act on an order, cameras see its light, time goes by."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = FrozenClock()
        self.store: Store = open_store(new_sqlite(self.folder), now=self.clock)
        add_camera(self.store, assets=[light("L-1"), light("L-2", 0.7)])
        self.order = take(self.store, asset_id="L-1").order_id
        self.other = take(self.store, asset_id="L-2").order_id
        self.log_length = 0

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    def load(self) -> WorkOrder:
        with self.store.read() as session:
            order = session.get(WorkOrder, self.order)
            assert order is not None
            _ = order.policy
            return order

    @rule(minutes=st.integers(1, 600))
    def time_passes(self, minutes: int) -> None:
        self.clock.forward(minutes=minutes)

    @rule(action=st.sampled_from(list(Action)))
    def somebody_acts(self, action: Action) -> None:
        before = self.load()
        can = before.state in FROM[action]
        try:
            done = perform(self.store, OPERATOR, self.order, _request(action, self.other))
        except NotAllowed:
            after = self.load()
            occupied = action is Action.REOPEN and self.open_orders() == 1
            assert not can or occupied, f"{action} was refused in {before.state}"
            assert (after.state, after.version) == (before.state, before.version), "a refusal must change nothing"
        else:
            assert can, f"{action} was let through in {before.state}"
            assert done.state is leads_to(action, before.state)
            assert done.version > before.version

    @rule(action=st.sampled_from(list(Action)))
    def a_viewer_acts(self, action: Action) -> None:
        before = self.load()
        with pytest.raises(NotAllowed):
            perform(self.store, VIEWER, self.order, _request(action, self.other))
        assert self.load().version == before.version
        assert before.allowed_actions(VIEWER) == ()

    @rule(change=st.sampled_from(list(Change)), ago=st.integers(0, 3))
    def the_camera_sees(self, change: Change, ago: int) -> None:
        first = self.clock.at - timedelta(minutes=ago)
        take(self.store, change, finding(asset_id="L-1", first_seen=first, last_seen=self.clock.at))

    @rule(priority=st.integers(1, 4))
    def priority_changes(self, priority: int) -> None:
        try:
            set_priority(self.store, MANAGER, self.order, priority)
        except NotAllowed:
            assert self.load().state not in OPEN_STATES - {OrderState.RESOLVED}

    def open_orders(self) -> int:
        with self.store.read() as session:
            subject = self.load().subject
            found = select(WorkOrder.id).where(WorkOrder.subject == subject, WorkOrder.state.in_(OPEN_STATES))
            return len(session.scalars(found).all())

    @invariant()
    def at_most_one_order_is_open(self) -> None:
        assert self.open_orders() <= 1

    @invariant()
    def times_fit_the_state(self) -> None:
        order = self.load()
        assert (order.held_at is not None) == (order.state is OrderState.ON_HOLD)
        assert (order.dismiss_reason is not None) == (order.state is OrderState.DISMISSED)
        assert order.parent_id is None or order.state is OrderState.DUPLICATE
        assert order.paused_s >= 0
        assert order.resolution_due >= order.clock_started_at
        if order.state in (OrderState.RESOLVED, OrderState.VERIFIED):
            assert order.resolved_at is not None
            assert order.resolution_met == (order.resolved_at <= order.resolution_due)
        if order.state is OrderState.NEW:
            assert order.acknowledged_at is None
            assert order.assignee_id is None

    @invariant()
    def the_log_tells_the_whole_story(self) -> None:
        with self.store.read() as session:
            log = session.scalars(select(LogEntry).where(LogEntry.order_id == self.order).order_by(LogEntry.id)).all()
        assert len(log) >= self.log_length, "the log only grows"
        self.log_length = len(log)
        assert log[-1].to_state is self.load().state
        state = OrderState.NEW
        for line in log:
            assert line.from_state is state, f"{line.action} does not follow from {state}"
            state = line.to_state

    @precondition(lambda self: self.log_length > 2)
    @rule()
    def nobody_rewrites_the_log(self) -> None:
        from sqlalchemy import text
        from sqlalchemy.exc import DatabaseError

        for change in ("UPDATE order_log SET note = 'nothing happened'", "DELETE FROM order_log"):
            with pytest.raises(DatabaseError, match="append-only"), self.store.engine.begin() as connection:
                connection.execute(text(change))


TestOneOrder = OneOrder.TestCase
TestOneOrder.settings = settings(
    max_examples=20, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
