"""A worker, a dashboard and Chromium, for tests that look at pages as people do. One of each serves all of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from dashboard.launch import worker_command
from detectors.truth import read_truth
from tests.dashboard.conftest import ROOT
from tests.dashboard.serving import CHROMIUM, START_S, serving
from tests.workorders.fakes import finding, take
from workorders.register.cameras import CameraDetails, put_camera, register_seen
from workorders.register.sites import actor_of, update_site
from workorders.store import Store, open_store

CLIP = ROOT / "sample_media" / "clips" / "riverside_night_light_fails.mp4"
IN_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
expect.set_options(timeout=15_000)  # a busy machine may take its time


@pytest.fixture(scope="package")
def site_folder(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Path:
    """A site whose one camera is registered with what the clip's truth file says it sees."""
    folder = tmp_path_factory.mktemp("browser")
    (folder / "models").symlink_to(models)
    truth = read_truth(CLIP.with_suffix(".truth.json"))
    store = open_store(f"sqlite:///{folder / 'site.db'}", folder)
    update_site(store, actor_of(store, "manager"), "Riverside", truth.view.time_zone)
    with store.write() as work:
        details = CameraDetails("Riverside walk", time_zone=truth.view.time_zone)
        camera = put_camera(work.session, "riverside-07", details, store.now())
        register_seen(work.session, camera, truth.view.assets, store.now())
        work.commit()
    store.close()
    return folder


@pytest.fixture(scope="package")
def address(site_folder: Path) -> Iterator[str]:
    """A worker and a dashboard as processes of their own; the dashboard's address."""
    with serving(site_folder, [worker_command()]) as running:
        yield running


@pytest.fixture
def store(site_folder: Path) -> Iterator[Store]:
    """The same site, from another process than the dashboard's."""
    opened = open_store(f"sqlite:///{site_folder / 'site.db'}", site_folder)
    yield opened
    opened.close()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console complained of."""
    return []


@pytest.fixture
def tab(browser: Browser, address: str, complaints: list[str]) -> Iterator[Page]:
    """The dashboard's first page, open."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    expect(page.get_by_role("heading", name="Overview")).to_be_visible(timeout=START_S * 1000)
    yield page
    page.close()


def raise_order(store: Store, asset: str, issue: str = "light_flickering") -> int:
    """Let the camera see what is wrong with a light; the number of the order that raises."""
    seen = finding(issue, asset, "riverside-07", first_seen=store.now())
    taken = take(store, what=seen)
    assert taken.opened
    assert taken.order_id is not None
    return taken.order_id
