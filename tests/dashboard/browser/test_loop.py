"""The main job in a real browser: a clip goes in, a work order comes out, is worked on, and is closed."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.dashboard.browser.conftest import CLIP, IN_CHROMIUM, raise_order
from tests.dashboard.seeds import png
from tests.dashboard.serving import START_S
from workorders.orders.desk import Request, perform
from workorders.queries.cameras import camera_view
from workorders.register.sites import actor_of, update_site
from workorders.store import Store
from workorders.words import Action

JOB_S = 240

pytestmark = IN_CHROMIUM


def test_uploaded_clip_ends_on_the_order_it_raised(tab: Page, complaints: list[str]) -> None:
    tab.get_by_role("link", name="Inspect a clip").first.click()
    expect(tab.get_by_role("heading", name="Inspect a clip")).to_be_visible()
    tab.locator("input[type=file]").set_input_files(str(CLIP))
    expect(tab.get_by_role("button", name=f"Remove {CLIP.name}")).to_be_visible()
    tab.get_by_role("button", name="Inspect", exact=True).click()

    expect(tab.get_by_text(re.compile("1 finding"))).to_be_visible(timeout=JOB_S * 1000)
    tab.wait_for_function("document.querySelector('video')?.readyState >= 1", timeout=30_000)
    # Its number depends on which tests raised orders before at the same site.
    tab.get_by_role("link", name=re.compile(r"^Order \d+$")).click()

    expect(tab.get_by_role("heading", name="Light out · L-0702")).to_be_visible()
    tab.get_by_role("button", name="Acknowledge").click()
    expect(tab.get_by_test_id("stMarkdown").get_by_text("Acknowledged", exact=True)).to_be_visible()
    expect(tab.get_by_text("acknowledged it").first).to_be_visible()
    assert complaints == []


def test_a_new_order_arrives_by_itself(tab: Page, store: Store, complaints: list[str]) -> None:
    expect(tab.get_by_text("Cameras working")).to_be_visible()
    order = raise_order(store, "L-0704")

    row = tab.locator(f"tr[data-order='{order}']")
    expect(row).to_be_visible(timeout=15_000)
    expect(row).to_contain_text("to answer")
    expect(tab.get_by_text(f"New order {order}").first).to_be_visible()
    assert complaints == []


def test_many_orders_are_acknowledged_at_once(tab: Page, store: Store, complaints: list[str]) -> None:
    orders = [raise_order(store, asset) for asset in ("L-0701", "L-0703")]
    tab.get_by_role("link", name="Work orders").first.click()
    for order in orders:
        tab.get_by_role("checkbox", name=f"Select order {order}").click()
        expect(tab.locator(f"tr.picked[data-order='{order}']")).to_be_visible()
    expect(tab.get_by_text("2 selected")).to_be_visible()
    tab.get_by_role("button", name="Acknowledge").click()

    for order in orders:
        done = tab.locator(f"tr[data-order='{order}']", has_text="Acknowledged")
        expect(done).to_be_visible(timeout=15_000)
    assert complaints == []


def test_of_two_operators_the_second_is_told(tab: Page, browser: Browser, address: str, store: Store) -> None:
    order = raise_order(store, "L-0705")
    other = browser.new_page()
    for page in (tab, other):
        page.goto(f"{address}/order?id={order}")
        expect(page.get_by_role("button", name="Acknowledge")).to_be_visible(timeout=START_S * 1000)
    tab.get_by_role("button", name="Acknowledge").click()
    expect(tab.get_by_text("acknowledged it").first).to_be_visible(timeout=15_000)

    other.get_by_role("button", name="Acknowledge").click()
    expect(other.get_by_text(f"Operator was first: order {order} is acknowledged")).to_be_visible(timeout=15_000)
    other.close()


def test_an_order_lives_its_whole_life(tab: Page, address: str, store: Store) -> None:
    order = raise_order(store, "L-0702")
    tab.goto(f"{address}/order?id={order}")
    state = tab.get_by_test_id("stMarkdown")
    tab.get_by_role("button", name="Acknowledge").click(timeout=START_S * 1000)
    expect(state.get_by_text("Acknowledged", exact=True)).to_be_visible()
    _open_form(tab, "Assign")
    tab.get_by_test_id("stPopoverBody").get_by_role("combobox", name="Team").click()
    tab.get_by_role("option", name="Lighting crew").click()
    _send(tab, "Assign", "take the ladder")
    expect(state.get_by_text("Assigned", exact=True)).to_be_visible()
    tab.get_by_role("button", name="Start work").click()
    expect(state.get_by_text("In progress", exact=True)).to_be_visible()
    tab.locator("input[type=file]").set_input_files({"name": "lamp.png", "mimeType": "image/png", "buffer": png()})
    expect(tab.get_by_role("button", name="Remove lamp.png")).to_be_visible()
    tab.get_by_label("Comment", exact=True).fill("the driver was wet")
    tab.get_by_role("button", name="Add", exact=True).click()
    expect(tab.get_by_text("the driver was wet").first).to_be_visible()
    expect(tab.get_by_role("img", name="lamp.png")).to_be_visible()
    _open_form(tab, "Resolve")
    _send(tab, "Resolve", "new driver")
    expect(state.get_by_text("Resolved", exact=True)).to_be_visible()
    tab.get_by_role("button", name="Verify").click()
    expect(state.get_by_text("Verified", exact=True)).to_be_visible()
    tab.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Close").click()
    expect(state.get_by_text("Closed", exact=True)).to_be_visible()
    for told in ("opened the order", "started work", "attached lamp.png", "verified the repair", "closed it"):
        expect(tab.get_by_text(told).first).to_be_visible()


def test_a_reader_is_told_that_an_order_changed(tab: Page, address: str, store: Store) -> None:
    order = raise_order(store, "L-0703", "light_damaged")
    tab.goto(f"{address}/order?id={order}")
    expect(tab.get_by_role("button", name="Acknowledge")).to_be_visible(timeout=START_S * 1000)
    perform(store, actor_of(store, "manager"), order, Request(Action.ACKNOWLEDGE))

    tab.get_by_role("button", name="Show it anew").click(timeout=20_000)
    expect(tab.get_by_test_id("stMarkdown").get_by_text("Acknowledged", exact=True)).to_be_visible()
    expect(tab.get_by_role("button", name="Show it anew")).not_to_be_attached()


def test_a_region_is_drawn_with_the_mouse(tab: Page, store: Store, complaints: list[str]) -> None:
    before = region_of(store, "L-0701")
    tab.get_by_role("combobox").first.click()
    tab.get_by_text("Manager (administrator)").last.click()
    tab.get_by_role("link", name="Cameras").first.click()
    tab.get_by_role("link", name="Open").first.click()
    tab.locator("polygon[aria-label^='L-0701']").click(force=True, timeout=START_S * 1000)
    corner = tab.locator(".grip").first
    expect(corner).to_be_visible(timeout=30_000)
    corner.scroll_into_view_if_needed()
    box = corner.bounding_box()
    assert box is not None
    tab.mouse.move(box["x"] + 7, box["y"] + 7)
    tab.mouse.down()
    tab.mouse.move(box["x"] - 30, box["y"] - 20, steps=4)
    tab.mouse.up()
    tab.get_by_role("button", name="Save the shape").click()
    expect(tab.get_by_text("The region of L-0701 is saved.")).to_be_visible(timeout=20_000)

    after = region_of(store, "L-0701")
    assert after[0][0] < before[0][0] - 0.01
    assert after[0][1] < before[0][1] - 0.01
    assert [p for n, p in enumerate(after) if n] == [[round(v, 5) for v in p] for p in before[1:]]
    assert complaints == []


def test_an_opened_camera_stays_open_until_it_is_left(tab: Page, complaints: list[str]) -> None:
    tab.get_by_role("link", name="Cameras").first.click()
    tab.get_by_role("link", name="Open").first.click()
    opened = tab.get_by_role("heading", name="Riverside walk", level=1)
    expect(opened).to_be_visible(timeout=20_000)
    expect(tab).to_have_url(re.compile("id=riverside-07"))
    assert complaints == []
    tab.reload()
    expect(opened).to_be_visible(timeout=START_S * 1000)

    tab.get_by_test_id("stMainBlockContainer").get_by_role("link", name="Cameras").click()
    expect(opened).not_to_be_attached(timeout=20_000)
    expect(tab).not_to_have_url(re.compile("id="))
    expect(tab.get_by_role("heading", name="Cameras", level=1)).to_be_visible()


def test_a_night_is_played_and_reset(tab: Page, store: Store, complaints: list[str]) -> None:
    manager = actor_of(store, "manager")
    update_site(store, manager, "Riverside", "Asia/Shanghai", is_demo=True)
    tab.get_by_role("link", name="Overview").first.click()
    tab.get_by_role("button", name="Play a night").click(timeout=30_000)
    expect(tab.get_by_role("img", name="Latest picture of the guided play")).to_be_visible(timeout=JOB_S * 1000)
    expect(tab.get_by_text("in the play")).to_be_visible()
    stop = tab.get_by_role("button", name="Stop and reset")
    expect(stop).to_have_count(1)  # while the page is drawn anew the old one is there for a moment as well
    stop.click()

    expect(tab.get_by_role("button", name="Play a night")).to_be_visible(timeout=30_000)
    assert complaints == []
    update_site(store, manager, "Riverside", "Asia/Shanghai", is_demo=False)


def _open_form(tab: Page, action: str) -> None:
    """Open the form of an action once the page is drawn whole: while it is still drawn, buttons shift and close it."""
    expect(tab.locator("[data-testid='stApp'][data-test-script-state='notRunning']")).to_be_visible()
    tab.get_by_role("button", name=action, exact=True).first.click()
    expect(tab.get_by_test_id("stPopoverBody")).to_be_visible()


def _send(tab: Page, action: str, note: str) -> None:
    form = tab.get_by_test_id("stPopoverBody")
    form.get_by_role("textbox").last.fill(note)
    form.get_by_role("button", name=action, exact=True).click()


def region_of(store: Store, asset: str) -> list[list[float]]:
    view = camera_view(store, "riverside-07")
    region = next(a.region for a in view.assets if a.id == asset)
    assert region is not None
    return region.as_list()
