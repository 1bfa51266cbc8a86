"""Cameras as pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from detectors.values import View
from workorders.clock import zone
from workorders.evidence.files import inside
from workorders.queries.clauses import waiting
from workorders.register.cameras import load_camera, view_of
from workorders.register.hours import Hours, Schedule, schedule_of
from workorders.register.sites import current_site
from workorders.room import lack_of_room
from workorders.schema import Asset, Camera, CameraRegion, WorkOrder
from workorders.store import Store
from workorders.words import CameraDesire, CameraHealth


@dataclass(frozen=True, slots=True)
class CameraRow:
    """One camera.

    Attributes:
        still: latest annotated picture; None when there is none or its file is gone.
        reference: a clean picture of the view, likewise.
        waiting_orders: orders of this camera whose repair is owed.
        hours: when its watch looks; None for day and night.
        asleep: whether it shall be watched and its hours are over for now.
        turns_at: when it next falls asleep or wakes; None where it does neither, or is not watched.
    """

    id: str
    name: str
    source: str
    latitude: float | None
    longitude: float | None
    heading_deg: float | None
    angle_deg: float | None
    time_zone: str
    every_s: float
    enabled: bool
    desired: CameraDesire
    health: CameraHealth
    light: str | None
    last_frame_at: datetime | None
    last_look_at: datetime | None
    last_error: str
    still: Path | None
    reference: Path | None
    assets: int
    waiting_orders: int
    hours: Hours | None
    asleep: bool
    turns_at: datetime | None

    @property
    def in_trouble(self) -> bool:
        """Whether something is wrong with the camera itself, as far as anybody knows. A sleeping one is well."""
        return self.enabled and not self.asleep and self.health not in (CameraHealth.OK, CameraHealth.UNKNOWN)


def cameras(store: Store) -> tuple[CameraRow, ...]:
    """All cameras, by name."""
    assets = (
        select(CameraRegion.camera_id, func.count().label("n"))
        .join(Asset, Asset.id == CameraRegion.asset_id)
        .where(Asset.retired_at.is_(None))
        .group_by(CameraRegion.camera_id)
        .subquery("regions")
    )
    orders = (
        select(WorkOrder.camera_id, func.count().label("n"))
        .where(waiting())
        .group_by(WorkOrder.camera_id)
        .subquery("owed")
    )
    chosen = (
        select(Camera, func.coalesce(assets.c.n, 0), func.coalesce(orders.c.n, 0))
        .outerjoin(assets, assets.c.camera_id == Camera.id)
        .outerjoin(orders, orders.c.camera_id == Camera.id)
        .order_by(Camera.name, Camera.id)
    )
    now, full = store.now(), lack_of_room(store)
    with store.read() as session:
        local = zone(current_site(session).time_zone)
        return tuple(
            _row(store, camera, n, owed, schedule_of(camera, local), now, full)
            for camera, n, owed in session.execute(chosen)
        )


def camera_view(store: Store, camera_id: str) -> View:
    """The camera's view with its regions, as the detectors take it.

    Raises:
        NotFound: no such camera.
    """
    with store.read() as session:
        return view_of(session, load_camera(session, camera_id))


def camera_names(store: Store) -> Sequence[tuple[str, str]]:
    """(id, name) of every camera, for a choice."""
    with store.read() as session:
        return [(i, n) for i, n in session.execute(select(Camera.id, Camera.name).order_by(Camera.name, Camera.id))]


def _row(
    store: Store, camera: Camera, assets: int, owed: int, schedule: Schedule, now: datetime, full: str
) -> CameraRow:
    watched = camera.enabled and camera.desired is CameraDesire.WATCHED
    return CameraRow(
        id=camera.id,
        name=camera.name,
        source=camera.source,
        latitude=camera.latitude,
        longitude=camera.longitude,
        heading_deg=camera.heading_deg,
        angle_deg=camera.angle_deg,
        time_zone=camera.time_zone,
        every_s=camera.every_s,
        enabled=camera.enabled,
        desired=camera.desired,
        health=camera.health,
        light=camera.light,
        last_frame_at=camera.last_frame_at,
        last_look_at=camera.last_look_at,
        last_error=camera.last_error or (full if watched else ""),
        still=inside(store.files, camera.still_path) if camera.still_path else None,
        reference=inside(store.files, camera.reference_path) if camera.reference_path else None,
        assets=assets,
        waiting_orders=owed,
        hours=schedule.hours,
        asleep=watched and not schedule.awake(now),
        turns_at=schedule.changes_at(now) if watched else None,
    )
