"""The crew of the guided play: does to the order what nobody else does in time."""

from __future__ import annotations

from sqlalchemy import select

from workorders.actors import Actor
from workorders.errors import Conflict, NotAllowed
from workorders.orders.desk import Request, perform
from workorders.schema import Person, Team, WorkOrder
from workorders.store import Store
from workorders.words import Action, OrderState, Role

CREW = Actor("guided-play", "Guided play", Role.OPERATOR)
"""Who acts in the play; the log names it, so that nobody takes it for a person."""

NEXT = {
    OrderState.NEW: (Action.ACKNOWLEDGE, 12.0, ""),
    OrderState.ACKNOWLEDGED: (Action.ASSIGN, 6.0, ""),
    OrderState.ASSIGNED: (Action.START, 6.0, ""),
    OrderState.ON_HOLD: (Action.RESUME, 15.0, ""),
    OrderState.IN_PROGRESS: (Action.RESOLVE, 10.0, "driver of the lamp replaced"),
    OrderState.VERIFIED: (Action.CLOSE, 6.0, ""),
}
"""State -> what is done next, after how many seconds in which nobody did anything, and the note."""

_CREWS = ("lighting", "grounds")


class Crew:
    """Follows one order; whoever clicks first does the step, be it a person or the crew."""

    def __init__(self, store: Store, patience: float = 1.0) -> None:
        """Args:
        patience: factor on the waiting times of `NEXT`.
        """
        self._store, self._patience = store, patience
        self._order: int | None = None
        self._version, self._since = 0, store.now()
        self.state: OrderState | None = None

    @property
    def order(self) -> int | None:
        """Number of the order that is followed."""
        return self._order

    def follow(self, order_id: int) -> None:
        """Take care of this order from now on."""
        self._order = self._order or order_id

    def step(self) -> None:
        """See how the order stands, and do the next thing if nobody else did it in time."""
        if self._order is None:
            return
        with self._store.read() as session:
            order = session.get_one(WorkOrder, self._order)
            self.state, version = order.state, order.version
        if version != self._version:
            self._version, self._since = version, self._store.now()
        if self.state not in NEXT:
            return
        action, wait_s, note = NEXT[self.state]
        if (self._store.now() - self._since).total_seconds() >= wait_s * self._patience:
            self._do(Request(action, note), version)

    def _do(self, request: Request, version: int) -> None:
        if request.action is Action.ASSIGN:
            request = Request(Action.ASSIGN, team=self._team(), assignee=None if self._team() else self._person())
        try:
            self.state = perform(self._store, CREW, self._order or 0, request, version).state
        except (Conflict, NotAllowed):
            return  # somebody was faster: the next look sees what they did

    def _team(self) -> str | None:
        with self._store.read() as session:
            teams = list(session.scalars(select(Team.id).order_by(Team.id)))
        return next((t for t in _CREWS if t in teams), teams[0] if teams else None)

    def _person(self) -> str | None:
        with self._store.read() as session:
            may = select(Person.id).where(Person.active.is_(True), Person.role != Role.VIEWER)
            return session.scalars(may.order_by(Person.id)).first()
