"""Room on the disk: what cannot be kept is said on the cameras page even when the database itself takes nothing."""

from __future__ import annotations

import errno
import os
import shutil

from sqlalchemy.exc import OperationalError

from workorders.store import Store

LEAST_FREE = 32 * 2**20
"""Bytes: a few minutes of pictures and of the database's log."""


def lack_of_room(store: Store) -> str:
    """What a watched camera's status says where the disk of the files is full; "" while there is room."""
    there = next((folder for folder in (store.files, *store.files.parents) if folder.is_dir()), None)
    if there is None or shutil.disk_usage(there).free >= LEAST_FREE:
        return ""
    return not_kept(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))


def not_kept(error: OSError | OperationalError) -> str:
    """One line for what a camera showed and that could not be kept."""
    if isinstance(error, OperationalError):
        reason = str(error.orig or error).strip().partition("\n")[0]
    else:
        reason = error.strerror or str(error)
    return f"pictures cannot be kept: {reason}"
