"""The demo site: each sample clip is inspected once; its camera stands on the ground, what it sees lies before it."""

from __future__ import annotations

import json
from math import cos, dist, radians
from pathlib import Path

import pytest

from detectors.geometry import Box, Region
from tests.workorders.fakes import ScriptedEyes
from workorders.ground import ground_file, read_ground
from workorders.queries.cameras import cameras
from workorders.queries.map import quiet_points
from workorders.queries.people import site
from workorders.register.cameras import load_camera
from workorders.sample_ground import ANGLE, STANDS, Stand, place_of, spot_of
from workorders.samples import prepare_site, sample_clips
from workorders.store import Store

TRUTH = {
    "camera": "riverside-07", "start_utc": "2026-06-16T03:00:00Z", "fps": 10, "width": 960, "height": 540,
    "time_zone": "Asia/Shanghai",
    "assets": [
        {"id": "L-1", "kind": "street_light", "region": [[0.1, 0.1], [0.2, 0.1], [0.2, 0.9], [0.1, 0.9]]},
        {"id": "L-2", "kind": "street_light", "region": [[0.6, 0.1], [0.7, 0.1], [0.7, 0.5], [0.6, 0.5]]},
    ],
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
    found = {row.id: (row.heading_deg, row.angle_deg) for row in cameras(store)}
    assert found == {"riverside-07": (STANDS["riverside-07"].heading, ANGLE), "somewhere": (None, None)}
    assert len({(point.latitude, point.longitude) for point in quiet_points(store)}) == 2, "each in a place of its own"
    assert read_ground(store)

    with store.write() as work:
        load_camera(work.session, "riverside-07").heading_deg = 45.0
        work.commit()
    ground_file(store).unlink()
    assert prepare(store, tmp_path) == 0, "and not once more"
    assert {row.id: row.heading_deg for row in cameras(store)}["riverside-07"] == 45.0
    assert read_ground(store) == (), "nor is the ground laid again"


@pytest.mark.parametrize(
    ("box", "east", "north"),
    [
        pytest.param(Box(0.45, 0.2, 0.55, 1.0), 0, 10, id="straight ahead, at the camera's feet"),
        pytest.param(Box(0.45, 0.1, 0.55, 0.33), 0, 90, id="at the horizon, no farther than the ground"),
        pytest.param(Box(0.95, 0.2, 1.0, 1.0), 4.6, 8.9, id="to the right"),
    ],
)
def test_what_stands_higher_in_the_picture_stands_farther_away(box: Box, east: float, north: float) -> None:
    middle = place_of(0, 0)
    latitude, longitude = spot_of(Stand(0, 0, 0), "street_light", Region.rectangle(box))

    across = 111_195 * cos(radians(middle[0]))
    assert dist(((longitude - middle[1]) * across, (latitude - middle[0]) * 111_195), (east, north)) < 0.4
