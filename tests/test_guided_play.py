"""The whole loop for real: the bundled detector looks at the sample night; nothing from clip to verdict is faked."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

from detectors.ready import detector_in_use
from tests.workorders.conftest import OPERATOR
from tests.workorders.fakes import FrozenClock
from workorders.actors import SYSTEM
from workorders.eyes import DetectorEyes
from workorders.play.playing import Ports, run_play
from workorders.play.stage import ask_play
from workorders.queries.order import order_detail
from workorders.queries.orders import OrderFilter, orders_page
from workorders.register.sites import update_site
from workorders.store import open_store
from workorders.words import EvidenceKind, Moment, OrderState


class Lockstep:
    """Lets a second pass as soon as the last picture was looked at, so that the night is played without waiting."""

    def __init__(self, clock: FrozenClock) -> None:
        self._clock, self._shown, self._looked = clock, 0, 0
        self._turn = threading.Condition()

    def sleep(self, seconds: float) -> None:
        with self._turn:
            assert self._turn.wait_for(lambda: self._looked >= self._shown, timeout=60), "a picture was not looked at"
            self._shown += 1
        self._clock.forward(seconds=seconds)

    def looked(self, share: float | None, text: str) -> None:
        with self._turn:
            self._looked += 1
            self._turn.notify()


def test_a_lamp_fails_in_the_night_and_the_camera_verifies_its_repair(tmp_path: Path, ready_home: Path) -> None:
    clock = FrozenClock(datetime(2026, 11, 25, 8, 0, tzinfo=UTC))
    store = open_store(f"sqlite:///{tmp_path / 'site.db'}", tmp_path, clock)
    update_site(store, SYSTEM, "Riverside demo", "Asia/Shanghai", is_demo=True)
    ask_play(store, OPERATOR)
    step = Lockstep(clock)

    came_to = run_play(
        store,
        DetectorEyes(detector_in_use(ready_home)),
        progress=step.looked,
        tell=lambda told: None,
        should_stop=lambda: False,
        ports=Ports(sleep=step.sleep, wall=lambda: clock.at.timestamp()),
    )

    assert (came_to["order"], came_to["state"]) == (1, "closed")
    assert 120 <= (clock.at - datetime(2026, 11, 25, 8, 0, tzinfo=UTC)).total_seconds() <= 210, "about three minutes"
    order = order_detail(store, 1, OPERATOR)
    assert (order.row.issue, order.row.asset_id) == ("light_out", "PLAY-L-0702")
    assert next(line.actor for line in order.log if line.action == "verify") == "Camera guided-play"
    for moment in Moment:
        assert order.file_of(EvidenceKind.CLEAN, moment) is not None
    others = orders_page(store, OrderFilter(states=frozenset(OrderState))).rows
    assert {row.issue for row in others} <= {"light_out", "light_on_by_day"}, "and nothing false was raised"
    store.close()
