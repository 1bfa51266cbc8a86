"""What the dashboard is told by its environment. Nothing else in `dashboard` reads the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

DATABASE = "LAMPLIGHTER_DATABASE_URL"
FILES = "LAMPLIGHTER_FILES"

LARGEST_UPLOAD_MB = 500
"""Largest clip taken by the browser. It passes through memory once; longer footage is better named by its path."""
CLIP_SUFFIXES = ("mp4", "avi", "mov", "mkv", "webm", "m4v", "mpg", "mpeg", "ts")
POLL_S = 2.0
"""How often a live part asks for the store's version, one cheap row."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where this dashboard looks.

    Attributes:
        database_url: SQLAlchemy URL; None for the store's default.
        files: folder with evidence, stills and uploads; None for the store's default.
    """

    database_url: str | None
    files: Path | None


def read_settings() -> Settings:
    """The settings of this process."""
    files = os.environ.get(FILES)
    return Settings(os.environ.get(DATABASE) or None, Path(files) if files else None)
