"""What a thing that lies somewhere is called: detectors waver between names, a thing does not change its nature."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace

from detectors.geometry import Box
from detectors.values import Observation

_SAME_PLACE_IOU = 0.4
_FORGET_AFTER = 30


@dataclass(slots=True)
class _Named:
    box: Box
    votes: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    unseen: int = 0

    @property
    def name(self) -> str:
        return max(self.votes, key=lambda issue: self.votes[issue])


class PlaceNames:
    """Votes of all looks on what lies in each place, weighted by score."""

    def __init__(self) -> None:
        self._places: list[_Named] = []

    def settle(self, seen: list[Observation]) -> list[Observation]:
        """Take in one look; give every observation the name that its place got most votes for so far."""
        for place in self._places:
            place.unseen += 1
        settled = [self._vote(o) for o in seen]
        self._places = [p for p in self._places if p.unseen < _FORGET_AFTER]
        return settled

    def _vote(self, seen: Observation) -> Observation:
        if seen.box is None:
            return seen
        near = [(p.box.iou(seen.box), n) for n, p in enumerate(self._places)]
        overlap, number = max(near, default=(0.0, -1))
        if overlap < _SAME_PLACE_IOU:
            self._places.append(_Named(seen.box))
            number = -1
        place = self._places[number]
        place.votes[seen.issue] += seen.score
        place.box, place.unseen = seen.box, 0
        return replace(seen, issue=place.name)
