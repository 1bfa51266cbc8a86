"""Confirmation: observations of one place become a finding when enough of the latest agree, until they stop.

One small state machine serves every inspector. Entering takes `needed` of the last `window` counted observations;
staying takes only `keep` of them, at a lower score: this hysteresis is what keeps findings from flickering.
`unknown` counts for nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from detectors.geometry import Box
from detectors.settings import ConfirmationSettings
from detectors.values import Change, Finding, FindingChange, Mark, Observation, Presence

_NONE: Mapping[str, ConfirmationSettings] = MappingProxyType({})
_WHOLE_PICTURE = Box(0.0, 0.0, 1.0, 1.0)
_PART_OF = 0.4  # a box that lies in another by more than this and the least overlap together is part of the same thing
# Somebody who passes before a thing leaves pieces of it in view: a box that lies in a place by this share is one.
_PIECE = 0.8
# What stands or lies right beside is one job with it: apart, but by no more than this share of the shortest of their
# sides. Of two cones on a proving place the detector saw now the one, now the other, and each became a finding. A
# wider reach, or one for what overlaps a little, would let somebody who walks slowly be beside one place twice.
_ONE_JOB = frozenset({"path_obstructed", "litter"})
_BESIDE = 0.25  # a choice


@dataclass(frozen=True, slots=True)
class _Sighting:
    at: datetime
    offset_s: float
    score: float
    box: Box


@dataclass(slots=True)
class Place:
    """One issue in one place of one camera: what the latest observations said, and whether it is confirmed."""

    key: str
    issue: str
    asset_id: str | None
    asset_kind: str | None
    settings: ConfirmationSettings
    by_place: bool = False
    box: Box = _WHOLE_PICTURE
    open: bool = False
    _recent: deque[_Sighting | None] = field(default_factory=deque)
    _first: _Sighting | None = None
    _last: _Sighting | None = None
    _count: int = 0
    _score_sum: float = 0.0

    def saw(self, at: datetime, offset_s: float, score: float, box: Box, looks: int = 1) -> Change | None:
        """Count an observation that saw the issue; tell whether that changed or continued the finding.

        Args:
            looks: how many looks agree in this observation.
        """
        if score < self.settings.exit_score:
            return self.missed()
        sighting = _Sighting(at, offset_s, score, box)
        # A place does not move on to what lies beside it: somebody who walks slowly is no row of things.
        if not (self.holds_piece(box) or self.holds_beside(box)):
            self.box = box
        for _ in range(1 if self.open else looks):
            self._push(sighting)
        if self.open:
            self._add(sighting)
            return Change.CONTINUED
        seen = [s for s in self._recent if s is not None]
        mean = sum(s.score for s in seen) / len(seen)
        if len(seen) < self.settings.needed or mean < self.settings.enter_score:
            return None
        self.open = True
        if self._first is None:
            self._first = seen[0]
        for earlier in seen:
            self._add(earlier)
        return Change.CONFIRMED

    def missed(self) -> Change | None:
        """Count an observation that looked and did not see the issue."""
        self._push(None)
        if self.open and sum(s is not None for s in self._recent) < self.settings.keep:
            self.open = False
            return Change.CLEARED
        return None

    def holds_piece(self, box: Box) -> bool:
        """Whether a box is but a piece of what was lately seen here."""
        if not self.by_place or all(s is None for s in self._recent):
            return False
        return box.area < self.box.area and box.intersection(self.box) >= _PIECE * box.area

    def holds_beside(self, box: Box) -> bool:
        """Whether what was lately seen here stands right beside a box: one job, whichever of the two is seen."""
        if not self.by_place or self.issue not in _ONE_JOB or all(s is None for s in self._recent):
            return False
        return 0.0 < self.box.gap(box) <= _BESIDE * min(side for b in (self.box, box) for side in (b.width, b.height))

    @property
    def undecided(self) -> bool:
        """Whether the latest observations disagree with what stands, and further ones could decide against it.

        Of a place on its way to a finding nothing counts any more that was seen before so many misses in a row that no
        window with them confirms: whatever comes, it begins anew.
        """
        if self.open:
            return None in self._recent
        latest = list(self._recent)[-(self.settings.window - self.settings.needed + 1) :]
        return any(s is not None for s in latest)

    def holds(self, at: datetime, offset_s: float) -> Change:
        """The place of a finding was not looked at anew, but looks as it did: it lasts, and no sighting is counted."""
        assert self._last is not None
        self._last = replace(self._last, at=at, offset_s=offset_s)
        return Change.CONTINUED

    def forgotten(self, at: datetime) -> bool:
        """Whether it can be dropped: nothing in the window, no finding open, and none to be rejoined."""
        if self.open or any(s is not None for s in self._recent):
            return False
        return self._last is None or (at - self._last.at).total_seconds() > self.settings.rejoin_s

    def finding(self, camera: str) -> Finding:
        """The finding as it stands.

        Raises:
            ValueError: nothing was ever confirmed here.
        """
        if self._first is None or self._last is None:
            raise ValueError(f"{self.key} was never confirmed")
        return Finding(
            key=self.key,
            issue=self.issue,
            camera=camera,
            asset_id=self.asset_id,
            asset_kind=self.asset_kind,
            first_seen=self._first.at,
            last_seen=self._last.at,
            start_s=self._first.offset_s,
            end_s=self._last.offset_s,
            score=min(1.0, self._score_sum / self._count),
            box=self._last.box,
            observations=self._count,
        )

    def _push(self, sighting: _Sighting | None) -> None:
        self._recent.append(sighting)
        while len(self._recent) > self.settings.window:
            self._recent.popleft()

    def _add(self, sighting: _Sighting) -> None:
        self._last = sighting
        self._count += 1
        self._score_sum += sighting.score


class Confirmation:
    """All places of one camera."""

    def __init__(
        self, camera: str, settings: ConfirmationSettings, by_issue: Mapping[str, ConfirmationSettings] = _NONE
    ) -> None:
        self._camera = camera
        self._settings, self._by_issue = settings, by_issue
        self._places: dict[str, Place] = {}
        self._numbered = 0
        self.marks: list[Mark] = []
        """What the latest look counted, place by place."""

    @property
    def open_findings(self) -> list[Finding]:
        return [p.finding(self._camera) for p in self._places.values() if p.open]

    def undecided(self, but_for: Callable[[str], bool]) -> tuple[list[Box], bool]:
        """Where places are on their way to a finding, and whether a finding is on its way out.

        Args:
            but_for: tells the issues that do not matter here.
        """
        undecided = [p for p in self._places.values() if p.undecided and not but_for(p.issue)]
        return [p.box for p in undecided if not p.open], any(p.open for p in undecided)

    def carry_on(
        self, at: datetime, offset_s: float, still: Callable[[Box], bool], but_for: Callable[[str], bool]
    ) -> tuple[FindingChange, ...]:
        """Take in a look that shows some issues nothing new: findings last where the picture is as it was.

        Args:
            still: whether a place looks as it did when it was last judged.
            but_for: tells the issues that were judged.
        """
        changes: list[FindingChange] = []
        for place in self._places.values():
            if place.open and not but_for(place.issue) and still(place.box):
                self.marks.append(Mark(place.key, place.issue, place.asset_id, None, 0))
                self._note(changes, place, place.holds(at, offset_s))
        return tuple(changes)

    def update(
        self, observations: Iterable[Observation], at: datetime, offset_s: float, hidden: Iterable[Box] = ()
    ) -> tuple[FindingChange, ...]:
        """Take in one look.

        Args:
            observations: what the inspectors said of this look. Issues without a registered asset are matched by place,
                and a known place that no observation mentions counts as looked at and not seen.
            hidden: boxes of people and vehicles passing: an unmentioned place behind one of them is unknown.

        Returns:
            The findings confirmed, continued or cleared by this look.
        """
        self._places = {k: p for k, p in self._places.items() if not p.forgotten(at)}
        self.marks = []
        changes: list[FindingChange] = []
        answered: set[str] = set()
        for observation in observations:
            place = self._place(observation, answered)
            if place is None:
                continue
            answered.add(place.key)
            if observation.presence is Presence.PRESENT:
                box = observation.box or _WHOLE_PICTURE
                score, looks = observation.score, observation.looks
                self.marks.append(Mark(place.key, place.issue, place.asset_id, score, looks))
                self._note(changes, place, place.saw(at, offset_s, score, box, looks))
            elif observation.presence is Presence.ABSENT:
                self._miss(changes, place)
        self._count_unmentioned(changes, answered, list(hidden))
        return tuple(changes)

    def _place(self, seen: Observation, answered: set[str]) -> Place | None:
        by_place = seen.by_place or seen.asset_id is None
        if not by_place:
            key = f"{seen.issue}:{seen.asset_id}"
            if key not in self._places and seen.presence is not Presence.PRESENT:
                return None
            return self._places.setdefault(key, self._new(key, seen))
        if seen.presence is not Presence.PRESENT or seen.box is None:
            return None
        places = [p for p in self._places.values() if p.by_place and p.issue == seen.issue]
        if any(p.key in answered and (p.holds_piece(seen.box) or p.holds_beside(seen.box)) for p in places):
            return None
        near = [
            (max(p.box.iou(seen.box), p.box.shared(seen.box) - _PART_OF), p) for p in places if p.key not in answered
        ]
        best = max(near, key=lambda pair: pair[0], default=None)
        if best is not None and best[0] >= best[1].settings.place_iou:
            return best[1]
        beside = [p for _, p in near if p.holds_beside(seen.box)]
        if beside:
            return beside[0]
        self._numbered += 1
        key = f"{seen.issue}:place-{self._numbered}"
        self._places[key] = self._new(key, seen)
        return self._places[key]

    def _new(self, key: str, seen: Observation) -> Place:
        by_place = seen.by_place or seen.asset_id is None
        return Place(key, seen.issue, seen.asset_id, seen.asset_kind, self._settings_of(seen.issue), by_place)

    def _settings_of(self, issue: str) -> ConfirmationSettings:
        return self._by_issue.get(issue, self._settings)

    def _count_unmentioned(self, changes: list[FindingChange], answered: set[str], hidden: list[Box]) -> None:
        for place in self._places.values():
            if not place.by_place or place.key in answered:
                continue
            if any(place.box.intersection(h) > 0.3 * place.box.area for h in hidden):
                continue
            self._miss(changes, place)

    def _miss(self, changes: list[FindingChange], place: Place) -> None:
        self.marks.append(Mark(place.key, place.issue, place.asset_id, None))
        self._note(changes, place, place.missed())

    def _note(self, changes: list[FindingChange], place: Place, change: Change | None) -> None:
        if change is not None:
            changes.append(FindingChange(change, place.finding(self._camera)))
