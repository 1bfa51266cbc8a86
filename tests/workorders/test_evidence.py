"""Evidence on the disk, retention, the check, and what is exported of orders and verdicts."""

from __future__ import annotations

import io
import json
import os
import time
from datetime import timedelta
from pathlib import Path

import cv2
import pytest
from openpyxl import load_workbook

from detectors.errors import LamplighterError
from detectors.values import Change, FindingChange, LightState
from tests.workorders.conftest import MANAGER, OPERATOR
from tests.workorders.fakes import (
    START,
    FrozenClock,
    ScriptedEyes,
    add_camera,
    failing_light,
    finding,
    light,
    look,
    take,
)
from workorders.demo import DemoPlan, build_demo_site
from workorders.errors import StoreError
from workorders.evidence.check import check_files
from workorders.evidence.files import inside, place_whole
from workorders.evidence.retention import clear_work_files, retain
from workorders.exports.labels import CLASSES, export_labels
from workorders.exports.orders import FORMATS, export_orders
from workorders.inspection import run_inspection
from workorders.jobs import queue
from workorders.orders.desk import Request, perform
from workorders.orders.remarks import attach
from workorders.orders.suppression import lift
from workorders.queries.attainment import by_week
from workorders.queries.cameras import cameras
from workorders.queries.order import order_detail
from workorders.queries.orders import Lateness, OrderFilter, orders_page
from workorders.queries.overview import overview
from workorders.queries.people import suppressions
from workorders.register.sites import update_site
from workorders.store import Store
from workorders.words import Action, DismissReason, EvidenceKind, OrderState


@pytest.fixture
def order(store: Store) -> int:
    """One order with all its evidence, as an inspection leaves it."""
    add_camera(store, assets=[light("L-1"), light("L-2", 0.7)], latitude=31.17, longitude=121.46)
    run_inspection(store, "clip.mp4", "cam-1", ScriptedEyes(lambda view: failing_light()))
    return 1


def dismiss(store: Store, order: int, reason: DismissReason = DismissReason.FALSE_ALARM) -> None:
    perform(store, OPERATOR, order, Request(Action.DISMISS, reason=reason, note="=a reflection"))


def settle(store: Store, order: int) -> None:
    for action in (Action.ASSIGN, Action.START, Action.RESOLVE, Action.VERIFY, Action.CLOSE):
        perform(store, OPERATOR, order, Request(action, assignee="operator", team="lighting"))


def test_evidence_can_be_looked_at(store: Store, order: int) -> None:
    detail = order_detail(store, order, OPERATOR)
    picture = cv2.imread(str(detail.file_of(EvidenceKind.CLEAN)))
    assert picture.shape == (90, 160, 3)
    crop = cv2.imread(str(detail.file_of(EvidenceKind.CROP)))
    assert crop.shape[1] < picture.shape[1]
    clip = cv2.VideoCapture(str(detail.file_of(EvidenceKind.CLIP)))
    assert clip.get(cv2.CAP_PROP_FRAME_COUNT) >= 8
    four = int(clip.get(cv2.CAP_PROP_FOURCC))
    assert "".join(chr(four >> 8 * n & 255) for n in range(4)) in ("avc1", "h264")


def test_an_order_whose_files_are_gone_says_so(store: Store, order: int) -> None:
    for item in order_detail(store, order, OPERATOR).evidence:
        item.file.unlink()
    items = order_detail(store, order, OPERATOR).evidence
    assert {(i.file, i.missing) for i in items} == {(None, "the file is missing from the disk")}


@pytest.mark.parametrize("path", ["../secret.txt", "/etc/passwd", "a/../../secret.txt"])
def test_a_stored_path_cannot_lead_out_of_its_folder(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret.txt").write_text("x")
    (tmp_path / "evidence").mkdir()
    assert inside(tmp_path / "evidence", path) is None


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    place_whole(tmp_path / "a", b"old")
    with pytest.raises(TypeError):
        place_whole(tmp_path / "a", "not bytes")
    assert (tmp_path / "a").read_bytes() == b"old"


def test_the_check_finds_what_is_wrong(store: Store, order: int) -> None:
    attach(store, OPERATOR, order, "repair.jpg", b"photo")
    assert check_files(store).sound
    assert check_files(store).checked == 5
    items = order_detail(store, order, OPERATOR).evidence
    items[0].file.unlink()
    items[1].file.write_bytes(b"painted over")
    orphan, young = store.evidence / "2026" / "left.jpg", store.evidence / "2026" / "young.jpg"
    for file in (orphan, young):
        file.write_bytes(b"nobody's")
    old = time.time() - 7200
    os.utime(orphan, (old, old))
    report = check_files(store, delete_orphans=True)
    assert (len(report.missing), len(report.changed), report.orphaned) == (1, 1, ("evidence/2026/left.jpg",))
    assert not orphan.exists()
    assert young.exists(), "it may belong to an order that is being written"


@pytest.mark.parametrize(
    ("action", "goes"),
    [
        pytest.param(lambda s, o: None, False, id="new"),
        pytest.param(lambda s, o: perform(s, OPERATOR, o, Request(Action.ACKNOWLEDGE)), False, id="acknowledged"),
        pytest.param(dismiss, True, id="dismissed"),
        pytest.param(settle, True, id="closed"),
    ],
)
def test_retention_by_age_never_touches_an_open_order(
    store: Store, clock: FrozenClock, order: int, action: object, goes: bool
) -> None:
    action(store, order)
    clock.forward(days=400)
    dry = retain(store, oldest=timedelta(days=365), dry_run=True)
    assert check_files(store).missing == ()
    report = retain(store, oldest=timedelta(days=365))
    assert (report.removed > 0, report) == (goes, dry)
    items = order_detail(store, order, OPERATOR).evidence
    assert all((i.missing == "removed by retention") is goes for i in items)
    assert check_files(store).missing == ()


def test_retention_by_size_takes_the_oldest_first(store: Store, clock: FrozenClock, order: int) -> None:
    dismiss(store, order)
    whole = retain(store, dry_run=True).kept_bytes
    report = retain(store, largest_bytes=whole - 1)
    assert report.removed == 1
    assert retain(store, largest_bytes=0).kept_bytes == 0


def test_what_a_circuit_order_took_in_stays_while_it_is_open(store: Store, clock: FrozenClock, order: int) -> None:
    original = take(store, asset_id="L-2").order_id
    perform(store, OPERATOR, order, Request(Action.MARK_DUPLICATE, duplicate_of=original))
    clock.forward(days=400)
    assert retain(store, oldest=timedelta(days=1)).removed == 0
    settle(store, original)
    assert retain(store, oldest=timedelta(days=1)).removed == 4


def test_limits_must_make_sense(store: Store) -> None:
    with pytest.raises(LamplighterError, match="negative"):
        retain(store, oldest=timedelta(days=-1))


def test_uploads_go_when_they_are_old_and_no_job_needs_them(store: Store, clock: FrozenClock, order: int) -> None:
    store.uploads.mkdir(parents=True)
    for name in ("needed.mp4", "old.mp4", "new.mp4"):
        (store.uploads / name).write_bytes(b"clip")
        at = (clock.at - timedelta(days=1 if name == "new.mp4" else 90)).timestamp()
        os.utime(store.uploads / name, (at, at))
    queue.ask_inspection(store, OPERATOR, str(store.uploads / "needed.mp4"), "cam-1")
    assert clear_work_files(store, timedelta(days=30), dry_run=True).removed == 1
    assert clear_work_files(store, timedelta(days=30)).removed_bytes == 4
    assert sorted(p.name for p in store.uploads.iterdir()) == ["needed.mp4", "new.mp4"]


def test_an_old_clip_does_not_change_how_a_camera_is_now(store: Store, order: int) -> None:
    before = cameras(store)[0]
    old = [look(START - timedelta(days=n), light_state=LightState.DAY, index=n) for n in (3, 2, 1)]
    run_inspection(store, "old.mp4", "cam-1", ScriptedEyes(lambda view: old))
    after = cameras(store)[0]
    assert (after.last_frame_at, after.light) == (before.last_frame_at, "night")


def test_csv_names_the_sites_zone_and_runs_nothing(store: Store, order: int) -> None:
    update_site(store, MANAGER, "Quay", "Asia/Shanghai")
    with store.write() as work:
        from workorders.schema import WorkOrder

        work.session.get(WorkOrder, order).place = '=HYPERLINK("http://evil")'
        work.commit()
    lines = export_orders(store, "csv").decode("utf-8-sig").splitlines()
    assert "Opened (Asia/Shanghai)" in lines[0]
    assert "2026-06-16 20:00:00" in lines[1]
    assert "\"'=HYPERLINK" in lines[1]


def test_excel_opens_and_runs_nothing(store: Store, order: int) -> None:
    dismiss(store, order)
    sheet = load_workbook(io.BytesIO(export_orders(store, "xlsx"))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "Order"
    assert rows[1][:4] == (1, "light_out", "P2", "dismissed")


def test_geojson_and_open311(store: Store, order: int) -> None:
    take(store, asset_id="L-2")
    dismiss(store, order)
    document = json.loads(export_orders(store, "geojson"))
    assert document["features"][0]["geometry"]["coordinates"] == [121.46, 31.17]
    requests = json.loads(export_orders(store, "open311"))
    assert [(r["service_request_id"], r["status"]) for r in requests] == [("1", "closed"), ("2", "open")]
    assert requests[0]["status_notes"] == "dismissed: false_alarm"
    assert requests[1]["expected_datetime"] == "2026-06-16T14:00:00+00:00"
    assert json.loads(export_orders(store, "open311", OrderFilter(only_open=True)))[0]["service_request_id"] == "2"


def test_no_such_format(store: Store) -> None:
    with pytest.raises(LamplighterError, match="csv, xlsx, geojson, open311"):
        export_orders(store, "pdf")


@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_site_exports(store: Store, form: str) -> None:
    assert export_orders(store, form)


@pytest.mark.parametrize(
    ("verdict", "labelled", "false_alarms"),
    [
        pytest.param(settle, 1, 0, id="confirmed: a box"),
        pytest.param(dismiss, 0, 1, id="a false alarm: a picture of nothing"),
        pytest.param(lambda s, o: dismiss(s, o, DismissReason.PERMITTED_WORKS), 1, 0, id="permitted works were there"),
        pytest.param(lambda s, o: None, 0, 0, id="no verdict: nothing"),
    ],
)
def test_verdicts_become_labels(
    store: Store, order: int, tmp_path: Path, verdict: object, labelled: int, false_alarms: int
) -> None:
    verdict(store, order)
    report = export_labels(store, tmp_path / "set")
    assert (report.labelled, report.false_alarms, report.missing) == (labelled, false_alarms, 0)
    labels = sorted((tmp_path / "set" / "labels").glob("*.txt"))
    assert len(labels) == labelled + false_alarms == len(list((tmp_path / "set" / "images").glob("*.jpg")))
    if labelled:
        number, x, y, w, h = labels[0].read_text().split()
        assert CLASSES[int(number)] == "light_out"
        assert [float(v) for v in (x, y, w, h)] == pytest.approx([0.45, 0.45, 0.1, 0.3])
    if false_alarms:
        assert labels[0].read_text() == ""


def test_a_verdict_whose_picture_is_gone_is_counted(store: Store, order: int, tmp_path: Path) -> None:
    settle(store, order)
    order_detail(store, order, OPERATOR).file_of(EvidenceKind.CLEAN).unlink()
    assert export_labels(store, tmp_path / "set").missing == 1


def test_an_inspection_that_shall_not_be_kept_keeps_nothing(store: Store) -> None:
    eyes = ScriptedEyes(lambda view: failing_light(), found=[light("L-1")])
    for given in (store, None):
        summary = run_inspection(given, "clip.mp4", "cam-1", eyes, save=False)
        assert [f.issue for f in summary.findings] == ["light_out"]
        assert (summary.orders, summary.video) == ((), None)
    assert orders_page(store).total == 0
    assert not store.files.exists() or not list(store.files.rglob("*.jpg"))


def test_an_inspection_can_be_stopped(store: Store) -> None:
    add_camera(store, assets=[light("L-1")])
    looks = iter(range(100))
    summary = run_inspection(
        store,
        "clip.mp4",
        "cam-1",
        ScriptedEyes(lambda v: failing_light(looks=20)),
        should_stop=lambda: next(looks) == 5,
    )
    assert (summary.frames, summary.stopped) == (6, True)
    assert orders_page(store).total == 1, "what was seen until then is kept"


def test_progress_grows_to_the_end(store: Store) -> None:
    add_camera(store, assets=[light("L-1")])
    told: list[float] = []
    eyes = ScriptedEyes(lambda v: failing_light(looks=10))
    run_inspection(store, "c", "cam-1", eyes, progress=lambda share, _: told.append(share))
    assert told == sorted(told)
    assert 0.8 < told[-1] <= 1.0


def test_the_demo_site_has_the_ratios_it_promises(store: Store) -> None:
    plan = DemoPlan(assets=680, months=6)
    count = build_demo_site(store, plan)
    figures = overview(store)
    assert figures.is_demo
    assert (figures.assets, figures.assets_seen) == (680, 680)
    assert count == pytest.approx(680 * 0.0294 * 6, rel=0.1)
    assert figures.attainment >= 0.9
    assert sum(w.resolved for w in by_week(store, 30)) > 0.9 * plan.ended_orders
    assert orders_page(store, OrderFilter(only_open=True)).total >= 5
    with pytest.raises(StoreError, match="empty database"):
        build_demo_site(store, plan)
    newest = orders_page(store, OrderFilter(states=frozenset({OrderState.NEW}))).rows[0]
    assert perform(store, OPERATOR, newest.id, Request(Action.ACKNOWLEDGE)).state is OrderState.ACKNOWLEDGED
    assert orders_page(store, OrderFilter(lateness=Lateness.LATE)).total <= orders_page(store).total


def test_the_same_seed_gives_the_same_demo_site(store: Store, tmp_path: Path) -> None:
    from workorders.store import open_store

    plan = DemoPlan(assets=200, months=3)
    build_demo_site(store, plan)
    other = open_store(f"sqlite:///{tmp_path}/other.db", now=FrozenClock())
    build_demo_site(other, plan)
    assert orders_page(store, limit=500).rows == orders_page(other, limit=500).rows
    assert START.year == 2026
    other.close()


def test_a_finding_after_the_demo_gets_the_next_number(store: Store, clock: FrozenClock) -> None:
    count = build_demo_site(store, DemoPlan(assets=100, months=1))
    what = finding("camera_covered", "demo-001", camera="demo-001", asset_kind="camera", first_seen=clock.at)
    assert take(store, what=what).order_id == count + 1


def test_a_finding_that_gets_its_order_late_is_proven_too(store: Store, clock: FrozenClock, order: int) -> None:
    """A light dismissed and suppressed; the suppression is lifted while the light is still seen to be out."""
    request = Request(Action.DISMISS, reason=DismissReason.KNOWN, suppress_for=timedelta(days=1))
    perform(store, OPERATOR, order, request)
    clock.forward(hours=1)

    def script(view: object):
        for n in range(6):
            at = clock.at + timedelta(seconds=n)
            kind = Change.CONFIRMED if n == 0 else Change.CONTINUED
            seen = finding(first_seen=clock.at, last_seen=at)
            yield look(at, [FindingChange(kind, seen)], offset_s=float(n), index=n)
            if n == 2:
                lift(store, OPERATOR, suppressions(store)[0].id)

    summary = run_inspection(store, "live.mp4", "cam-1", ScriptedEyes(script))
    (opened,) = summary.opened
    assert order_detail(store, opened, OPERATOR).file_of(EvidenceKind.ANNOTATED) is not None
