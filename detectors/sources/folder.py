"""Folders of pictures, and single pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from detectors.errors import SourceError
from detectors.sources.glimpses import glimpsed
from detectors.sources.pictures import working_copy
from detectors.values import Frame, Image

PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})
_STAMP = re.compile(r"(20\d\d)-?(\d\d)-?(\d\d)[T_ -]?(\d\d)[-:]?(\d\d)[-:]?(\d\d)")
_DEFAULT_SPACING_S = 1.0


class PictureFolder:
    """Pictures of one camera, in the natural order of their names.

    Times come from the names (`cam_20261123_081500.jpg`, UTC), else from `times`, else from `start` and `fps`,
    else the pictures count as one second apart.
    """

    live = False

    def __init__(
        self,
        path: Path,
        start: datetime | None = None,
        fps: float | None = None,
        times: tuple[datetime, ...] = (),
    ) -> None:
        """List the pictures.

        Raises:
            SourceError: no such folder, no pictures in it, or not as many times as pictures.
        """
        self.spec = str(path)
        self.name = path.name
        if path.is_file():
            self._files = [path]
        elif path.is_dir():
            self._files = sorted((p for p in path.iterdir() if p.suffix.lower() in PICTURE_SUFFIXES), key=_natural)
        else:
            raise SourceError(f"{path}: no such file or folder.")
        if not self._files:
            raise SourceError(f"{path}: no pictures in this folder ({', '.join(sorted(PICTURE_SUFFIXES))}).")
        if times and len(times) != len(self._files):
            raise SourceError(f"{path}: {len(self._files)} pictures but {len(times)} times.")
        self.fps = fps
        first = start or datetime.fromtimestamp(int(self._files[0].stat().st_mtime), UTC)
        self._times = list(times) or _times(self._files, first, fps)
        self.duration_s = (self._times[-1] - self._times[0]).total_seconds()

    def frames(self, every_s: float) -> Iterator[Frame]:
        """See `Source.frames`. A broken picture is passed over and named once the others were read."""
        broken: list[str] = []
        wanted_s = 0.0
        last_s: float | None = None
        for index, (file, at) in enumerate(zip(self._files, self._times, strict=True)):
            offset_s = (at - self._times[0]).total_seconds()
            if 0 <= offset_s < wanted_s - 1e-6:
                continue
            image = _read(file)
            if image is None:
                broken.append(file.name)
                continue
            wanted_s = max(wanted_s + every_s, offset_s + every_s / 2)
            small, full = working_copy(image)
            before = tuple if last_s is None else partial(self._glimpses, last_s, offset_s)
            last_s = offset_s
            yield Frame(small, at, offset_s, index, full, before)
        if broken:
            named = ", ".join(broken[:3]) + (" …" if len(broken) > 3 else "")
            raise SourceError(
                f"{self.spec}: {len(broken)} of {len(self._files)} pictures could not be read ({named}); "
                "the others were inspected."
            )

    def _glimpses(self, earlier_s: float, later_s: float) -> list[Image]:
        """The pictures between two looks that can be read."""
        offsets = [(at - self._times[0]).total_seconds() for at in self._times]
        between = [(s, file) for s, file in zip(offsets, self._files, strict=True) if earlier_s < s < later_s]
        read = [_read(file) for file in glimpsed(earlier_s, later_s, between)]
        return [working_copy(image)[0] for image in read if image is not None]


def _natural(path: Path) -> list[tuple[int, int, str]]:
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d+)", path.name.lower())]


def _times(files: list[Path], start: datetime, fps: float | None) -> list[datetime]:
    stamped = [_stamp(f.stem) for f in files]
    if all(t is not None for t in stamped):
        return [t for t in stamped if t is not None]
    spacing = timedelta(seconds=1 / fps if fps else _DEFAULT_SPACING_S)
    return [start + i * spacing for i in range(len(files))]


def _stamp(stem: str) -> datetime | None:
    found = _STAMP.search(stem)
    if not found:
        return None
    try:
        return datetime(*(int(g) for g in found.groups()), tzinfo=UTC)  # type: ignore[misc,arg-type]
    except ValueError:
        return None


def _read(file: Path) -> Image | None:
    data = np.frombuffer(file.read_bytes(), np.uint8)
    if not data.size:
        return None
    image = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return None if image is None else np.asarray(image, np.uint8)
