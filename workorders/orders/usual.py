"""Usual looks: places whose order people dismissed, kept quiet while they look as they did then."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import cv2
from sqlalchemy import select
from sqlalchemy.orm import Session

from detectors.geometry import Box
from detectors.issues import ASSET_KINDS, issue_type
from detectors.same_place import ALIKE, likeness
from detectors.settings import ConfirmationSettings
from detectors.values import Image, Look
from workorders.errors import NotAllowed
from workorders.evidence.files import inside
from workorders.schema import Evidence, Suppression, WorkOrder
from workorders.words import EvidenceKind, Moment

LONGEST = timedelta(days=90)
"""Trees grow, sun and seasons change: after this somebody should look again."""
_SAME_PLACE_IOU = 0.3
_THINGS = frozenset(ASSET_KINDS) - {"path", "lawn"}
_WIDEST_PX = 960  # of a picture that is held for comparing
_SHOWS_THE_PLACE = (
    Evidence.kind == EvidenceKind.CLEAN,
    Evidence.moment == Moment.BEFORE,
    Evidence.removed_at.is_(None),
    Evidence.box.is_not(None),
)

Usual = Callable[[str, str, Box], int | None]
"""Which suppression, by its id, covers an issue of a subject at a place of the picture, as that looks now."""


def nothing_usual(subject: str, issue: str, box: Box) -> int | None:
    """The answer of whoever has no picture to compare with."""
    return None


@dataclass(frozen=True, slots=True)
class UsualRow:
    """A suppression that depends on a picture.

    Attributes:
        path: of the picture, relative to the evidence folder.
        box: the place in it, 0-1.
        light: light state in which it was taken; None when that was not noted.
    """

    id: int
    subject: str
    issue: str
    path: str
    box: Box
    light: str | None


@dataclass(slots=True)
class _Known:
    row: UsualRow
    picture: Image
    other: deque[bool] = field(default_factory=lambda: deque(maxlen=ConfirmationSettings().window))


class UsualLooks:
    """Watches, look by look, which of a camera's usual places still look as they did.

    As with findings, some of the last looks must agree before a place counts as changed: somebody may pass.
    """

    def __init__(self, evidence: Path) -> None:
        self._evidence = evidence
        self._known: dict[int, _Known] = {}
        self._needed = ConfirmationSettings().needed

    def renew(self, rows: Iterable[UsualRow]) -> None:
        """Take in which suppressions are in force now; their pictures are read once."""
        wanted = {row.id: row for row in rows}
        self._known = {number: known for number, known in self._known.items() if number in wanted}
        for number in wanted.keys() - self._known.keys():
            picture = self._picture(wanted[number].path)
            if picture is not None:
                self._known[number] = _Known(wanted[number], picture)

    def look(self, look: Look, issues: Collection[str]) -> bool:
        """Compare one look; True when a place that looked as it did does so no more.

        Args:
            issues: codes of the findings that are open; places of others need no comparison.
        """
        held = self._holding()
        for known in self._known.values() if not look.suspended else ():
            if known.row.issue in issues and known.row.light in (None, look.light.value):
                known.other.append(likeness(look.frame.image, known.picture, known.row.box) < ALIKE)
        return not held <= self._holding()

    def covering(self, subject: str, issue: str, box: Box) -> int | None:
        """The suppression that covers a finding of this camera: its place was compared, and looks as it did.

        A lamp is one place. A path has many: of it, and where nothing is registered, the box must be the same too.
        """
        by_box = subject.startswith("cell:") or not _THINGS.issuperset(issue_type(issue).asset_kinds)
        for number, known in self._known.items():
            same = known.row.box.iou(box) >= _SAME_PLACE_IOU if by_box else known.row.subject == subject
            if known.row.issue == issue and same and number in self._holding():
                return number
        return None

    def _holding(self) -> set[int]:
        return {i for i, known in self._known.items() if known.other and sum(known.other) < self._needed}

    def _picture(self, path: str) -> Image | None:
        file = inside(self._evidence, path)
        picture: Image | None = cv2.imread(str(file), cv2.IMREAD_COLOR) if file else None
        if picture is None or picture.shape[1] <= _WIDEST_PX:
            return picture
        scale = _WIDEST_PX / picture.shape[1]
        return cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def usual_rows(session: Session, camera_id: str, now: datetime) -> list[UsualRow]:
    """The suppressions of a camera that depend on a picture which is still kept."""
    rows = session.execute(
        select(Suppression, Evidence.path, Evidence.box, WorkOrder.light)
        .join(WorkOrder, WorkOrder.id == Suppression.order_id)
        .join(Evidence, Evidence.order_id == WorkOrder.id)
        .where(
            Suppression.by_picture,
            Suppression.until > now,
            Suppression.lifted_at.is_(None),
            Evidence.camera_id == camera_id,
            *_SHOWS_THE_PLACE,
        )
        .order_by(Evidence.id)
    )
    latest = {row.id: UsualRow(row.id, row.subject, row.issue, path, Box.of(box), light)
              for row, path, box, light in rows if box}  # fmt: skip
    return list(latest.values())


def has_picture(session: Session, order: WorkOrder) -> bool:
    """Whether a clean picture of an order is kept in which later looks would tell the issue."""
    kept = select(Evidence.id).where(Evidence.order_id == order.id, Evidence.camera_id.is_not(None), *_SHOWS_THE_PLACE)
    return issue_type(order.issue).by_still and session.scalar(kept.limit(1)) is not None


def require_picture(session: Session, order: WorkOrder) -> None:
    """For who cannot do without what `has_picture` asks for.

    Raises:
        NotAllowed: a still picture does not tell the issue, or none is kept.
    """
    if not issue_type(order.issue).by_still:
        raise NotAllowed(f"Order {order.id}: its picture does not tell the issue; keep it quiet for a time instead.")
    if not has_picture(session, order):
        raise NotAllowed(f"Order {order.id} keeps no picture of its place; keep it quiet for a time instead.")
