"""The demo site: each sample clip is inspected once, and its camera is on the map with its view."""

from __future__ import annotations

import json
from pathlib import Path

from tests.workorders.fakes import ScriptedEyes
from workorders.queries.cameras import cameras
from workorders.queries.people import site
from workorders.register.cameras import load_camera
from workorders.samples import HEADINGS, prepare_site, sample_clips
from workorders.store import Store

TRUTH = {
    "camera": "riverside-07", "start_utc": "2026-06-16T03:00:00Z", "fps": 10, "width": 960, "height": 540,
    "time_zone": "Asia/Shanghai",
}  # fmt: skip


def prepare(store: Store, folder: Path) -> int:
    return prepare_site(store, sample_clips(folder), ScriptedEyes, lambda n, of, name, share: None).clips


def test_clips_are_inspected_once_and_their_cameras_look_somewhere(store: Store, tmp_path: Path) -> None:
    for name, camera in (("a", "riverside-07"), ("b", "somewhere")):
        (tmp_path / f"{name}.mp4").write_bytes(b"never opened here")
        (tmp_path / f"{name}.truth.json").write_text(json.dumps(TRUTH | {"camera": camera}))
    store.files.mkdir(parents=True, exist_ok=True)

    assert prepare(store, tmp_path) == 2
    assert site(store).is_demo
    found = {row.id: row.heading_deg for row in cameras(store)}
    assert found == {"riverside-07": HEADINGS["riverside-07"], "somewhere": None}

    with store.write() as work:
        load_camera(work.session, "riverside-07").heading_deg = 45.0
        work.commit()
    assert prepare(store, tmp_path) == 0, "and not once more"
    assert {row.id: row.heading_deg for row in cameras(store)}["riverside-07"] == 45.0
