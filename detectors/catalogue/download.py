"""Fetch a named model: ultralytics does it, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from detectors.errors import ModelError

TIMEOUT_S = 600
_FETCH = "import sys; from ultralytics.utils.downloads import attempt_download_asset as get; get(sys.argv[1], retry=1)"


def download(path: Path, *, timeout_s: float = TIMEOUT_S) -> None:
    """Fetch a model file under the name that ultralytics publishes it by.

    Another process, because ultralytics decides once, when it is imported, whether it may use the network; elsewhere
    it may not.

    Raises:
        ModelError: it could not be fetched; the message names the file and where to put it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "YOLO_OFFLINE": "False", "YOLO_CONFIG_DIR": str(path.parent.resolve())}
    try:
        subprocess.run(
            [sys.executable, "-c", _FETCH, path.name],
            cwd=path.parent,
            env=environment,
            capture_output=True,
            timeout=timeout_s,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        path.unlink(missing_ok=True)
    if not path.is_file():
        raise ModelError(
            f"Could not download {path.name}. On a machine without network, fetch it elsewhere from "
            f"https://github.com/ultralytics/assets/releases and put it into {path.parent}."
        )
