"""Takes the pictures of the README: inspects the sample clips into a fresh site and photographs every page.

`python -m tests.dashboard.screenshots [FOLDER]`, docs/screenshots by default. Needs Chromium and Playwright.
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from dashboard.launch import worker_command
from detectors.console import load
from tests.dashboard.conftest import ROOT
from tests.dashboard.serving import CHROMIUM, serving
from workorders.actors import Actor
from workorders.eyes import DetectorEyes
from workorders.jobs.queue import ask_inspection
from workorders.orders.desk import Request, perform
from workorders.play.stage import ask_play
from workorders.queries.jobs import jobs
from workorders.queries.orders import OrderFilter, orders_page
from workorders.queries.play import PlayRow, latest_play
from workorders.register.sites import actor_of
from workorders.samples import prepare_site, sample_clips
from workorders.store import Store, open_store
from workorders.words import Action, DismissReason, JobState, PlayStep

CLIPS = ROOT / "sample_media" / "clips"
NIGHT = CLIPS / "riverside_night_light_fails.mp4"
SIZE = {"width": 1366, "height": 768}
LARGEST = 200_000
START_S, JOB_S, SETTLE_MS, TRIES = 90, 600, 6_000, 8
# A page is whole when nothing on it is still being worked out: on a busy machine that takes longer than any fixed wait.
_AT_REST = """() => document.querySelector('[data-testid="stMainBlockContainer"] [data-testid="stHeading"]')
    && !document.querySelector('[data-testid="stSkeleton"], [data-testid="stStatusWidget"], '
    + '[data-testid="stApp"][data-test-script-state="running"]')"""


def main() -> None:
    """Make the site, serve it, take the pictures."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screenshots"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/site.db", folder)
        prepare_site(store, sample_clips(CLIPS), lambda: DetectorEyes(load(None)), lambda n, of, name, share: None)
        operator = actor_of(store, "operator")
        job = ask_inspection(store, operator, str(NIGHT), "riverside-07")
        with serving(Path(folder), [worker_command()]) as address:
            _wait_for_job(store)
            order = orders_page(store).rows[0].id
            perform(store, operator, order, Request(Action.ASSIGN, "nearest crew", assignee="operator", team="grounds"))
            perform(store, operator, order, Request(Action.START))
            _settle_some(store, operator)
            pages = {
                "overview": "", "orders": "orders", "order": f"order?id={order}", "inspect": f"inspect?job={job}",
                "cameras": "cameras", "camera": "cameras?id=riverside-07", "assets": "assets",
                "asset": "assets?id=L-0702", "map": "map",
                "reports": "reports", "model": "model", "settings": "settings",
            }  # fmt: skip
            _photograph(address, pages, out)
            ask_play(store, operator)
            _wait_for_step(store, PlayStep.ORDER)
            _photograph(address, {"play": ""}, out)
            _wait_for_step(store, PlayStep.OVER)
            _photograph(address, {"verified": f"order?id={_played(store).order}"}, out)
        store.close()


def _settle_some(store: Store, operator: Actor) -> None:
    """The least urgent orders are dealt with, so that reports and verdicts have something to show."""
    *mended, mistaken = [row.id for row in orders_page(store, OrderFilter(only_open=True)).rows[-6:]]
    for order in mended:
        perform(store, operator, order, Request(Action.ASSIGN, assignee="operator", team="grounds"))
        for action in (Action.START, Action.RESOLVE, Action.VERIFY, Action.CLOSE):
            perform(store, operator, order, Request(action))
    perform(store, operator, mistaken, Request(Action.DISMISS, reason=DismissReason.FALSE_ALARM))


def _photograph(address: str, pages: dict[str, str], out: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for scheme in ("light", "dark"):
            page = browser.new_page(viewport=SIZE, color_scheme=scheme)  # type: ignore[arg-type]
            for name, path in pages.items():
                page.goto(f"{address}/{path}")
                page.wait_for_timeout(SETTLE_MS)
                page.wait_for_function(_AT_REST, timeout=1_000 * START_S)
                if name == "inspect":
                    _show_the_finding(page)
                _save(_still(page), out / f"{name}-{scheme}.jpg")
            page.close()
        browser.close()


def _still(page: Page) -> bytes:
    """The page while nothing on it was worked out: its live parts ask anew every few seconds."""
    for _ in range(TRIES):
        page.wait_for_function(_AT_REST, timeout=1_000 * START_S)
        taken = page.screenshot()
        if page.evaluate(_AT_REST):
            break
    return taken


def _show_the_finding(page: Page) -> None:
    page.locator(".track").first.click()
    page.wait_for_timeout(2_000)


def _save(png: bytes, file: Path) -> None:
    """Save as the best JPEG that is small enough for a README."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    for quality in (88, 80, 70, 60, 50):
        image.save(file, "JPEG", quality=quality, optimize=True, progressive=True)
        if file.stat().st_size <= LARGEST:
            return


def _wait_for_job(store: Store) -> None:
    until = time.monotonic() + JOB_S
    while jobs(store)[0].state is not JobState.DONE:
        if time.monotonic() > until:
            raise TimeoutError("the inspection did not end")
        time.sleep(0.5)


def _played(store: Store) -> PlayRow:
    row = latest_play(store)
    if row is None:
        raise LookupError("no night was asked for")
    return row


def _wait_for_step(store: Store, step: PlayStep) -> None:
    steps, until = list(PlayStep), time.monotonic() + JOB_S
    while (reached := _played(store).step) is None or steps.index(reached) < steps.index(step):
        if time.monotonic() > until:
            raise TimeoutError(f"the guided play did not reach '{step}'")
        time.sleep(0.5)


if __name__ == "__main__":
    main()
