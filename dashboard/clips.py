"""Clips on this machine: the samples that come with Lamplighter, and what people uploaded."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dashboard.language import tr
from dashboard.settings import CLIP_SUFFIXES, LARGEST_UPLOAD_MB
from detectors.errors import LamplighterError
from workorders.places import SAMPLES
from workorders.store import Store

_TOKEN = 12
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class ClipCamera:
    """The camera of a sample, as the file beside the clip says."""

    id: str
    latitude: float | None
    longitude: float | None
    time_zone: str


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip that can be inspected.

    Attributes:
        title: name on the screen.
        camera: what is said of the camera that took it, for a sample; None for an upload.
        is_sample: whether it comes with Lamplighter.
    """

    path: Path
    title: str
    camera: ClipCamera | None = None
    is_sample: bool = True


def known_clips(store: Store, most: int = 50) -> list[Clip]:
    """The samples by name, then the uploads, the latest first."""
    samples = [
        Clip(path, path.stem.replace("_", " ").capitalize(), _camera_of(path)) for path in sorted(SAMPLES.glob("*.mp4"))
    ]
    uploads = [path for path in _files(store.uploads) if path.suffix[1:].lower() in CLIP_SUFFIXES]
    newest = sorted(uploads, key=lambda path: path.stat().st_ctime, reverse=True)[:most]
    return samples + [Clip(path, title_of(str(path)), is_sample=False) for path in newest]


def keep_upload(store: Store, name: str, content: BinaryIO, size: int) -> Path:
    """Keep an uploaded clip under a safe name of its own, whole or not at all.

    Args:
        size: bytes of the upload.

    Raises:
        LamplighterError: a file that is empty, too large, or of a kind that is no clip.
    """
    suffix = Path(name).suffix[1:].lower()
    if suffix not in CLIP_SUFFIXES:
        raise LamplighterError(
            tr("'{name}' is not a clip; upload one of: {forms}.", name=name[-80:], forms=", ".join(CLIP_SUFFIXES))
        )
    if size == 0:
        raise LamplighterError(tr("'{name}' is empty.", name=name[-80:]))
    if size > LARGEST_UPLOAD_MB * 2**20:
        raise LamplighterError(
            tr(
                "'{name}' is larger than {mb} MB; inspect it by its path instead.",
                name=name[-80:],
                mb=LARGEST_UPLOAD_MB,
            )
        )
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", Path(name).stem).strip(".-")[:60] or "clip"
    target = store.uploads / f"{secrets.token_hex(_TOKEN // 2)}-{stem}.{suffix}"
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.part")
    with partial.open("wb") as file:
        while block := content.read(_BLOCK):
            file.write(block)
    partial.replace(target)
    return target


def title_of(source: str) -> str:
    """A source as the screen names it: a file by its name, without the token that made it unique."""
    if "://" in source:
        return source
    name = Path(source).name
    return name[_TOKEN + 1 :] if re.match(rf"[0-9a-f]{{{_TOKEN}}}-.", name) else name


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []


def _camera_of(clip: Path) -> ClipCamera | None:
    try:
        told = json.loads(clip.with_suffix(".truth.json").read_text(encoding="utf-8"))
        return ClipCamera(told["camera"], told.get("latitude"), told.get("longitude"), told.get("time_zone", "UTC"))
    except (OSError, ValueError, KeyError, TypeError):
        return None
