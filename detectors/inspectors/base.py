"""What an inspector is given, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from detectors.geometry import STILL, Box, Nudge, Region
from detectors.inspectors.crops import Crop, thing_crop
from detectors.values import Detections, Frame, LightState, Observation, View

# A thing is taken for part of a person or vehicle when this share of it lies in their box.
_HIDDEN_SHARE = 0.3
_BEHIND = 0.03  # share of the picture's height: boxes of people and cars do not always reach their feet


@dataclass(frozen=True, slots=True)
class Scene:
    """One frame and all that was already worked out about it.

    Attributes:
        view: the register, its regions where this frame shows them.
        movers: boxes of people, vehicles and dogs that pass through this frame.
        nudge: how the frame lies against the registered view.
        things: boxes that look like somebody, but never stir.
        looks: looks since the detector was asked before, with this one: 1 where it saw the last one too.
        asked: whether the detector saw this frame; else only what the picture itself tells is judged.
    """

    frame: Frame
    light: LightState
    detections: Detections
    view: View
    movers: list[Box]
    nudge: Nudge = STILL
    things: list[Box] = field(default_factory=list)
    looks: int = 1
    asked: bool = True
    _crops: dict[Region, Crop] = field(default_factory=dict, compare=False, repr=False)

    def crop_of(self, region: Region) -> Crop:
        """The crop of a whole thing, see `thing_crop`; made once for all that look at it."""
        if region not in self._crops:
            self._crops[region] = thing_crop(self.frame.image, region)
        return self._crops[region]

    def hidden(self, box: Box, by: list[Box] | None = None, foot: float | None = None) -> bool:
        """Whether someone stands before this place, or the thing there is part of them.

        Args:
            foot: where the thing at this place stands, 0-1 from above: whoever stands clearly farther up in the
                picture is behind it.
        """
        movers = self.movers if by is None else by
        if foot is not None:
            movers = [m for m in movers if not is_behind(m, foot)]
        return any(box.intersection(m) > _HIDDEN_SHARE * box.area for m in movers)


def is_behind(mover: Box, foot: float) -> bool:
    """Whether somebody stands clearly farther up in the picture than the foot of a thing, 0-1 from above."""
    return mover.y1 < foot - _BEHIND


class Inspector(Protocol):
    """Looks at one kind of asset in one camera's view. It may remember earlier looks: they come in order of time."""

    def look(self, scene: Scene) -> list[Observation]:
        """Give a verdict for every asset and issue this inspector is responsible for."""
        ...
