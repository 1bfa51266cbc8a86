"""What lies where, since when, and what it is called.

Detectors waver between names, but a thing does not change its nature; people stand still for a moment, but do not
stay.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from detectors.geometry import Box
from detectors.values import Observation

_SAME_PLACE_IOU = 0.4
_PART = 0.8  # share of a thing within a known place from which it is a part of what lies there
# Times the votes of a place's name that another needs to replace it, and from so many looks on; choices.
_AHEAD, _AHEAD_LATER, _LATER = 1.3, 2.0, 3
# Votes from which a place has been told by its name, and what another needs then: an order is out, and a second one for
# the same thing helps nobody. A bicycle laid on the PETS clip was a hole as well from the third look on. Choices.
_TOLD, _AHEAD_TOLD = 1.4, 4.0
_FORGET_AFTER = 30  # looks after which the name of a place is forgotten
# Looks after which a thing that is back has only just come, those counted too that the detector did not see. (Somebody
# who stood where another had stood a minute before was said to have been there all the while.)
_GONE_AFTER = 3
_HIDDEN_LOOKS = 8  # looks at which somebody before it may hide a thing and it counts as standing there yet; a choice
# What was seen before somebody hid it was no passer-by if it is seen there so long after it came: then those looks
# count as well. As long as it would have taken to confirm with nobody before it; a choice.
_STOOD_S = 4.0


@dataclass(slots=True)
class _Named:
    box: Box
    since_s: float
    votes: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    unseen: int = 0
    ago: int = 0
    hidden: int = 0
    held: int = 0
    dwelt: bool = False
    looks: int = 0
    best: float = 0.0
    name: str = ""

    def vote(self, issue: str, score: float) -> None:
        """Count one look; what a place is called it stays, unless another name is clearly ahead."""
        self.votes[issue] += score
        self.looks += 1
        self.best = max(self.best, score)
        best = max(self.votes, key=lambda name: self.votes[name])
        told = self.votes[self.name] >= _TOLD
        ahead = _AHEAD_TOLD if told else _AHEAD if self.looks <= _LATER else _AHEAD_LATER
        if not self.name or self.votes[best] > ahead * self.votes[self.name]:
            self.name = best


class PlaceNames:
    """Votes of all looks on what lies in each place, weighted by score."""

    def __init__(
        self, same_iou: float = _SAME_PLACE_IOU, follows: bool = True, parts: bool = False, sure: float = 0.0
    ) -> None:
        """Remember nothing yet.

        Args:
            same_iou: overlap from which two boxes are of one place.
            follows: whether a place moves along with what is seen there.
            parts: whether what lies within a place is part of what was seen there, and takes its name.
            sure: score that something in a place must have had once.
        """
        self._same_iou, self._follows, self._parts, self._sure = same_iou, follows, parts, sure
        self._places: list[_Named] = []

    def settle(
        self,
        seen: list[Observation],
        at_s: float,
        dwell_s: Mapping[str, float],
        looks: int = 1,
        hidden: Callable[[Box], bool] = lambda _: False,
    ) -> list[Observation]:
        """Take in one look.

        Args:
            at_s: time of the look in seconds.
            dwell_s: how long a thing must have lain there to count, by issue; 0 for issues that are not named.
            looks: looks since the last one that was taken in, with this one; the detector was not asked at the others.
            hidden: whether somebody hides a place: what is not seen then may stand there yet.

        Returns:
            The observations that have dwelt, each with the name that its place got most votes for so far. One of a
            place that nothing was told of since, for it had not dwelt or somebody hid it, stands for those looks too.
        """
        for place in self._places:
            place.unseen += 1
            if place.hidden < _HIDDEN_LOOKS and hidden(place.box):
                place.hidden += looks
            else:
                place.ago += looks
        settled = [self._vote(o, at_s) for o in seen]
        self._places = [p for p in self._places if p.unseen < _FORGET_AFTER]
        told = []
        for observation, where in settled:
            since_s = at_s if where is None else where.since_s
            dwelt = at_s - since_s >= dwell_s.get(observation.issue, 0.0)
            if where is not None:
                where.dwelt = where.dwelt or dwelt
            if not dwelt or (where is not None and where.best < self._sure):
                continue
            if where is not None:
                if at_s - since_s >= _STOOD_S:
                    observation = replace(observation, looks=max(observation.looks, where.held))
                where.held = 0
            told.append(observation)
        return told

    def waiting(self) -> list[Box]:
        """Places where something is that has not yet dwelt; the detector may have missed it once."""
        return [p.box for p in self._places if p.unseen <= 1 and p.ago <= _GONE_AFTER and not p.dwelt]

    def _vote(self, seen: Observation, at_s: float) -> tuple[Observation, _Named | None]:
        if seen.box is None:
            return seen, None
        near = [(p.box.iou(seen.box), n) for n, p in enumerate(self._places)]
        overlap, number = max(near, default=(0.0, -1))
        if overlap < self._same_iou:
            whole = self._whole_of(seen)
            if whole is not None:
                whole.unseen = whole.ago = whole.hidden = 0
                return replace(seen, issue=whole.name), whole
            self._places.append(_Named(seen.box, at_s))
            number = -1
        place = self._places[number]
        stayed = place.dwelt and place.unseen == 1
        if place.ago > _GONE_AFTER and not stayed:
            place.since_s, place.dwelt, place.held = at_s, False, 0
        place.held += 1
        place.vote(seen.issue, seen.score * seen.looks)
        if self._follows and not (self._parts and _is_part(seen.box, place.box)):
            place.box = seen.box
        place.unseen = place.ago = place.hidden = 0
        return replace(seen, issue=place.name), place

    def _whole_of(self, seen: Observation) -> _Named | None:
        """The place that a thing lies within, unless the guess of that place is fainter than the thing is sure."""
        if not self._parts or seen.box is None:
            return None
        box, score = seen.box, seen.score
        return next((p for p in self._places if _is_part(box, p.box) and p.votes[p.name] >= score), None)


def _is_part(box: Box, whole: Box) -> bool:
    return box.area < whole.area and box.intersection(whole) >= _PART * box.area
