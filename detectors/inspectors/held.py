"""What was judged of lamps' heads holds as long as they look the same: most looks of most lamps show nothing new."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import cv2

from detectors.geometry import Region
from detectors.inspectors.base import Scene
from detectors.inspectors.glow import head_bounds
from detectors.values import Asset, Grey

# Grey levels by which no pixel at a head, or round it, may differ from when it was judged: more than the noise of a
# usual picture, and little beside a lamp that is switched. What drifts is compared with the look that was judged, not
# with the last. A choice.
_SAME_LEVELS = 8
_ROUND = 1.0  # times the head's size, on every side, that must look the same too

Judged = TypeVar("Judged")


@dataclass(slots=True)
class Held(Generic[Judged]):
    """What was judged of lamps, judged anew where a head changed, and wherever the detector was asked."""

    _judged: dict[str, tuple[Region, Grey, Judged]] = field(default_factory=dict)

    def look(
        self, lamps: Sequence[Asset], scene: Scene, judge: Callable[[list[Asset], Scene], Mapping[str, Judged]]
    ) -> dict[str, Judged]:
        """What was judged, by lamp; of lamps whose head cannot be seen nothing.

        Args:
            judge: asked for the lamps that must be judged anew.
        """
        held = {} if scene.asked else {a.id: self._judged[a.id][2] for a in lamps if self._looks_the_same(a, scene)}
        anew = [a for a in lamps if a.id not in held]
        fresh = judge(anew, scene) if anew else {}
        for lamp in anew:
            self._judged.pop(lamp.id, None)
            if lamp.id in fresh and lamp.region is not None:
                self._judged[lamp.id] = lamp.region, _head(lamp.region, scene).copy(), fresh[lamp.id]
        return {**held, **fresh}

    def _looks_the_same(self, lamp: Asset, scene: Scene) -> bool:
        if lamp.region is None or lamp.id not in self._judged:
            return False
        region, then, _ = self._judged[lamp.id]
        if region != lamp.region:
            return False
        now = _head(region, scene)
        return now.shape == then.shape and int(cv2.absdiff(now, then).max()) <= _SAME_LEVELS


def _head(lamp: Region, scene: Scene) -> Grey:
    grey = scene.frame.grey
    x0, y0, x1, y1 = head_bounds(lamp, _ROUND, grey.shape[1], grey.shape[0])
    return grey[y0:y1, x0:x1]
