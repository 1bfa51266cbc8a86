"""Pictures of a finding: the clean frame, the annotated frame and a crop, written before the order that needs them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import cv2
from sqlalchemy import select
from sqlalchemy.orm import Session

from detectors.annotate import draw
from detectors.errors import LamplighterError
from detectors.geometry import Box
from detectors.values import Finding, Image, Look, View
from workorders.evidence.files import SavedFile, place_whole, save_bytes
from workorders.schema import Evidence
from workorders.words import EvidenceKind, Moment

CROP_MARGIN = 0.6
"""A crop shows this share of its box around it: enough to tell where it is."""
_SMALLEST_CROP = 0.08
_QUALITY = 92


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """A file in its place that no row names yet."""

    kind: EvidenceKind
    moment: Moment
    file: SavedFile
    taken_at: datetime
    box: Box | None

    def row(self, order_id: int, finding_id: int | None, camera_id: str | None) -> Evidence:
        """The row that makes it an order's evidence."""
        return Evidence(
            order_id=order_id,
            finding_id=finding_id,
            camera_id=camera_id,
            moment=self.moment,
            kind=self.kind,
            path=self.file.path,
            sha256=self.file.sha256,
            size=self.file.size,
            taken_at=self.taken_at,
            box=self.box.as_list() if self.box else None,
        )


def write_pictures(
    root: Path,
    look: Look,
    view: View,
    box: Box | None,
    findings: Iterable[Finding] = (),
    moment: Moment = Moment.BEFORE,
) -> list[NewEvidence]:
    """Write the three pictures of one look.

    Args:
        box: where the issue is; None for one of the whole picture, which gets no crop.
    """
    folder = f"{look.frame.at:%Y/%m/%d}"
    clean = look.frame.whole()
    pictures = [(EvidenceKind.CLEAN, clean), (EvidenceKind.ANNOTATED, draw(look, view, findings, whole=True))]
    if box is not None and box.area < 0.9:
        pictures.append((EvidenceKind.CROP, crop(clean, box)))
    return [
        NewEvidence(kind, moment, save_bytes(root, folder, ".jpg", jpeg(image)), look.frame.at, box)
        for kind, image in pictures
    ]


def crop(image: Image, box: Box) -> Image:
    """The part of a picture around a box."""
    wide = box.grown(CROP_MARGIN)
    x, y = box.centre
    half = _SMALLEST_CROP / 2
    wide = wide.union(Box.of((x - half, y - half, x + half, y + half)))
    x0, y0, x1, y1 = wide.pixels(image.shape[1], image.shape[0])
    return image[y0:y1, x0:x1]


def jpeg(image: Image, quality: int = _QUALITY) -> bytes:
    """A picture as the bytes of a JPEG.

    Raises:
        LamplighterError: the picture cannot be encoded.
    """
    good, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not good:
        raise LamplighterError("A picture could not be encoded as JPEG.")
    return data.tobytes()


def write_still(path: Path, image: Image) -> None:
    """Replace a camera's latest still, whole."""
    place_whole(path, jpeg(image, 85))


def has_evidence(
    session: Session, order_id: int, finding_id: int | None, kind: EvidenceKind = EvidenceKind.CLEAN
) -> bool:
    """Whether an order has a file of a kind for one finding."""
    found = select(Evidence.id).where(Evidence.order_id == order_id, Evidence.kind == kind)
    return session.scalar(found.where(Evidence.finding_id == finding_id).limit(1)) is not None
