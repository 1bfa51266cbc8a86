"""Truth files of changed clips: regions and boxes where the view shows them."""

from __future__ import annotations

from typing import Any

import numpy as np

from sample_media.views.film import Kind, Points, same_place

_STEP = 0.02  # lines that come out bent are cut into pieces no longer than this, in 0-1
_SEEN = 0.5  # share of its box that must be in the view for a thing or an issue to be in it
_GROUNDS = ("path", "lawn")  # of these the part in view is as good as the whole
_DIGITS = 4


def moved(truth: dict[str, Any], kind: Kind, was: tuple[int, int], size: tuple[int, int]) -> dict[str, Any]:
    """The truth of a clip in a kind of view.

    Args:
        truth: what the clip's truth file holds, with `assets` and `issues`.
        was, size: width and height of the clip's pictures, and of the view's.
    """
    there = truth | {"width": size[0], "height": size[1]}
    if kind.place is same_place:
        return there
    assets = [asset | {"region": _region(asset, kind, was)} for asset in truth["assets"]]
    issues = [issue for issue in (_issue(i, kind, was) for i in truth["issues"]) if issue is not None]
    return there | {"assets": assets, "issues": issues}


def _region(asset: dict[str, Any], kind: Kind, size: tuple[int, int]) -> list[list[float]] | None:
    """An asset's region where the view shows it; None out of view."""
    if not asset.get("region"):
        return None
    outline = _placed(np.array(asset["region"], np.float64), kind, size)
    seen = _in_view(outline)
    if len(seen) < 3 or min(np.ptp(seen, axis=0)) <= 10.0**-_DIGITS:
        return None
    if asset["kind"] not in _GROUNDS and _share_seen(outline) < _SEEN:
        return None
    return [[round(float(x), _DIGITS), round(float(y), _DIGITS)] for x, y in seen]


def _issue(issue: dict[str, Any], kind: Kind, size: tuple[int, int]) -> dict[str, Any] | None:
    """An issue where the view shows it; None where most of it is out of view. Faults of the camera have no place."""
    if issue.get("box") is None or issue["issue"].startswith("camera_"):
        return issue
    x0, y0, x1, y1 = issue["box"]
    outline = _placed(np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], np.float64), kind, size)
    if _share_seen(outline) < _SEEN:
        return None
    seen = outline.clip(0, 1)
    return issue | {"box": [round(float(v), _DIGITS) for v in (*seen.min(0), *seen.max(0))]}


def _share_seen(outline: Points) -> float:
    """Share of the box round an outline that is in the picture, 0-1."""
    whole = np.prod(np.ptp(outline, axis=0))
    return float(np.prod(np.ptp(outline.clip(0, 1), axis=0)) / whole) if whole > 0 else 0.0


def _placed(outline: Points, kind: Kind, size: tuple[int, int]) -> Points:
    """An outline where the view would show it were it large enough."""
    return kind.place(_in_steps(outline) if kind.bends else outline, size)


def _in_steps(outline: Points) -> Points:
    """The same outline with more points on its long sides."""
    pieces = []
    for start, end in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        steps = max(1, int(np.ceil(np.abs(end - start).max() / _STEP)))
        pieces.append(start + np.linspace(0, 1, steps, endpoint=False)[:, None] * (end - start))
    return np.concatenate(pieces)


def _in_view(outline: Points) -> Points:
    """The part of an outline in the picture, cut off at one edge after the other (Sutherland and Hodgman)."""
    for axis in (0, 1):
        for edge, inwards in ((0.0, 1.0), (1.0, -1.0)):
            outline = _cut(outline, axis, edge, inwards)
    return outline.clip(0, 1)


def _cut(outline: Points, axis: int, edge: float, inwards: float) -> Points:
    kept: list[Points] = []
    for here, after in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        depth, depth_after = inwards * (here[axis] - edge), inwards * (after[axis] - edge)
        if depth >= 0:
            kept.append(here)
        if depth * depth_after < 0:
            kept.append(here + depth / (depth - depth_after) * (after - here))
    return np.array(kept).reshape(-1, 2)
