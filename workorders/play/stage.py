"""The stage of the guided play: its camera and lamps, put up before it and taken away by a reset."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Select, select, update

from detectors.values import Asset as SeenAsset
from detectors.values import View
from workorders.actors import Actor
from workorders.errors import NotAllowed
from workorders.jobs.queue import cancel, new_job
from workorders.orders.desk import Request, perform
from workorders.orders.intake import end_stale
from workorders.play.crew import CREW
from workorders.register.cameras import CameraDetails, put_camera, register_seen, view_of
from workorders.register.sites import current_site
from workorders.schema import Asset, Camera, CameraRegion, Job, WorkOrder
from workorders.store import Store
from workorders.words import (
    OPEN_STATES,
    Action,
    CameraHealth,
    Condition,
    DismissReason,
    JobKind,
    JobState,
    OrderState,
    Power,
)

CAMERA, NAME = "guided-play", "Guided play"
PREFIX = "PLAY-"
"""Its lamps are its own: the same lamp may have an order from the samples."""
_ACTIVE = (JobState.QUEUED, JobState.RUNNING)


def ask_play(store: Store, actor: Actor) -> int:
    """Ask a worker to play a night; returns the job's id. What an earlier play left is cleared away first.

    Raises:
        NotAllowed: a viewer, a site that is no demo site, or a night is being played.
    """
    actor.must_change_orders()
    refuse_real_site(store)
    if playing(store):
        raise NotAllowed("A night is being played; wait for the morning, or stop it.")
    reset_play(store, actor)
    with store.write() as work:
        put_camera(work.session, CAMERA, CameraDetails(NAME), store.now())
        job = new_job(store, JobKind.PLAY, CAMERA, {}, actor.id)
        job.max_attempts = 1
        work.session.add(job)
        work.commit()
        return job.id


def reset_play(store: Store, actor: Actor) -> None:
    """Stop the play, end what it left open, and take its camera and lamps out of the register.

    Orders that came to an end stay: nobody deletes what the log tells.

    Raises:
        NotAllowed: a viewer, or a site that is no demo site.
    """
    actor.must_change_orders()
    refuse_real_site(store)
    for job_id in playing(store):
        cancel(store, actor, job_id)
    for order_id, state in _left_open(store):
        for request in _endings(state, f"the guided play was reset by {actor.name}"):
            perform(store, CREW, order_id, request)
    take_down(store)


def refuse_real_site(store: Store) -> None:
    """Raises:
    NotAllowed: this is no demo site.
    """
    with store.read() as session:
        if not current_site(session).is_demo:
            raise NotAllowed("The guided play runs on demo sites only: it raises orders of its own.")


def playing(store: Store) -> tuple[int, ...]:
    """Numbers of the plays that wait or run."""
    with store.read() as session:
        return tuple(session.scalars(select(Job.id).where(Job.kind == JobKind.PLAY, Job.state.in_(_ACTIVE))))


def put_up(store: Store, told: View) -> View:
    """Register the camera of the play with what its clip is told to show; returns its view."""
    assets = [SeenAsset(PREFIX + a.id, a.kind, a.region, a.name) for a in told.assets]
    with store.write() as work:
        # On no place: a lamp of the play beside dark lamps of the site would be taken for part of their circuit.
        camera = put_camera(work.session, CAMERA, CameraDetails(NAME, time_zone=told.time_zone), store.now())
        register_seen(work.session, camera, assets, store.now())
        back = {"retired_at": None, "latitude": None, "longitude": None}
        work.session.execute(update(Asset).where(Asset.id.in_(_own_assets())).values(back))
        view = view_of(work.session, camera)
        work.commit()
    # The sun stands where the clip was taken.
    return replace(view, latitude=told.latitude, longitude=told.longitude)


def take_down(store: Store) -> None:
    """Take the camera and the lamps of the play out of the register; their orders stay."""
    with store.write() as work:
        end_stale(work.session, CAMERA)
        camera = work.session.get(Camera, CAMERA)
        if camera is None:
            return
        camera.enabled, camera.health, camera.light = False, CameraHealth.UNKNOWN, None
        camera.last_frame_at = camera.last_look_at = camera.still_path = None
        camera.last_error = ""
        away = {"condition": Condition.UNKNOWN, "power": Power.UNKNOWN, "last_checked_at": None}
        work.session.execute(update(Asset).where(Asset.id.in_(_own_assets())).values(retired_at=store.now(), **away))
        work.commit()


def _endings(state: OrderState, note: str) -> tuple[Request, ...]:
    """What ends an order of the play; said by its crew, so that it counts as nobody's verdict on the detector."""
    dismiss = Request(Action.DISMISS, note, reason=DismissReason.TEMPORARY)
    if state is OrderState.RESOLVED:
        return (Request(Action.REOPEN, note), dismiss)
    return (Request(Action.CLOSE, note),) if state is OrderState.VERIFIED else (dismiss,)


def _left_open(store: Store) -> list[tuple[int, OrderState]]:
    unfinished = OPEN_STATES | {OrderState.VERIFIED}
    chosen = select(WorkOrder.id, WorkOrder.state).where(WorkOrder.camera_id == CAMERA, WorkOrder.state.in_(unfinished))
    with store.read() as session:
        return [(number, state) for number, state in session.execute(chosen)]


def _own_assets() -> Select[str]:
    return select(CameraRegion.asset_id).where(CameraRegion.camera_id == CAMERA)
