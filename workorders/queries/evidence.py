"""Evidence of many orders at once, for the small pictures of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import select

from workorders.evidence.files import inside
from workorders.schema import Evidence
from workorders.store import Store
from workorders.words import EvidenceKind, Moment

_RANK = {EvidenceKind.CROP: 0, EvidenceKind.ANNOTATED: 1, EvidenceKind.CLEAN: 2}


def small_pictures(store: Store, order_ids: Sequence[int]) -> Mapping[int, Path]:
    """The picture that says most in little room, for each order that has one: the close up, else the whole."""
    chosen = (
        select(Evidence.order_id, Evidence.kind, Evidence.path)
        .where(
            Evidence.order_id.in_(order_ids),
            Evidence.moment == Moment.BEFORE,
            Evidence.kind.in_(_RANK),
            Evidence.removed_at.is_(None),
        )
        .order_by(Evidence.id)
    )
    with store.read() as session:
        rows = session.execute(chosen).all()
    found: dict[int, Path] = {}
    for order_id, _, path in sorted(rows, key=lambda row: _RANK[row[1]]):
        file = inside(store.evidence, path) if order_id not in found else None
        if file is not None:
            found[order_id] = file
    return found
