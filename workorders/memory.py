"""Keeps a worker's memory steady: pictures are given back to the system when they are let go."""

from __future__ import annotations

import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
_PICTURE_BYTES = 1024 * 1024
"""What is as large is a picture of its own; what the rules make of one on the way is smaller, and taken from the system
anew each time it cost a worker 6 ms a look, of 35."""
_SPARE_BYTES = 8 * 1024 * 1024
_ARENAS = 2


def settle_memory() -> bool:
    """Have the C library take every picture from the system and give it back; True where that can be set.

    Left alone, glibc keeps many arenas and, once a large piece was freed, pieces of up to 32 MB in them: the frames of
    many cameras, each let go by another thread, then hold far more than is in use (docs/benchmarks.md).
    """
    if not sys.platform.startswith("linux"):
        return False
    library = ctypes.CDLL(None)
    if not hasattr(library, "mallopt"):  # as musl's
        return False
    settings = ((_ARENA_MAX, _ARENAS), (_MMAP_THRESHOLD, _PICTURE_BYTES), (_TRIM_THRESHOLD, _SPARE_BYTES))
    return all(library.mallopt(name, value) == 1 for name, value in settings)
