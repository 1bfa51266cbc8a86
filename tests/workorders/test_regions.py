"""Regions and proposals, and what a worker answers about an address or a view."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pytest

from detectors.errors import RegisterError, SourceError
from detectors.geometry import Box, Region
from detectors.values import Asset, Frame
from tests.workorders.conftest import MANAGER, OPERATOR
from tests.workorders.fakes import START, FrozenClock, ScriptedEyes, add_camera, light
from workorders.errors import NotAllowed, NotFound
from workorders.evidence.retention import clear_work_files
from workorders.jobs import queue
from workorders.jobs.running import do_job
from workorders.queries.assets import assets_page
from workorders.queries.cameras import camera_view, cameras
from workorders.queries.views import probe_answer, proposals
from workorders.register.cameras import CameraDetails, save_camera
from workorders.register.regions import accept, add_region
from workorders.register.viewing import probe
from workorders.store import Store
from workorders.words import JobKind, JobState

SQUARE = [[0.1, 0.1], [0.3, 0.1], [0.3, 0.4], [0.1, 0.4]]


@pytest.fixture(autouse=True)
def camera(store: Store) -> None:
    add_camera(store, "cam-1", [light("L-1")])
    add_camera(store, "cam-2", [])


def seen(store: Store, camera_id: str) -> dict[str, str]:
    return {a.id: a.kind for a in camera_view(store, camera_id).assets}


def test_a_region_of_a_new_asset_registers_it(store: Store) -> None:
    assert add_region(store, MANAGER, "cam-2", "W-1", "bin", SQUARE, "By the gate")
    assert not add_region(store, MANAGER, "cam-1", "W-1", "bin", SQUARE)
    assert seen(store, "cam-2") == {"W-1": "bin"}
    assert seen(store, "cam-1") == {"L-1": "street_light", "W-1": "bin"}


@pytest.mark.parametrize(
    ("actor", "asset", "kind", "polygon", "error"),
    [
        pytest.param(OPERATOR, "W-1", "bin", SQUARE, NotAllowed, id="only a manager"),
        pytest.param(MANAGER, "L-1", "bin", SQUARE, RegisterError, id="another kind"),
        pytest.param(MANAGER, "a b", "bin", SQUARE, RegisterError, id="no id"),
        pytest.param(MANAGER, "W-1", "bin", SQUARE[:2], RegisterError, id="no region"),
        pytest.param(MANAGER, "W-1", "bin", [[0, 0], [2, 0], [0, 2]], RegisterError, id="outside the picture"),
    ],
)
def test_a_wrong_region_changes_nothing(
    store: Store, actor: object, asset: str, kind: str, polygon: list[list[float]], error: type[Exception]
) -> None:
    with pytest.raises(error):
        add_region(store, actor, "cam-2", asset, kind, polygon)  # type: ignore[arg-type]
    assert seen(store, "cam-2") == {}
    assert assets_page(store).total == 1


def test_proposals_are_accepted_under_ids_that_are_free(store: Store) -> None:
    taken = [("L-1", "street_light", SQUARE), ("L-1", "street_light", [[0.6, 0.1], [0.7, 0.1], [0.7, 0.5]])]
    assert accept(store, MANAGER, "cam-2", taken) == ["cam-2-L-1", "cam-2-L-1-2"]
    assert set(seen(store, "cam-2")) == {"cam-2-L-1", "cam-2-L-1-2"}


def test_a_view_is_asked_for_assets_and_what_is_registered_is_not_proposed_again(store: Store) -> None:
    save_camera(store, MANAGER, "cam-2", CameraDetails("cam-2", "rtsp://pier/2"))
    view = camera_view(store, "cam-2")
    assert proposals(store, view) is None
    queue.ask_discovery(store, MANAGER, "cam-2")
    found = proposals(store, view)
    assert found is not None
    assert found.state is JobState.QUEUED

    do(store, ScriptedEyes(found=[light("L-1", 0.2), Asset("W-1", "bin", Region.of(SQUARE))]))
    found = proposals(store, view)
    assert found is not None
    assert [(p.id, p.kind) for p in found.open] == [("L-1", "street_light"), ("W-1", "bin")]

    accept(store, MANAGER, "cam-2", [(p.id, p.kind, p.region.as_list()) for p in found.open[:1]])
    found = proposals(store, camera_view(store, "cam-2"))
    assert found is not None
    assert [p.id for p in found.open] == ["W-1"]


def test_a_camera_without_any_picture_is_told_so(store: Store) -> None:
    number = queue.ask_discovery(store, MANAGER, "cam-2")
    do(store, ScriptedEyes())
    found = proposals(store, camera_view(store, "cam-2"))
    assert found is not None
    assert (found.job_id, found.state) == (number, JobState.FAILED)
    assert "no source and no picture yet" in found.message


def test_only_a_manager_asks(store: Store) -> None:
    for ask in (lambda: queue.ask_discovery(store, OPERATOR, "cam-2"), lambda: queue.ask_probe(store, OPERATOR, "0")):
        with pytest.raises(NotAllowed):
            ask()
    with pytest.raises(NotFound):
        queue.ask_discovery(store, MANAGER, "nowhere")
    with pytest.raises(NotAllowed, match="Name the address"):
        queue.ask_probe(store, MANAGER, "  ")


@dataclass
class OnePicture:
    """A source with one picture, or none."""

    pictures: int = 1

    def frames(self, every_s: float) -> Iterator[Frame]:
        for n in range(self.pictures):
            yield Frame(np.full((90, 160, 3), 80, np.uint8), START, float(n), n)


def test_an_address_that_answers_gives_its_first_picture(store: Store) -> None:
    found = probe(store, 7, "rtsp://pier/1", lambda spec: OnePicture())  # type: ignore[arg-type, return-value]
    assert (found["width"], found["height"]) == (160, 90)
    assert (store.files / found["picture"]).is_file()
    with pytest.raises(SourceError, match="not one picture"):
        probe(store, 8, "rtsp://pier/1", lambda spec: OnePicture(0))  # type: ignore[arg-type, return-value]


def test_pictures_of_old_tests_are_cleared_away_with_other_work_files(store: Store, clock: FrozenClock) -> None:
    for number, age in ((7, 90), (8, 1)):
        found = probe(store, number, "rtsp://pier/1", lambda spec: OnePicture())  # type: ignore[arg-type, return-value]
        at = (clock.at - timedelta(days=age)).timestamp()
        os.utime(store.files / found["picture"], (at, at))

    assert clear_work_files(store, timedelta(days=30)).removed == 1
    assert [file.name for file in (store.files / "probes").iterdir()] == ["8.jpg"]


def test_an_address_that_is_nothing_is_one_clear_line(store: Store) -> None:
    number = queue.ask_probe(store, MANAGER, "/nowhere/clip.mp4")
    do(store, ScriptedEyes())
    answer = probe_answer(store, number)
    assert answer is not None
    assert (answer.state, answer.picture) == (JobState.FAILED, None)
    assert answer.message == "/nowhere/clip.mp4: no such file."
    assert probe_answer(store, number + 1) is None


@pytest.mark.parametrize(
    ("heading", "angle"), [(-1, 60), (400, 60), (90, 0)], ids=["below north", "past north", "no angle"]
)
def test_a_view_that_cannot_be_is_refused(store: Store, heading: float, angle: float) -> None:
    with pytest.raises(RegisterError):
        save_camera(store, MANAGER, "cam-1", CameraDetails("cam-1", heading_deg=heading, angle_deg=angle))
    assert next(c for c in cameras(store) if c.id == "cam-1").heading_deg is None


def test_small_pieces_of_a_box_are_not_the_registered_thing(store: Store) -> None:
    """A proposal well apart from the one region of its kind is proposed."""
    queue.ask_discovery(store, MANAGER, "cam-1")
    claim = queue.claim(store, "w")
    assert claim is not None
    far = Region.rectangle(Box(0.8, 0.1, 0.9, 0.4)).as_list()
    near = light("L-1").region
    assert near is not None
    told = {"proposals": [{"id": "a", "kind": "street_light", "polygon": near.as_list()},
                          {"id": "b", "kind": "street_light", "polygon": far}]}  # fmt: skip
    queue.finish(store, claim.job_id, "w", told, "2 assets seen")
    found = proposals(store, camera_view(store, "cam-1"))
    assert found is not None
    assert [p.id for p in found.open] == ["b"]


def do(store: Store, eyes: ScriptedEyes) -> None:
    claim = queue.claim(store, "w1")
    assert claim is not None
    assert claim.kind in (JobKind.PROBE, JobKind.DISCOVER)
    do_job(store, claim, "w1", lambda: eyes, threading.Event())
