"""Draws a look on its frame: regions, what the inspectors said of them, and confirmed findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cv2
import numpy as np

from detectors.geometry import Box, Region
from detectors.issues import ISSUES
from detectors.values import Finding, Image, Look, Observation, Presence, View

# Blue-green-red. Colours also differ in line width and text, for those who do not tell them apart.
_CALM = (150, 170, 120)
_UNSURE = (150, 150, 150)
_SEEN = (90, 190, 250)  # seen in this look, not confirmed yet
_ALARM = {1: (60, 60, 235), 2: (30, 130, 250), 3: (40, 200, 250), 4: (220, 170, 80)}
_INK = (20, 20, 20)
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_LEAST_TEXT = 0.36


def draw(look: Look, view: View, findings: Iterable[Finding] = (), whole: bool = False) -> Image:
    """Draw on a copy of the look's frame.

    Args:
        findings: the findings open at this time; drawn thick, with title and score.
        whole: draw on the picture at the size it was taken, as evidence is; else at the size it was looked at.

    Returns:
        A BGR picture of that size.
    """
    image = (look.frame.whole() if whole else look.frame.image).copy()
    scale = max(0.4, image.shape[1] / 1600)
    findings = list(findings)
    _draw_regions(image, look, view, scale, findings)
    for finding in findings:
        issue = ISSUES.get(finding.issue)
        colour = _ALARM[issue.priority if issue else 2]
        name = f" {finding.asset_id}" if finding.asset_id else ""
        _frame(image, finding.box, colour, max(2, round(3 * scale)))
        _label(image, finding.box, f"{_title(finding.issue)}{name} {finding.score:.2f}", colour, scale)
    note = look.light.value + (f" - suspended: {_title(look.suspended)}" if look.suspended else "")
    _text(image, note, (8, image.shape[0] - 10), scale, _CALM)
    return image


def _title(issue: str) -> str:
    return ISSUES[issue].title if issue in ISSUES else issue


def _told(seen: Observation, findings: Sequence[Finding]) -> bool:
    """Whether an open finding says the same: written twice, one could not be read."""
    return any(
        (f.issue, f.asset_id) == (seen.issue, seen.asset_id)
        and not (seen.by_place and seen.box is not None and seen.box.iou(f.box) == 0)
        for f in findings
    )


def _draw_regions(image: Image, look: Look, view: View, scale: float, findings: Sequence[Finding]) -> None:
    """Every region with what this look newly said of it: the issue it has, or why nothing can be said."""
    said: dict[str, list[Observation]] = {}
    for observation in look.observations:
        if observation.asset_id and not observation.by_place:
            said.setdefault(observation.asset_id, []).append(observation)
    for asset in view.nudged(look.nudge).assets:
        if asset.region is not None:
            colour, text = (_UNSURE, "") if look.suspended else _state(said.get(asset.id, []), findings)
            _outline(image, asset.region, colour)
            _text(image, text, _below(asset.region.box, image), max(_LEAST_TEXT, 0.7 * scale), colour)
    for o in look.observations:
        if o.by_place and o.box is not None and o.presence is Presence.PRESENT:
            _frame(image, o.box, _SEEN, 1)
            text = "" if _told(o, findings) else f"{_title(o.issue)} {o.score:.2f}"
            _text(image, text, _below(o.box, image), max(_LEAST_TEXT, 0.7 * scale), _SEEN)


def _state(said: list[Observation], findings: Sequence[Finding]) -> tuple[tuple[int, int, int], str]:
    """Colour of a region, and what to write under it; nothing where all is well."""
    present = [o for o in said if o.presence is Presence.PRESENT]
    if present:
        new = [o for o in present if not _told(o, findings)]
        return _SEEN, ", ".join(f"{_title(o.issue)} {o.score:.2f}" for o in new)
    unknown = [o for o in said if o.presence is Presence.UNKNOWN]
    if said and len(unknown) == len(said):
        return _UNSURE, next((o.reason for o in unknown if o.reason), "")
    return _CALM, ""


def _outline(image: Image, region: Region, colour: tuple[int, int, int]) -> None:
    height, width = image.shape[:2]
    corners = np.array([[round(x * width), round(y * height)] for x, y in region.points], np.int32)
    cv2.polylines(image, [corners], True, colour, 1, cv2.LINE_AA)


def _below(box: Box, image: Image) -> tuple[int, int]:
    """Where to write under a box, inside the picture."""
    x0, _, _, y1 = box.pixels(image.shape[1], image.shape[0])
    return x0, min(image.shape[0] - 24, y1 + 12)


def _frame(image: Image, box: Box, colour: tuple[int, int, int], thickness: int) -> None:
    x0, y0, x1, y1 = box.pixels(image.shape[1], image.shape[0])
    cv2.rectangle(image, (x0, y0), (x1 - 1, y1 - 1), colour, thickness, cv2.LINE_AA)


def _label(image: Image, box: Box, text: str, colour: tuple[int, int, int], scale: float) -> None:
    (w, h), base = cv2.getTextSize(text, _FONT, scale, 1)
    x0, y0, _, _ = box.pixels(image.shape[1], image.shape[0])
    x = max(0, min(x0, image.shape[1] - w - 8))
    y = y0 - 4 if y0 - h - base - 6 >= 0 else y0 + h + base + 6
    cv2.rectangle(image, (x, y - h - base - 2), (x + w + 8, y + 2), colour, -1)
    cv2.putText(image, text, (x + 4, y - base + 2), _FONT, scale, _INK, 1, cv2.LINE_AA)


def _text(image: Image, text: str, at: tuple[int, int], scale: float, colour: tuple[int, int, int]) -> None:
    cv2.putText(image, text, at, _FONT, scale, _INK, 3, cv2.LINE_AA)
    cv2.putText(image, text, at, _FONT, scale, colour, 1, cv2.LINE_AA)
