"""The pipeline of one camera: frames in, looks with their findings out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import datetime

import numpy as np

from detectors.attention import Attention
from detectors.closer import CloserLook
from detectors.confirmation import Confirmation
from detectors.detector import Detector, calibrated, within_view
from detectors.geometry import STILL, Box
from detectors.health import Health, HealthCheck
from detectors.inspectors import INSPECTORS, ON_EVERY_LOOK, Scene
from detectors.inspectors.behind import without_hidden
from detectors.inspectors.drops import Drops
from detectors.inspectors.fogged import without_fogged
from detectors.inspectors.movers import MoverWatch
from detectors.inspectors.pieces import without_pieces
from detectors.inspectors.spilled import without_spilled
from detectors.issues import CAMERA_FAULTS
from detectors.light import LightMeter, judge, measure
from detectors.settings import Settings
from detectors.sources import Source
from detectors.sources.ahead import ReadAhead
from detectors.sources.latest import LatestFrame
from detectors.steady import SteadyView
from detectors.values import Detections, Finding, Frame, LightState, Look, Mark, Observation, View

# While a look is suspended every place in the picture counts as hidden: nothing is confirmed and nothing clears.
_EVERYWHERE = Box(0.0, 0.0, 1.0, 1.0)
_BY_PICTURE = CAMERA_FAULTS | {"light_out", "light_on_by_day", "light_flickering"}
# A picture whose sides are in another proportion shows another part of the view: regions do not fit it.
_SHAPE = 0.02


class Inspection:
    """Everything remembered about one camera while its frames are looked at, one by one."""

    def __init__(self, view: View, detector: Detector, settings: Settings) -> None:
        self._view = view
        self._detector = detector
        self._settings = settings
        self._light = LightMeter(view.latitude, view.longitude)
        self._health = HealthCheck(view.camera, view.references)
        self._movers = MoverWatch()
        self._inspectors = [make(view) for make in INSPECTORS]
        self._confirmation = Confirmation(view.camera, settings.confirmation, settings.confirmation_of)
        self._attention = Attention(settings)
        self._known = Detections.empty()
        self._passing: list[Box] = []
        self._unasked = 0
        self._last: tuple[tuple[int, int], datetime] | None = None
        self._shape: float | None = None
        self._nudged = (STILL, view)
        self._steady = SteadyView()
        self._closer = CloserLook()

    @property
    def open_findings(self) -> list[Finding]:
        return self._confirmation.open_findings

    @property
    def _marks(self) -> tuple[Mark, ...]:
        return tuple(self._confirmation.marks)

    def look(self, frame: Frame, detections: Detections | None = None) -> Look:
        """Inspect one frame.

        Args:
            frame: must not be older than the last one; an older frame is looked at but confirms nothing.
            detections: what the detector said of it, if it was already asked.
        """
        unfit = self._unfit(frame)
        light = self._light_of(frame)
        if unfit:
            return Look(frame, light, Detections.empty(), (), (), unfit, "")
        health = self._health.look(frame, light) if self._settings.guards else Health((), "", sudden=False)
        if health.fault:
            changes = self._confirmation.update(health.observations, frame.at, frame.offset_s, hidden=(_EVERYWHERE,))
            return Look(
                frame, light, Detections.empty(), health.observations, changes, health.fault, "", marks=self._marks
            )
        if health.sudden:
            why = "the whole picture changed at once"
            return Look(frame, light, Detections.empty(), health.observations, (), why, "")
        if health.nudge != self._nudged[0]:
            self._nudged = (health.nudge, self._view.nudged(health.nudge))
        asked = self._attention.look(self._steady.grey_of(frame), frame.at, light)
        if detections is None and not asked:
            return self._glance(frame, light, health.observations)
        return self._examine(frame, light, health, detections, asked or "every frame is shown")

    def _examine(
        self,
        frame: Frame,
        light: LightState,
        health: Health,
        detections: Detections | None,
        asked: str,
    ) -> Look:
        """Look with everything there is, the detector too."""
        shown, frame = frame, self._steady.steadied(frame, light, self._nudged[0])
        if detections is None:
            found = self._detector.predict([frame.image], self._settings.min_score, self._settings.image_size)
            detections = found[0]
        detections = within_view(calibrated(detections, self._detector.thresholds))
        asked_for = (self._detector, self._settings.min_score, self._settings.image_size)
        detections = self._closer.again(frame.image, detections, *asked_for)
        self._known = detections
        self._passing = self._movers.look(detections, frame.grey)
        self._attention.saw(self._passing)
        nudge, view = self._nudged
        scene = Scene(
            frame, light, detections, view, self._passing, nudge, self._movers.things, looks=1 + self._unasked
        )
        self._unasked = 0
        said = [o for inspector in self._inspectors for o in inspector.look(scene)]
        drops, aspect = Drops(frame.image), frame.width / frame.height
        said = without_fogged(without_hidden(without_pieces(without_spilled(said), aspect), view), health.foggy)
        seen, blurred = drops.without_hidden(said)
        blurred += [f.box for f in self.open_findings if drops.hide(f.issue, f.box)]
        observations, hidden = [*health.observations, *seen], [*scene.movers, *blurred]
        changes = self._confirmation.update(observations, frame.at, frame.offset_s, hidden)
        coming, leaving = self._confirmation.undecided(_judged_by_picture)
        self._attention.doubt([*coming, *(o.box for o in observations if o.ask_again and o.box)], leaving)
        return Look(shown, light, detections, tuple(observations), changes, asked=asked, nudge=nudge, marks=self._marks)

    def _glance(self, frame: Frame, light: LightState, health: tuple[Observation, ...]) -> Look:
        """Look with what judges the picture itself; what the detector saw holds where the picture is as it was."""
        self._unasked += 1
        still = self._attention.still
        keep = np.flatnonzero(self._attention.all_still(self._known.boxes))
        known = Detections(self._known.boxes[keep], self._known.scores[keep], tuple(self._known.names[n] for n in keep))
        nudge, view = self._nudged
        scene = Scene(frame, light, known, view, [box for box in self._passing if still(box)], nudge, asked=False)
        judging = (i for i in self._inspectors if isinstance(i, ON_EVERY_LOOK))
        judged = (o for inspector in judging for o in inspector.look(scene) if _judged_by_picture(o.issue))
        observations = [*health, *judged]
        at, offset_s = frame.at, frame.offset_s
        changes = self._confirmation.update(observations, at, offset_s, hidden=(_EVERYWHERE,))
        changes += self._confirmation.carry_on(at, offset_s, still, _judged_by_picture)
        return Look(frame, light, known, tuple(observations), changes, asked="", nudge=nudge, marks=self._marks)

    def _light_of(self, frame: Frame) -> LightState:
        if frame.damaged and self._light.state is not None:
            return self._light.state  # grey smears are no dusk
        return self._light.look(frame.grey, frame.at) if self._settings.guards else judge(measure(frame.grey), None)

    def _unfit(self, frame: Frame) -> str:
        """Why a frame cannot be compared with those before it, "" when it can."""
        if frame.damaged:
            return "the picture came damaged: packets were lost or broken"
        size = (frame.width, frame.height)
        self._shape = self._shape or frame.width / frame.height
        if abs(frame.width / frame.height / self._shape - 1) > _SHAPE:
            return f"the picture has another shape than before: {size[0]}x{size[1]}"
        last_size, last_at = self._last or (size, frame.at)
        self._last = (size, max(frame.at, last_at))
        if size != last_size:
            return f"the picture changed from {last_size[0]}x{last_size[1]} to {size[0]}x{size[1]}"
        return "its time lies before the last frame's" if frame.at < last_at else ""


def _judged_by_picture(issue: str) -> bool:
    """Whether an issue is judged without the detector, at every look."""
    return issue in _BY_PICTURE


def inspect_source(
    source: Source,
    view: View,
    detector: Detector,
    settings: Settings,
    turn: AbstractContextManager[object] | None = None,
) -> Iterator[Look]:
    """Inspect a source from its beginning to its end, a look every `settings.every_s` seconds.

    Args:
        turn: held during each look; what cameras that share a machine take turns with.

    Raises:
        SourceError: the source cannot be read to its end; raised after every look it allowed.
    """
    inspection = Inspection(view, detector, settings)
    frames = source.frames(settings.every_s)
    with LatestFrame(frames) if source.live else ReadAhead(frames) as coming:
        counted_s = 0.0
        for frame in coming:
            with turn or nullcontext():
                began = time.perf_counter()
                made = [inspection.look(frame)]
                looked_s = time.perf_counter() - began
            read_s = coming.cpu_s
            took_s, counted_s = looked_s + read_s - counted_s, read_s
            del frame  # while the next one is waited for nobody here holds a picture: a hundred cameras have a hundred
            yield replace(made.pop(), took_s=took_s)
