"""Orders that a person raises: what a visitor or a crew reports, and no camera sees."""

from __future__ import annotations

from sqlalchemy import select

from detectors.issues import issue_type
from workorders.actors import Actor
from workorders.errors import NotAllowed, NotFound
from workorders.orders.desk import Done
from workorders.orders.opening import open_order
from workorders.register.cameras import load_camera
from workorders.schema import Asset, CameraRegion, WorkOrder
from workorders.store import Store, UnitOfWork
from workorders.words import OPEN_STATES


def raise_order(
    store: Store,
    actor: Actor,
    issue: str,
    *,
    asset_id: str | None = None,
    camera_id: str | None = None,
    priority: int | None = None,
    note: str = "",
) -> Done:
    """Raise an order for an asset, or for a camera itself.

    A camera that sees the asset will verify the repair, as with orders of its own.

    Raises:
        NotFound: no such asset or camera.
        NotAllowed: a viewer, an issue that such an asset cannot have, or an order for the same thing is already open.
        LamplighterError: no such issue or priority.
    """
    actor.must_change_orders()
    kind = issue_type(issue)
    if (asset_id is None) == (camera_id is None):
        raise NotAllowed("An order is about one asset or one camera: name one of them.")

    def open_it(work: UnitOfWork) -> Done:
        session = work.session
        asset = session.get(Asset, asset_id) if asset_id else None
        if asset_id and asset is None:
            raise NotFound(f"There is no asset '{asset_id}'.")
        what = asset.kind if asset else "camera"
        if kind.asset_kinds and what not in kind.asset_kinds:
            raise NotAllowed(f"A {what.replace('_', ' ')} cannot have the issue '{kind.title}'.")
        seen_by = select(CameraRegion.camera_id).where(CameraRegion.asset_id == asset_id).limit(1)
        found = camera_id or session.scalar(seen_by)
        camera = load_camera(session, found) if found else None
        subject = f"asset:{asset_id}" if asset_id else f"camera:{camera_id}"
        already = session.scalar(
            select(WorkOrder.id).where(
                WorkOrder.subject == subject, WorkOrder.issue == issue, WorkOrder.state.in_(OPEN_STATES)
            )
        )
        if already is not None:
            raise NotAllowed(f"Order {already} is already open for the same thing; add a comment there.")
        order = open_order(
            session, camera, asset, subject, issue, store.now(), priority=priority, actor=actor,
            note=note.strip() or "raised by hand",
        )  # fmt: skip
        return Done(order.id, order.state, order.version)

    return store.transact(open_it)
