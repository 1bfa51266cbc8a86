"""Service levels on the settings page: targets and the hours in which their clocks run."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from tests.dashboard.conftest import Opener
from workorders.orders.clocks import Calendar
from workorders.queries.people import PolicyRow, policies
from workorders.store import Store


def level(site: Store, priority: int) -> PolicyRow:
    return next(row for row in policies(site) if row.priority == priority)


def test_new_targets_take_over(page: Opener, site: Store) -> None:
    app = page("settings", "manager")
    app.selectbox(key="policy_priority").select(3).run()
    assert app.number_input(key="policy_response_3").value == level(site, 3).response / timedelta(minutes=1)
    app.number_input(key="policy_response_3").set_value(30)
    app.number_input(key="policy_resolution_3").set_value(240)
    app.button(key="set_policy").click().run()

    assert not app.error
    now = level(site, 3)
    assert (now.response, now.resolution, now.calendar) == (timedelta(minutes=30), timedelta(hours=4), None)


def test_clocks_run_in_working_hours_and_day_and_night_again(page: Opener, site: Store) -> None:
    app = page("settings", "manager")
    app.selectbox(key="policy_runs_1").select("working").run()
    app.multiselect(key="policy_days_1").set_value([0, 1, 2, 3, 4, 5])
    app.time_input(key="policy_opens_1").set_value(time(7, 30))
    app.button(key="set_policy").click().run()
    assert not app.error
    assert level(site, 1).calendar == Calendar("Asia/Shanghai", frozenset(range(6)), time(7, 30), time(18))
    shown = next(frame.value for frame in app.dataframe if "Clocks run" in frame.value)
    assert next(iter(shown["Clocks run"])) == "Mon – Sat, 07:30 – 18:00"

    app.selectbox(key="policy_runs_1").select("always").run()
    app.button(key="set_policy").click().run()
    assert level(site, 1).calendar is None


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        pytest.param({"response": 500, "resolution": 5}, "no longer than the resolution target", id="crossed targets"),
        pytest.param({"opens": time(20), "closes": time(8)}, "must be later than its opening", id="closes too soon"),
        pytest.param({"days": []}, "at least one weekday", id="no day at all"),
    ],
)  # fmt: skip
def test_levels_that_cannot_be_are_refused_in_one_line(
    page: Opener, site: Store, fields: dict[str, object], line: str
) -> None:
    before = level(site, 1)
    app = page("settings", "manager")
    app.selectbox(key="policy_runs_1").select("working").run()
    kinds = {"response": "number_input", "resolution": "number_input", "days": "multiselect"}
    for name, value in fields.items():
        getattr(app, kinds.get(name, "time_input"))(key=f"policy_{name}_1").set_value(value)
    app.button(key="set_policy").click().run()

    assert line in app.error[0].value
    assert level(site, 1) == before
