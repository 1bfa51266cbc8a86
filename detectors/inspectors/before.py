"""The picture from before something lay like a fallen tree: whether the trees round it still look as they did then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from detectors.geometry import Box
from detectors.inspectors.base import Scene
from detectors.inspectors.likeness import least_alike
from detectors.values import Grey

_EVERY_S = 8.0  # one picture and the one so long before it are kept; a choice
# A tree that fell shows no more where it stood, and one beside a branch as before. In 13 clips in which one came to lie
# there, the quarter of the tree's place that changed most keeps at most 0.77 of four trees that fell, three of them by
# night or under a grey sky, and at least 0.98 of ten that stand in reach of five branches; what came changed its own
# place to 0.85 at most. Wind takes both further down: then nothing is said.
_AS_BEFORE, _CAME = 0.9, 0.9


@dataclass(slots=True)
class Before:
    """Remembers how the view looked while nothing lay there like a fallen tree."""

    _older: Grey | None = None
    _newer: Grey | None = None
    _at_s: float = 0.0

    def learn(self, scene: Scene, lies: bool) -> None:
        """Take in one look; `lies` tells whether something may lie there."""
        grey = scene.frame.grey
        if self._older is not None and self._older.shape != grey.shape:
            self._older = self._newer = None
        if lies or (self._newer is not None and scene.frame.offset_s - self._at_s < _EVERY_S):
            return
        self._older = grey if self._newer is None else self._newer
        self._newer, self._at_s = grey, scene.frame.offset_s

    def forget(self) -> None:
        """Start anew: another light shows other edges."""
        self._older = self._newer = None

    def stood_by(self, trees: Iterable[Box], lying: Box, scene: Scene) -> bool:
        """Whether something came to lie there, and all of some trees still look as they did before."""
        before, now = self._older, scene.frame.grey
        if before is None or before.shape != now.shape:
            return False
        came = least_alike(now, before, lying)
        if came is None or came >= _CAME:
            return False
        alike = [least_alike(now, before, tree, lying) for tree in trees]
        return bool(alike) and all(share is not None and share >= _AS_BEFORE for share in alike)
