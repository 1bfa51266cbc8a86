"""The lower half of a bin, and how it looked while the bin was not full: filling a bin changes nothing there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from detectors.inspectors.crops import Crop
from detectors.inspectors.edges import Grey, crop_grey, crop_outline, edge_likeness
from detectors.values import LightState

# Correlation of edges below which another thing stands before the bin, and from which it is learnt from. Of six bins
# that came to overflow on known clips four keep 0.75 and more; round the other two the heap reaches down to the ground
# (0.06 and 0.2), and the detector is sure of them. Of 54 times that a thing was pasted before a bin 34 made it seem
# full, 23 of them with less than 0.6. All seen when this was chosen.
_OTHER, _SAME = 0.6, 0.8
_PATIENCE = 30  # looks after which what looks another is learnt anew
_LOWER, _MARGIN = 0.5, 2  # of the bin's height; px round it at which edges are measured
Part = tuple[Grey, Grey]
"""Grey levels of the lower half of a bin's crop, and 1 where they are the bin's."""


@dataclass(slots=True)
class Bodies:
    """Remembers the lower halves of bins, by day and by night."""

    _plain: dict[tuple[str, LightState], Grey] = field(default_factory=dict)
    _other: Counter[tuple[str, LightState]] = field(default_factory=Counter)

    def learn(self, thing: str, light: LightState, place: Crop) -> None:
        """Take in a look at a bin that holds what is in it.

        Args:
            place: (PLACE_SIZE, PLACE_SIZE, 4) of `place_crop`.
        """
        key, (now, where) = (thing, light), _lower_half(place)
        known = self._plain.get(key)
        same = known is None or known.shape != now.shape or edge_likeness(now, known, where) >= _SAME
        self._other[key] = 0 if same else self._other[key] + 1
        if self._other[key] % _PATIENCE == 0:
            self._plain[key] = now

    def is_other(self, thing: str, light: LightState, place: Crop) -> bool:
        """Whether the lower half of a bin looks another than then; False where that is not known."""
        known, (now, where) = self._plain.get((thing, light)), _lower_half(place)
        return known is not None and known.shape == now.shape and edge_likeness(now, known, where) < _OTHER


def _lower_half(place: Crop) -> Part:
    outline = crop_outline(place)
    rows, columns = np.flatnonzero(outline.any(axis=1)), np.flatnonzero(outline.any(axis=0))
    if not len(rows):
        return crop_grey(place), outline
    top = rows[0] + round(_LOWER * len(rows))
    part = (
        slice(top - _MARGIN, rows[-1] + 1 + _MARGIN),
        slice(max(0, columns[0] - _MARGIN), columns[-1] + 1 + _MARGIN),
    )
    where = outline.copy()
    where[:top] = 0.0
    return crop_grey(np.ascontiguousarray(place[part])), where[part]
