"""Chooses what goes wrong in a drawn camera's view, among what the camera can see."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sample_media.studio.course import Course
from sample_media.studio.draw import draw_issue, draw_snap
from sample_media.studio.plan import OBSTACLES, Issue, Plan
from sample_media.studio.shot import Shot
from sample_media.studio.sight import Sight
from sample_media.studio.stage import SURFACES
from sample_media.studio.variants import Variant

ON_PATH = ("suitcase", "branch", "puddle", "broken", "crack", "litter", "bicycle", "car", *OBSTACLES)
# What lies on the lawn, and cracks too wide to step over: how much wider than in stills.
ON_LAWN, WIDE_CRACK = ("lawn_litter",), 2.2
# How large a half metre must be to place something on the walk, in pixels.
LEAST_SCALE = 11.0
# A tree fills this share of its outline when nothing much stands before it.
LEAST_FILLED = 0.38


@dataclass
class View:
    """A drawn camera's clean view: what may go wrong there is chosen among what can be seen."""

    clean: Variant
    shot: Shot
    rng: np.random.Generator

    @property
    def plan(self) -> Plan:
        """The plan it was made of."""
        return self.clean.plan()

    def pick(self, kind: str, left_only: bool = False) -> int | None:
        """Returns the number of a well visible asset of a kind, drawn among those near enough."""
        numbers = self.numbers(kind)
        if left_only:
            numbers = [n for n in numbers if self.plan.trees[n - 1].t < 0]
        return int(self.rng.choice(numbers)) if numbers else None

    def numbers(self, kind: str) -> list[int]:
        """Returns the numbers of the assets of a kind whose top is in view and that are large enough."""
        return [int(a["name"].rsplit("_", 1)[1]) for a in self.shot.about["assets"] if a["kind"] == kind and _clear(a)]


def _clear(asset: dict[str, Any]) -> bool:
    box, seen = asset["box"], asset["visible"]
    least = {"street_light": 0.16, "tree": 0.2, "bench": 0.035, "bin": 0.05}[asset["kind"]]
    inside = box[1] > 0.01 and seen[0] > 0.004 and seen[2] < 0.996
    share = (seen[3] - seen[1]) / (box[3] - box[1])
    if asset["kind"] == "tree" and asset["filled"] < LEAST_FILLED:
        return False
    return inside and seen[1] - box[1] < 0.02 and share > 0.55 and box[3] - box[1] > least


def state_of(view: View, kind: str) -> Variant | None:
    """Returns the view with one thing wrong, or None where that cannot be seen."""

    def state(**change: Any) -> Variant:
        return Variant(view.clean.camera, view.clean.mode, kind, **change)

    if kind in ON_LAWN and not any(asset["kind"] == "lawn" for asset in view.shot.about["assets"]):
        return None
    if kind in (*ON_PATH, *ON_LAWN):
        issue = _place(view, kind)
        return state(issues=(issue,)) if issue else None
    if kind == "three_out":
        row = sorted(view.numbers("street_light"), key=lambda n: view.plan.lamps[n - 1].s)
        return state(lamps_dark=tuple(row[:3])) if len(row) >= 4 else None
    if kind == "overflow":
        number = view.pick("bin")
        if number is None:
            return None
        spot, draw = view.plan.bins[number - 1], int(view.rng.integers(1, 10**6))
        return state(issues=(Issue("overflow", spot.s, spot.t, 1.0, draw),))
    asset = kind.split("_", maxsplit=1)[0]
    asset = {"lit": "street_light", "one": "street_light", "flicker": "street_light", "lamp": "street_light"}.get(
        asset, asset
    )
    number = view.pick(asset, left_only=kind == "tree_fallen")
    if number is None:
        return None
    if kind == "tree_bare" and (view.plan.bare_season or view.plan.forms[view.plan.trees[number - 1].form].evergreen):
        return None
    lean = float(view.rng.choice([-1, 1]) * view.rng.uniform(9, 20))
    changes: dict[str, dict[str, Any]] = {
        "one_out": {"lamps_dark": (number,)},
        "flicker": {"lamps_dark": (number,)},
        "lit_by_day": {"lamps_lit": (number,)},
        "lamp_leaning": {"lamp_leaning": (number, lean)},
        "lamp_snapped": {"lamp_snapped": (number, draw_snap(view.rng))},
        "tree_leaning": {"tree_leaning": (number, lean)},
    }
    return state(**changes.get(kind, {kind: number}))


def _place(view: View, kind: str) -> Issue | None:
    """Places an issue on walk or lawn that the camera sees unhidden and near enough."""
    sight, on_path = Sight(view.plan, view.clean.place.size), kind in ON_PATH
    course, path = Course(*view.plan.curve), view.shot.ids == SURFACES["path" if on_path else "lawn"]
    h, w = path.shape
    for _ in range(60):
        issue = draw_issue(view.rng, view.plan, kind)
        issue = replace(issue, size=WIDE_CRACK * issue.size) if kind == "crack" else issue
        x, y, scale = sight.at(course.at(issue.s, issue.t))
        r = max(2, round(0.35 * scale))
        if scale * 0.5 < LEAST_SCALE or (on_path and abs(issue.t) > view.plan.half - 0.4):
            continue
        if r < x < w - r and r < y < 0.95 * h - r and path[round(y) - r // 2 : round(y) + r // 2 + 1].size:
            around = path[round(y) - r // 2 : round(y) + r // 2 + 1, round(x) - r : round(x) + r + 1]
            if around.mean() > 0.75:
                return issue
    return None
