"""Groups of lights: where the register names no circuits, lights that follow each other along a line make one."""

from __future__ import annotations

from collections import defaultdict
from math import cos, radians

from sqlalchemy import select

from workorders.actors import Actor
from workorders.orders.circuits import NEIGHBOURS_M, distance_m
from workorders.schema import Asset
from workorders.store import Store

MOST_IN_GROUP = 24
"""A lighting circuit feeds a few dozen columns at most; a longer line is several circuits."""
_METRES_PER_DEGREE = 111_195.0


def group_lights(store: Store, actor: Actor, metres: float = NEIGHBOURS_M) -> int:
    """Give every street light that has a place and no group one; returns how many groups were made.

    From a light that stands at an end the line is followed to its nearest neighbour, again and again, no step longer
    than `metres`.

    Raises:
        NotAllowed: the actor is no manager.
    """
    actor.must_manage()
    with store.write() as work:
        lights = work.session.scalars(
            select(Asset)
            .where(Asset.kind == "street_light", Asset.group_ref.is_(None), Asset.retired_at.is_(None))
            .where(Asset.latitude.is_not(None), Asset.longitude.is_not(None))
            .order_by(Asset.id)
        ).all()
        lines = follow_lines(list(lights), metres)
        for line in lines:
            for light in line:
                light.group_ref = f"line:{line[0].id}"[:128]
        work.commit()
        return len(lines)


def follow_lines(lights: list[Asset], metres: float) -> list[list[Asset]]:
    """Lights in lines of neighbours, each light in one line."""
    near = _neighbours(lights, metres)
    left = {light.id: light for light in lights}
    lines = []
    # Ends of lines have the fewest neighbours; beginning there keeps a line whole.
    for start in sorted(lights, key=lambda light: (len(near[light.id]), light.id)):
        if start.id not in left:
            continue
        line = [left.pop(start.id)]
        while len(line) < MOST_IN_GROUP:
            following = next((left[i] for _, i in near[line[-1].id] if i in left), None)
            if following is None:
                break
            line.append(left.pop(following.id))
        lines.append(line)
    return lines


def _neighbours(lights: list[Asset], metres: float) -> dict[str, list[tuple[float, str]]]:
    """Id -> (distance, id) of the lights within reach, nearest first; found through a grid of cells."""
    # One width for all, that of the light nearest to a pole: elsewhere cells are wider than need be, never narrower.
    wide = max(0.05, min((cos(radians(light.latitude or 0.0)) for light in lights), default=1.0))
    cells: dict[tuple[int, int], list[Asset]] = defaultdict(list)
    for light in lights:
        cells[_cell(light, metres, wide)].append(light)
    near: dict[str, list[tuple[float, str]]] = {}
    for light in lights:
        x, y = _cell(light, metres, wide)
        around = [o for dx in (-1, 0, 1) for dy in (-1, 0, 1) for o in cells.get((x + dx, y + dy), ())]
        reached = ((distance_m(light, other), other.id) for other in around if other.id != light.id)
        near[light.id] = sorted((d, i) for d, i in reached if d is not None and d <= metres)
    return near


def _cell(light: Asset, metres: float, wide: float) -> tuple[int, int]:
    latitude, longitude = light.latitude or 0.0, light.longitude or 0.0
    return int(longitude * _METRES_PER_DEGREE * wide // metres), int(latitude * _METRES_PER_DEGREE // metres)
