"""What people do on the pages, and what the store makes of it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.clips import keep_upload
from detectors.values import Presence
from tests.dashboard.conftest import ENTRY, ROOT, Opener, texts
from tests.workorders.fakes import ScriptedEyes, answer, look
from workorders.inspection import run_inspection
from workorders.jobs import queue
from workorders.orders.desk import Request, perform
from workorders.queries.jobs import job, jobs
from workorders.queries.order import order_detail
from workorders.queries.orders import OrderFilter, orders_page
from workorders.register.sites import actor_of
from workorders.store import Store
from workorders.words import Action, DismissReason, JobState, OrderState

LATE_P2 = 1


def state_of(site: Store, order: int) -> OrderState:
    return order_detail(site, order, actor_of(site, "operator")).row.state


def table_of(app: AppTest) -> list[dict[str, object]]:
    """Rows of the order table as the browser gets them."""
    element = app.get("bidi_component")[0]
    data = json.loads(element.proto.json)
    rows: list[dict[str, object]] = data["rows"]
    return rows


def test_an_order_goes_its_way_by_its_buttons(page: Opener, site: Store) -> None:
    app = page("order", id=str(LATE_P2))

    app.button(key="do_acknowledge").click().run()
    assert state_of(site, LATE_P2) is OrderState.ACKNOWLEDGED
    app.selectbox(key=f"assign_{LATE_P2}_person").select("operator")
    app.text_input(key=f"assign_{LATE_P2}_note").set_value("you are nearest")
    app.button(key="do_assign").click().run()
    assert state_of(site, LATE_P2) is OrderState.ASSIGNED
    app.button(key="do_start").click().run()
    app.text_input(key=f"resolve_{LATE_P2}_note").set_value("new lamp")
    app.button(key="do_resolve").click().run()

    assert state_of(site, LATE_P2) is OrderState.RESOLVED
    assert "new lamp" in texts(app)
    assert not app.error


def test_hold_without_a_reason_is_refused_with_a_line(page: Opener, site: Store) -> None:
    perform(site, actor_of(site, "operator"), 3, Request(Action.ASSIGN, assignee="operator"))
    perform(site, actor_of(site, "operator"), 3, Request(Action.START))
    app = page("order", id="3")

    app.button(key="do_hold").click().run()

    assert state_of(site, 3) is OrderState.IN_PROGRESS
    assert "say what it waits for" in app.error[0].value


def test_dismissing_keeps_the_place_quiet(page: Opener, site: Store) -> None:
    app = page("order", id=str(LATE_P2))

    app.selectbox(key=f"dismiss_{LATE_P2}_reason").select(DismissReason.PERMITTED_WORKS)
    app.selectbox(key=f"dismiss_{LATE_P2}_quiet").select("for a week")
    app.button(key="do_dismiss").click().run()

    found = order_detail(site, LATE_P2, actor_of(site, "operator"))
    assert found.row.state is OrderState.DISMISSED
    assert found.dismiss_reason is DismissReason.PERMITTED_WORKS


def test_somebody_else_was_first(page: Opener, site: Store) -> None:
    app = page("order", id=str(LATE_P2))
    perform(site, actor_of(site, "manager"), LATE_P2, Request(Action.DISMISS, reason=DismissReason.KNOWN))

    app.button(key="do_acknowledge").click().run()

    assert state_of(site, LATE_P2) is OrderState.DISMISSED
    assert "Manager was first" in app.error[0].value


def test_a_viewer_is_offered_nothing_and_refused_by_the_store(page: Opener, site: Store) -> None:
    app = page("order", acting="viewer", id=str(LATE_P2))
    assert not [button for button in app.button if (button.key or "").startswith("do_")]

    app = page("order", acting="operator", id=str(LATE_P2))
    app.session_state["acting_as"] = "viewer"
    app.button(key="do_acknowledge").click().run()
    assert state_of(site, LATE_P2) is OrderState.NEW
    assert "may look but not change orders" in app.error[0].value


def test_comment_and_priority(page: Opener, site: Store) -> None:
    app = page("order", id=str(LATE_P2))
    app.text_area(key=f"comment_text_{LATE_P2}").set_value("Seen from the *bridge*.")
    next(b for b in app.button if b.label == "Add").click().run()
    app.radio(key=f"priority_to_{LATE_P2}").set_value(1)
    app.text_input(key=f"priority_note_{LATE_P2}").set_value("school route")
    next(b for b in app.button if b.label == "Change").click().run()

    found = order_detail(site, LATE_P2, actor_of(site, "operator"))
    assert [c.text for c in found.comments] == ["Seen from the *bridge*."]
    assert found.row.priority == 1
    assert "school route" in texts(app)


def test_missing_evidence_says_so(page: Opener, site: Store) -> None:
    found = order_detail(site, LATE_P2, actor_of(site, "operator"))
    assert found.evidence
    for item in found.evidence:
        assert item.file is not None
        item.file.unlink()

    app = page("order", id=str(LATE_P2))

    assert not app.error
    assert "There is no picture of this order on this machine." in texts(app)
    assert texts(app).count("the file is missing from the disk") == len(found.evidence)


def test_a_repair_that_the_camera_saw_is_shown_before_and_after(page: Opener, site: Store) -> None:
    for request in (
        Request(Action.ASSIGN, assignee="operator"), Request(Action.START), Request(Action.RESOLVE, "new lamp"),
    ):  # fmt: skip
        perform(site, actor_of(site, "operator"), LATE_P2, request)
    later = site.now() + timedelta(minutes=2)
    seen = [
        look(later + timedelta(seconds=n), (), [answer("L-1", Presence.ABSENT)], offset_s=float(n), index=n)
        for n in range(30)
    ]
    run_inspection(site, "after.mp4", "riverside-07", ScriptedEyes(lambda view: seen))

    app = page("order", id=str(LATE_P2))

    assert state_of(site, LATE_P2) is OrderState.VERIFIED
    assert app.segmented_control(key=f"evidence_{LATE_P2}").value == "both"
    assert "Camera riverside-07" in texts(app).replace("\\", "")
    app.segmented_control(key=f"evidence_{LATE_P2}").set_value("clean after").run()
    assert not app.error


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        pytest.param({}, {1, 2, 3, 4, 8, 9}, id="open orders to begin with"),
        pytest.param({"view": "all"}, set(range(1, 10)), id="all"),
        pytest.param({"view": "late"}, {1, 2}, id="late"),
        pytest.param({"view": "to-verify"}, {5}, id="to verify"),
        pytest.param({"view": "ended"}, {6, 7}, id="ended"),
        pytest.param({"priority": "P1", "view": "all"}, {5}, id="a priority"),
        pytest.param({"issue": "light_out"}, {1, 2}, id="an issue"),
        pytest.param({"camera": "plaza-02"}, {4, 9}, id="a camera"),
        pytest.param({"who": "@nobody", "view": "open"}, {1, 3, 4, 8, 9}, id="nobody's"),
        pytest.param({"who": "@me"}, {2}, id="mine"),
        pytest.param({"q": "L-2"}, {2}, id="search"),
        pytest.param({"q": "no such thing"}, set(), id="search without a hit"),
        pytest.param({"view": "Nonsense", "page": "99", "sort": "drop table"}, {1, 2, 3, 4, 8, 9}, id="nonsense"),
    ],
)
def test_filters_come_from_the_address(page: Opener, site: Store, query: dict[str, str], wanted: set[int]) -> None:
    app = page("orders", **query)

    assert not app.exception
    assert {row["id"] for row in table_of(app)} == wanted


@pytest.mark.parametrize(
    ("sort", "first"),
    [pytest.param("-priority", 8, id="least urgent first"), pytest.param("-number", 9, id="newest first"),
     pytest.param("opened", 1, id="oldest first")],
)  # fmt: skip
def test_sorting_comes_from_the_address(page: Opener, sort: str, first: int) -> None:
    assert table_of(page("orders", sort=sort))[0]["id"] == first


def test_bulk_action_says_what_was_refused(page: Opener, site: Store) -> None:
    app = page("orders")
    app.session_state["picked_orders"] = (1, 8, 2)
    app.run()

    app.button(key="bulk_acknowledge").click().run()

    assert state_of(site, 1) is OrderState.ACKNOWLEDGED
    assert state_of(site, 8) is OrderState.ACKNOWLEDGED
    assert state_of(site, 2) is OrderState.IN_PROGRESS
    assert "2 done, 1 refused" in app.error[0].value.replace("\\", "")


def test_a_known_clip_is_asked_for_followed_and_cancelled(page: Opener, site: Store) -> None:
    app = page("inspect_clip")
    app.segmented_control(key="ask_way").set_value("known").run()
    app.selectbox(key="ask_camera_of_sample").select("riverside-07").run()
    app.button(key="ask_go").click().run()

    asked = jobs(site)[0]
    assert asked.state is JobState.QUEUED
    assert asked.camera_id == "riverside-07"
    assert "No worker is running, so this waits" in texts(app)

    app.button(key=f"cancel_{asked.id}").click().run()
    assert job(site, asked.id).state is JobState.CANCELLED


def test_an_upload_is_kept_and_asked_for(page: Opener, site: Store) -> None:
    app = page("inspect_clip")
    app.file_uploader[0].upload("night walk.mp4", b"not really a video").run()
    app.selectbox(key="ask_camera").select("plaza-02").run()
    app.button(key="ask_go").click().run()

    asked = jobs(site)[0]
    assert asked.camera_id == "plaza-02"
    assert asked.source.startswith(str(site.uploads))
    assert asked.source.endswith("-night-walk.mp4")


def test_a_sample_brings_its_own_camera(page: Opener, site: Store) -> None:
    app = page("inspect_clip", "manager")
    app.segmented_control(key="ask_way").set_value("known").run()
    park = next(clip for clip in app.selectbox(key="ask_clip").options if clip.startswith("Park"))
    app.selectbox(key="ask_clip").select(park).run()
    assert app.selectbox(key="ask_camera_of_sample").value == "+own"
    app.button(key="ask_go").click().run()

    assert not app.error
    asked = jobs(site)[0]
    assert asked.camera_id is not None
    assert asked.camera_id.startswith("park-")


def test_the_first_frame_has_the_camera_s_wall_time(page: Opener, site: Store) -> None:
    app = page("inspect_clip")
    app.file_uploader[0].upload("night.mp4", b"frames").run()
    app.selectbox(key="ask_camera").select("plaza-02").run()
    app.session_state["ask_began"] = datetime(2026, 6, 16, 21, 0)
    app.button(key="ask_go").click().run()

    assert not app.error
    claimed = queue.claim(site, "worker-1")
    assert claimed is not None
    assert datetime.fromisoformat(claimed.payload["start"]) == datetime(2026, 6, 16, 13, 0, tzinfo=UTC)


def test_an_earlier_upload_is_inspected_again_with_another_beginning(page: Opener, site: Store) -> None:
    kept = keep_upload(site, "night.mp4", io.BytesIO(b"frames"), 6)
    app = page("inspect_clip")
    app.segmented_control(key="ask_way").set_value("known").run()
    assert "ask_began" not in {field.key for field in app.get("datetime_input")}, "a sample brings its own"
    earlier = next(clip for clip in app.selectbox(key="ask_clip").options if clip.startswith("night.mp4"))
    app.selectbox(key="ask_clip").select(earlier).run()
    app.selectbox(key="ask_camera").select("plaza-02").run()
    app.session_state["ask_began"] = datetime(2026, 6, 16, 21, 0)
    app.button(key="ask_go").click().run()

    assert not app.error
    payload = queue.claim(site, "worker-1").payload  # type: ignore[union-attr]
    assert payload["source"] == str(kept)
    assert datetime.fromisoformat(payload["start"]) == datetime(2026, 6, 16, 13, 0, tzinfo=UTC)


def test_asking_without_a_clip_is_refused_with_a_line(page: Opener, site: Store) -> None:
    app = page("inspect_clip")
    app.button(key="ask_go").click().run()

    assert app.error[0].value.replace("\\", "") == "Choose a clip to upload first."
    assert not jobs(site)


def test_of_several_cameras_one_has_to_be_chosen(page: Opener, site: Store) -> None:
    app = page("inspect_clip")
    app.file_uploader[0].upload("night.mp4", b"frames").run()
    app.button(key="ask_go").click().run()

    assert "Say which camera took the clip" in app.error[0].value
    assert not jobs(site)
    assert not list(site.uploads.glob("*"))


def test_a_failed_job_shows_its_one_line(page: Opener, site: Store) -> None:
    number = queue.ask_inspection(site, actor_of(site, "operator"), "/data/broken.mp4", "riverside-07")
    queue.claim(site, "worker-1")
    queue.fail(site, number, "worker-1", "/data/broken.mp4: not a video that can be read.", retry=False)

    app = page("inspect_clip", job=str(number))

    assert [e.value.replace("\\", "") for e in app.error] == ["broken.mp4: not a video that can be read."]


def test_a_running_job_tells_its_remaining_time(page: Opener, site: Store) -> None:
    number = queue.ask_inspection(site, actor_of(site, "operator"), "/data/clip.mp4", "riverside-07")
    queue.claim(site, "worker-1")
    queue.heartbeat(site, number, "worker-1", 0.5, "12 looks, 1 findings")

    app = page("inspect_clip", job=str(number))

    assert app.progress[0].value == 50
    assert "left" in app.progress[0].text


def test_the_first_page_opens_without_choosing(site: Store) -> None:
    app = AppTest.from_file(str(ENTRY), default_timeout=30).run()

    assert not app.exception
    assert app.title[0].value == "Overview"
    assert {m.label: m.value for m in app.metric}["Open orders"] == "6"
    assert orders_page(site, OrderFilter(only_open=True)).total == 7


def test_the_pages_load_no_model_and_decode_no_video() -> None:
    code = (
        "import sys, pkgutil, importlib, dashboard, dashboard.views, dashboard.components\n"
        "for package in (dashboard, dashboard.views, dashboard.components):\n"
        "    for found in pkgutil.iter_modules(package.__path__, package.__name__ + '.'):\n"
        "        if found.name not in ('dashboard.commands', 'dashboard.streamlit_app'):\n"
        "            importlib.import_module(found.name)\n"
        "print([name for name in ('torch', 'ultralytics', 'av', 'onnxruntime') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert said.stdout.strip() == "[]"


def test_a_job_of_another_kind_is_no_inspection(page: Opener, site: Store) -> None:
    number = queue.ask_discovery(site, actor_of(site, "manager"), "plaza-02")
    app = page("inspect_clip", job=str(number))

    assert not app.error
    assert "Nothing wrong was found" not in texts(app)
