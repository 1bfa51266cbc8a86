"""What an inspection came to, in the form that `lamplighter inspect` prints."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from detectors.annotate import draw
from detectors.detector import Detector
from detectors.discover import discover, spread_frames, with_ground
from detectors.errors import SourceError
from detectors.pipeline import inspect_source
from detectors.settings import Settings
from detectors.sources import Source
from detectors.surfaces import SurfaceModel
from detectors.truth import find_truth, read_truth
from detectors.values import Change, Finding, Look, View
from detectors.video_writer import H264Writer

_PLAYBACK_FPS = 4.0


@dataclass(slots=True)
class Report:
    """The findings of one source.

    Attributes:
        frames: how many frames were inspected.
        video_seconds: length of what was inspected, in seconds of source time.
        wall_seconds: time the inspection took.
        problem: why the source could not be read to its end, "" if it was.
    """

    source: str
    frames: int = 0
    video_seconds: float = 0.0
    wall_seconds: float = 0.0
    findings: list[Finding] = field(default_factory=list)
    problem: str = ""

    def as_json(self) -> dict[str, object]:
        return {
            "source": self.source,
            "frames": self.frames,
            "video_seconds": round(self.video_seconds, 3),
            "wall_seconds": round(self.wall_seconds, 3),
            "findings": [f.as_json() for f in self.findings],
        }


def view_of(source: Source, detector: Detector, settings: Settings, surfaces: SurfaceModel | None = None) -> View:
    """The view a source shows: the register in its truth file, else what is discovered in it.

    Raises:
        SourceError: not even one frame can be read.
    """
    path = Path(source.spec)
    beside = None if source.live else find_truth(path)
    known = read_truth(beside).view if beside else View(camera=_camera_name(source))
    if known.assets:
        return with_ground(known, source, detector, settings, surfaces)
    proposals = discover(spread_frames(source, settings), detector, settings, known.camera, surfaces)
    assets = tuple(p.asset for p in proposals)
    return View(known.camera, assets, known.latitude, known.longitude, known.time_zone, proposed=True)


def inspect_to_report(
    source: Source,
    view: View,
    detector: Detector,
    settings: Settings,
    on_look: Callable[[Look], None] | None = None,
    film: Path | None = None,
) -> Report:
    """Inspect a source to its end and report its findings. What was seen before a source breaks off is kept.

    Args:
        on_look: called after each look, to show progress.
        film: where to write a video of the looks with everything drawn on it; None for no video.
    """
    report, began = Report(source.spec), time.perf_counter()
    latest: dict[str, Finding] = {}
    drawn: dict[str, Finding] = {}
    writer: H264Writer | None = None
    with ExitStack() as open_files:
        try:
            for look in inspect_source(source, view, detector, settings):
                report.frames += 1
                report.video_seconds = max(report.video_seconds, look.frame.offset_s)
                _keep(look, latest, drawn)
                if film is not None:
                    if writer is None:
                        size = (look.frame.width, look.frame.height)
                        writer = open_files.enter_context(H264Writer(film, *size, _PLAYBACK_FPS))
                    writer.write(draw(look, view, drawn.values()))
                if on_look:
                    on_look(look)
        except SourceError as error:
            report.problem = str(error)
    report.findings = sorted(latest.values(), key=lambda f: (f.start_s, f.key))
    report.wall_seconds = time.perf_counter() - began
    report.video_seconds = source.duration_s or report.video_seconds
    return report


def _keep(look: Look, latest: dict[str, Finding], drawn: dict[str, Finding]) -> None:
    for change in look.changes:
        latest[change.finding.key] = drawn[change.finding.key] = change.finding
        if change.change is Change.CLEARED:
            del drawn[change.finding.key]


def _camera_name(source: Source) -> str:
    return Path(source.name).stem or "camera"
