"""How far a change of the scene reaches in the picture: itself, what it hid, and the shadows of both."""

import bpy
import numpy as np

from sample_media.studio.mesh import world_points
from sample_media.walk.backdrop import sun_direction
from sample_media.walk.camera import project, projection
from sample_media.walk.film import Window
from sample_media.walk.plan import HEIGHT, WIDTH
from sample_media.walk.stage import Stage

# A lamp casts shadows of things nearer than this (m) that are worth rendering, at most so many times as long as the
# thing is far from it; of what passes by only the strongest are.
LASTING, PASSING = (11.0, 3.0), (4.5, 0.7)
MARGIN = 14  # px


def shadows(stage: Stage, points: np.ndarray, worth: tuple[float, float]) -> np.ndarray:
    """Returns where the shadows of world points (n, 4) fall on level ground, by the sun or the lamps near by."""
    high = np.maximum(points[:, 2:3], 0.0)
    cast = []
    if stage.air.name == "day":
        sun = sun_direction(stage)
        cast.append(points[:, :2] - high * np.array([[sun.x / sun.z, sun.y / sun.z]]))
    for thing in stage.things.values():
        for light in thing.lights[:1]:
            at = np.array(light.location)
            if np.linalg.norm(points[:, :2].mean(0) - at[:2]) < worth[0]:
                far = np.clip(high / np.maximum(at[2] - high, 0.3), 0, worth[1])
                cast.append(points[:, :2] + (points[:, :2] - at[None, :2]) * far)
    if not cast:
        return points
    flat = np.concatenate(cast)
    return np.c_[flat, np.full(len(flat), 0.02), np.ones(len(flat))]


def window_round(
    stage: Stage, points: np.ndarray, margin: int = MARGIN, worth: tuple[float, float] = LASTING
) -> Window | None:
    """Returns the window that holds world points and their shadows, or None where the picture holds none of it."""
    at = project(np.concatenate([points, shadows(stage, points, worth)]), projection(stage))
    if np.isnan(at).all():
        return None
    (x0, y0), (x1, y1) = np.nanmin(at, axis=0), np.nanmax(at, axis=0)
    left, top = max(0, int(max(x0, 0)) - margin), max(0, int(max(y0, 0)) - margin)
    right, low = min(WIDTH, int(min(x1, WIDTH)) + margin), min(HEIGHT, int(min(y1, HEIGHT)) + margin)
    return (left, top, right, low) if right - left > 3 and low - top > 3 else None


def points_of(things: list[bpy.types.Object]) -> np.ndarray:
    """Returns the world points of what has a mesh, shape (n, 4)."""
    bpy.context.view_layer.update()
    meshes = [thing for thing in things if thing.type == "MESH" and len(thing.data.vertices)]
    return world_points(meshes) if meshes else np.zeros((0, 4))
