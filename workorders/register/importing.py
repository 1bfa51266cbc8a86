"""Takes a register file in: every row is checked first, and all of it is taken or nothing."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from detectors.errors import RegisterError
from detectors.geometry import Region
from detectors.issues import ASSET_KINDS
from workorders.actors import Actor
from workorders.errors import ImportRefused
from workorders.register.mapping import condition_of, guess_mapping, is_osm_tag, kind_of, power_of
from workorders.register.reading import RawRow, read_table
from workorders.register.sites import current_site
from workorders.schema import Asset, Camera, CameraRegion
from workorders.store import Store

_ID = re.compile(r"[^\s/\\\x00-\x1f]{1,128}")
_UNFIT = re.compile(r"[\s/\\\x00-\x1f]+")
_MOST_PROBLEMS = 1_000


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with a row; `row` as people count in the file."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or in a dry run would do.

    Attributes:
        mapping: field -> column of the file.
        kept_as_attributes: columns that are no field of ours; their values stay with the asset as they are.
        done: whether the register was changed: not in a dry run, and not when there is any problem.
    """

    rows: int
    created: int
    updated: int
    unchanged: int
    problems: tuple[RowProblem, ...]
    mapping: Mapping[str, str]
    kept_as_attributes: tuple[str, ...]
    done: bool


@dataclass(slots=True)
class _Wanted:
    """One row, checked: what the asset shall become. Only what the file says is in `values`."""

    row: int
    id: str
    ref: str
    values: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    regions: dict[str, list[list[float]]] = field(default_factory=dict)


def import_file(
    store: Store, actor: Actor, path: Path, mapping: Mapping[str, str] | None = None, dry_run: bool = False
) -> ImportReport:
    """Take in a file of the disk; see `import_assets`.

    Raises:
        ImportRefused: it is not there or cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ImportRefused(f"{path} cannot be read: {error.strerror}.") from None
    return import_assets(store, actor, path.name, content, mapping, dry_run)


def import_assets(
    store: Store,
    actor: Actor,
    name: str,
    content: bytes,
    mapping: Mapping[str, str] | None = None,
    dry_run: bool = False,
) -> ImportReport:
    """Add and update assets from a file. An asset is known by its external ref, else by its id.

    Args:
        mapping: field -> column, where the names of the columns do not say it.
        dry_run: check everything and report, change nothing.

    Raises:
        NotAllowed: the actor is no manager.
        ImportRefused: the file cannot be read at all, or a mapping that does not fit it.
    """
    actor.must_manage()
    table = read_table(name, content)
    columns = guess_mapping(table.columns, mapping)
    if "kind" not in columns and not any(is_osm_tag(c) for c in table.columns):
        raise ImportRefused(f"{name} does not say what its assets are: map a column to 'kind'.")
    if not {"id", "external_ref"} & columns.keys():
        raise ImportRefused(f"{name} does not name its assets: map a column to 'id' or 'external_ref'.")
    others = tuple(c for c in table.columns if c not in columns.values() and not is_osm_tag(c))
    problems: list[RowProblem] = []
    wanted = [w for row in table.rows if (w := _check(row, columns, others, problems)) is not None]
    with store.write() as work:
        counts = _Register(work.session, store.now(), problems).take(wanted)
        done = not dry_run and not problems
        if done:
            work.commit()
    return ImportReport(
        len(table.rows), *counts, tuple(sorted(problems, key=lambda p: p.row)[:_MOST_PROBLEMS]), columns, others, done
    )


class _Register:
    """The assets there are, by id and by external ref, while rows are taken in."""

    def __init__(self, session: Session, now: datetime, problems: list[RowProblem]) -> None:
        self._session, self._now, self._problems = session, now, problems
        self._site = current_site(session)
        assets = session.scalars(select(Asset)).all()
        self._by_id = {a.id: a for a in assets}
        self._by_ref = {a.external_ref: a for a in assets if a.external_ref and a.site_id == self._site.id}
        self._cameras = set(session.scalars(select(Camera.id)))
        self._rows: dict[str, int] = {}

    def take(self, wanted: list[_Wanted]) -> tuple[int, int, int]:
        """Returns: how many were created, updated, and left as they were."""
        counts = [0, 0, 0]
        for one in wanted:
            asset = self._find(one)
            if asset is None:
                continue
            fresh = asset.created_at is None
            changed = self._apply(asset, one)
            counts[0 if fresh else 1 if changed else 2] += 1
        if not self._problems:
            self._session.flush()
            for one in wanted:
                for camera_id, polygon in one.regions.items():
                    self._session.merge(CameraRegion(camera_id=camera_id, asset_id=one.id, polygon=polygon))
        else:
            self._session.expunge_all()
        return counts[0], counts[1], counts[2]

    def _find(self, one: _Wanted) -> Asset | None:
        known = self._by_ref.get(one.ref) if one.ref else None
        if known is not None and one.id and known.id != one.id:
            self._refuse(one, "external_ref", f"'{one.ref}' is the external ref of asset {known.id}")
            return None
        named = one.id or _UNFIT.sub("-", one.ref)
        asset = known or self._by_id.get(named)
        one.id = asset.id if asset else named
        if one.id in self._rows:
            self._refuse(one, "id", f"asset {one.id} is already in row {self._rows[one.id]}")
            return None
        self._rows[one.id] = one.row
        if asset is None:
            if "kind" not in one.values:
                self._refuse(one, "kind", "a new asset needs a kind")
                return None
            asset = Asset(id=one.id, site_id=self._site.id, attributes={})
            self._session.add(asset)
            self._by_id[one.id] = asset
        strangers = sorted(set(one.regions) - self._cameras)
        if strangers:
            self._refuse(one, "regions", f"there is no camera '{strangers[0]}'")
            return None
        return asset

    def _apply(self, asset: Asset, one: _Wanted) -> bool:
        fresh = asset.created_at is None
        changed = fresh or asset.retired_at is not None
        for name, value in one.values.items():
            if getattr(asset, name) != value:
                setattr(asset, name, value)
                changed = True
        if one.ref and asset.external_ref != one.ref:
            asset.external_ref, changed = one.ref, True
            self._by_ref[one.ref] = asset
        merged = {**(asset.attributes or {}), **one.attributes}
        if merged != asset.attributes:
            asset.attributes, changed = merged, True
        if changed:
            asset.updated_at, asset.retired_at = self._now, None
        if fresh:
            asset.created_at = self._now
        return changed

    def _refuse(self, one: _Wanted, column: str, message: str) -> None:
        self._problems.append(RowProblem(one.row, column, message))


def _check(
    row: RawRow, columns: Mapping[str, str], others: tuple[str, ...], problems: list[RowProblem]
) -> _Wanted | None:
    """A row as an asset, or None with its problems noted."""
    before = len(problems)

    def text(name: str) -> str:
        return row.values.get(columns.get(name, ""), "")

    def refuse(name: str, message: str) -> None:
        problems.append(RowProblem(row.number, columns.get(name, name), message))

    wanted = _Wanted(row.number, text("id"), text("external_ref"))
    if not wanted.id and not wanted.ref:
        refuse("id", "has neither an id nor an external ref")
    for name, value in (("id", wanted.id), ("external_ref", wanted.ref)):
        if value and name == "id" and not _ID.fullmatch(value):
            refuse(name, f"'{value[:40]}' cannot be an id: no spaces or slashes, at most 128 characters")
        elif len(value) > 128:
            refuse(name, "is longer than 128 characters")
    if not wanted.id and wanted.ref:
        wanted.values["name"] = wanted.ref
    kind = kind_of(text("kind"), row.values)
    if kind is not None:
        wanted.values["kind"] = kind
    elif text("kind") or "kind" not in columns:
        refuse("kind", f"'{text('kind')[:40]}' is not a kind of asset; the kinds are {', '.join(ASSET_KINDS)}")
    for name in ("name", "place", "group_ref"):
        if text(name):
            wanted.values[name] = text(name)[:128] if name == "group_ref" else text(name)
    for name, limit in (("latitude", 90.0), ("longitude", 180.0)):
        if text(name):
            number = _number(text(name))
            if number is None or abs(number) > limit:
                refuse(name, f"'{text(name)[:20]}' is not a {name} between -{limit:g} and {limit:g}")
            else:
                wanted.values[name] = number
    _check_words(wanted, text, refuse)
    wanted.attributes = {c: row.values[c] for c in others if row.values.get(c)}
    return wanted if len(problems) == before else None


def _check_words(wanted: _Wanted, text: Any, refuse: Any) -> None:
    if text("criticality"):
        if text("criticality") not in ("1", "2", "3"):
            refuse("criticality", f"'{text('criticality')[:20]}' is not 1 (critical), 2 (usual) or 3 (minor)")
        else:
            wanted.values["criticality"] = int(text("criticality"))
    for name, reading in (("condition", condition_of), ("power", power_of)):
        word = reading(text(name)) if text(name) else None
        if word is not None:
            wanted.values[name] = word
    if text("regions"):
        try:
            given = json.loads(text("regions"))
            wanted.regions = {str(c): Region.of(p).as_list() for c, p in given.items()}
        except (ValueError, AttributeError, TypeError, RecursionError, RegisterError) as error:
            refuse("regions", f"is not camera -> polygon: {error}")


def _number(text: str) -> float | None:
    try:
        value = float(text.replace(",", ".")) if text.count(",") <= 1 else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None
