"""The one door to the detectors: what an inspection needs of them, and the real thing behind it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from detectors.detector import Detector
from detectors.discover import discover, spread_frames
from detectors.pipeline import inspect_source
from detectors.settings import Settings
from detectors.sharing import SharedDetector, cores
from detectors.sources import Source, open_source
from detectors.surfaces import SurfaceModel
from detectors.truth import find_truth, read_truth
from detectors.values import Asset, Look, View


class Eyes(Protocol):
    """Opens sources and looks at them."""

    def open(self, spec: str, start: datetime | None = None) -> Source:
        """Open a source.

        Args:
            start: capture time of a recording's first frame, where people know better than the file.

        Raises:
            SourceError: nothing there, or nothing that can be read.
        """
        ...

    def looks(self, source: Source, view: View, every_s: float) -> Iterator[Look]:
        """Raises:
        SourceError: the source cannot be read to its end, after every look it allowed.
        """
        ...

    def discover(self, source: Source, camera_id: str) -> Sequence[Asset]:
        """Assets that the source's view shows."""
        ...

    def known_view(self, spec: str) -> View | None:
        """The register that comes with a clip, if one does."""
        ...


class DetectorEyes:
    """The detectors themselves, shared by many cameras: one detector, and as many looks at a time as there are cores.

    Cameras get their turns in the order in which they ask, one look each.
    """

    def __init__(
        self, detector: Detector, settings: Settings | None = None, surfaces: SurfaceModel | None = None
    ) -> None:
        self._surfaces = surfaces
        self._detector = SharedDetector(detector)
        self._settings = settings or Settings()
        self._turns = threading.BoundedSemaphore(cores())

    def open(self, spec: str, start: datetime | None = None) -> Source:
        """See `Eyes.open`."""
        return open_source(spec, start)

    def looks(self, source: Source, view: View, every_s: float) -> Iterator[Look]:
        """See `Eyes.looks`."""
        settings = self._settings.model_copy(update={"every_s": every_s})
        return inspect_source(source, view, self._detector, settings, self._turns)

    def discover(self, source: Source, camera_id: str) -> Sequence[Asset]:
        """See `Eyes.discover`."""
        frames = spread_frames(source, self._settings)
        return [p.asset for p in discover(frames, self._detector, self._settings, camera_id, self._surfaces)]

    def known_view(self, spec: str) -> View | None:
        """See `Eyes.known_view`."""
        truth = find_truth(Path(spec)) if "://" not in spec else None
        return read_truth(truth).view if truth else None
