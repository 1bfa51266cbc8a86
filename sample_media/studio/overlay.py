"""Lays who walks, rides or drives over a picture: hidden by what is nearer, with shadow and headlights."""

from typing import Any

import cv2
import numpy as np

from sample_media.studio import look

# Beams lighten the road by more than the denoiser's wavering; lenses are brighter than anything painted (0-1).
BEAM_LEAST, LENS_LEAST = 0.012, 0.9
# What is nearer than a figure by this hides it, in metres.
IN_FRONT = 0.3


def lay_over(
    image: np.ndarray,
    patch: tuple[np.ndarray, np.ndarray],
    plate: np.ndarray,
    empty: np.ndarray,
    hiding: tuple[np.ndarray, np.ndarray, np.ndarray],
    person: dict[str, Any],
) -> None:
    """Lays a walker and its shadow over an image in place.

    Args:
        image: The frame so far (BGR float 0-1).
        patch: The walker's rendered window, its outline as fourth channel, and its depth in metres there.
        plate: The plate the image moves.
        empty: The stand-in without walkers.
        hiding: The plate's depth in metres, where shadows of others lie that the patch must not cast, and where the
            plate shows ground (0-1), which takes shadows and headlights.
        person: The walker's record: window, feet, whether its lights are on.
    """
    (x, y), (h, w) = person["window"][:2], patch[0].shape[:2]
    part = np.s_[y : y + h, x : x + w]
    body, outline, ground = patch[0][..., :3], patch[0][..., 3], hiding[2][part]
    seen = (hiding[0][part] > patch[1] - IN_FRONT).astype(np.float32)
    shade = _shade(plate, empty, person["feet"])
    shone = np.clip(plate[part].mean(2) / (empty[part].mean(2) + 0.01), 0, 1)
    ratio = np.clip((body.mean(2) + 0.01) / (empty[part].mean(2) + 0.01), 0.2, 1)
    # Where the plate lies in shade already, a figure only takes a little of the sky's light.
    sun = np.clip((cv2.GaussianBlur(shone, (0, 0), 2.0) - 0.45) / 0.3, 0, 1)
    cast = 1 - (1 - cv2.GaussianBlur(ratio, (0, 0), 0.8)) * (0.15 + 0.85 * sun)
    rows, columns = np.arange(h), np.arange(w)
    edge = np.minimum(np.minimum(rows, rows[::-1])[:, None], np.minimum(columns, columns[::-1])[None])
    cast = 1 - (1 - cast) * np.clip(edge / 3, 0, 1) * ~hiding[1][part]
    below = image[part] * np.where(outline > 0.02, 1.0, cast * ground + (1 - ground))[..., None]
    mask = (outline * seen)[..., None]
    if person.get("lit"):
        fade = np.clip(edge / 8, 0, 1) * (outline <= 0.02) * ground
        below += np.clip(body - empty[part] - BEAM_LEAST, 0, None) * fade[..., None]
        shade = np.where(body.max(2, keepdims=True) > LENS_LEAST, 1.0, shade)
    image[part] = below * (1 - mask) + np.clip(body * shade, 0, 1) * mask
    if person.get("lit"):
        _bloom(image, np.where(mask > 0.5, body, 0), part)


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
