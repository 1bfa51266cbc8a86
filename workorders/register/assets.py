"""Assets, changed one at a time by a person."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select

from detectors.errors import RegisterError
from detectors.issues import ASSET_KINDS
from workorders.actors import Actor
from workorders.errors import NotFound
from workorders.register.sites import current_site
from workorders.schema import Asset, WorkOrder
from workorders.store import Store
from workorders.words import OPEN_STATES

_ID = re.compile(r"[^\s/\\\x00-\x1f]{1,128}")


@dataclass(frozen=True, slots=True)
class AssetDetails:
    """What people say of an asset. `criticality`: 1 critical, 2 usual, 3 minor."""

    kind: str
    name: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    criticality: int = 2
    external_ref: str | None = None
    group_ref: str | None = None


def save_asset(store: Store, actor: Actor, asset_id: str, details: AssetDetails) -> None:
    """Add an asset, or change it.

    Raises:
        NotAllowed: the actor is no manager.
        RegisterError: an id, kind, place or external ref that cannot be.
    """
    actor.must_manage()
    _check(asset_id, details)
    with store.write() as work:
        session, now = work.session, store.now()
        if details.external_ref:
            other = session.scalar(select(Asset.id).where(Asset.external_ref == details.external_ref))
            if other not in (None, asset_id):
                raise RegisterError(f"'{details.external_ref}' is the external ref of asset {other}.")
        asset = session.get(Asset, asset_id)
        if asset is None:
            asset = Asset(id=asset_id, site_id=current_site(session).id, attributes={}, created_at=now)
            session.add(asset)
        asset.kind, asset.name, asset.place = details.kind, details.name.strip(), details.place.strip()
        asset.latitude, asset.longitude, asset.criticality = details.latitude, details.longitude, details.criticality
        asset.external_ref, asset.group_ref = details.external_ref or None, details.group_ref or None
        asset.updated_at, asset.retired_at = now, None
        work.commit()


def retire_asset(store: Store, actor: Actor, asset_id: str) -> None:
    """Take an asset out of use. It stays in the register for its history, out of views and tables.

    Raises:
        NotAllowed: the actor is no manager.
        NotFound: no such asset.
        RegisterError: it still has an open order.
    """
    actor.must_manage()
    with store.write() as work:
        asset = work.session.get(Asset, asset_id)
        if asset is None:
            raise NotFound(f"There is no asset '{asset_id}'.")
        order = work.session.scalar(
            select(WorkOrder.id).where(WorkOrder.asset_id == asset_id, WorkOrder.state.in_(OPEN_STATES)).limit(1)
        )
        if order is not None:
            raise RegisterError(f"Asset {asset_id} still has order {order} open; close or dismiss that first.")
        asset.retired_at = store.now()
        work.commit()


def _check(asset_id: str, details: AssetDetails) -> None:
    if not _ID.fullmatch(asset_id):
        raise RegisterError(f"'{asset_id[:40]}' cannot be an asset's id: no spaces or slashes, at most 128 characters.")
    if details.kind not in ASSET_KINDS:
        raise RegisterError(f"'{details.kind}' is not a kind of asset; the kinds are {', '.join(ASSET_KINDS)}.")
    if details.criticality not in (1, 2, 3):
        raise RegisterError("Criticality is 1 (critical), 2 (usual) or 3 (minor).")
    for name, value, limit in (("latitude", details.latitude, 90), ("longitude", details.longitude, 180)):
        if value is not None and not -limit <= value <= limit:
            raise RegisterError(f"{value:g} is not a {name}; it lies between -{limit} and {limit}.")
