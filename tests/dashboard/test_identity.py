"""Who signs in, and what that makes of them."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.identity import handle_of, role_of
from tests.dashboard.conftest import ENTRY, texts
from workorders.queries.people import people
from workorders.register.sites import actor_of, save_person
from workorders.store import Store
from workorders.words import Role

AUTH = {
    "redirect_uri": "https://lamps.example/oauth2callback", "cookie_secret": "x" * 40, "client_id": "lamplighter",
    "client_secret": "secret", "server_metadata_url": "https://id.example/.well-known/openid-configuration",
}  # fmt: skip
LI = {"is_logged_in": True, "email": "Li.Wei@example.cn", "email_verified": True, "name": "Li Wei", "sub": "42"}


def opened(user: dict[str, Any], roles: dict[str, Any] | None = None, name: str = "overview") -> AppTest:
    """A page as somebody sees it whose provider says this of them."""
    app = AppTest.from_file(str(ENTRY), default_timeout=30)
    app.secrets["auth"] = AUTH
    if roles:
        app.secrets["roles"] = roles
    app.user = user
    app.run()
    if name != "overview":
        app.switch_page(f"app_pages/{name}.py").run()
    return app


def test_nobody_sees_the_site_before_signing_in(site: Store) -> None:
    app = opened({"is_logged_in": False})

    assert not app.exception
    assert [button.label for button in app.button] == ["Sign in"]
    assert "Riverside" not in texts(app)


@pytest.mark.parametrize(
    ("claims", "roles", "role"),
    [
        pytest.param(
            {"groups": ["staff", "operator"]}, {"claim": "groups"}, Role.OPERATOR, id="a claim that is a list"
        ),
        pytest.param({"role": "Viewer"}, {"claim": "role"}, Role.VIEWER, id="a claim that is one word"),
        pytest.param(
            {"groups": ["lamp-admins", "lamp-crew"]},
            {"claim": "groups", "map": {"lamp-admins": "administrator", "lamp-crew": "operator"}},
            Role.MANAGER,
            id="the provider's own words, the highest counts",
        ),
        pytest.param({}, {"administrators": ["li.wei@example.cn"]}, Role.MANAGER, id="a list"),
        pytest.param(
            {"email_verified": False}, {"administrators": ["li.wei@example.cn"]}, None, id="not their address"
        ),
        pytest.param({"groups": ["system"]}, {"claim": "groups"}, None, id="nobody is the system"),
        pytest.param({"groups": ["administrator"]}, {}, None, id="a claim that nobody asked for"),
        pytest.param({}, {"claim": "groups"}, None, id="nothing said"),
    ],
)
def test_a_role_comes_from_a_claim_or_a_list(claims: dict[str, Any], roles: dict[str, Any], role: Role | None) -> None:
    assert role_of(LI | claims, roles) is role


@pytest.mark.parametrize(
    ("claims", "handle"),
    [
        pytest.param(LI, "li.wei@example.cn", id="the address"),
        pytest.param(LI | {"email_verified": False}, "sub:42", id="an address without proof"),
        pytest.param({"email": "manager", "sub": "7"}, "sub:7", id="no address at all"),
    ],
)
def test_people_are_known_by_their_address(claims: dict[str, Any], handle: str) -> None:
    assert handle_of(claims) == handle


def test_whoever_signs_in_acts_under_their_name(site: Store) -> None:
    app = opened(LI, {"operators": ["li.wei@example.cn"]})

    assert not app.error, [e.value for e in app.error]
    assert app.title[0].value == "Overview"
    assert "Li Wei" in texts(app)
    assert not [box for box in app.selectbox if box.key == "acting_as"]
    assert {p.id: (p.name, p.role) for p in people(site)}["li.wei@example.cn"] == ("Li Wei", Role.OPERATOR)


def test_the_sites_own_list_of_people_counts_too(site: Store) -> None:
    save_person(site, actor_of(site, "manager"), "li.wei@example.cn", "Li Wei", Role.MANAGER)
    app = opened(LI, name="settings")

    assert "Set" in {button.label for button in app.button}


def test_somebody_without_a_role_is_told_so(site: Store) -> None:
    app = opened(LI)

    assert "has no role on this site" in app.error[0].value
    assert "Sign out" in {button.label for button in app.button}
    assert "Open orders" not in texts(app)


def test_somebody_who_was_switched_off_stays_out(site: Store) -> None:
    save_person(site, actor_of(site, "manager"), "li.wei@example.cn", "Li Wei", Role.OPERATOR, active=False)
    app = opened(LI, {"operators": ["li.wei@example.cn"]})

    assert "was switched off" in app.error[0].value.replace("\\", "")
    assert "Open orders" not in texts(app)


def test_a_viewer_who_signed_in_can_change_nothing(site: Store) -> None:
    app = opened(LI, {"viewers": ["li.wei@example.cn"]}, name="settings")

    assert not {button.label for button in app.button if not button.disabled} & {
        "Set",
        "Save",
        "Save person",
        "Save team",
    }
