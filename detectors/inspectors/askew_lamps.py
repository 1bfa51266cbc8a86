"""Lamps that lean where nobody registered how they stood: a column aslant, among others that go up straight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from detectors.geometry import Box
from detectors.inspectors.base import Scene
from detectors.inspectors.column_lines import Slant, slant_in
from detectors.values import Asset, Observation, Presence

_MIN_PX = 60.0  # columns of lower lamps are a pixel wide
_EDGE = 0.005  # of the picture: a box that its sides cut tells of no whole column
_LOOKS = 3  # in which a lamp must lean, one after the other: a choice
# A camera that looks down shows columns aslant, outwards, by so much for each picture's width that they are off its
# middle, at most (0.0 to 0.7 in the views measured): columns by how far they go aside for each height.
_OUTWARDS = 0.7
# So far from how an upright column may show its line is one askew, if it shows in such a share of its rows, and so much
# better than any upright line there: railings that run through the boxes of two lamps that stand lead by 1.03 to 1.08,
# and were told (690000, 790001). Of eleven columns that lean nine lead by 1.23 and more, two by 1.03 and 1.06; all in
# view. So near to it a line is upright.
_ASKEW, _LEADS, _UPRIGHT = 0.06, 1.2, 0.03
_SHOWS = 0.65
_SCORE = 0.7  # a choice


@dataclass(slots=True)
class AskewLamps:
    """Tells lamps that lean from the first look on, where the view was registered by its own pictures.

    Such a register has them as they lean, so that neither their past nor their outline tells. One alone is told: lamps
    do not lean together, and a camera that hangs askew shows all of them aslant.
    """

    _slants: dict[str, list[Slant]] = field(default_factory=dict)
    _askew: set[str] = field(default_factory=set)

    def look(self, lamps: Sequence[Asset], scene: Scene, stance: Sequence[Observation]) -> list[Observation]:
        """What was said of how the lamps stand, and what their slant adds to it."""
        self._askew.clear()
        if scene.view.proposed:
            self._askew |= self._leaning({a.id: a.region.box for a in lamps if a.region is not None}, scene)
        return [self._added(said) for said in stance]

    def leans(self, lamp_id: str) -> bool:
        """Whether a lamp leant in the last look."""
        return lamp_id in self._askew

    def _leaning(self, own: dict[str, Box], scene: Scene) -> set[str]:
        for lamp_id, box in own.items():
            slants = self._slants.setdefault(lamp_id, [])
            if len(slants) < _LOOKS and _is_shown(box, scene):
                slants.append(slant_in(scene.frame.image, box, _span(box)))
        settled = {i: slants for i, slants in self._slants.items() if len(slants) == _LOOKS and i in own}
        askew = {i: own[i] for i, slants in settled.items() if all(_is_askew(slant, own[i]) for slant in slants)}
        # The line of one that leans runs through the boxes of farther ones behind it.
        told = [
            i for i, box in askew.items() if not any(b.y1 > box.y1 and b.intersection(box) > 0 for b in askew.values())
        ]
        upright = any(all(_is_upright(slant, own[i]) for slant in slants) for i, slants in settled.items())
        if len(told) != 1 or not upright:
            return set()
        lamp_id, box = told[0], own[told[0]]
        there = _is_shown(box, scene) and _is_askew(slant_in(scene.frame.image, box, _span(box)), box)
        return {lamp_id} if there else set()

    def _added(self, said: Observation) -> Observation:
        if said.asset_id not in self._askew or said.presence is Presence.PRESENT:
            return said
        return replace(said, presence=Presence.PRESENT, score=_SCORE, reason="")


def _span(box: Box) -> tuple[float, float]:
    """Between which slants an upright column may show there."""
    outwards = _OUTWARDS * (box.centre[0] - 0.5)
    return min(0.0, outwards), max(0.0, outwards)


def _off(slant: Slant, box: Box) -> float:
    """By how much a line slants more than an upright column may there; below 0 where it does not."""
    low, high = _span(box)
    return max(low - slant.slope, slant.slope - high)


def _is_askew(slant: Slant, box: Box) -> bool:
    return slant.shows >= _SHOWS and slant.leads >= _LEADS and _off(slant, box) >= _ASKEW


def _is_upright(slant: Slant, box: Box) -> bool:
    return slant.shows >= _SHOWS and _off(slant, box) <= _UPRIGHT


def _is_shown(box: Box, scene: Scene) -> bool:
    cut = box.x0 < _EDGE or box.x1 > 1.0 - _EDGE
    return not cut and box.height * scene.frame.height >= _MIN_PX and not scene.hidden(box, foot=box.y1)
