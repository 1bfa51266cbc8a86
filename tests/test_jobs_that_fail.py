"""A worker's job on a bad source, through the real sources and inspectors: it fails with one line, nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from detectors.values import Image
from tests.detectors.fakes import ScriptedDetector, noise, scenery, write_clip
from tests.detectors.scenes import WALK, night
from workorders.actors import SYSTEM
from workorders.eyes import DetectorEyes
from workorders.jobs import queue
from workorders.jobs.running import do_job
from workorders.queries.jobs import JobRow
from workorders.queries.jobs import job as job_row
from workorders.queries.orders import OrderFilter, orders_page
from workorders.register.cameras import CameraDetails, load_camera, register_seen, save_camera
from workorders.store import Store, open_store
from workorders.words import JobState


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/site.db")
    save_camera(opened, SYSTEM, "walk", CameraDetails("Walk"))
    with opened.write() as work:
        register_seen(work.session, load_camera(work.session, "walk"), WALK.assets, opened.now())
        work.commit()
    yield opened
    opened.close()


def run_job(store: Store, source: str) -> JobRow:
    job_id = queue.ask_inspection(store, SYSTEM, source, "walk")
    claim = queue.claim(store, "worker-1")
    assert claim is not None
    eyes = DetectorEyes(ScriptedDetector())
    do_job(store, claim, "worker-1", lambda: eyes, threading.Event())
    return job_row(store, job_id)


def _picture(second: float) -> Image:
    lit = (True, second < 2, True, True)
    return noise(night(lit, int(second * 10), 12), int(second * 10), 4)


def _cut(folder: Path) -> Path:
    whole = write_clip(folder / "whole.mp4", 12, picture=_picture).read_bytes()
    (folder / "cut.mp4").write_bytes(whole[: int(len(whole) * 0.8)])
    return folder / "cut.mp4"


def _pictures(folder: Path) -> Path:
    (folder / "night").mkdir()
    for second in range(9):
        cv2.imwrite(str(folder / "night" / f"{second}.png"), _picture(second))
    (folder / "night" / "9.png").write_bytes(b"broken")
    return folder / "night"


@pytest.mark.parametrize(
    ("make", "says"),
    [
        pytest.param(_cut, "ends early", id="truncated video"),
        pytest.param(_pictures, "1 of 10 pictures could not be read", id="a folder with a broken picture"),
    ],
)
def test_a_source_that_breaks_off_fails_and_keeps_its_order(tmp_path: Path, store: Store, make, says: str) -> None:  # type: ignore[no-untyped-def]
    row = run_job(store, str(make(tmp_path)))
    assert row.state is JobState.FAILED
    assert says in row.message
    (order,) = orders_page(store, OrderFilter()).rows
    assert (order.issue, order.asset_id) == ("light_out", "L-2")
    assert row.result is not None
    assert [f["issue"] for f in row.result["findings"]] == ["light_out"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(None, "no such file", id="missing"),
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b"hello" * 100, "not a video", id="text named mp4"),
    ],
)
def test_a_source_that_cannot_be_opened_fails_with_its_line(
    tmp_path: Path, store: Store, content: bytes | None, says: str
) -> None:
    clip = tmp_path / "clip.mp4"
    if content is not None:
        clip.write_bytes(content)
    row = run_job(store, str(clip))
    assert row.state is JobState.FAILED
    assert says in row.message
    assert "\n" not in row.message
    assert orders_page(store, OrderFilter()).total == 0


def test_the_next_job_is_not_harmed(tmp_path: Path, store: Store) -> None:
    run_job(store, str(tmp_path / "none.mp4"))
    row = run_job(store, str(write_clip(tmp_path / "good.mp4", 3, picture=lambda t: noise(scenery(), int(t * 10)))))
    assert row.state is JobState.DONE


def test_regions_outlive_a_camera_of_another_size(tmp_path: Path, store: Store) -> None:
    small = [cv2.resize(_picture(s), (240, 136)) for s in range(8)]
    for second, picture in enumerate(small):
        (tmp_path / "small").mkdir(exist_ok=True)
        cv2.imwrite(str(tmp_path / "small" / f"{second}.png"), np.asarray(picture))
    row = run_job(store, str(tmp_path / "small"))
    assert row.state is JobState.DONE
    assert [o.asset_id for o in orders_page(store, OrderFilter()).rows] == ["L-2"]
