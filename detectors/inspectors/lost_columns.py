"""Columns that were seen to stand and are not seen there any more, by day and by night: gone, snapped or leaning."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from detectors.geometry import Region
from detectors.inspectors.base import Scene
from detectors.inspectors.column_lines import LIGHT, STANDS, Column, column_at
from detectors.values import Asset, LightState, Observation, Presence

_MIN_PX = 60.0  # columns of lower lamps are a pixel wide
_LOOKS = 3
# A column is lost where less than this share of its rows is left. In 1,128 clips of lamps of 60 px and more, with
# lights that go out, passers-by and trees that fall, no column that stands in the light and showed in 0.75 of its rows
# shows in less than 0.6 of them; of 15 lamps damaged while watched seven do, all that went and some of the others.
_LEFT = 0.63
# Of the light in which it was seen: at dusk columns fade before it is dark. In a night of the sample clips one that
# stands lost half of its rows where half of the light was left.
_AS_LIGHT = 0.75
_WHOLE_VIEW = 0.5  # where such a share of the columns is lost at once, it is the camera's doing, or fog's
_SCORE = 0.75

_Key = tuple[str, Region]


@dataclass(slots=True)
class LostColumns:
    """Tells of each lamp whether its column no longer shows where it stood."""

    _known: dict[_Key, deque[Column]] = field(default_factory=dict)
    _light: LightState | None = None
    _lost: set[str] = field(default_factory=set)

    def look(self, lamps: Sequence[Asset], scene: Scene, stance: Sequence[Observation]) -> list[Observation]:
        """What was said of how the lamps stand, and what their columns add to it."""
        if scene.light is not self._light:
            self._light = scene.light
            self._known.clear()
            self._start_from_reference(lamps, scene)
        columns = {
            (a.id, a.region): column_at(scene.frame.image, a.region)
            for a in lamps
            if a.region is not None and _is_shown(a, scene)
        }
        stood = {key: _usual(seen) for key, seen in self._known.items() if len(seen) == _LOOKS and key in columns}
        known = {key: column for key, column in stood.items() if column.shows >= STANDS}
        lost = {key for key, column in known.items() if _is_lost(columns[key], column)}
        whole = len(lost) > max(1, _WHOLE_VIEW * len(known))
        self._lost = set() if whole else {lamp_id for lamp_id, _ in lost}
        self._learn(columns, known)
        return [self._added(said) for said in stance]

    def is_lost(self, lamp_id: str) -> bool:
        """Whether a lamp's column was gone in the last look."""
        return lamp_id in self._lost

    def _start_from_reference(self, lamps: Sequence[Asset], scene: Scene) -> None:
        """A clean picture of the view in this light, where there is one, tells which columns showed then."""
        reference = scene.view.reference(scene.light, scene.frame.image)
        if reference is not None:
            self._learn({(a.id, a.region): column_at(reference, a.region) for a in lamps if a.region is not None}, {})
            for seen in self._known.values():
                seen.extend([seen[0]] * (_LOOKS - 1))

    def _learn(self, columns: Mapping[_Key, Column], known: Mapping[_Key, Column]) -> None:
        for key, column in columns.items():
            if key not in known:
                self._known.setdefault(key, deque(maxlen=_LOOKS)).append(column)

    def _added(self, said: Observation) -> Observation:
        if said.asset_id not in self._lost or said.presence is Presence.PRESENT:
            return said
        return replace(said, presence=Presence.PRESENT, score=_SCORE, reason="")


def _usual(seen: Collection[Column]) -> Column:
    return Column(min(column.shows for column in seen), median(column.light for column in seen))


def _is_lost(column: Column, stood: Column) -> bool:
    return column.light >= max(LIGHT, _AS_LIGHT * stood.light) and column.shows < _LEFT * stood.shows


def _is_shown(lamp: Asset, scene: Scene) -> bool:
    assert lamp.region is not None
    own = lamp.region.box
    if own.height * scene.frame.height < _MIN_PX or own.y1 >= 0.995 or own.y0 <= 0.005:
        return False
    return not scene.hidden(own, [*scene.movers, *scene.things], own.y1)
