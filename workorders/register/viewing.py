"""Questions to a camera that a worker answers: does an address give a picture, what assets does a view show."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from detectors.errors import LamplighterError, SourceError
from detectors.sources import Source, open_source
from workorders.evidence.writer import write_still
from workorders.eyes import Eyes
from workorders.register.cameras import load_camera
from workorders.store import Store


def probe(store: Store, job_id: int, source: str, opened: Callable[[str], Source] = open_source) -> dict[str, Any]:
    """Open a source and keep its first picture; returns the picture's size, how long it took and where it lies.

    Raises:
        SourceError: nothing there, or no picture came.
    """
    began = time.monotonic()
    frame = next(iter(opened(source).frames(1.0)), None)
    if frame is None:
        raise SourceError(f"{source}: not one picture came.")
    relative = f"probes/{job_id}.jpg"
    picture = frame.whole()
    write_still(store.files / relative, picture)
    return {
        "picture": relative,
        "width": int(picture.shape[1]),
        "height": int(picture.shape[0]),
        "seconds": round(time.monotonic() - began, 1),
    }


def propose(store: Store, camera_id: str, eyes: Eyes) -> dict[str, Any]:
    """Look for assets in a camera's view: at its source, or at its reference picture where it has none.

    Raises:
        LamplighterError: the camera has neither, or its source cannot be read.
    """
    with store.read() as session:
        camera = load_camera(session, camera_id)
        source, reference = camera.source, camera.reference_path
    if not source and (reference is None or not (store.files / reference).is_file()):
        raise LamplighterError(f"Camera {camera_id} has no source and no picture yet: inspect a clip of it first.")
    found = eyes.discover(eyes.open(source or str(store.files / str(reference))), camera_id)
    return {
        "proposals": [
            {"id": a.id, "kind": a.kind, "polygon": a.region.as_list()} for a in found if a.region is not None
        ]
    }
