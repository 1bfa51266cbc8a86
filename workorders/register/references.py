"""A camera's reference pictures: a clean one of its view for each light state, kept by whoever looks through it."""

from __future__ import annotations

from datetime import datetime, timedelta

import cv2
from sqlalchemy import select

from detectors.detector import MOVERS
from detectors.geometry import STILL
from detectors.inspectors.movers import MOVER_SCORE
from detectors.light import judge, measure
from detectors.values import Image, LightState, Look
from workorders.evidence.writer import write_still
from workorders.register.cameras import load_camera
from workorders.schema import CameraReference
from workorders.store import Store, UnitOfWork

RENEWED_AFTER = timedelta(days=7)
"""Trees grow and seasons change: a picture older than this is replaced, when nothing is wrong in the view."""
SETTLES_S = 1800.0
"""Seconds for which it must have been dark or light: at the turn a view looks like neither."""
_LOOKS_TRIED = 30  # looks in which an emptier picture is waited for


class ReferenceKeeper:
    """Chooses, of the looks through one camera, a clean picture for each light state, and keeps it."""

    def __init__(self, store: Store, camera_id: str) -> None:
        self._store, self._camera_id = store, camera_id
        self._light: LightState | None = None
        self._since: datetime | None = None
        self._tried = 0
        self._passing: int | None = None
        with store.read() as session:
            rows = session.scalars(select(CameraReference).where(CameraReference.camera_id == camera_id))
            self._taken = {row.light: row.taken_at for row in rows}

    def take(self, look: Look, trouble: bool) -> None:
        """Consider one look.

        Args:
            trouble: whether anything is wrong in this view: what is broken is no reference.
        """
        if look.light is not self._light:
            self._since = None if self._light is None else look.frame.at
            self._light, self._tried, self._passing = look.light, 0, None
        if trouble or look.suspended or not look.asked or look.nudge != STILL or not self._has_settled(look):
            return
        self._tried += 1
        passing = len(look.detections.named(*MOVERS, min_score=MOVER_SCORE))
        emptier = self._passing is not None and passing < self._passing and self._tried <= _LOOKS_TRIED
        if emptier or (self._passing is None and self._is_due(look.light)):
            self._passing = passing
            self._keep(look)

    def _has_settled(self, look: Look) -> bool:
        return self._since is None or (look.frame.at - self._since).total_seconds() >= SETTLES_S

    def _is_due(self, light: LightState) -> bool:
        taken = self._taken.get(light.value)
        return taken is None or self._store.now() - taken >= RENEWED_AFTER

    def _keep(self, look: Look) -> None:
        light, relative = look.light.value, f"references/{look.light.value}/{self._camera_id}.jpg"
        write_still(self._store.files / relative, look.frame.whole())
        now = self._store.now()

        def put(work: UnitOfWork) -> None:
            camera = load_camera(work.session, self._camera_id)
            work.session.merge(CameraReference(camera_id=camera.id, light=light, path=relative, taken_at=now))
            if camera.reference_path is None or look.light is LightState.DAY:
                camera.reference_path = relative

        self._store.transact(put)
        self._taken[light] = now


def reference_pictures(store: Store, camera_id: str) -> dict[LightState, Image]:
    """A camera's clean pictures, at the size they were taken; those that cannot be read are left out.

    The one picture of a register made before there was one for each light state counts for the state it shows.

    Raises:
        NotFound: no such camera.
    """
    with store.read() as session:
        single = load_camera(session, camera_id).reference_path
        rows = session.scalars(select(CameraReference).where(CameraReference.camera_id == camera_id))
        paths = {LightState(row.light): row.path for row in rows}
    pictures = {light: picture for light, path in paths.items() if (picture := _picture(store, path)) is not None}
    old = single == f"references/{camera_id}.jpg"
    if old and (picture := _picture(store, str(single))) is not None:
        pictures.setdefault(judge(measure(picture), None), picture)
    return pictures


def _picture(store: Store, relative: str) -> Image | None:
    file = store.files / relative
    picture: Image | None = cv2.imread(str(file), cv2.IMREAD_COLOR) if file.is_file() else None
    return picture
