"""Cameras: adding, changing, starting and stopping their watch, and what the worker notes of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from detectors.errors import LamplighterError, RegisterError
from detectors.geometry import Region
from detectors.values import Asset as SeenAsset
from detectors.values import View
from workorders.actors import Actor
from workorders.clock import zone
from workorders.errors import NotFound
from workorders.register.hours import Hours
from workorders.register.sites import current_site
from workorders.schema import Asset, Camera, CameraReference, CameraRegion
from workorders.store import Store
from workorders.words import CameraDesire, CameraHealth

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class CameraDetails:
    """What people say of a camera.

    Attributes:
        source: path, address or device that its pictures come from; "" for one that is only given clips.
        every_s: seconds between two looks of a watch.
        heading_deg: where the middle of the view points, degrees clockwise from north.
        angle_deg: how wide the view is, degrees.
        hours: when its watch looks; None for day and night.
    """

    name: str
    source: str = ""
    latitude: float | None = None
    longitude: float | None = None
    time_zone: str | None = None
    every_s: float = 1.0
    enabled: bool = True
    heading_deg: float | None = None
    angle_deg: float | None = None
    hours: Hours | None = None


def save_camera(store: Store, actor: Actor, camera_id: str, details: CameraDetails) -> None:
    """Add a camera, or change it.

    Raises:
        NotAllowed: the actor is no manager.
        RegisterError: an id, place or interval that cannot be.
        LamplighterError: no such time zone.
    """
    actor.must_manage()
    _check(camera_id, details)
    with store.write() as work:
        put_camera(work.session, camera_id, details, store.now())
        work.commit()


def put_camera(session: Session, camera_id: str, details: CameraDetails, now: datetime) -> Camera:
    """Add or change a camera within a transaction."""
    site = current_site(session)
    camera = session.get(Camera, camera_id)
    if camera is None:
        camera = Camera(id=camera_id, site_id=site.id, created_at=now)
        session.add(camera)
    camera.name = details.name.strip() or camera_id
    if camera.source not in (None, details.source.strip()):
        _forget_references(session, camera_id)
    camera.source, camera.latitude, camera.longitude = details.source.strip(), details.latitude, details.longitude
    camera.heading_deg, camera.angle_deg = details.heading_deg, details.angle_deg
    camera.time_zone, camera.every_s, camera.enabled = (
        details.time_zone or site.time_zone,
        details.every_s,
        details.enabled,
    )
    camera.hours = details.hours.as_json() if details.hours else None
    session.flush()
    return camera


def ask_for_watch(store: Store, actor: Actor, camera_id: str, watched: bool) -> None:
    """Say whether the worker shall watch the camera's live source. The worker brings it about within seconds.

    Raises:
        NotAllowed: a viewer.
        NotFound: no such camera.
        RegisterError: the camera has no source, or is switched off.
    """
    actor.must_change_orders()
    with store.write() as work:
        camera = load_camera(work.session, camera_id)
        if watched and not camera.source:
            raise RegisterError(f"Camera {camera_id} has no source to watch; give it an address, path or device.")
        if watched and not camera.enabled:
            raise RegisterError(f"Camera {camera_id} is switched off; switch it on first.")
        camera.desired = CameraDesire.WATCHED if watched else CameraDesire.IDLE
        work.commit()


def load_camera(session: Session, camera_id: str) -> Camera:
    """Raises:
    NotFound: no such camera.
    """
    camera = session.get(Camera, camera_id)
    if camera is None:
        raise NotFound(f"There is no camera '{camera_id}'; add it on the Cameras page, or name one that is there.")
    return camera


def view_of(session: Session, camera: Camera) -> View:
    """The camera's view as the detectors take it, without its reference picture."""
    rows = session.execute(
        select(Asset, CameraRegion.polygon)
        .join(CameraRegion, CameraRegion.asset_id == Asset.id)
        .where(CameraRegion.camera_id == camera.id, Asset.retired_at.is_(None))
        .order_by(Asset.id)
    )
    assets = tuple(SeenAsset(asset.id, asset.kind, Region.of(polygon), asset.name) for asset, polygon in rows)
    return View(camera.id, assets, camera.latitude, camera.longitude, camera.time_zone)


def register_seen(session: Session, camera: Camera, assets: Iterable[SeenAsset], now: datetime) -> int:
    """Register assets that a view shows, with their regions; returns how many are new to the register.

    Raises:
        RegisterError: an asset of this id is registered as another kind.
    """
    added = 0
    for seen in assets:
        asset = session.get(Asset, seen.id)
        if asset is None:
            asset = Asset(id=seen.id, site_id=camera.site_id, kind=seen.kind, created_at=now, updated_at=now)
            asset.name, asset.place = seen.name, camera.name
            asset.latitude, asset.longitude, asset.attributes = camera.latitude, camera.longitude, {}
            session.add(asset)
            added += 1
        elif asset.kind != seen.kind:
            raise RegisterError(f"Asset {seen.id} is registered as {asset.kind}, not as {seen.kind}.")
        session.flush()
        if seen.region is not None:
            session.merge(CameraRegion(camera_id=camera.id, asset_id=seen.id, polygon=seen.region.as_list()))
    _forget_references(session, camera.id)
    session.flush()
    return added


def _forget_references(session: Session, camera_id: str) -> None:
    """How a view looked is no measure of one drawn anew, or of another source; the next watch takes new pictures."""
    session.execute(delete(CameraReference).where(CameraReference.camera_id == camera_id))


def set_region(store: Store, actor: Actor, camera_id: str, asset_id: str, polygon: list[list[float]] | None) -> None:
    """Say where a camera sees an asset; None when it does not any more.

    Raises:
        NotAllowed: the actor is no manager.
        NotFound: no such camera or asset.
        RegisterError: the polygon is no region.
    """
    actor.must_manage()
    with store.write() as work:
        load_camera(work.session, camera_id)
        if work.session.get(Asset, asset_id) is None:
            raise NotFound(f"There is no asset '{asset_id}'.")
        row = work.session.get(CameraRegion, (camera_id, asset_id))
        if polygon is None and row is not None:
            work.session.delete(row)
        elif polygon is not None:
            points = Region.of(polygon).as_list()
            work.session.merge(CameraRegion(camera_id=camera_id, asset_id=asset_id, polygon=points))
        _forget_references(work.session, camera_id)
        work.commit()


def note_health(camera: Camera, health: CameraHealth, error: str = "") -> None:
    """Write down what the latest look said of the camera itself."""
    camera.health, camera.last_error = health, error


def _check(camera_id: str, details: CameraDetails) -> None:
    if not _ID.fullmatch(camera_id):
        raise RegisterError(f"'{camera_id}' cannot be a camera's id; use letters, digits, dots, hyphens.")
    if details.latitude is not None and not -90 <= details.latitude <= 90:
        raise RegisterError(f"{details.latitude:g} is not a latitude; it lies between -90 and 90.")
    if details.longitude is not None and not -180 <= details.longitude <= 180:
        raise RegisterError(f"{details.longitude:g} is not a longitude; it lies between -180 and 180.")
    if details.heading_deg is not None and not 0 <= details.heading_deg <= 360:
        raise RegisterError(f"{details.heading_deg:g} is not a heading; it lies between 0 and 360 degrees from north.")
    if details.angle_deg is not None and not 1 <= details.angle_deg <= 360:
        raise RegisterError(f"{details.angle_deg:g} is not an angle of view; it lies between 1 and 360 degrees.")
    if not 0.04 <= details.every_s <= 86_400:
        raise LamplighterError("Seconds between two looks must lie between 0.04 and 86,400.")
    if details.time_zone:
        zone(details.time_zone)
    if details.hours and details.hours.by_sun and (details.latitude is None or details.longitude is None):
        raise RegisterError(
            "Sunset is known only where a place is: give latitude and longitude, or hours by the clock."
        )
