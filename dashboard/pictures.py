"""Pictures from the store's files, small enough for a page; a broken file is no picture, never an error."""

from __future__ import annotations

import base64
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import streamlit as st
from PIL import Image, ImageOps, UnidentifiedImageError

_LARGE, _WHOLE = (1280, 1280), (1920, 1920)
_THUMBNAIL = (128, 84)


def picture(file: Path | None) -> str | None:
    """A picture as a `data:` address, at most 1280 pixels wide; None when there is none or it cannot be read."""
    return _small(file, _LARGE)


def whole_picture(file: Path | None) -> str | None:
    """A picture to be looked at closely as a `data:` address, at most 1920 pixels wide.

    Streamlit drops a file that it serves for `st.image` when a run of the page is broken off before it shows it again:
    a browser that fetches it late, or a second time, then has a broken picture. What comes with the page stays.
    """
    return _small(file, _WHOLE)


def thumbnail(file: Path | None) -> str | None:
    """A picture as a `data:` address of a few kilobytes, for a row of a table."""
    try:
        return _row_picture(str(file), file.stat().st_mtime_ns) if file else None
    except OSError:
        return None


def size_of(file: Path) -> tuple[int, int]:
    """Width and height of a picture in pixels; its header says them.

    Raises:
        OSError: the file is gone or no picture.
    """
    with Image.open(file) as image:
        return image.size


def _small(file: Path | None, size: tuple[int, int]) -> str | None:
    try:
        return _encoded(str(file), file.stat().st_mtime_ns, *size) if file else None
    except OSError:
        return None


# The picture as it was when it was last changed: a camera's still changes under its name.
@st.cache_data(max_entries=400, ttl=3600, show_spinner=False)
def _encoded(file: str, changed_ns: int, width: int, height: int) -> str | None:
    return _jpeg(
        file, lambda image: ImageOps.contain(image, (width, height)) if max(image.size) > max(width, height) else image
    )


@st.cache_data(max_entries=4_000, ttl=3600, show_spinner=False)
def _row_picture(file: str, changed_ns: int) -> str | None:
    # A lamp's close up is a tall strip, and its head is what matters.
    return _jpeg(file, lambda image: ImageOps.fit(image, _THUMBNAIL, centering=(0.5, 0.1)))


def _jpeg(file: str, shape: Callable[[Image.Image], Image.Image]) -> str | None:
    try:
        with Image.open(file) as image:
            buffer = BytesIO()
            shape(ImageOps.exif_transpose(image).convert("RGB")).save(buffer, "JPEG", quality=80)
    except (OSError, SyntaxError, UnidentifiedImageError):
        return None
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
