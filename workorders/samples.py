"""The demo site: the sample clips inspected, one after the other, into a store of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from detectors.errors import LamplighterError
from detectors.truth import SUFFIX, read_truth
from workorders.actors import SYSTEM
from workorders.eyes import Eyes
from workorders.inspection import run_inspection
from workorders.register.cameras import load_camera
from workorders.register.sites import update_site
from workorders.store import Store

SITE_NAME = "Riverside demo"
HEADINGS = {"riverside-07": 0.0, "park-12": 300.0, "plaza-03": 130.0, "street-05": 210.0}
"""Where the sample cameras look, degrees from north, for the map: made up, as the places of the samples are."""
ANGLE = 60.0
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
    looking, orders = eyes(), 0
    for number, clip in enumerate(todo, 1):
        camera = read_truth(clip.with_name(clip.stem + SUFFIX)).view.camera
        summary = run_inspection(
            store,
            str(clip),
            camera,
            looking,
            progress=lambda share, _, n=number, name=clip.stem: progress(n, len(todo), name, share or 0.0),  # type: ignore[misc]
        )
        _say_where_it_looks(store, camera)
        orders += len(summary.opened)
        done.append(clip.name)
        done_file.write_text(json.dumps(done), encoding="utf-8")
    return Prepared(len(todo), orders)


def _say_where_it_looks(store: Store, camera_id: str) -> None:
    heading = HEADINGS.get(camera_id)
    with store.write() as work:
        camera = load_camera(work.session, camera_id)
        if heading is None or camera.heading_deg is not None:
            return
        camera.heading_deg, camera.angle_deg = heading, ANGLE
        work.commit()


def _done(file: Path) -> list[str]:
    try:
        return [str(name) for name in json.loads(file.read_text(encoding="utf-8"))]
    except (FileNotFoundError, json.JSONDecodeError, TypeError):
        return []
