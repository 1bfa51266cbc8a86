"""Sources of pictures: video files, folders of pictures, live streams and devices, behind one interface."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from detectors.sources.base import Source
from detectors.sources.folder import PICTURE_SUFFIXES, PictureFolder
from detectors.sources.live import STREAM_SCHEMES, LiveStream
from detectors.sources.video import VideoFile
from detectors.truth import find_truth, read_truth

__all__ = ["Source", "open_source"]


def open_source(spec: str, start: datetime | None = None) -> Source:
    """Open whatever a user named.

    Args:
        spec: path of a video file, a picture or a folder of pictures; address of a stream; a device
            (`0`, `/dev/video0`).
        start: capture time of the first frame of a recording (UTC); default: from the truth file beside it, else from
            the file itself.

    Raises:
        SourceError: nothing there, or nothing that can be read.
    """
    path = Path(spec)
    is_device = spec.startswith("/dev/") or (spec.isdigit() and not path.exists())
    if is_device or spec.lower().startswith(STREAM_SCHEMES):
        return LiveStream(spec)
    truth_path = find_truth(path)
    truth = read_truth(truth_path) if truth_path else None
    begin = start or (truth.start if truth else None)
    if path.is_dir() or path.suffix.lower() in PICTURE_SUFFIXES:
        return PictureFolder(path, begin, truth.fps if truth else None, truth.times if truth else ())
    return VideoFile(path, begin, truth.times if truth and start is None else ())
