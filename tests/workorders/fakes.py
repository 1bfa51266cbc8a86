"""Fakes at the edges: a clock that stands still, looks from a script, findings made to order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from detectors.errors import SourceError
from detectors.geometry import Box, Region
from detectors.values import (
    Asset,
    Change,
    Detections,
    Finding,
    FindingChange,
    Frame,
    LightState,
    Look,
    Observation,
    Presence,
    View,
)
from workorders.orders.intake import Taken, take_in
from workorders.register.cameras import CameraDetails, load_camera, put_camera, register_seen
from workorders.store import Store, UnitOfWork

START = datetime(2026, 6, 16, 12, 0, tzinfo=UTC)
BOX = Box(0.4, 0.3, 0.5, 0.6)


class FrozenClock:
    """A clock that moves only when told to."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **parts: float) -> datetime:
        self.at += timedelta(**parts)
        return self.at


def add_camera(store: Store, camera_id: str = "cam-1", assets: Iterable[Asset] = (), **details: object) -> None:
    """A camera with registered assets."""
    with store.write() as work:
        camera = put_camera(work.session, camera_id, CameraDetails(camera_id, **details), store.now())
        register_seen(work.session, camera, assets, store.now())
        work.commit()


def light(asset_id: str, x: float = 0.4) -> Asset:
    """A street light with a region."""
    return Asset(asset_id, "street_light", Region.rectangle(Box(x, 0.3, x + 0.1, 0.6)))


def finding(
    issue: str = "light_out",
    asset_id: str | None = "L-1",
    camera: str = "cam-1",
    first_seen: datetime = START,
    last_seen: datetime | None = None,
    key: str | None = None,
    box: Box = BOX,
    asset_kind: str | None = "street_light",
    observations: int = 3,
) -> Finding:
    return Finding(
        key=key or f"{issue}:{asset_id}",
        issue=issue,
        camera=camera,
        asset_id=asset_id,
        asset_kind=asset_kind,
        first_seen=first_seen,
        last_seen=last_seen or first_seen,
        start_s=0.0,
        end_s=3.0,
        score=0.8,
        box=box,
        observations=observations,
    )


def take(store: Store, change: Change = Change.CONFIRMED, what: Finding | None = None, **kw: object) -> Taken:
    """Take one change in, in a transaction of its own."""
    seen = what or finding(**kw)

    def take(work: UnitOfWork) -> Taken:
        camera = load_camera(work.session, seen.camera)
        return take_in(work.session, camera, FindingChange(change, seen), store.now(), "night")

    return store.transact(take)


def look(
    at: datetime = START,
    changes: Sequence[FindingChange] = (),
    observations: Sequence[Observation] = (),
    light_state: LightState = LightState.NIGHT,
    suspended: str = "",
    offset_s: float = 0.0,
    index: int = 0,
) -> Look:
    """A look at a small grey picture."""
    shade = 40 + (index * 7) % 100
    frame = Frame(np.full((90, 160, 3), shade, np.uint8), at, offset_s, index)
    return Look(frame, light_state, Detections.empty(), tuple(observations), tuple(changes), suspended)


def answer(asset_id: str, presence: Presence, issue: str = "light_out") -> Observation:
    return Observation(issue, presence, 0.8, asset_id, "street_light", BOX)


@dataclass
class FakeSource:
    """A source of a given length that yields no pictures of its own."""

    spec: str = "clip.mp4"
    name: str = "clip"
    live: bool = False
    duration_s: float | None = 10.0
    fps: float | None = 10.0

    def frames(self, every_s: float) -> Iterator[Frame]:
        return iter(())


@dataclass
class ScriptedEyes:
    """Eyes that see what a script says.

    Attributes:
        script: makes the looks, anew for each run.
        fails: raised after the last look.
        opens: errors raised by the first openings, one each.
    """

    script: Callable[[View], Iterable[Look]] = lambda view: ()
    found: Sequence[Asset] = ()
    fails: SourceError | None = None
    opens: list[SourceError] = field(default_factory=list)
    known: View | None = None
    started: datetime | None = None

    def open(self, spec: str, start: datetime | None = None) -> FakeSource:
        self.started = start
        if self.opens:
            raise self.opens.pop(0)
        return FakeSource(spec)

    def looks(self, source: FakeSource, view: View, every_s: float) -> Iterator[Look]:
        yield from self.script(view)
        if self.fails is not None:
            raise self.fails

    def discover(self, source: FakeSource, camera_id: str) -> Sequence[Asset]:
        return self.found

    def known_view(self, spec: str) -> View | None:
        return self.known


def failing_light(
    asset_id: str = "L-1", looks: int = 10, confirmed_at: int = 3, camera: str = "cam-1", start: datetime = START
) -> list[Look]:
    """Looks a second apart at a light that is out: confirmed at one of them, continued after it."""
    seen = []
    for n in range(looks):
        at = start + timedelta(seconds=n)
        changes = []
        if n >= confirmed_at:
            kind = Change.CONFIRMED if n == confirmed_at else Change.CONTINUED
            what = finding(asset_id=asset_id, first_seen=start, last_seen=at, observations=n + 1, camera=camera)
            changes = [FindingChange(kind, what)]
        seen.append(look(at, changes, [answer(asset_id, Presence.PRESENT)], offset_s=float(n), index=n))
    return seen
