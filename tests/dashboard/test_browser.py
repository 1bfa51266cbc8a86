"""The main job in a real browser: a clip goes in, a work order comes out."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from dashboard.settings import DATABASE, FILES
from detectors.truth import read_truth
from tests.dashboard.conftest import ENTRY, ROOT
from workorders.register.cameras import CameraDetails, put_camera, register_seen
from workorders.register.sites import actor_of, update_site
from workorders.store import open_store

CLIP = ROOT / "sample_media" / "clips" / "riverside_night_light_fails.mp4"
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
START_S, JOB_S = 60, 240

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose one camera is registered with what the clip's truth file says it sees."""
    folder = tmp_path_factory.mktemp("browser")
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


@pytest.fixture(scope="module")
def address(site_folder: Path) -> Iterator[str]:
    """A worker and a dashboard as processes of their own; the dashboard's address."""
    environment = os.environ | {DATABASE: f"sqlite:///{site_folder / 'site.db'}", FILES: str(site_folder)}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    worker = [sys.executable, "-m", "workorders.worker"]
    dashboard = [sys.executable, "-m", "streamlit", "run", str(ENTRY), "--server.port", str(port)]
    with (site_folder / "worker.log").open("w") as told, (site_folder / "dashboard.log").open("w") as shown:
        processes = [
            subprocess.Popen(worker, cwd=ROOT, env=environment, stdout=told, stderr=told),
            subprocess.Popen(dashboard, cwd=ROOT, env=environment, stdout=shown, stderr=shown),
        ]
        try:
            _wait_for(f"http://localhost:{port}/_stcore/health", processes)
            yield f"http://localhost:{port}"
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(30)


@pytest.fixture(scope="module")
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


def test_uploaded_clip_ends_on_the_order_it_raised(tab: Page, complaints: list[str]) -> None:
    tab.get_by_role("link", name="Inspect a clip").first.click()
    expect(tab.get_by_role("heading", name="Inspect a clip")).to_be_visible()
    tab.locator("input[type=file]").set_input_files(str(CLIP))
    expect(tab.get_by_role("button", name=f"Remove {CLIP.name}")).to_be_visible()
    tab.get_by_role("button", name="Inspect", exact=True).click()

    expect(tab.get_by_text(re.compile("1 finding"))).to_be_visible(timeout=JOB_S * 1000)
    tab.wait_for_function("document.querySelector('video')?.readyState >= 1", timeout=30_000)
    tab.get_by_role("link", name="Order 1").click()

    expect(tab.get_by_role("heading", name="Light out · L-0702")).to_be_visible()
    tab.get_by_role("button", name="Acknowledge").click()
    expect(tab.get_by_test_id("stMarkdown").get_by_text("Acknowledged")).to_be_visible()
    expect(tab.get_by_text("acknowledged it")).to_be_visible()
    assert complaints == []


def _wait_for(url: str, processes: list[subprocess.Popen[bytes]]) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        assert all(process.poll() is None for process in processes), "a process ended as it started"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"{url} did not answer within {START_S} s")
