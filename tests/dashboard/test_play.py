"""The guided play on the overview: offered on demo sites alone, followed, and reset."""

from __future__ import annotations

import pytest

from tests.dashboard.conftest import Opener, texts
from workorders.actors import SYSTEM
from workorders.jobs import queue
from workorders.play.stage import CAMERA, playing
from workorders.queries.cameras import cameras
from workorders.register.sites import update_site
from workorders.store import Store


def test_a_real_site_is_not_offered_a_play(page: Opener, site: Store) -> None:
    update_site(site, SYSTEM, "Harbour", "Europe/Lisbon", is_demo=False)

    assert "Guided play" not in texts(page())


def test_one_button_begins_a_night_and_one_resets_it(page: Opener, site: Store) -> None:
    app = page()
    app.button(key="play_start").click().run()
    assert not app.error
    assert len(playing(site)) == 1
    assert "about to begin" in texts(app)

    app.button(key="play_reset").click().run()
    assert not app.error
    assert playing(site) == ()
    assert next(row for row in cameras(site) if row.id == CAMERA).enabled is False
    assert app.button(key="play_start").label == "Play a night"
    assert "**Guided play** :gray" not in texts(app), "its camera has left the list too"


@pytest.mark.parametrize(
    ("lang", "clock", "step", "link"),
    [
        pytest.param("en", "23:14 in the play", "● **Its order is here", "Order 1: new", id="English"),
        pytest.param("zh", "演示时间 23:14", "● **工单已生成", "工单 1：待确认", id="Chinese"),
    ],
)
def test_the_night_is_followed(page: Opener, site: Store, lang: str, clock: str, step: str, link: str) -> None:
    app = page(lang=lang)
    app.button(key="play_start").click().run()
    claim = queue.claim(site, "w1")
    assert claim is not None
    told = {"step": "order", "at": "2026-09-22T15:14:00Z", "share": 0.45, "order": 1, "state": "new"}
    queue.note(site, claim.job_id, "w1", told)
    app.run()

    assert clock in texts(app)
    assert step in texts(app).replace(":blue[●]", "●")
    assert link in [element.label for element in app.get("page_link")]


@pytest.mark.parametrize("acting", ["viewer"])
def test_a_viewer_may_not_begin_one(page: Opener, acting: str) -> None:
    assert page(acting=acting).button(key="play_start").disabled


def test_why_a_play_failed_is_one_line(page: Opener, site: Store) -> None:
    app = page()
    app.button(key="play_start").click().run()
    claim = queue.claim(site, "w1")
    assert claim is not None
    queue.fail(site, claim.job_id, "w1", "The guided play needs riverside.mp4.", retry=False)
    app.run()

    assert "The guided play needs riverside" in texts(app).replace("\\", "")
