"""Checks evidence and attachments against the database: missing, changed and orphaned files."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from workorders.evidence.files import inside, sha256_of
from workorders.schema import Attachment, Evidence
from workorders.store import Store

YOUNG_S = 3_600.0
"""A file this young may belong to an order that is being written at this moment."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Paths relative to the folder of files. `orphaned` belong to no row: safe to delete."""

    checked: int
    missing: tuple[str, ...]
    changed: tuple[str, ...]
    orphaned: tuple[str, ...]

    @property
    def sound(self) -> bool:
        return not (self.missing or self.changed or self.orphaned)


def check_files(store: Store, delete_orphans: bool = False) -> CheckReport:
    """Read every file that the database names and compare its SHA-256; list files that it does not name."""
    with store.read() as session:
        evidence = session.execute(select(Evidence.path, Evidence.sha256).where(Evidence.removed_at.is_(None))).all()
        attached = session.execute(select(Attachment.path, Attachment.sha256)).all()
    missing: list[str] = []
    changed: list[str] = []
    orphaned: list[str] = []
    for root, rows in ((store.evidence, evidence), (store.attachments, attached)):
        named = {path for path, _ in rows}
        for path, sha256 in rows:
            file = inside(root, path)
            shown = f"{root.name}/{path}"
            if file is None:
                missing.append(shown)
            elif sha256_of(file) != sha256:
                changed.append(shown)
        orphaned += [f"{root.name}/{path}" for path in _orphans(root, named)]
    if delete_orphans:
        for path in orphaned:
            (store.files / path).unlink(missing_ok=True)
    return CheckReport(len(evidence) + len(attached), tuple(missing), tuple(changed), tuple(orphaned))


def _orphans(root: Path, named: set[str]) -> list[str]:
    if not root.is_dir():
        return []
    limit = time.time() - YOUNG_S
    files = (p for p in sorted(root.rglob("*")) if p.is_file() and p.stat().st_mtime < limit)
    return [path for p in files if (path := p.relative_to(root).as_posix()) not in named]
