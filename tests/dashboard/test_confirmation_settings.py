"""How findings are confirmed, on the settings page: an administrator sets it, others read it, bad values are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from detectors.values import Mark
from tests.dashboard.conftest import Opener, texts
from tests.workorders.fakes import look
from workorders.queries.tuning import setting_changes
from workorders.register.sites import actor_of
from workorders.register.traces import Traces
from workorders.register.tuning import set_confirmation, tuning
from workorders.store import Store


def test_an_administrator_sets_an_issues_own_and_gives_it_up(page: Opener, site: Store) -> None:
    app = page("settings", "manager")
    app.selectbox(key="confirm_issue").select("litter").run()
    app.number_input(key="confirm_window_litter").set_value(10)
    app.number_input(key="confirm_needed_litter").set_value(8)
    app.button(key="set_confirmation").click().run()
    assert not app.error
    assert (tuning(site).of("litter").needed, tuning(site).usual.needed) == (8, 3)
    assert app.number_input(key="confirm_needed_litter").value == 8

    app.button(key="reset_confirmation").click().run()
    assert not app.error
    assert tuning(site).of("litter").needed == 3
    assert app.number_input(key="confirm_needed_litter").value == 3, "the field shows what is kept"
    assert [row.actor_name for row in setting_changes(site)] == ["Manager", "Manager"]


def test_values_that_do_not_go_together_are_told_and_refused(page: Opener, site: Store) -> None:
    app = page("settings", "manager")
    app.number_input(key="confirm_needed_").set_value(9).run()
    line = "9 looks cannot be needed of the last 4"
    assert line in app.error[0].value

    app.button(key="set_confirmation").click().run()
    assert line in app.error[0].value
    assert setting_changes(site) == ()


@pytest.mark.parametrize("acting", ["viewer", "operator"])
def test_others_read_it(page: Opener, site: Store, acting: str) -> None:
    set_confirmation(site, actor_of(site, "manager"), "litter", {"window": 6, "needed": 5})
    app = page("settings", acting)

    assert not app.exception
    assert "set_confirmation" not in {button.key for button in app.button}
    (shown,) = (frame.value for frame in app.dataframe if "Looks needed to confirm" in frame.value)
    assert dict(zip(shown["Issue"], shown["Looks needed to confirm"], strict=True)) == {
        "All other issues": "3",
        "Litter": "5",
    }


def test_the_preview_says_what_it_rests_on(page: Opener, site: Store) -> None:
    said = texts(page("settings", "manager"))

    assert "no look saw anything of this" in said, "the site's findings were taken in, not looked at"
    assert "cannot come back" in said


def test_the_preview_counts_the_looks_of_the_last_days(page: Opener, site: Store) -> None:
    began = site.now() - timedelta(minutes=5)
    traces = Traces("plaza-02", began)
    for second in range(4):
        mark = Mark("litter:place-1", "litter", None, 0.8)
        traces.add(replace(look(began + timedelta(seconds=second)), marks=(mark,)))
    with site.write() as work:
        work.session.add_all(traces.ripe(None).values())
        work.commit()
    app = page("settings", "manager")
    app.selectbox(key="confirm_issue").select("litter").run()
    assert "4 looks counted: 1 finding as it is now, **0 fewer**" in texts(app)
    app.number_input(key="confirm_window_litter").set_value(6)
    app.number_input(key="confirm_needed_litter").set_value(6).run()

    assert not app.error
    assert "1 finding as it is now, **1 fewer** with these settings (0 orders fewer, 0 of them" in texts(app)
