"""What people set for themselves and for the site: saved views, rules, limits, the site's language."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.conftest import ENTRY, Opener, texts
from workorders.orders.rules import Rule
from workorders.queries.people import site as site_of
from workorders.queries.rules import rules
from workorders.register.sites import actor_of, set_language
from workorders.register.views import saved_views
from workorders.store import Store


def button(app: AppTest, label: str) -> None:
    next(b for b in app.button if b.label == label).click().run()


def test_a_view_is_kept_and_gone_to(page: Opener, site: Store) -> None:
    app = page("orders", view="late", priority="P2")
    app.text_input(key="view_name").set_value("Night shift")
    button(app, "Save view")
    view = saved_views(site, actor_of(site, "operator"))[0]
    assert (view.name, view.query) == ("Night shift", "view=late&priority=P2")

    other = page("orders", view="all", q="plaza")
    other.button(key=f"view_{view.id}").click().run()
    assert dict(other.query_params) == {"view": "late", "priority": "P2"}
    assert other.segmented_control(key="view").value == "late"

    other.button(key=f"forget_view_{view.id}").click().run()
    assert saved_views(site, actor_of(site, "operator")) == ()


def test_a_filter_is_written_to_the_address_as_a_code(page: Opener) -> None:
    app = page("orders")
    app.multiselect(key="issue").select("light_out").run()
    app.selectbox(key="who").select("@nobody").run()

    assert dict(app.query_params) == {"issue": "light_out", "who": "@nobody"}
    app.selectbox(key="who").select("").run()
    assert "who" not in app.query_params


def test_a_rule_shows_what_it_would_have_changed_and_is_put_in_force(page: Opener, site: Store) -> None:
    app = page("settings", "manager")
    app.selectbox(key="rule_issue").select("light_flickering").run()
    app.number_input(key="rule_dwell_light_flickering").set_value(60.0).run()
    assert "1 fewer" in texts(app)
    assert rules(site) == {}

    app.button(key="set_rule").click().run()
    assert rules(site) == {"light_flickering": Rule(dwell_s=60.0)}
    assert "**0 fewer** with this rule" not in texts(app)


def test_limits_of_evidence_are_set(page: Opener, site: Store) -> None:
    app = page("settings", "manager")
    app.number_input(key="keep_days").set_value(90)
    app.button(key="set_retention").click().run()

    assert not app.error
    assert (site_of(site).evidence_days, site_of(site).evidence_gb) == (90, None)


def test_the_site_speaks_its_language_to_whoever_chooses_none(site: Store) -> None:
    set_language(site, actor_of(site, "manager"), "zh_CN")
    app = AppTest.from_file(str(ENTRY), default_timeout=30).run()

    assert app.title[0].value == "总览"
    app.segmented_control(key="language_picker").set_value("en").run()
    assert app.title[0].value == "Overview"


@pytest.mark.parametrize("acting", ["viewer", "operator"])
def test_others_see_no_rule_to_change(page: Opener, acting: str) -> None:
    app = page("settings", acting)

    assert "set_rule" not in {b.key for b in app.button}
    assert next(b for b in app.button if b.key == "set_retention").disabled
