"""The model page: what is in use, how it was judged, what it got wrong; on an empty and on a hostile site too."""

from __future__ import annotations

import pytest

from tests.dashboard.conftest import Opener, texts
from tests.workorders.fakes import finding, take
from workorders.orders.desk import Request, perform
from workorders.register.sites import actor_of
from workorders.store import Store
from workorders.words import Action, DismissReason


@pytest.mark.parametrize("site", ["empty"], indirect=True)
def test_before_anybody_judged(page: Opener) -> None:
    said = texts(page("model"))

    assert "lamplighter" in said
    assert "Nobody has judged a finding yet" in said
    assert "No finding was dismissed as a false alarm" in said


def test_verdicts_and_mistakes_are_shown(page: Opener, site: Store) -> None:
    false = Request(Action.DISMISS, "only <b>wet</b>", reason=DismissReason.FALSE_ALARM)
    perform(site, actor_of(site, "operator"), 3, false)
    app = page("model")

    assert not app.error
    assert {m.label: m.value for m in app.metric}["False alarms"] == "1"
    table = app.dataframe[1].value
    assert dict(zip(table["Issue"], table["Wrong"], strict=True))["Light flickering"] == 1
    assert "only \\<b\\>wet\\</b\\>" in texts(app)


@pytest.mark.parametrize("site", ["hostile"], indirect=True)
def test_hostile_notes_are_only_text(page: Opener, site: Store) -> None:
    false = Request(Action.DISMISS, "<script>alert(1)</script> :red[x]", reason=DismissReason.WRONG_ASSET)
    perform(site, actor_of(site, "operator"), 3, false)
    app = page("model")

    assert not app.exception
    assert not app.error


def test_places_that_were_wrong_again_and_again_are_named(page: Opener, site: Store) -> None:
    operator = actor_of(site, "operator")
    false = Request(Action.DISMISS, reason=DismissReason.FALSE_ALARM)
    perform(site, operator, 3, false)
    assert "Where it was wrong again and again" not in texts(page("model"))
    again = take(site, what=finding("light_flickering", "L-3", "riverside-07", first_seen=site.now())).order_id
    perform(site, operator, again, false)

    app = page("model")

    assert "Where it was wrong again and again" in texts(app)
    table = next(frame.value for frame in app.dataframe if "Kept quiet" in frame.value)
    assert (table["Place"][0], table["Wrong"][0], table["Order"][0]) == ("L-3", 2, f"order?id={again}")
