"""Watching: one camera's live source, looked at until told to stop; an unreachable one waits, ever longer."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.exc import OperationalError

from detectors.errors import SourceError
from detectors.geometry import Box
from detectors.issues import CAMERA_KIND
from detectors.values import Change, Finding, FindingChange
from workorders.clock import zone
from workorders.eyes import Eyes
from workorders.inspection import Progress, prepare_view
from workorders.keeping import Keeper
from workorders.orders.intake import take_in
from workorders.register.cameras import load_camera, note_health
from workorders.register.hours import schedule_of
from workorders.register.metering import Meter
from workorders.register.references import reference_pictures
from workorders.register.sites import current_site
from workorders.room import not_kept
from workorders.store import Store
from workorders.words import CameraDesire, CameraHealth

log = logging.getLogger(__name__)

FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0
DISK_WAIT_S = 5.0
OFFLINE_AFTER = timedelta(seconds=30)
"""An outage shorter than this is a hiccup of the network and raises nothing."""
_WHOLE = Box(0.0, 0.0, 1.0, 1.0)


@dataclass(slots=True)
class _Outage:
    since: datetime
    raised: bool = False


@dataclass(slots=True)
class _Link:
    """How a camera was reached so far, whatever else went wrong meanwhile."""

    outage: _Outage | None = None
    wait_s: float = FIRST_WAIT_S


@dataclass(frozen=True, slots=True)
class _Wish:
    """What people want of a watch.

    Attributes:
        wanted: whether to look now; `asleep`: whether only the hours are against it.
        confirmation: how the site confirms findings; a watch begins anew when that changes.
    """

    wanted: bool
    asleep: bool
    confirmation: dict[str, Any] | None


def run_watch(
    store: Store,
    camera_id: str,
    eyes: Eyes,
    *,
    progress: Progress,
    should_stop: Callable[[], bool],
    sleep: Callable[[float], object] = time.sleep,
) -> str:
    """Watch a camera until it shall not be watched any more; returns why it ended.

    Raises:
        NotFound: no such camera.
        RegisterError: an asset of its clip is registered as something else.
    """
    link = _Link()
    while True:
        try:
            return _watch(store, camera_id, eyes, link, progress, should_stop, sleep)
        except (OSError, OperationalError) as error:
            # What was about to be kept is seen again in the next looks, and kept once there is room.
            why = not_kept(error)
        if should_stop():
            return "the watch was ended"
        _trouble(store, camera_id, why)
        progress(None, f"pictures cannot be kept, next try in {DISK_WAIT_S:.0f} s: {why.partition(': ')[2]}")
        _pause(DISK_WAIT_S, should_stop, sleep)


def _watch(
    store: Store,
    camera_id: str,
    eyes: Eyes,
    link: _Link,
    progress: Progress,
    should_stop: Callable[[], bool],
    sleep: Callable[[float], object],
) -> str:
    """Raises:
    OSError, OperationalError: what was seen cannot be kept.
    """
    while not should_stop() and (wish := _wish(store, camera_id)).wanted:
        looks = 0
        try:
            for looks in _looks(store, camera_id, eyes, wish, should_stop):
                if looks == 1 and link.outage is not None:
                    _back(store, camera_id, link.outage)
                    link.outage, link.wait_s = None, FIRST_WAIT_S
                progress(None, f"watching: {looks} looks")
            if not should_stop() and _wish(store, camera_id) == wish:
                _stop_wanting(store, camera_id)
                return "the recording has ended"
        except SourceError as error:
            link.outage = link.outage if link.outage is not None and looks == 0 else _Outage(store.now())
            _away(store, camera_id, link.outage, str(error))
            progress(None, f"unreachable, next try in {link.wait_s:.0f} s: {error}")
            _pause(link.wait_s, should_stop, sleep)
            link.wait_s = min(LONGEST_WAIT_S, link.wait_s * 2)
    return "asleep until its hours begin" if _wish(store, camera_id).asleep else "the watch was ended"


def _looks(store: Store, camera_id: str, eyes: Eyes, wish: _Wish, should_stop: Callable[[], bool]) -> Iterator[int]:
    with store.read() as session:
        camera = load_camera(session, camera_id)
        spec, every_s = camera.source, camera.every_s
    source = eyes.open(spec)
    view, _ = prepare_view(store, source, spec, camera_id, eyes)
    view = replace(view, references=reference_pictures(store, camera_id))
    keeper, meter = Keeper(store, view, every_s), Meter(store, camera_id)
    try:
        numbers = count(1)
        for look in eyes.looks(source, view, every_s):
            began = time.perf_counter()
            keeper.take(look)
            meter.count(look.took_s + time.perf_counter() - began)
            del look  # and with it the whole picture, until the next look
            yield next(numbers)
            if should_stop() or _wish(store, camera_id) != wish:
                return
    finally:
        meter.write()
        keeper.finish()


def _wish(store: Store, camera_id: str) -> _Wish:
    """Raises:
    NotFound: no such camera.
    """
    with store.read() as session:
        camera = load_camera(session, camera_id)
        site = current_site(session)
        awake = camera.hours is None or schedule_of(camera, zone(site.time_zone)).awake(store.now())
        asked = camera.enabled and camera.desired is CameraDesire.WATCHED
        return _Wish(wanted=asked and awake, asleep=asked and not awake, confirmation=site.confirmation)


def _stop_wanting(store: Store, camera_id: str) -> None:
    with store.write() as work:
        load_camera(work.session, camera_id).desired = CameraDesire.IDLE
        work.commit()


def _away(store: Store, camera_id: str, outage: _Outage, error: str) -> None:
    now = store.now()
    with store.write() as work:
        camera = load_camera(work.session, camera_id)
        note_health(camera, CameraHealth.OFFLINE, error)
        if now - outage.since >= OFFLINE_AFTER:
            kind = Change.CONTINUED if outage.raised else Change.CONFIRMED
            take_in(work.session, camera, _offline(camera_id, kind, outage.since, now), now)
            outage.raised = True
        work.commit()


def _trouble(store: Store, camera_id: str, line: str) -> None:
    try:
        with store.write() as work:
            load_camera(work.session, camera_id).last_error = line
            work.commit()
    except OperationalError:
        log.warning("camera %s: %s", camera_id, line)  # a full database; the cameras page sees that the disk is full


def _back(store: Store, camera_id: str, outage: _Outage) -> None:
    if not outage.raised:
        return
    now = store.now()
    with store.write() as work:
        camera = load_camera(work.session, camera_id)
        take_in(work.session, camera, _offline(camera_id, Change.CLEARED, outage.since, now), now)
        work.commit()


def _offline(camera_id: str, change: Change, since: datetime, now: datetime) -> FindingChange:
    lasted = (now - since).total_seconds()
    finding = Finding(
        key="camera_offline",
        issue="camera_offline",
        camera=camera_id,
        asset_id=None,
        asset_kind=CAMERA_KIND,
        first_seen=since,
        last_seen=now,
        start_s=0.0,
        end_s=lasted,
        score=1.0,
        box=_WHOLE,
        observations=1,
    )
    return FindingChange(change, finding)


def _pause(seconds: float, should_stop: Callable[[], bool], sleep: Callable[[float], object]) -> None:
    left = seconds
    while left > 0 and not should_stop():
        step = min(0.5, left)
        sleep(step)
        left -= step
