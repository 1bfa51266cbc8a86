"""How pages look in a real browser: on a phone, in the dark, in another language, to somebody who may only look."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.dashboard.browser.conftest import IN_CHROMIUM, raise_order
from tests.dashboard.serving import START_S
from workorders.store import Store

pytestmark = IN_CHROMIUM


@pytest.mark.parametrize("path", ["", "orders", "map", "inspect", "cameras", "assets", "reports", "settings"])
def test_a_phone_shows_every_page_in_the_dark_without_scrolling_sideways(
    browser: Browser, address: str, path: str
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme="dark")
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(f"{address}/{path}")
    expect(page.get_by_test_id("stHeading").first).to_be_visible(timeout=START_S * 1000)
    page.wait_for_timeout(500)

    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
    background = page.get_by_test_id("stApp").evaluate("node => getComputedStyle(node).backgroundColor")
    assert background == "rgb(14, 21, 24)"
    assert broken == []
    page.close()


def test_the_language_is_switched_and_switched_back(tab: Page, complaints: list[str]) -> None:
    tab.get_by_text("中文", exact=True).click()
    expect(tab.get_by_role("heading", name="总览")).to_be_visible(timeout=20_000)
    expect(tab.get_by_role("columnheader", name="剩余时间")).to_be_visible()
    tab.get_by_role("link", name="工单").first.click()
    expect(tab.get_by_role("heading", name="工单")).to_be_visible(timeout=20_000)
    tab.get_by_text("全部", exact=True).click()
    tab.wait_for_url("**/orders?**view=all**")

    tab.get_by_text("English", exact=True).click()
    expect(tab.get_by_role("heading", name="Work orders")).to_be_visible(timeout=20_000)
    assert "view=all" in tab.url
    assert complaints == []


def test_streamlits_own_uploader_speaks_chinese_too(tab: Page, complaints: list[str]) -> None:
    tab.get_by_text("中文", exact=True).click()
    tab.get_by_role("link", name="检查片段").first.click()
    words = tab.locator("[data-testid='stFileUploaderDropzone'] button p")
    expect(words).to_be_attached(timeout=20_000)

    assert words.evaluate("node => getComputedStyle(node, '::after').content") == '"选择文件"'
    assert words.evaluate("node => getComputedStyle(node).fontSize") == "0px"
    expect(tab.get_by_text("per file")).not_to_be_visible()
    assert complaints == []


def test_a_viewer_finds_nothing_to_act_with(tab: Page, address: str, store: Store) -> None:
    order = raise_order(store, "L-0702", "light_damaged")
    tab.goto(f"{address}/order?id={order}")
    expect(tab.get_by_role("button", name="Acknowledge", exact=True)).to_be_visible(timeout=START_S * 1000)
    tab.get_by_role("combobox").first.click()
    tab.get_by_text("Viewer (viewer)").last.click()

    expect(tab.get_by_text("may look but not change anything").first).to_be_visible(timeout=START_S * 1000)
    for action in ("Acknowledge", "Assign", "Dismiss", "Add"):
        expect(tab.get_by_role("button", name=action, exact=True)).not_to_be_attached()
