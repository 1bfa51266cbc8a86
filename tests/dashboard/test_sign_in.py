"""Signing in with an identity provider on this machine, in a real browser: roles, signing out, who stays out."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.dashboard.seeds import fill_working_day, make_site
from tests.dashboard.serving import CHROMIUM, START_S, free_port, serving
from workorders.errors import NotAllowed
from workorders.orders.desk import Request, perform
from workorders.queries.people import people
from workorders.register.cameras import CameraDetails, save_camera
from workorders.register.sites import actor_of
from workorders.store import Store, open_store
from workorders.words import Action, Role

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # the provider's own
]
LOOK_MS = START_S * 1000
# What the provider says of each: crew by a claim, the council by a list of the site, and somebody nobody knows.
PEOPLE = {
    "li": {"email": "li.wei@example.org", "name": "Li Wei", "groups": ["staff", "lamp-crew"]},
    "chen": {"email": "chen@example.org", "name": "Chen Jie", "groups": ["lamp-admins"]},
    "council": {"email": "council@example.org", "name": "The Council"},
    "stranger": {"email": "stranger@example.org", "name": "A Stranger", "groups": ["staff"]},
}
SECRETS = """
[auth]
redirect_uri = "{address}/oauth2callback"
cookie_secret = {cookie}
client_id = "lamplighter"
client_secret = {secret}
server_metadata_url = "{provider}/.well-known/openid-configuration"

[roles]
claim = "groups"
map = {{ lamp-admins = "administrator", lamp-crew = "operator" }}
viewers = ["council@example.org"]
"""


@dataclass
class Door:
    """The dashboard as people come to it who have not signed in."""

    address: str
    browser: Browser

    def page(self) -> Page:
        """A browser of its own, without cookies, before the door."""
        page = self.browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
        page.goto(self.address)
        expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible(timeout=LOOK_MS)
        return page

    def signed_in(self, name: str) -> Page:
        """The page after the provider was asked and somebody chosen there."""
        page = self.page()
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_role("button", name=name, exact=True).click(timeout=LOOK_MS)
        expect(page.get_by_role("button", name="Sign out")).to_be_visible(timeout=LOOK_MS)
        return page


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("sign-in")
    make_site(f"sqlite:///{made / 'site.db'}", str(made), fill_working_day)
    return made


@pytest.fixture(scope="module")
def door(folder: Path) -> Iterator[Door]:
    """A provider, a dashboard that trusts it by the secrets beside it, and a browser."""
    port = free_port()
    known = [User(sub=name, claims={**claims, "email_verified": True}) for name, claims in PEOPLE.items()]
    with (
        run_server_in_thread(user_claims=known) as provider,
        sync_playwright() as playwright,
    ):
        (folder / ".streamlit").mkdir()
        (folder / ".streamlit" / "secrets.toml").write_text(
            SECRETS.format(
                address=f"http://localhost:{port}", provider=f"http://localhost:{provider.server_port}",
                cookie=json.dumps(secrets.token_hex(32)), secret=json.dumps(secrets.token_hex(8)),
            )
        )  # fmt: skip
        with serving(folder, port=port, home=folder) as address:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            yield Door(address, browser)
            browser.close()


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{folder / 'site.db'}", folder)
    yield opened
    opened.close()


def role_kept(store: Store, address: str) -> Role | None:
    return next((person.role for person in people(store) if person.id == address), None)


def test_nobody_sees_the_site_before_signing_in(door: Door) -> None:
    page = door.page()
    assert "Riverside" not in page.content()
    for path in ("orders", "order?id=1", "settings"):
        page.goto(f"{door.address}/{path}")
        expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible(timeout=LOOK_MS)
        assert "riverside" not in page.content().lower()
    page.context.close()


def test_a_claim_makes_an_operator_who_acts_under_their_name(door: Door, store: Store) -> None:
    page = door.signed_in("li")
    expect(page.get_by_role("heading", name="Overview")).to_be_visible(timeout=LOOK_MS)
    expect(page.get_by_text("Li Wei (operator)")).to_be_visible()
    expect(page.get_by_text("Acting as")).not_to_be_attached()

    page.goto(f"{door.address}/order?id=1")
    page.get_by_role("button", name="Acknowledge", exact=True).click(timeout=LOOK_MS)
    expect(page.get_by_text("acknowledged it").first).to_be_visible(timeout=LOOK_MS)
    expect(page.get_by_test_id("stMainBlockContainer").get_by_text("Li Wei").first).to_be_visible()
    assert role_kept(store, "li.wei@example.org") is Role.OPERATOR
    page.context.close()


def test_a_claim_makes_an_administrator(door: Door, store: Store) -> None:
    page = door.signed_in("chen")
    page.goto(f"{door.address}/settings")
    expect(page.get_by_role("button", name="Set", exact=True).first).to_be_visible(timeout=LOOK_MS)
    assert role_kept(store, "chen@example.org") is Role.MANAGER
    page.context.close()


def test_a_list_makes_a_viewer_who_can_change_nothing(door: Door, store: Store) -> None:
    page = door.signed_in("council")
    page.goto(f"{door.address}/order?id=9")
    expect(page.get_by_text("may look but not change anything").first).to_be_visible(timeout=LOOK_MS)
    for action in ("Acknowledge", "Assign", "Dismiss", "Add"):
        expect(page.get_by_role("button", name=action, exact=True)).not_to_be_attached()

    council = actor_of(store, "council@example.org")
    assert council.role is Role.VIEWER
    with pytest.raises(NotAllowed):
        perform(store, council, 9, Request(Action.ACKNOWLEDGE))
    with pytest.raises(NotAllowed):
        save_camera(store, council, "cam-9", CameraDetails("Ninth"))
    page.context.close()


def test_somebody_nobody_knows_has_no_role_and_sees_nothing(door: Door, store: Store) -> None:
    page = door.signed_in("stranger")
    expect(page.get_by_text("has no role on this site")).to_be_visible(timeout=LOOK_MS)
    page.goto(f"{door.address}/orders")
    expect(page.get_by_text("has no role on this site")).to_be_visible(timeout=LOOK_MS)
    assert "riverside" not in page.content().lower()
    assert role_kept(store, "stranger@example.org") is None
    page.context.close()


def test_signing_out_closes_the_door(door: Door) -> None:
    page = door.signed_in("li")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="End session").click(timeout=LOOK_MS)
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible(timeout=LOOK_MS)
    assert page.url.startswith(door.address)
    page.goto(f"{door.address}/orders")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible(timeout=LOOK_MS)
    assert "riverside" not in page.content().lower()
    page.context.close()
