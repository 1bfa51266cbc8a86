"""Regions: where cameras see assets, as people draw them and as proposals are accepted."""

from __future__ import annotations

import re
from itertools import chain, count

from sqlalchemy.orm import Session

from detectors.errors import RegisterError
from detectors.geometry import Region
from detectors.values import Asset as SeenAsset
from workorders.actors import Actor
from workorders.register.cameras import load_camera, register_seen
from workorders.schema import Asset, Camera
from workorders.store import Store

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
SAME_PLACE = 0.5
"""A proposal that overlaps a region of its kind by more than this IoU shows what is registered already: a choice."""


def add_region(
    store: Store, actor: Actor, camera_id: str, asset_id: str, kind: str, polygon: list[list[float]], name: str = ""
) -> bool:
    """Say where a camera sees an asset, and register the asset if it is new; returns whether it was.

    Raises:
        NotAllowed: the actor is no manager.
        NotFound: no such camera.
        RegisterError: an id that cannot be, an asset of another kind, or no region.
    """
    actor.must_manage()
    if not _ID.fullmatch(asset_id):
        raise RegisterError(f"'{asset_id}' cannot be an asset's id; use letters, digits, dots, hyphens.")
    seen = SeenAsset(asset_id, kind, Region.of(polygon), name.strip())
    with store.write() as work:
        camera = load_camera(work.session, camera_id)
        added = register_seen(work.session, camera, [seen], store.now())
        work.session.get_one(Asset, asset_id).retired_at = None
        work.commit()
    return added > 0


def accept(
    store: Store, actor: Actor, camera_id: str, proposals: list[tuple[str, str, list[list[float]]]]
) -> list[str]:
    """Register proposed assets: (id, kind, polygon) each. One whose id is taken gets a free one; returns the ids.

    Raises:
        NotAllowed: the actor is no manager.
        NotFound: no such camera.
        RegisterError: a polygon that is no region.
    """
    actor.must_manage()
    with store.write() as work:
        camera = load_camera(work.session, camera_id)
        given = []
        for wanted, kind, polygon in proposals:
            asset_id = _free_id(work.session, camera, wanted)
            register_seen(work.session, camera, [SeenAsset(asset_id, kind, Region.of(polygon))], store.now())
            given.append(asset_id)
        work.commit()
    return given


def _free_id(session: Session, camera: Camera, wanted: str) -> str:
    own = f"{camera.id}-{wanted}"
    candidates = chain([wanted, own], (f"{own}-{n}" for n in count(2)))
    return next(handle for handle in candidates if session.get(Asset, handle) is None)
