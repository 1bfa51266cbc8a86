"""Verdicts as a YOLO data set: what people confirmed and dismissed teaches the next detector."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from detectors.issues import ISSUES
from workorders.evidence.files import inside, place_whole
from workorders.exports.tables import csv_bytes
from workorders.schema import Evidence, FindingRow, Verdict, WorkOrder
from workorders.store import Store
from workorders.words import DismissReason, EvidenceKind, Moment, VerdictKind

CLASSES = tuple(ISSUES)


@dataclass(frozen=True, slots=True)
class LabelReport:
    """What was written: pictures with a label, pictures that show a false alarm, pictures whose file is gone."""

    labelled: int
    false_alarms: int
    missing: int


def export_labels(store: Store, folder: Path) -> LabelReport:
    """Write `images/`, `labels/`, `data.yaml` and `verdicts.csv`.

    A confirmed finding becomes a box of its issue. A dismissed one does too, as the thing was there, unless it was a
    false alarm: that picture gets an empty label, so that the detector learns what is not one. The latest verdict
    counts.

    Raises:
        OSError: the folder cannot be written.
    """
    for part in ("images", "labels"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    labelled = false_alarms = missing = 0
    rows = []
    for order, verdict, evidence, finding in _judged(store):
        source = inside(store.evidence, evidence.path)
        if source is None:
            missing += 1
            continue
        false = verdict.kind is VerdictKind.DISMISSED and verdict.reason is DismissReason.FALSE_ALARM
        name = f"{order.id:06d}-{evidence.id}"
        shutil.copyfile(source, folder / "images" / f"{name}.jpg")
        label = "" if false else _line(order.issue, finding.box)
        place_whole(folder / "labels" / f"{name}.txt", label.encode())
        labelled, false_alarms = labelled + (not false), false_alarms + false
        reason = verdict.reason.value if verdict.reason else ""
        rows.append((f"{name}.jpg", order.id, order.issue, verdict.kind.value, reason, verdict.actor_id, verdict.note))
    names = "\n".join(f"  {n}: {json.dumps(code)}" for n, code in enumerate(CLASSES))
    place_whole(folder / "data.yaml", f"path: .\ntrain: images\nval: images\nnames:\n{names}\n".encode())
    headings = ("picture", "order", "issue", "verdict", "reason", "by", "note")
    place_whole(folder / "verdicts.csv", csv_bytes(headings, rows))
    return LabelReport(labelled, false_alarms, missing)


def _judged(store: Store) -> list[tuple[WorkOrder, Verdict, Evidence, FindingRow]]:
    chosen = (
        select(WorkOrder, Verdict, Evidence, FindingRow)
        .join(Verdict, Verdict.order_id == WorkOrder.id)
        .join(Evidence, Evidence.order_id == WorkOrder.id)
        .join(FindingRow, FindingRow.id == Evidence.finding_id)
        .where(Evidence.kind == EvidenceKind.CLEAN, Evidence.moment == Moment.BEFORE, Evidence.removed_at.is_(None))
        .order_by(Evidence.id, Verdict.id)
    )
    with store.read() as session:
        latest = {row[2].id: (row[0], row[1], row[2], row[3]) for row in session.execute(chosen)}
    return list(latest.values())


def _line(issue: str, box: list[float]) -> str:
    x0, y0, x1, y1 = box
    return f"{CLASSES.index(issue)} {(x0 + x1) / 2:.6f} {(y0 + y1) / 2:.6f} {x1 - x0:.6f} {y1 - y0:.6f}\n"
