"""Files that are there whole or not at all: written under a temporary name, then renamed."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class SavedFile:
    """A file in its place.

    Attributes:
        path: relative to the folder it was saved in, with forward slashes.
        size: bytes.
    """

    path: str
    sha256: str
    size: int


def save_bytes(root: Path, folder: str, suffix: str, content: bytes) -> SavedFile:
    """Write a new file of its own name under `root/folder`."""
    relative = new_name(folder, suffix)
    place_whole(root / relative, content)
    return SavedFile(relative, hashlib.sha256(content).hexdigest(), len(content))


def new_name(folder: str, suffix: str) -> str:
    """A relative path that nothing else has."""
    return f"{folder}/{secrets.token_hex(8)}{suffix}"


def place_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader, or a crash, never meets half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two threads may write the same still at one time: each has a temporary name of its own.
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def adopt(root: Path, relative: str) -> SavedFile:
    """Describe a file that something else wrote in its place."""
    path = root / relative
    return SavedFile(relative, sha256_of(path), path.stat().st_size)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's content, in hexadecimal.

    Raises:
        OSError: the file cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def inside(root: Path, relative: str) -> Path | None:
    """The file of a stored path, or None when it is gone or the path leads out of its folder."""
    path = (root / relative).resolve()
    if not path.is_relative_to(root.resolve()) or not path.is_file():
        return None
    return path
