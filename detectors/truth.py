"""Truth files: what a clip really shows, for scoring; and the register of the clip's camera."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from detectors.errors import LamplighterError
from detectors.geometry import Box, Region
from detectors.values import Asset, View

SUFFIX = ".truth.json"
Unit = Annotated[float, Field(ge=0, le=1)]


class _Asset(BaseModel):
    id: str
    kind: str
    region: list[tuple[Unit, Unit]] | None = None
    name: str = ""


class _Issue(BaseModel):
    issue: str
    asset_id: str | None = None
    box: tuple[Unit, Unit, Unit, Unit] | None = None
    start_s: float
    end_s: float


class _File(BaseModel):
    model_config = ConfigDict(extra="ignore")

    camera: str
    start_utc: datetime
    fps: float = Field(gt=0)
    width: int = Field(gt=0)
    height: int = Field(gt=0)
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    time_zone: str = "UTC"
    times_utc: list[datetime] = []
    assets: list[_Asset] = []
    issues: list[_Issue] = []


@dataclass(frozen=True, slots=True)
class TrueIssue:
    """An issue that really is in the clip, from `start_s` to `end_s` seconds."""

    issue: str
    asset_id: str | None
    box: Box | None
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Truth:
    """One truth file.

    Attributes:
        times: capture time of every frame, for time-lapse; empty where `start` and `fps` tell them.
    """

    view: View
    start: datetime
    fps: float
    times: tuple[datetime, ...]
    issues: tuple[TrueIssue, ...]


def find_truth(path: Path) -> Path | None:
    """The truth file beside a clip or a folder of frames, if there is one."""
    beside = path.with_name((path.stem if path.is_file() else path.name) + SUFFIX)
    return beside if beside.is_file() else None


def clip_beside(truth_path: Path) -> Path:
    """The clip or the folder of frames that a truth file is about.

    Raises:
        LamplighterError: there is none of its name.
    """
    stem = truth_path.name.removesuffix(SUFFIX)
    for candidate in (truth_path.with_name(stem), *sorted(truth_path.parent.glob(f"{stem}.*"))):
        if candidate.exists() and not candidate.name.endswith(SUFFIX) and candidate.suffix != ".json":
            return candidate
    raise LamplighterError(f"{truth_path}: no clip or folder of frames named '{stem}' beside it.")


def read_truth(path: Path) -> Truth:
    """Read and check a truth file.

    Raises:
        LamplighterError: the file cannot be read, or does not have the documented form.
    """
    try:
        raw = _File.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise LamplighterError(f"{path}: not a readable truth file ({error}).") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(p) for p in first["loc"])
        raise LamplighterError(f"{path}: {where}: {first['msg']} ({error.error_count()} errors in all).") from error
    assets = tuple(Asset(a.id, a.kind, Region.of(a.region) if a.region else None, a.name) for a in raw.assets)
    view = View(raw.camera, assets, raw.latitude, raw.longitude, raw.time_zone)
    issues = tuple(
        TrueIssue(i.issue, i.asset_id, Box.of(i.box) if i.box else None, i.start_s, i.end_s) for i in raw.issues
    )
    times = tuple(_utc(t) for t in raw.times_utc)
    return Truth(view, _utc(raw.start_utc), raw.fps, times, issues)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
