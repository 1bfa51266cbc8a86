"""What looking costs, added up by several workers at once."""

from __future__ import annotations

import threading
from datetime import date

from sqlalchemy import select

from tests.workorders.fakes import add_camera
from workorders.register.metering import Cost, add_cost
from workorders.schema import CameraDay
from workorders.store import Store

DAY = date(2026, 6, 16)
WORKERS, TIMES = 4, 5


def test_workers_that_meet_a_day_at_once_lose_nothing(store: Store) -> None:
    add_camera(store)
    gate = threading.Barrier(WORKERS)

    def work() -> None:
        gate.wait()
        for _ in range(TIMES):
            with store.write() as unit:
                add_cost(unit.session, "cam-1", DAY, Cost(0.5, 2, recorded_s=1.0))
                unit.commit()

    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as session:
        (row,) = session.scalars(select(CameraDay)).all()
    assert (row.looks, row.computed_s, row.recorded_s) == (40, 10.0, 20.0)
