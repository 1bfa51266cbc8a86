"""The pictures of the guided play: a time-lapse night, interrupted by the same view after the repair."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from detectors.errors import LamplighterError
from detectors.sources import Source, open_source
from detectors.truth import SUFFIX, TrueIssue, Truth, read_truth
from detectors.values import Frame
from workorders.places import SAMPLES
from workorders.words import PlayStep

LAPSE, MENDED = "riverside_timelapse_night", "riverside_night_light_repaired"
ISSUE = "light_out"


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between two looks of each part, and how many looks the parts that wait may take at most.

    The defaults make about three minutes: one to the failure, forty seconds for the crew, half a minute for the
    camera's five clean looks, and the rest of the night.
    """

    evening_s: float = 0.6
    dark_s: float = 0.8
    mended_s: float = 1.2
    night_s: float = 0.8
    morning_s: float = 0.6
    most_dark: int = 150
    most_mended: int = 60
    till_morning: int = 20


@dataclass(frozen=True, slots=True)
class Clips:
    """The two clips, and what is known of the night: which lamp fails, in which frames it is dark."""

    lapse: Path
    mended: Path
    truth: Truth
    fault: TrueIssue

    @property
    def lamp(self) -> str:
        return self.fault.asset_id or ""

    @property
    def fails_at(self) -> int:
        return round(self.fault.start_s * self.truth.fps)

    @property
    def dark_until(self) -> int:
        return round(self.fault.end_s * self.truth.fps)


def find_clips(folder: Path = SAMPLES) -> Clips:
    """The clips of the play.

    Raises:
        LamplighterError: one is not there, or shows no lamp that fails.
    """
    lapse, mended = folder / f"{LAPSE}.mp4", folder / f"{MENDED}.mp4"
    for clip in (lapse, mended):
        if not clip.is_file():
            raise LamplighterError(f"The guided play needs {clip.name}; run this from a complete copy of Lamplighter.")
    truth = read_truth(lapse.with_name(LAPSE + SUFFIX))
    fault = next((i for i in truth.issues if i.issue == ISSUE and i.asset_id), None)
    if fault is None:
        raise LamplighterError(f"{lapse.name} shows no lamp that fails; the guided play needs one.")
    return Clips(lapse, mended, truth, fault)


class Night:
    """A source that goes on with the night as the order goes on: dark until the repair is reported, then lit.

    Attributes:
        step: the part that the latest picture is of.
        at: the night's own time of the latest picture.
    """

    live = True
    duration_s: float | None = None

    def __init__(
        self, clips: Clips, is_mended: Callable[[], bool], is_over: Callable[[], bool], pace: Pace | None = None,
        sleep: Callable[[float], object] = time.sleep, wall: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        """Open both clips.

        Args:
            is_mended: whether the repair was reported, or the order ended otherwise.
            is_over: whether the camera has verified the repair, or the order ended otherwise.
        """
        self.spec, self.name = str(clips.lapse), clips.lapse.name
        self._clips, self._pace = clips, pace or Pace()
        self._is_mended, self._is_over = is_mended, is_over
        self._sleep, self._wall = sleep, wall
        self._lapse, self._mended = open_source(self.spec), open_source(str(clips.mended))
        self.fps = self._lapse.fps
        self.step, self.at = PlayStep.EVENING, clips.truth.start
        self._due = 0.0
        self._shown = 0

    @property
    def share(self) -> float:
        """How much of the night has passed, 0-1."""
        times = self._clips.truth.times
        return (self.at - times[0]) / (times[-1] - times[0])

    def frames(self, every_s: float) -> Iterator[Frame]:
        """See `Source.frames`; the pace of the play decides how often, not `every_s`."""
        self._due = self._wall()
        clips, pace = self._clips, self._pace
        for frame in self._part(self._lapse, 0, clips.fails_at, 2):
            yield self._shown_at(frame, PlayStep.EVENING, self._time(frame), pace.evening_s)
        yield from self._dark()
        if self._is_mended():
            yield from self._lit_again()
            yield from self._till_morning()
        for frame in self._part(self._lapse, clips.dark_until, None, 1):
            yield self._shown_at(frame, PlayStep.MORNING, self._time(frame), pace.morning_s)

    def _dark(self) -> Iterator[Frame]:
        # The first half of the dark part: its second half brightens towards the morning.
        first, last = self._clips.fails_at, (self._clips.fails_at + self._clips.dark_until) // 2
        looks = 0
        while looks < self._pace.most_dark:
            for frame in self._part(self._lapse, first, last, 1):
                if self._is_mended() or looks >= self._pace.most_dark:
                    return
                looks += 1
                yield self._shown_at(frame, PlayStep.DARK, max(self._time(frame), self.at), self._pace.dark_s)

    def _lit_again(self) -> Iterator[Frame]:
        morning = self._clips.truth.times[self._clips.dark_until]
        step = (morning - self.at) / (self._pace.most_mended + 1)
        stride = max(1, round(self._pace.mended_s * (self._mended.fps or 10) / 2))
        looks = 0
        while looks < self._pace.most_mended:
            for frame in self._part(self._mended, 0, None, stride):
                if self._is_over() or looks >= self._pace.most_mended:
                    return
                looks += 1
                yield self._shown_at(frame, PlayStep.MENDED, self.at + step, self._pace.mended_s)

    def _till_morning(self) -> Iterator[Frame]:
        step = (self._clips.truth.times[self._clips.dark_until] - self.at) / (self._pace.till_morning + 1)
        for looks, frame in enumerate(self._part(self._mended, 0, None, 5)):
            if looks == self._pace.till_morning:
                return
            yield self._shown_at(frame, PlayStep.MENDED, self.at + step, self._pace.night_s)

    def _part(self, source: Source, first: int, last: int | None, stride: int) -> Iterator[Frame]:
        for frame in source.frames(0.5 / (source.fps or 10.0)):
            if last is not None and frame.index >= last:
                return
            if frame.index >= first and (frame.index - first) % stride == 0:
                yield frame

    def _time(self, frame: Frame) -> datetime:
        return self._clips.truth.times[frame.index]

    def _shown_at(self, frame: Frame, step: PlayStep, at: datetime, wait_s: float) -> Frame:
        self._due = max(self._due + wait_s, self._wall())
        self._sleep(max(0.0, self._due - self._wall()))
        self.step, self.at, self._shown = step, at, self._shown + 1
        offset_s = (at - self._clips.truth.start).total_seconds()
        return replace(frame, at=at, offset_s=offset_s, index=self._shown)
