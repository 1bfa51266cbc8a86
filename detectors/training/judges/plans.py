"""Where the plan of a still says that its lamps and trees stand: upright, and leaning where they do.

A plan (`json/` beside the stills) gives metres along a curve and the camera; the pictures and labels tell neither what
leans nor which of many trees is bare.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detectors.errors import LamplighterError

Points = NDArray[np.float64]

_FILM = 36.0  # mm across, of the plans' cameras
_LAMP_TALL = {"lantern": 4.5, "arm": 5.9, "blade": 4.9, "globe": 4.0, "bell": 5.2}  # metres, by style
_LAMP_ASIDE = 0.4  # a lamp that leans along the walk leans so much of it across
_DEAD = (7.6, 2.5)  # metres, height and crown's radius of a tree that is bare among green ones, whatever it was before
_CROWN_WIDE, _CROWN_TALL = 0.96, 1.03  # what is seen of planned crowns, middle of 1,554 labelled trees


@dataclass(frozen=True, slots=True)
class Standing:
    """One lamp or tree of a plan.

    Attributes:
        kind: `street_light` or `tree`.
        foot: (2,) px.
        upright: (2,) px, where its top would be if it stood upright.
        top: (2,) px, where its top is.
        wide: of a tree's crown, px; 0 for lamps.
        bare: whether a tree has no leaves.
        in_leaf: height and width (px) that a bare tree among green ones had before; None for all others.
    """

    kind: str
    foot: Points
    upright: Points
    top: Points
    wide: float
    bare: bool
    in_leaf: tuple[float, float] | None = None

    @property
    def tall(self) -> float:
        """Height upright, px."""
        return float(self.foot[1] - self.upright[1])

    def crown(self, tall: float, wide: float) -> Points:
        """(4,) px, the box of a tree of that size at this place."""
        aside, (x, y) = _CROWN_WIDE * wide / 2, self.foot
        return np.array([x - aside, y - _CROWN_TALL * tall, x + aside, y])

    @property
    def leans(self) -> bool:
        """Whether it stands otherwise than upright, to whatever side."""
        return not np.array_equal(self.upright, self.top)


def standing(path: Path, width: int, height: int) -> list[Standing]:
    """What a still's plan says, of all that stands before the camera, in view or not.

    Raises:
        LamplighterError: the file is missing or holds no plan.
    """
    try:
        plan = json.loads(path.read_text(encoding="utf-8"))["plan"]
        camera = _Camera(plan.get("camera") or plan["cam"], width, height)
        return [thing for thing in _things(plan, camera) if thing is not None]
    except (OSError, ValueError, KeyError) as error:
        raise LamplighterError(f"{path}: cannot be read; the judges need the plans of the stills.") from error


def _things(plan: dict[str, Any], camera: _Camera) -> Iterator[Standing | None]:
    # Plans of the first seeds have other names for the same things.
    early = "lamp_lean" in plan
    tall = _LAMP_TALL[plan["lamp_style"]] * plan["lamp_h" if early else "lamp_height"]
    for k, lamp in enumerate(plan["lamps"]):
        if not early and (lamp.get("snapped") or lamp.get("gone")):
            continue
        s, t = lamp if early else (lamp["s"], lamp["t"])
        lean = np.radians(plan["lamp_lean"][k] if early else lamp["lean"])
        facing = -np.arctan(plan["curve"][1] + 2 * plan["curve"][2] * s) + (0.0 if t > 0 else np.pi)
        yield camera.standing("street_light", _place(plan, s, t), _axis(lean, _LAMP_ASIDE * lean, facing) * tall)
    yield from (_tree(plan, tree, camera, early) for tree in plan["trees"] if not tree.get("fallen"))


def _tree(plan: dict[str, Any], tree: dict[str, Any], camera: _Camera, early: bool) -> Standing | None:
    if early:
        tall, _, crown = plan["tree_dims"][tree["k"]]
    else:
        form = plan["forms"][tree["form"]]
        tall, crown = form["height"], form["crown"]
    scale, turn = (tree["sc"], tree["rot"]) if early else (tree["scale"], tree["turn"])
    axis, place = _axis(0.0, np.radians(tree["lean"]), turn) * scale, _place(plan, tree["s"], tree["t"])
    bare_now = bool(plan["bare_season"] and tree["bare"])  # in winter evergreens are not
    green = camera.standing("tree", place, axis * tall, 2 * crown * scale, bare_now)
    if green is None or plan["bare_season"] or not tree["bare"]:
        return green
    dead = camera.standing("tree", place, axis * _DEAD[0], 2 * _DEAD[1] * scale, True)
    return None if dead is None else replace(dead, in_leaf=(green.tall, green.wide))


def _place(plan: dict[str, Any], s: float, t: float) -> Points:
    """The point (metres) so far along a plan's curve and so far beside it, on the ground."""
    a, b, c = plan["curve"]
    slope = b + 2 * c * s
    norm = np.hypot(1.0, slope)
    return np.array([a + b * s + c * s * s + t / norm, s - t * slope / norm, 0.0])


def _axis(about_x: float, about_y: float, about_z: float) -> Points:
    """What points up, turned about the three axes in that order, radians."""
    return _turn(about_x, about_y, about_z)[:, 2]


def _turn(about_x: float, about_y: float, about_z: float) -> Points:
    (cx, cy, cz), (sx, sy, sz) = np.cos([about_x, about_y, about_z]), np.sin([about_x, about_y, about_z])
    x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return np.asarray(z @ y @ x, np.float64)


class _Camera:
    """The pinhole of a plan."""

    def __init__(self, camera: dict[str, float], width: int, height: int) -> None:
        degrees = 90 - camera["pitch"], camera["roll"], camera["yaw"]
        about_x, about_y, about_z = np.radians(degrees)
        self._to_camera = _turn(about_x, about_y, about_z).T
        self._at = np.array([camera["x"], 0.0, camera["z"]])
        self._focal, self._middle = camera["lens"] / _FILM * width, np.array([width, height]) / 2

    def standing(self, kind: str, foot: Points, axis: Points, wide: float = 0.0, bare: bool = False) -> Standing | None:
        """A thing from its foot (metres) and the way to its top; None where a part of it is behind the camera."""
        tall = np.array([0.0, 0.0, np.linalg.norm(axis)])
        # Exactly the same point for what does not lean, whatever rounding does to its axis.
        top = foot + tall if np.allclose(axis, tall) else foot + axis
        seen = [self._seen(point) for point in (foot, foot + tall, top)]
        if any(scale <= 0 for _, scale in seen):
            return None
        (at, scale), (upright, _), (now, _) = seen
        return Standing(kind, at, upright, now, wide * scale, bare)

    def _seen(self, point: Points) -> tuple[Points, float]:
        """Where a point (metres) is in the picture, and how many px a metre is there."""
        right, up, back = self._to_camera @ (point - self._at)
        scale = float(self._focal / -back)
        return self._middle + scale * np.array([right, -up]), scale
