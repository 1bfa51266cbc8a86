"""What an inspector is given, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from detectors.geometry import STILL, Box, Nudge
from detectors.values import Detections, Frame, LightState, Observation, View

# A thing is taken for part of a person or vehicle when this share of it lies in their box.
_HIDDEN_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Scene:
    """One frame and all that was already worked out about it.

    Attributes:
        view: the register, its regions where this frame shows them.
        movers: boxes of people, vehicles and dogs that pass through this frame.
        nudge: how the frame lies against the registered view.
        things: boxes that look like somebody, but never stir.
        asked: whether the detector saw this frame; else only what the picture itself tells is judged.
    """

    frame: Frame
    light: LightState
    detections: Detections
    view: View
    movers: list[Box]
    nudge: Nudge = STILL
    things: list[Box] = field(default_factory=list)
    asked: bool = True

    def hidden(self, box: Box, by: list[Box] | None = None) -> bool:
        """Whether someone stands before this place, or the thing there is part of them."""
        movers = self.movers if by is None else by
        return any(box.intersection(m) > _HIDDEN_SHARE * box.area for m in movers)


class Inspector(Protocol):
    """Looks at one kind of asset in one camera's view. It may remember earlier looks: they come in order of time."""

    def look(self, scene: Scene) -> list[Observation]:
        """Give a verdict for every asset and issue this inspector is responsible for."""
        ...
