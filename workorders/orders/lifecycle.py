"""Which action is allowed in which state, and where it leads. Pure: knows no database."""

from __future__ import annotations

from workorders.words import ENDED_STATES, WAITING_STATES, Action, OrderState

S = OrderState

FROM: dict[Action, frozenset[OrderState]] = {
    Action.ACKNOWLEDGE: frozenset({S.NEW}),
    Action.ASSIGN: WAITING_STATES,
    Action.START: frozenset({S.ASSIGNED}),
    Action.HOLD: frozenset({S.IN_PROGRESS}),
    Action.RESUME: frozenset({S.ON_HOLD}),
    Action.RESOLVE: frozenset({S.IN_PROGRESS}),
    Action.VERIFY: frozenset({S.RESOLVED}),
    Action.CLOSE: frozenset({S.VERIFIED}),
    Action.DISMISS: WAITING_STATES,
    Action.MARK_DUPLICATE: WAITING_STATES,
    Action.MARK_NOT_OURS: WAITING_STATES,
    Action.REOPEN: frozenset({S.RESOLVED}) | ENDED_STATES,
}

TO: dict[Action, OrderState] = {
    Action.ACKNOWLEDGE: S.ACKNOWLEDGED,
    Action.ASSIGN: S.ASSIGNED,
    Action.START: S.IN_PROGRESS,
    Action.HOLD: S.ON_HOLD,
    Action.RESUME: S.IN_PROGRESS,
    Action.RESOLVE: S.RESOLVED,
    Action.VERIFY: S.VERIFIED,
    Action.CLOSE: S.CLOSED,
    Action.DISMISS: S.DISMISSED,
    Action.MARK_DUPLICATE: S.DUPLICATE,
    Action.MARK_NOT_OURS: S.NOT_OURS,
    Action.REOPEN: S.NEW,
}


def allowed(state: OrderState) -> tuple[Action, ...]:
    """The actions that a state permits, in the order of an order's life."""
    return tuple(action for action in Action if state in FROM[action])


def leads_to(action: Action, state: OrderState) -> OrderState:
    """The state an action leads to. Handing over an order whose work has begun leaves its state."""
    if action is Action.ASSIGN and state in (S.IN_PROGRESS, S.ON_HOLD):
        return state
    return TO[action]
