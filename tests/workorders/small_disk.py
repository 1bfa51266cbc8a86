"""A disk of a few megabytes that can really be full."""

from __future__ import annotations

import errno
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_BLOCK = 2**16


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """Mount one at a folder that this makes; gives whether that was allowed, which takes root. Else it is a folder."""
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    mounted = subprocess.run(mounting, capture_output=True, check=False).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Leave no byte free on the disk of a folder; gives the file that takes it all."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * _BLOCK)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
    return filler
