"""What an order is about: the key under which there is one open order for each issue."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from detectors.geometry import Box
from detectors.issues import CAMERA_FAULTS
from detectors.values import Finding
from workorders.schema import Asset, WorkOrder
from workorders.words import OPEN_STATES

GRID = (8, 6)
"""Columns and rows of the cells that stand in for an asset where nothing is registered."""
_SAME_PLACE_IOU = 0.1


def subject_of(session: Session, finding: Finding) -> tuple[str, Asset | None]:
    """The subject of a finding, with its asset where one is registered.

    A finding without an asset takes the subject of an open order that its box overlaps, so that a thing on the border
    of two cells is not two orders.
    """
    if finding.issue in CAMERA_FAULTS:
        return f"camera:{finding.camera}", None
    asset = session.get(Asset, finding.asset_id) if finding.asset_id else None
    if asset is not None:
        return f"asset:{asset.id}", asset
    return _nearby(session, finding) or cell(finding.camera, finding.box), None


def cell(camera_id: str, box: Box) -> str:
    """The cell of a camera's picture that the centre of a box lies in."""
    x, y = box.centre
    column, row = min(GRID[0] - 1, int(x * GRID[0])), min(GRID[1] - 1, int(y * GRID[1]))
    return f"cell:{camera_id}:{column}:{row}"


def _nearby(session: Session, finding: Finding) -> str | None:
    open_here = session.execute(
        select(WorkOrder.subject, WorkOrder.box).where(
            WorkOrder.camera_id == finding.camera,
            WorkOrder.issue == finding.issue,
            WorkOrder.asset_id.is_(None),
            WorkOrder.state.in_(OPEN_STATES),
            WorkOrder.subject.startswith("cell:"),
        )
    )
    for subject, box in open_here:
        if box and Box.of(box).iou(finding.box) >= _SAME_PLACE_IOU:
            return str(subject)
    return None
