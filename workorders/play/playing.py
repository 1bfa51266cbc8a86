"""Plays the night: the looks of a live camera, kept as any others, with a crew for the order they raise."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from detectors.values import Finding, Look
from workorders.clock import iso
from workorders.eyes import Eyes
from workorders.keeping import Keeper
from workorders.play.crew import Crew
from workorders.play.night import ISSUE, Clips, Night, Pace, find_clips
from workorders.play.stage import PREFIX, put_up, refuse_real_site, take_down
from workorders.schema import WorkOrder
from workorders.store import Store
from workorders.words import ENDED_STATES, OrderState, PlayStep

Progress = Callable[[float | None, str], None]
Tell = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Ports:
    """What a test replaces: the clips, the pace, the crew's patience, sleeping and the wall's clock."""

    clips: Callable[[], Clips] = find_clips
    pace: Pace = field(default_factory=Pace)
    patience: float = 1.0
    sleep: Callable[[float], object] = time.sleep
    wall: Callable[[], float] = time.monotonic


def run_play(
    store: Store, eyes: Eyes, *, progress: Progress, tell: Tell, should_stop: Callable[[], bool],
    ports: Ports | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Play one night; returns what it came to.

    Args:
        tell: is given where the play stands, as a dictionary that JSON can hold, whenever that changes.

    Raises:
        NotAllowed: the site is no demo site.
        LamplighterError: the clips are not there.
    """
    refuse_real_site(store)
    ports = ports or Ports()
    clips = ports.clips()
    view = put_up(store, clips.truth.view)
    crew = Crew(store, ports.patience)
    night = Night(
        clips, lambda: _stands(crew, _MENDED), lambda: _stands(crew, _OVER), ports.pace, ports.sleep, ports.wall
    )
    keeper = Keeper(store, view, ports.pace.dark_s, ports.wall)
    here_times = _HereTimes(store.now)
    told: dict[str, Any] = {}
    try:
        for look in eyes.looks(night, view, ports.pace.dark_s):
            keeper.take(here_times.of(look))
            _follow(store, crew, keeper, PREFIX + clips.lamp)
            crew.step()
            now = _report(night, crew)
            if now != told:
                told = now
                tell(told)
            progress(night.share, str(told["step"]))
            if should_stop():
                break
    finally:
        keeper.finish()
    if should_stop():
        take_down(store)
    return {**told, "step": PlayStep.OVER.value}


_MENDED = frozenset({OrderState.RESOLVED}) | ENDED_STATES
_OVER = ENDED_STATES


def _stands(crew: Crew, states: frozenset[OrderState]) -> bool:
    return crew.state in states


def _follow(store: Store, crew: Crew, keeper: Keeper, lamp: str) -> None:
    """The crew takes the order of the lamp that fails; what else the night brings is left to people."""
    if crew.order is not None or not keeper.orders:
        return
    wanted = select(WorkOrder.id).where(
        WorkOrder.id.in_(keeper.orders), WorkOrder.asset_id == lamp, WorkOrder.issue == ISSUE
    )
    with store.read() as session:
        order_id = session.scalars(wanted).first()
    if order_id is not None:
        crew.follow(order_id)


def _report(night: Night, crew: Crew) -> dict[str, Any]:
    step = night.step
    if step is PlayStep.DARK and crew.order is not None:
        step = PlayStep.ORDER
    if step is PlayStep.MENDED and crew.state in (OrderState.VERIFIED, OrderState.CLOSED):
        step = PlayStep.VERIFIED
    return {
        "step": step.value,
        "at": iso(night.at.replace(second=0)),
        "share": round(night.share, 3),
        "order": crew.order,
        "state": crew.state.value if crew.state else None,
    }


class _HereTimes:
    """Gives looks the time at which they happen here, and findings the times at which their looks happened here."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._here: dict[datetime, datetime] = {}

    def of(self, look: Look) -> Look:
        here = self._now()
        self._here.setdefault(look.frame.at, here)
        changes = tuple(replace(c, finding=self._finding(c.finding)) for c in look.changes)
        return replace(look, frame=replace(look.frame, at=here), changes=changes)

    def _finding(self, seen: Finding) -> Finding:
        return replace(seen, first_seen=self._here[seen.first_seen], last_seen=self._here[seen.last_seen])
