"""Cracks that came while a camera watched: thin dark lines on a path, told from what else draws such lines."""

from __future__ import annotations

from collections.abc import Sequence

from detectors.background import Change
from detectors.fresh_lines import FreshLine, joined
from detectors.geometry import Box
from detectors.inspectors.cast import is_cast
from detectors.inspectors.claims import CHANGE_LOOKS, NAMES, Claims
from detectors.inspectors.for_good import OBSTACLE
from detectors.inspectors.mistaken import is_hairline
from detectors.inspectors.places import belongs_to, lying_on, say
from detectors.values import Observation

# Wider lines are something else: branches with their leaves, the rim of a heap, the shadow of what stands. On rendered
# places and walks two cracks that came measure 0.04 to 0.08 m, branches 0.45 to 0.5 m; see docs/evaluation.md.
_THICKEST_M = 0.1
# A crack is dark and of the paving's colour: the two have 0 to 2. Tape and hoses have their own; a choice.
_COLOUR = 8.0
_MOST = 4  # pieces at once; more are shadows of twigs or railings, for the sun came out; a choice
_UPRIGHT = 1.1  # times as high as wide, from which a line is a post, a leg or the side of a case; a choice
# What came beside a line, and is no smaller than this share of its box, casts it; a choice.
_CASTS = 0.2
# Score of a line that is hardly darker than the paving was, and of one that is darker by `_FULL` grey levels.
_LEAST_SCORE, _MOST_SCORE, _FULL = 0.5, 0.9, 60.0
_NAMED, _THERE = 0.15, 0.5  # score from which a name counts, and share of the line (or of the thing) in its box
# Of the obstacle, which has all shapes: the legs of a barrier draw lines too (800022). Of 45 cracks on held-back stills
# one is called so with 0.3, none with more.
_OBSTACLE = 0.5


def fresh_cracks(lines: Sequence[FreshLine], changes: Sequence[Change], claims: Claims) -> list[Observation]:
    """The cracks among the lines that came, each whole.

    Args:
        lines: see `DualBackground.lines`, in the picture as it is.
        changes: all that came, in the same look.
    """
    if len(lines) > _MOST:
        return []
    things = [c.box for c in changes if not c.of_line]
    found = []
    for line in joined(lines):
        path = lying_on(line.box, claims.paths)
        if path is not None and _is_crack(line, claims) and not _is_cast_by(line, things):
            found.append(say("path_damaged", _score(line), path, line.box, CHANGE_LOOKS))
    return found


def _is_crack(line: FreshLine, claims: Claims) -> bool:
    scene, box = claims.scene, line.box
    metre = claims.scale.metre_at(box.y1, scene)
    if metre is None or line.thickness > _THICKEST_M * metre or is_hairline(box, metre, scene):
        return False
    if line.colour > _COLOUR or box.height * scene.frame.height > _UPRIGHT * box.width * scene.frame.width:
        return False
    return not _has_a_name(line, claims) and not is_cast(scene.frame.image, box, scene.view.assets)


def _has_a_name(line: FreshLine, claims: Claims) -> bool:
    """Whether the detector calls a line's place anything that is no damage: a branch, litter, a bicycle."""
    others = [name for name in NAMES if name not in ("crack", "pothole")]
    seen = claims.scene.detections
    named = (*seen.named(*others, min_score=_NAMED), *seen.named(OBSTACLE, min_score=_OBSTACLE))
    return any(box.contains(line.box.centre) or box.shared(line.box) > _THERE for _, _, box in named)


def _is_cast_by(line: FreshLine, things: Sequence[Box]) -> bool:
    """Whether something came beside a line whose shadow it may be."""
    return any(thing.area > _CASTS * line.box.area and belongs_to(line.box, thing) for thing in things)


def _score(line: FreshLine) -> float:
    return min(_MOST_SCORE, _LEAST_SCORE + (_MOST_SCORE - _LEAST_SCORE) * line.darker / _FULL)
