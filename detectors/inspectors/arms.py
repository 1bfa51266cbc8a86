"""Lamps registered by a box: on which side of it the column stands, and so where foot, arm and head are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from detectors.geometry import Box, Region
from detectors.inspectors.base import Scene
from detectors.inspectors.column_lines import lines_in
from detectors.inspectors.crops import KEPT
from detectors.inspectors.lamp_rows import rows_of
from detectors.values import Asset

_ARM_WIDE = 0.2  # px across for each px of height from which a box holds an arm
# Of the picture: of what it cuts nobody knows the width, or the height. Boxes end within a pixel or two of its lower
# edge: a lantern of which only the head is in view was taken for an arm (800005).
_EDGE, _LOWER_EDGE = 0.005, 0.985
_THIRD, _BESIDE = 0.3, 0.03  # of the box's width, and of the lamp's height beside it: where a side's column stands
# A column shows on one side so clearly, in rows, and by so much more than elsewhere. As told by outlines of 20 known
# places, 63 of 138 boxes of lamps on arms are that clear and three of them wrong; the others are told by their row, the
# nearer ones more than the farther ones, among whose columns stand those of others; but not where another side shows a
# column so much better than the row's.
_CLEAR, _LEAD, _ROW_LEAD, _BELIES = 0.6, 0.15, 0.08, 0.3
_HALF_WIDE, _HEAD_LOW, _BEND = 0.03, 0.04, 0.06  # of the height: half a plinth, the head's lower edge, the arm's bend

SIDES = LEFT, MIDDLE, RIGHT = "left", "middle", "right"


@dataclass(slots=True)
class ArmSides:
    """Turns the boxes of lamps on arms into outlines, with what the view shows of their columns.

    A column stands under one end of its arm, not under the middle of the box: a foot, a pool of light and a head looked
    for from there are a neighbour's or nobody's. Lamps of a row hold out their arms to the same side.

    Attributes:
        told: ids of the lamps whose side this look told: their outlines are others than in the looks before.
    """

    told: set[str] = field(default_factory=set)
    _sides: dict[str, str] = field(default_factory=dict)

    def outlined(self, scene: Scene) -> Scene:
        """The scene with an outline for each lamp of which the side is known; boxes stay what they were."""
        self.told.clear()
        regions = {lamp.id: lamp.region for lamp in scene.view.of_kind("street_light")}
        lamps = {i: region.box for i, region in regions.items() if region is not None and is_boxed_arm(region, scene)}
        if not lamps:
            return scene
        if lamps.keys() - self._sides.keys():
            self._learn(lamps, scene)
        aspect = scene.frame.width / scene.frame.height
        assets = tuple(_shaped(asset, self._sides.get(asset.id, MIDDLE), aspect) for asset in scene.view.assets)
        return replace(scene, view=replace(scene.view, assets=assets))

    def _learn(self, lamps: Mapping[str, Box], scene: Scene) -> None:
        """Settle the sides that this look tells; a side that was told is kept, for an outline must not jump."""
        shown = {lamp_id: _sides_shown(scene, box) for lamp_id, box in lamps.items() if not scene.hidden(box)}
        rows = rows_of({i: lamps[i] for i in shown}, scene.frame.width / scene.frame.height)
        for lamp_id, own in shown.items():
            # One that leans is no witness of its own side.
            others = {i: lamps[i].height for i in shown if i != lamp_id and rows[i] == rows[lamp_id]}
            row = {side: sum(tall * shown[i][side] for i, tall in others.items()) for side in SIDES}
            row = {side: share / sum(others.values()) for side, share in row.items()} if others else {}
            side = _leader(own, _LEAD) or _leader(row, _ROW_LEAD)
            if side and own[side] >= max(own.values()) - _BELIES and lamp_id not in self._sides:
                self._sides[lamp_id] = side
                self.told.add(lamp_id)


def is_boxed_arm(region: Region, scene: Scene) -> bool:
    """Whether no more is known of a lamp than a box that holds an arm, so that its column may be anywhere in it."""
    box = region.box
    cut = min(box.x0, box.y0) < _EDGE or box.x1 > 1.0 - _EDGE or box.y1 >= _LOWER_EDGE
    return not cut and is_boxed(region) and holds_arm(box, scene)


def is_boxed(region: Region) -> bool:
    """Whether no more is known of a thing than its box."""
    box = region.box
    return len(region.points) == 4 and all(x in (box.x0, box.x1) and y in (box.y0, box.y1) for x, y in region.points)


def holds_arm(box: Box, scene: Scene) -> bool:
    """Whether a lamp's box is so wide that it holds an arm."""
    return box.width * scene.frame.width >= _ARM_WIDE * box.height * scene.frame.height


def _sides_shown(scene: Scene, box: Box) -> dict[str, float]:
    """How well a column shows on each side of a lamp's box; see `Lines.best`."""
    lines, wide = lines_in(scene.frame.image, box), box.width * scene.frame.width / (box.height * scene.frame.height)
    return {
        LEFT: lines.best(-_BESIDE, _THIRD * wide),
        MIDDLE: lines.best(_THIRD * wide, (1.0 - _THIRD) * wide),
        RIGHT: lines.best((1.0 - _THIRD) * wide, wide + _BESIDE),
    }


def _leader(shown: Mapping[str, float], lead: float) -> str:
    """The side on which a column surely shows; "" where it is not clear."""
    first, second = sorted([*shown.values(), 0.0, 0.0], reverse=True)[:2]
    return max(shown, key=lambda side: shown[side]) if first >= _CLEAR and first - second >= lead else ""


def _shaped(asset: Asset, side: str, aspect: float) -> Asset:
    if side == MIDDLE or asset.region is None:
        return asset
    return replace(asset, region=_outline(asset.region.box, side, aspect))


@lru_cache(maxsize=KEPT)
def _outline(box: Box, side: str, aspect: float) -> Region:
    """A lamp's outline in its box: a column under one end of an arm."""
    thick, tall = min(2 * _HALF_WIDE * box.height / aspect, 0.5 * box.width), box.height
    own, far = (box.x0, box.x1) if side == LEFT else (box.x1, box.x0)
    inner = own + thick if side == LEFT else own - thick
    return Region(
        (
            (far, box.y0 + _HEAD_LOW * tall),
            (far, box.y0),
            (inner, box.y0),
            (own, box.y0 + _BEND * tall),
            (own, box.y1),
            (inner, box.y1),
        )
    )
