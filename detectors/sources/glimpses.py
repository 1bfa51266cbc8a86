"""A few pictures of the moments before a look: what a lamp did that looks a second apart do not tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TypeVar

from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from detectors.sources.pictures import still_damaged
from detectors.values import Image

T = TypeVar("T")

_LONGEST_S = 1.0  # so far back they reach at most: what lies farther back would take long to decode
_SHARES = (0.2, 0.45, 0.75)  # of that time; evenly spread they would find a lamp that switches regularly always alike
_BACK_S = (0.0, 2.0, 10.0)  # transport streams are read from where a time is, and not from the key frame before it
_MOST_DECODED = 600  # pictures from a key frame on: 24 s of a usual video


def glimpse_times(earlier_s: float, later_s: float) -> list[float]:
    """When glimpses are wanted between two looks, in seconds."""
    start_s = max(earlier_s, later_s - _LONGEST_S)
    return [start_s + share * (later_s - start_s) for share in _SHARES]


def glimpsed(earlier_s: float, later_s: float, timed: Iterable[tuple[float, T]]) -> Iterator[T]:
    """Of things with their times, in order, those for the glimpses between two looks."""
    wanted = glimpse_times(earlier_s, later_s)
    for at_s, thing in timed:
        if not wanted or at_s >= later_s:
            return
        if at_s >= wanted[0]:
            wanted = [wanted_s for wanted_s in wanted if wanted_s > at_s]
            yield thing


def decoded(container: InputContainer, stream: VideoStream, from_s: float) -> Iterator[tuple[float, VideoFrame]]:
    """The sound pictures of a video with their times, from a key frame on that is shown before a time."""
    damaged = False
    try:
        for picture in islice(_from_key_frame(container, stream, from_s), _MOST_DECODED):
            damaged = still_damaged(damaged, picture)
            if picture.time is not None and not damaged:
                yield picture.time, picture
    except FFmpegError:
        return


def _from_key_frame(container: InputContainer, stream: VideoStream, from_s: float) -> Iterator[VideoFrame]:
    assert stream.time_base is not None
    for back_s in _BACK_S:
        container.seek(int((from_s - back_s) / stream.time_base), stream=stream)
        pictures = container.decode(stream)
        first = next(pictures, None)
        if first is not None and first.time is not None and first.time <= from_s:
            return chain([first], pictures)
    return iter(())


@dataclass(slots=True)
class Moments:
    """Glimpses of a live source, which cannot go back: a look that asks gets them from the next look on."""

    _asked: bool = False
    _due: list[float] = field(default_factory=list)
    _kept: list[Image] = field(default_factory=list)

    def is_due(self, at_s: float) -> bool:
        """Whether a picture of now is wanted."""
        if not self._asked or not self._due or at_s < self._due[0]:
            return False
        self._due = [due_s for due_s in self._due if due_s > at_s]
        return True

    def keep(self, image: Image) -> None:
        """Keep a picture for the next look."""
        self._kept.append(image)

    def before(self, look_s: float, next_s: float) -> Callable[[], Sequence[Image]]:
        """What gives a look its glimpses, and asks for those before the next one, from whichever thread it is called.

        Args:
            look_s, next_s: when this look is taken and when the next one will be.
        """
        kept, self._kept = self._kept, []
        self._asked, self._due = False, glimpse_times(look_s, next_s)

        def ask() -> Sequence[Image]:
            self._asked = True
            return kept

        return ask
