"""One inspection: a source in; findings, orders, evidence and an annotated video out."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from detectors.annotate import draw
from detectors.errors import SourceError
from detectors.sources import Source
from detectors.values import Asset, Change, Finding, Look, View
from detectors.video_writer import H264Writer
from workorders.evidence.files import new_name
from workorders.eyes import Eyes
from workorders.keeping import Keeper
from workorders.register.cameras import CameraDetails, load_camera, put_camera, register_seen, view_of
from workorders.register.metering import Cost, add_cost
from workorders.schema import Asset as AssetRow
from workorders.schema import Camera
from workorders.store import Store

WIDEST_PX = 1280
SLOWEST_FPS = 4.0
"""Looks that are seconds apart play faster than they were taken, so that a long clip is seen through in a minute."""

Progress = Callable[[float | None, str], None]
"""Told how far an inspection is: share 0-1 (None where there is no end), and a few words."""


@dataclass(frozen=True, slots=True)
class InspectionSummary:
    """What an inspection came to.

    Attributes:
        video_seconds: length of what was looked at; wall_seconds: how long that took.
        orders: numbers of the orders that its findings belong to; `opened` are those it raised.
        video: annotated video, relative to the store's folder of files; None when nothing was saved.
        registered: assets that were new to the register.
        stopped: whether it was asked to stop before the end.
        problem: why the source could not be read to its end, "" if it was; what came before is kept.
    """

    source: str
    camera: str
    frames: int
    video_seconds: float
    wall_seconds: float
    findings: tuple[Finding, ...]
    orders: tuple[int, ...]
    opened: tuple[int, ...]
    video: str | None
    registered: int
    stopped: bool
    problem: str = ""

    def as_json(self) -> dict[str, Any]:
        """The form that `inspect --json` prints and that a job keeps as its result."""
        return {
            "source": self.source,
            "camera": self.camera,
            "frames": self.frames,
            "video_seconds": round(self.video_seconds, 3),
            "wall_seconds": round(self.wall_seconds, 3),
            "findings": [f.as_json() for f in self.findings],
            "orders": list(self.orders),
            "opened": list(self.opened),
            "video": self.video,
            "registered": self.registered,
            "stopped": self.stopped,
            "problem": self.problem,
        }


def no_progress(share: float | None, message: str) -> None:
    """A progress that nobody watches."""


def never_stop() -> bool:
    """A stop that nobody asks for."""
    return False


def run_inspection(
    store: Store | None,
    source: str,
    camera_id: str,
    eyes: Eyes,
    *,
    every_s: float = 1.0,
    progress: Progress = no_progress,
    should_stop: Callable[[], bool] = never_stop,
    save: bool = True,
    start: datetime | None = None,
) -> InspectionSummary:
    """Inspect one source from its beginning to its end.

    A camera that is not registered is added. One without assets gets those that come with the clip, else those that
    its view shows.

    Args:
        store: may be None when nothing is to be saved.
        save: False looks and reports, and keeps nothing.
        start: capture time of a recording's first frame; default: what comes with the clip, else the file's own.

    Raises:
        SourceError: the source cannot be opened, or not one picture of it can be read.
        RegisterError: an asset of the clip is registered as something else.
    """
    began = time.monotonic()
    progress(0.0, "opening the source")
    opened = eyes.open(source, start)
    kept = store if save else None
    view, registered = _view(store, kept, opened, source, camera_id, eyes, progress)
    run = _Run(kept, view, every_s, opened.duration_s, progress)
    stopped, problem = False, ""
    with run:
        try:
            for look in eyes.looks(opened, view, every_s):
                run.take(look)
                if should_stop():
                    stopped = True
                    break
        except SourceError as error:
            if run.frames == 0:
                raise
            problem = str(error)
    video_seconds = run.video_seconds if stopped or problem else opened.duration_s or run.video_seconds
    wall_seconds = time.monotonic() - began
    if kept is not None:
        with kept.write() as work:
            cost = Cost(wall_seconds, run.frames, recorded_s=video_seconds)
            add_cost(work.session, camera_id, kept.now().date(), cost)
            work.commit()
    return InspectionSummary(
        source=source,
        camera=camera_id,
        frames=run.frames,
        video_seconds=video_seconds,
        wall_seconds=wall_seconds,
        findings=tuple(sorted(run.findings.values(), key=lambda f: (f.first_seen, f.key))),
        orders=tuple(sorted(run.keeper.orders)) if run.keeper else (),
        opened=tuple(sorted(o for o, new in run.keeper.orders.items() if new)) if run.keeper else (),
        video=run.video,
        registered=registered,
        stopped=stopped,
        problem=problem,
    )


def prepare_view(store: Store, source: Source, spec: str, camera_id: str, eyes: Eyes) -> tuple[View, int]:
    """The camera's view from the register, filled first when it is empty; and how many assets were new.

    Raises:
        SourceError: the source cannot be read.
        RegisterError: an asset of the clip is registered as something else.
    """
    with store.read() as session:
        camera = session.get(Camera, camera_id)
        view = view_of(session, camera) if camera else None
    if view is not None and view.assets:
        return view, 0
    known = eyes.known_view(spec)
    assets = list(known.assets) if known else list(eyes.discover(source, camera_id))
    with store.write() as work:
        now = store.now()
        if work.session.get(Camera, camera_id) is None:
            put_camera(work.session, camera_id, _details(camera_id, known), now)
        camera = load_camera(work.session, camera_id)
        added = register_seen(work.session, camera, _named_apart(work.session, camera, assets), now)
        view = view_of(work.session, camera)
        work.commit()
    return view, added


def _view(
    store: Store | None, kept: Store | None, opened: Source, spec: str, camera_id: str, eyes: Eyes, progress: Progress
) -> tuple[View, int]:
    if kept is not None:
        progress(0.0, "reading the register")
        return prepare_view(kept, opened, spec, camera_id, eyes)
    if store is not None:
        with store.read() as session:
            camera = session.get(Camera, camera_id)
            view = view_of(session, camera) if camera else None
        if view is not None and view.assets:
            return view, 0
    known = eyes.known_view(spec)
    if known is not None:
        return View(camera_id, known.assets, known.latitude, known.longitude, known.time_zone), 0
    return View(camera_id, tuple(eyes.discover(opened, camera_id)), proposed=True), 0


def _details(camera_id: str, known: View | None) -> CameraDetails:
    if known is None:
        return CameraDetails(camera_id)
    return CameraDetails(camera_id, latitude=known.latitude, longitude=known.longitude, time_zone=known.time_zone)


def _named_apart(session: Session, camera: Camera, assets: list[Asset]) -> list[Asset]:
    """Give an asset that a view shows an id of its own when another kind of thing already has it."""
    named = []
    for asset in assets:
        known = session.get(AssetRow, asset.id)
        taken = known is not None and known.kind != asset.kind
        named.append(Asset(f"{camera.id}-{asset.id}", asset.kind, asset.region, asset.name) if taken else asset)
    return named


class _Run(AbstractContextManager["_Run"]):
    """The looks of one inspection as they come; leaves everything written, whatever ends it."""

    def __init__(
        self, store: Store | None, view: View, every_s: float, duration_s: float | None, progress: Progress
    ) -> None:
        self._store, self._view, self._every_s = store, view, every_s
        self._duration_s, self._progress = duration_s, progress
        self.keeper = Keeper(store, view, every_s) if store else None
        self.video: str | None = None
        self.frames, self.video_seconds = 0, 0.0
        self.findings: dict[tuple[str, datetime], Finding] = {}
        self._open: dict[str, Finding] = {}
        self._writer: H264Writer | None = None
        self._files = ExitStack()

    def take(self, look: Look) -> None:
        self.frames += 1
        self.video_seconds = max(self.video_seconds, look.frame.offset_s)
        for change in look.changes:
            finding = change.finding
            self.findings[finding.key, finding.first_seen] = finding
            if change.change is Change.CLEARED:
                self._open.pop(finding.key, None)
            else:
                self._open[finding.key] = finding
        if self.keeper is not None and self._store is not None:
            self.keeper.take(look)
            self._film(self._store, look)
        share = min(1.0, look.frame.offset_s / self._duration_s) if self._duration_s else None
        self._progress(share, f"{self.frames} looks, {len(self.findings)} findings")

    def __exit__(self, *error: object) -> None:
        if self.keeper is not None:
            self.keeper.finish()
        self._files.close()
        if self.frames == 0:
            self.video = None

    def _film(self, store: Store, look: Look) -> None:
        picture = draw(look, self._view, self._open.values())
        if self._writer is None:
            self.video = new_name("inspections", ".mp4")
            height, width = picture.shape[:2]
            scale = min(1.0, WIDEST_PX / width)
            fps = max(SLOWEST_FPS, 1 / self._every_s)
            writer = H264Writer(store.files / self.video, round(width * scale), round(height * scale), fps)
            self._writer = self._files.enter_context(writer)
        self._writer.write(picture)
