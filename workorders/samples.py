"""The demo site: the sample clips inspected, one after the other, into a store of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from detectors.errors import LamplighterError
from detectors.truth import SUFFIX, read_truth
from detectors.values import View
from workorders.actors import SYSTEM
from workorders.eyes import Eyes
from workorders.ground import ground_file, keep_ground
from workorders.inspection import run_inspection
from workorders.register.cameras import CameraDetails, put_camera, register_seen
from workorders.register.sites import update_site
from workorders.sample_ground import ANGLE, STANDS, place_of, sample_ground, spot_of
from workorders.schema import Asset, Camera
from workorders.store import Store

SITE_NAME = "Riverside demo"
_DONE = "samples.json"

Progress = Callable[[int, int, str, float], None]
"""Told: number of the clip from 1, how many clips, its name, share of it done (0-1)."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What preparing came to: clips inspected now, and orders raised by them."""

    clips: int
    orders: int


def sample_clips(folder: Path) -> list[Path]:
    """The clips of a folder that come with a register, in the order they were taken.

    Raises:
        LamplighterError: there are none, or a truth file is wrong.
    """
    clips = [
        (read_truth(t).start, t.with_name(t.name.removesuffix(SUFFIX) + ".mp4")) for t in folder.glob(f"*{SUFFIX}")
    ]
    found = [clip for _, clip in sorted(clips) if clip.is_file()]
    if not found:
        raise LamplighterError(f"{folder}: no sample clips; run this from a complete copy of Lamplighter.")
    return found


def prepare_site(store: Store, clips: list[Path], eyes: Callable[[], Eyes], progress: Progress) -> Prepared:
    """Inspect what was not inspected before; a run that was interrupted goes on with the clip it had reached.

    Args:
        eyes: makes the eyes; called only when there is something to look at.
    """
    done_file = store.files / _DONE
    done = _done(done_file)
    todo = [clip for clip in clips if clip.name not in done]
    if not todo:
        return Prepared(0, 0)
    zone = read_truth(todo[0].with_name(todo[0].stem + SUFFIX)).view.time_zone
    update_site(store, SYSTEM, SITE_NAME, zone, is_demo=True)
    if not ground_file(store).is_file():
        keep_ground(store, SYSTEM, sample_ground())
    looking, orders = eyes(), 0
    for number, clip in enumerate(todo, 1):
        view = read_truth(clip.with_name(clip.stem + SUFFIX)).view
        _put_up(store, view)
        summary = run_inspection(
            store,
            str(clip),
            view.camera,
            looking,
            progress=lambda share, _, n=number, name=clip.stem: progress(n, len(todo), name, share or 0.0),  # type: ignore[misc]
        )
        orders += len(summary.opened)
        done.append(clip.name)
        done_file.write_text(json.dumps(done), encoding="utf-8")
    return Prepared(len(todo), orders)


def _put_up(store: Store, view: View) -> None:
    """Give a sample camera, and what it sees, their places on the ground before it first looks: orders keep theirs."""
    stand = STANDS.get(view.camera)
    with store.write() as work:
        if stand is None or work.session.get(Camera, view.camera) is not None:
            return
        latitude, longitude = place_of(stand.east, stand.north)
        details = CameraDetails(
            view.camera, latitude=latitude, longitude=longitude, time_zone=view.time_zone, heading_deg=stand.heading,
            angle_deg=ANGLE,
        )  # fmt: skip
        camera = put_camera(work.session, view.camera, details, store.now())
        register_seen(work.session, camera, view.assets, store.now())
        for seen in view.assets:
            if seen.region is not None:
                asset = work.session.get_one(Asset, seen.id)
                asset.latitude, asset.longitude = spot_of(stand, seen.kind, seen.region)
        work.commit()


def _done(file: Path) -> list[str]:
    try:
        return [str(name) for name in json.loads(file.read_text(encoding="utf-8"))]
    except (FileNotFoundError, json.JSONDecodeError, TypeError):
        return []
