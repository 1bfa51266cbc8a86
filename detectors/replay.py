"""Confirmation played again: what was counted of one place, look by look, under other settings.

It runs the very state machine of the inspection. What it cannot know is said in `replay`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from detectors.confirmation import Place
from detectors.geometry import Box
from detectors.settings import ConfirmationSettings
from detectors.values import Change

_BOX = Box(0.0, 0.0, 1.0, 1.0)  # confirmation within one place asks nothing of boxes


@dataclass(frozen=True, slots=True)
class Counted:
    """One mark of a place with its time: see `detectors.values.Mark`."""

    at: datetime
    score: float | None
    looks: int


@dataclass(frozen=True, slots=True)
class Replayed:
    """A finding as it would have been.

    Attributes:
        score: mean of what saw it, 0-1.
    """

    first_seen: datetime
    confirmed_at: datetime
    last_seen: datetime
    score: float

    def meets(self, other: Replayed) -> bool:
        """Whether both lasted at one time."""
        return self.first_seen <= other.last_seen and other.first_seen <= self.last_seen


def replay(marks: Iterable[Counted], settings: ConfirmationSettings) -> list[Replayed]:
    """The findings of one place of one inspection, in order.

    The place is taken as it was matched then, and the detector as often as it was asked then: other settings would ask
    it at other moments. What an inspector did not report, however faint, was never counted.

    Args:
        marks: in order of time.
    """
    found: dict[datetime, Replayed] = {}
    place = _fresh(settings)
    for mark in marks:
        if place.forgotten(mark.at):
            place = _fresh(settings)
        change = _count(place, mark)
        if change is None:
            continue
        now = place.finding("")
        known = found.get(now.first_seen)
        confirmed_at = known.confirmed_at if known else mark.at
        found[now.first_seen] = Replayed(now.first_seen, confirmed_at, now.last_seen, now.score)
    return list(found.values())


def _count(place: Place, mark: Counted) -> Change | None:
    if mark.looks == 0:
        return place.holds(mark.at, 0.0) if place.open else None
    if mark.score is None:
        return place.missed()
    return place.saw(mark.at, 0.0, mark.score, _BOX, mark.looks)


def _fresh(settings: ConfirmationSettings) -> Place:
    return Place("", "", None, None, settings)
