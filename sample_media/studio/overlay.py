"""Lays who walks, rides or drives over a picture: hidden by what is nearer, with shadow, headlights and reflection."""

from typing import Any, NamedTuple

import cv2
import numpy as np

from sample_media.studio import look

# Beams lighten the road by more than the denoiser's wavering; lenses are brighter than anything painted (0-1).
BEAM_LEAST, LENS_LEAST = 0.012, 0.9
# What is nearer than a figure by this hides it, in metres.
IN_FRONT = 0.3


class Around(NamedTuple):
    """What a figure walks into, each of the picture's height and width.

    Attributes:
        depth: The plate's depth in metres.
        taken: Where shadows of others lie, which the figure's window must not cast again (bool).
        ground: Where the plate shows ground, which takes shadows and headlights (0-1).
        mirror: How much of what stands on it the ground mirrors (0-1).
    """

    depth: np.ndarray
    taken: np.ndarray
    ground: np.ndarray
    mirror: np.ndarray


def lay_over(
    image: np.ndarray,
    patch: tuple[np.ndarray, np.ndarray],
    plate: np.ndarray,
    empty: np.ndarray,
    around: Around,
    person: dict[str, Any],
) -> None:
    """Lays a walker and its shadow over an image in place.

    Args:
        image: The frame so far (BGR float 0-1).
        patch: The walker's rendered window, its outline as fourth channel, and its depth in metres there.
        plate: The plate the image moves.
        empty: The stand-in without walkers.
        around: What the figure walks into.
        person: The walker's record: window, feet, whether its lights are on.
    """
    (x, y), (h, w) = person["window"][:2], patch[0].shape[:2]
    part = np.s_[y : y + h, x : x + w]
    body, outline, ground = patch[0][..., :3], patch[0][..., 3], around.ground[part]
    seen = (around.depth[part] > patch[1] - IN_FRONT).astype(np.float32)
    shade = _shade(plate, empty, person["feet"])
    _mirror(image, body * shade, outline, (x, y), around.mirror)
    shone = np.clip(plate[part].mean(2) / (empty[part].mean(2) + 0.01), 0, 1)
    ratio = np.clip((body.mean(2) + 0.01) / (empty[part].mean(2) + 0.01), 0.2, 1)
    # Where the plate lies in shade already, a figure only takes a little of the sky's light.
    sun = np.clip((cv2.GaussianBlur(shone, (0, 0), 2.0) - 0.45) / 0.3, 0, 1)
    cast = 1 - (1 - cv2.GaussianBlur(ratio, (0, 0), 0.8)) * (0.15 + 0.85 * sun)
    rows, columns = np.arange(h), np.arange(w)
    edge = np.minimum(np.minimum(rows, rows[::-1])[:, None], np.minimum(columns, columns[::-1])[None])
    cast = 1 - (1 - cast) * np.clip(edge / 3, 0, 1) * ~around.taken[part]
    below = image[part] * np.where(outline > 0.02, 1.0, cast * ground + (1 - ground))[..., None]
    mask = (outline * seen)[..., None]
    if person.get("lit"):
        fade = np.clip(edge / 8, 0, 1) * (outline <= 0.02) * ground
        below += np.clip(body - empty[part] - BEAM_LEAST, 0, None) * fade[..., None]
        shade = np.where(body.max(2, keepdims=True) > LENS_LEAST, 1.0, shade)
    image[part] = below * (1 - mask) + np.clip(body * shade, 0, 1) * mask
    if person.get("lit"):
        _bloom(image, np.where(mask > 0.5, body, 0), part)


def _mirror(
    image: np.ndarray, body: np.ndarray, outline: np.ndarray, corner: tuple[int, int], mirror: np.ndarray
) -> None:
    """Lays a figure's reflection below its lowest point over an image in place."""
    rows = np.flatnonzero(outline.max(1) > 0.5)
    if not len(rows):
        return
    (x, y), foot = corner, int(rows[-1]) + 1
    height = min(foot, len(image) - y - foot)
    if height <= 0:
        return
    below = np.s_[y + foot : y + foot + height, x : x + outline.shape[1]]
    upturned = np.dstack([body * outline[..., None], outline])[foot - height : foot][::-1]
    seen = cv2.GaussianBlur(upturned, (0, 0), max(1.0, foot / 40))
    share = (seen[..., 3] * mirror[below])[..., None]
    image[below] = image[below] * (1 - share) + seen[..., :3] / np.maximum(seen[..., 3:], 0.05) * share


def _bloom(image: np.ndarray, lamps: np.ndarray, part: tuple[slice, slice]) -> None:
    """Adds the glow of a car's lenses to an image in place."""
    high = np.zeros(image.shape[:2], np.float32)
    high[part] = np.clip(lamps.mean(2) - LENS_LEAST, 0, None) * 14
    if high.max() > 0:
        glow = sum(cv2.GaussianBlur(high, (0, 0), s * image.shape[1] / 960) * k for s, k in look.NIGHT_GLOW)
        image += glow[..., None] * np.array([0.78, 0.95, 1.0], np.float32)


def _shade(plate: np.ndarray, empty: np.ndarray, feet: list[float]) -> float:
    """Returns how much darker than the stand-in the plate is where a walker stands."""
    x, y = round(feet[0]), round(feet[1])
    part = np.s_[max(0, y - 6) : y + 7, max(0, x - 14) : x + 15]
    if not plate[part].size:
        return 1.0
    return float(np.clip(np.median(plate[part]) / (np.median(empty[part]) + 0.01), 0.3, 1.15))
