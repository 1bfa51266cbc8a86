"""The one door to the detectors: what an inspection needs of them, and the real thing behind it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from detectors.detector import Detector
from detectors.discover import discover, spread_frames, with_ground
from detectors.pipeline import inspect_source
from detectors.ready import surfaces_in_use
from detectors.settings import Settings
from detectors.sharing import SharedDetector, cores
from detectors.sources import Source, open_source
from detectors.surfaces import SurfaceModel
from detectors.truth import find_truth, read_truth
from detectors.values import Asset, Look, View
from workorders.register.tuning import Tuning, tuning
from workorders.store import Store


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
        self,
        detector: Detector,
        settings: Settings | None = None,
        surfaces: SurfaceModel | None = None,
        tuning: Callable[[], Tuning] | None = None,
    ) -> None:
        """Prepare.

        Args:
            tuning: asked with each inspection how the site confirms findings; None for what the settings say.
        """
        self._tuning = tuning
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
        if self._tuning is not None:
            site = self._tuning()
            settings = settings.model_copy(update={"confirmation": site.usual, "confirmation_of": site.issues})
        seen = with_ground(view, source, self._detector, settings, self._surfaces)
        return inspect_source(source, seen, self._detector, settings, self._turns)

    def discover(self, source: Source, camera_id: str) -> Sequence[Asset]:
        """See `Eyes.discover`."""
        frames = spread_frames(source, self._settings)
        return [p.asset for p in discover(frames, self._detector, self._settings, camera_id, self._surfaces)]

    def known_view(self, spec: str) -> View | None:
        """See `Eyes.known_view`."""
        truth = find_truth(Path(spec)) if "://" not in spec else None
        return read_truth(truth).view if truth else None


def worker_eyes(store: Store, detector: Detector) -> DetectorEyes:
    """What a site's workers look with: findings are confirmed as the site says at that time."""
    return DetectorEyes(detector, surfaces=surfaces_in_use(), tuning=lambda: tuning(store))
