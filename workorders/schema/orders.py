"""The work order: a row of the database that knows what may be done to it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, WriteOnlyMapped, mapped_column, relationship

from workorders.actors import Actor
from workorders.errors import NotAllowed
from workorders.orders.clocks import due, due_after_hold, running_time
from workorders.orders.lifecycle import allowed, leads_to
from workorders.schema.base import Base, Handle, word
from workorders.schema.policy import SlaPolicy
from workorders.schema.trail import LogEntry
from workorders.words import OPEN_STATES, Action, DismissReason, Event, OrderState, Role

_OPEN = text("state in (" + ", ".join(f"'{s.value}'" for s in OrderState if s in OPEN_STATES) + ")")


class WorkOrder(Base):
    """A task made from a finding. Every change goes through a method, which refuses what is not allowed and logs.

    Attributes:
        subject: what the order is about, for "one open order per subject and issue": `asset:ID`, `camera:ID`,
            `cell:CAMERA:COLUMN:ROW` for a place where nothing is registered, `group:REF` for a circuit.
        version: grows with every transition and change of priority; a change based on an older one is refused.
        response_due, resolution_due: UTC; while on hold the resolution clock stands at `held_at`.
        response_met, resolution_met: None until the clock stops.
        watch_until: end of the camera's watch over the repair; None when no watch is on.
    """

    __tablename__ = "work_order"
    __table_args__ = (
        Index("uq_work_order_one_open", "subject", "issue", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(None, "state", "resolution_due"),
        Index(None, "opened_at"),
        Index(None, "asset_id"),
        Index(None, "camera_id"),
        Index(None, "resolved_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    issue: Mapped[str] = mapped_column(Handle)
    priority: Mapped[int]
    state: Mapped[OrderState] = mapped_column(word(OrderState), default=OrderState.NEW)
    subject: Mapped[str] = mapped_column(Handle)
    camera_id: Mapped[str | None] = mapped_column(ForeignKey("camera.id"))
    asset_id: Mapped[str | None] = mapped_column(ForeignKey("asset.id"))
    asset_kind: Mapped[str | None] = mapped_column(Handle)
    place: Mapped[str] = mapped_column(default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    box: Mapped[list[float] | None]
    light: Mapped[str | None]
    score: Mapped[float] = mapped_column(default=0.0)
    sightings: Mapped[int] = mapped_column(default=1)
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]
    search_text: Mapped[str] = mapped_column(default="")

    policy_id: Mapped[int] = mapped_column(ForeignKey("sla_policy.id"))
    opened_at: Mapped[datetime]
    clock_started_at: Mapped[datetime]
    response_due: Mapped[datetime]
    resolution_due: Mapped[datetime]
    response_met: Mapped[bool | None]
    resolution_met: Mapped[bool | None]
    resolution_took_s: Mapped[float | None]
    paused_s: Mapped[float] = mapped_column(default=0.0)
    held_at: Mapped[datetime | None]

    assignee_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    team_id: Mapped[str | None] = mapped_column(ForeignKey("team.id"))
    acknowledged_at: Mapped[datetime | None]
    assigned_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    reopened: Mapped[int] = mapped_column(default=0)

    dismiss_reason: Mapped[DismissReason | None] = mapped_column(word(DismissReason))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("work_order.id"), index=True)
    cleared_at: Mapped[datetime | None]
    close_proposed_at: Mapped[datetime | None]
    watch_until: Mapped[datetime | None]
    clean_looks: Mapped[int] = mapped_column(default=0)
    last_look_at: Mapped[datetime | None]
    seen_after_repair: Mapped[int] = mapped_column(default=0)

    policy: Mapped[SlaPolicy] = relationship()
    log: WriteOnlyMapped[LogEntry] = relationship(order_by=LogEntry.id, passive_deletes="all")

    # The number is set by hand: what a camera adds to an order must not make an operator's page out of date.
    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012 - as SQLAlchemy types it

    def start_clocks(self, at: datetime) -> None:
        """Set both due times from a moment on, by the policy the order was born with."""
        self.clock_started_at = at
        self.response_due = due(at, self.policy.response, self.policy.hours)
        self.resolution_due = due(at, self.policy.resolution, self.policy.hours)
        self.response_met = self.resolution_met = self.resolution_took_s = None
        self.paused_s = 0.0

    def allowed_actions(self, actor: Actor) -> tuple[Action, ...]:
        """What this person may do to the order now; nothing for a viewer."""
        return () if actor.role is Role.VIEWER else allowed(self.state)

    def acknowledge(self, actor: Actor, at: datetime, note: str = "") -> None:
        """Say that somebody has seen it: stops the response clock."""
        self._move(Action.ACKNOWLEDGE, actor, at, note)
        self.acknowledged_at = at
        self.response_met = at <= self.response_due

    def assign(
        self, actor: Actor, at: datetime, note: str = "", *, assignee: str | None = None, team: str | None = None
    ) -> None:
        """Give it to a person, a team or both. Giving a new order to somebody acknowledges it as well."""
        if assignee is None and team is None:
            raise NotAllowed(f"Order {self.id} was not assigned: name a person or a team.")
        self._require(Action.ASSIGN, actor)
        if self.state is OrderState.NEW:
            self.acknowledge(actor, at)
        self._move(Action.ASSIGN, actor, at, note, {"assignee": assignee, "team": team})
        self.assignee_id, self.team_id, self.assigned_at = assignee, team, at

    def start(self, actor: Actor, at: datetime, note: str = "") -> None:
        """Work has begun."""
        self._move(Action.START, actor, at, note)
        self.started_at = at

    def hold(self, actor: Actor, at: datetime, note: str = "") -> None:
        """Stop the resolution clock while waiting for somebody else. A note must say for whom or what."""
        if not note.strip():
            raise NotAllowed(f"Order {self.id} was not put on hold: say what it waits for.")
        self._move(Action.HOLD, actor, at, note)
        self.held_at = at

    def resume(self, actor: Actor, at: datetime, note: str = "") -> None:
        """Let the resolution clock run again."""
        self._move(Action.RESUME, actor, at, note)
        self._end_hold(at)

    def resolve(self, actor: Actor, at: datetime, note: str = "", *, watch: timedelta | None = None) -> None:
        """The repair is done: stops the resolution clock and lets the camera watch for a while."""
        self._move(Action.RESOLVE, actor, at, note)
        self.resolved_at = at
        self.resolution_met = at <= self.resolution_due
        took = running_time(self.clock_started_at, at, self.policy.hours).total_seconds()
        self.resolution_took_s = max(0.0, took - self.paused_s)
        self.watch_until = at + watch if watch and self.camera_id else None
        self.clean_looks = self.seen_after_repair = 0
        self.last_look_at = self.cleared_at = self.close_proposed_at = None

    def verify(self, actor: Actor, at: datetime, note: str = "") -> None:
        """The repair was seen to hold, by a person or by the camera."""
        self._move(Action.VERIFY, actor, at, note)
        self.verified_at, self.watch_until = at, None

    def close(self, actor: Actor, at: datetime, note: str = "") -> None:
        """Nothing is left to do."""
        self._move(Action.CLOSE, actor, at, note)
        self.closed_at = at

    def dismiss(self, actor: Actor, at: datetime, note: str = "", *, reason: DismissReason) -> None:
        """The finding needs no work, for a reason."""
        self._end(Action.DISMISS, actor, at, note, {"reason": reason.value})
        self.dismiss_reason = reason

    def mark_duplicate(self, actor: Actor, at: datetime, note: str = "", *, of: int) -> None:
        """The same thing as another order, which goes on."""
        if of == self.id:
            raise NotAllowed(f"Order {self.id} cannot be a duplicate of itself.")
        self._end(Action.MARK_DUPLICATE, actor, at, note, {"of": of})
        self.parent_id = of

    def mark_not_ours(self, actor: Actor, at: datetime, note: str = "") -> None:
        """Somebody else's to mend. A note must say whose."""
        if not note.strip():
            raise NotAllowed(f"Order {self.id} was not marked as not ours: say whose it is.")
        self._end(Action.MARK_NOT_OURS, actor, at, note)

    def reopen(self, actor: Actor, at: datetime, note: str = "") -> None:
        """Back to new. After a repair that did not hold the resolution clock goes on; after an end it starts anew."""
        failed_repair = self.state is OrderState.RESOLVED
        self._move(Action.REOPEN, actor, at, note)
        self.reopened += 1
        resolution_due, started, paused = self.resolution_due, self.clock_started_at, self.paused_s
        self.start_clocks(at)
        if failed_repair:
            self.resolution_due, self.clock_started_at, self.paused_s = resolution_due, started, paused
        self.acknowledged_at = self.assigned_at = self.started_at = self.resolved_at = None
        self.verified_at = self.closed_at = self.watch_until = self.cleared_at = self.close_proposed_at = None
        self.dismiss_reason = self.parent_id = self.assignee_id = self.team_id = None

    def set_priority(self, actor: Actor, at: datetime, policy: SlaPolicy, note: str = "") -> None:
        """Change the priority. The clocks keep their start and take the targets of the policy given."""
        actor.must_change_orders()
        if self.state not in OPEN_STATES or self.state is OrderState.RESOLVED:
            raise NotAllowed(f"Order {self.id} is {self.state.value}: its priority stays as it was.")
        before, self.priority, self.policy = self.priority, policy.priority, policy
        self.version += 1
        pause = timedelta(seconds=self.paused_s)
        self.response_due = due(self.clock_started_at, policy.response, policy.hours)
        self.resolution_due = due(self.clock_started_at, policy.resolution + pause, policy.hours)
        if self.acknowledged_at:
            self.response_met = self.acknowledged_at <= self.response_due
        self.record(Event.PRIORITY_CHANGED, actor, at, note, {"from": before, "to": policy.priority})

    def record(
        self, event: Event, actor: Actor, at: datetime, note: str = "", detail: dict[str, Any] | None = None
    ) -> None:
        """Log something that is not a change of state; a page that shows the order stays good."""
        self._log(event.value, self.state, actor, at, note, detail or {})

    def _require(self, action: Action, actor: Actor) -> None:
        actor.must_change_orders()
        if action not in allowed(self.state):
            can = ", ".join(a.value.replace("_", " ") for a in allowed(self.state))
            raise NotAllowed(
                f"Order {self.id} is {self.state.value.replace('_', ' ')}: it cannot "
                f"{action.value.replace('_', ' ')}; it can {can}."
            )

    def _move(
        self, action: Action, actor: Actor, at: datetime, note: str, detail: dict[str, Any] | None = None
    ) -> None:
        self._require(action, actor)
        before, self.state = self.state, leads_to(action, self.state)
        self.version += 1
        self._log(action.value, before, actor, at, note, detail or {})

    def _end(self, action: Action, actor: Actor, at: datetime, note: str, detail: dict[str, Any] | None = None) -> None:
        self._move(action, actor, at, note, detail)
        if self.held_at is not None:
            self._end_hold(at)
        self.closed_at, self.watch_until = at, None

    def _end_hold(self, at: datetime) -> None:
        if self.held_at is None:
            raise ValueError(f"Order {self.id} is on hold without a time; its hold cannot end.")
        self.resolution_due = due_after_hold(self.held_at, at, self.resolution_due, self.policy.hours)
        self.paused_s += running_time(self.held_at, at, self.policy.hours).total_seconds()
        self.held_at = None

    def _log(
        self, action: str, before: OrderState | None, actor: Actor, at: datetime, note: str, detail: dict[str, Any]
    ) -> None:
        self.log.add(
            LogEntry(
                at=at, actor_id=actor.id, actor_name=actor.name, action=action, from_state=before,
                to_state=self.state, note=note.strip(), detail=detail,
            )
        )  # fmt: skip
