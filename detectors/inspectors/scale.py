"""How large things are: metres from pixels, with what the view itself shows as the yard-stick."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from detectors.geometry import Box
from detectors.inspectors.base import Scene
from detectors.inspectors.before import Before
from detectors.inspectors.mistaken import is_water
from detectors.values import Asset, LightState

Lines = NDArray[np.float64]
Yardstick = tuple[float, float]
"""The line that a thing stands on, 0-1, and the picture height of a metre there."""

# Usual heights in metres of what is seen of a thing. People tell the scale best, for they are upright and alike; lamps
# are 3 to 12 m high and are asked last. Cameras look down, so the box of a bench or bin takes in its depth as well: by
# the people of 18 rendered places 20 bins measure 1.20-1.36 m, and 60 benches 0.96-1.73 m, half of them 1.17-1.38 m.
_HEIGHTS = {"person": 1.7, "bench": 1.25, "bin": 1.25, "street_light": 4.5}
_SURE_KINDS = ("bench", "bin")
_PERSON_SCORE = 0.5
# A fallen branch is no fallen tree: it is shorter than this, and than this share of what the registered trees would
# measure there. On 24 clips branches are 2.7-4.7 m long, fallen trees that are whole in view 5.0-10.4 m; on ten of them
# branches are 0.35-0.58 of a tree and fallen trees 0.63-1.06.
BRANCH_M, _BRANCH_OF_TREE = 4.85, 0.62
# What is longer by this than a tree of this view would be is none that fell: far crowns side by side measure 1.3-1.5.
_TOO_LONG_OF_TREE = 1.25
# What is so much longer than a branch (logarithm) is a tree, whatever is seen of those that stand: in a row, one that
# fell shows the next, which looks as it did. On 27 clips branches have at most 0.26, whole trees that fell 0.19-0.76.
_SURELY_TREE = 0.3
_TREES_ASKED = 3
# In a view whose trees are registered, one that lies there is missing where it stood. The detector may draw the crown
# alone, which begins a trunk's length from the foot, so reach is in heights of the tree that stood there. On 34 clips
# with a branch or a fallen tree the foot of the tree that fell is at most 0.33 of its height away and a tree is seen
# with an overlap of at most 0.58 there, of which neighbours have their part; the nearest tree to a branch that the
# detector does not see well is 0.43 away and more, but for one look at 0.22.
_REACH, _STANDS_IOU, _LOST = 0.38, 0.6, 0.35
# Crowns of conifers in a row are seen with 0.42-0.50 however well they stand: a tree that is seen nearly as well as
# before anything lay there is not missing.
_AS_BEFORE = 0.8
# One that was seen well and of which less than this share of it is left is gone: where two fell it was 0.35.
_GONE = 0.5
_FADES = 0.99  # a look: crowns grow, and lose their leaves in autumn; half is forgotten in 70 looks; a choice
# What is taken for a fallen tree just where one is registered is that tree: by night low crowns look like it.
_ITS_PLACE_IOU = 0.6
# A car from behind or before is called water at times. It fills the picture as no puddle does: as wide and high as a
# car, and were it flat on the ground it would be deeper than 3 times its width. Of six cars on rendered walks five have
# 3.2-5.7 times, eight puddles 0.7-2.8. Set on these.
_CAR_WIDE, _CAR_HIGH, _CAR_DEEP = (1.5, 3.3), (1.3, 2.2), 3.0
# A camera that looks down steeply, which the guess of the lens does not know, sees cars as no deeper than water. What
# has a car's size and is as high as wide is one where it is not as calm as water: of sixteen cars on rendered walks all
# are 0.74 times as high as wide and more, 13 not calm; of 18 puddles four are so high, and calm. Set on these.
_CAR_SQUARE = 0.7
CAR_STANDS = 0.85
"""Odds of the judge of standing things from which what is rather surely called water (0.5) may be a car.

Of the four cars of places 680000-740002 none is called water with more than 0.48, and all stand with 0.85 and more;
nine puddles are called so with 0.8 and more, and stand with at most 0.83. One puddle (750000, 0.89) was told as a car
for its size; all were in view when this was chosen. The smooth tail of a grey car (780000, in view) is as calm as water
and called so with 0.92; it stands with 0.91 and more, calm puddles as high as wide (three clips) with at most 0.38.
"""
_FOCAL = 1.2  # picture heights: what fixed cameras mostly have
# Yard-sticks this much farther off than the nearest (lines of the picture, 0-1) are asked too: perspective is a guess.
_NEAR_LINES, _AS_NEAR = 0.1, 0.05
_EDGE = 0.01  # what the picture's edge cuts is no measure
_MIN_HEIGHT = 0.03  # share of the picture below which a box is too coarse a measure
_MEMORY = 60
# What stands where it was is the same body once more, and may be a case: it counts once.
_SAME_BODY_IOU = 0.65
_ITSELF_IOU = 0.3  # what is measured is not its own yard-stick
# Where the horizon lies is told by bodies near and far; without them it is guessed: cameras on masts have it high.
_HORIZON = 0.2
_SPREAD, _LEAST_BODIES, _APART = 0.12, 5, 0.04
# Where few bodies are known, or all stand about as far off, the guess counts, off by so much, and the bodies, whose
# heights vary by so much. What it brings on street pictures is in docs/evaluation.md.
_HEIGHTS_VARY, _HORIZON_OFF, _OUTLIER, _LINES, _BELOW = 0.15, 0.2, 3.0, 81, 0.02
# Perspective is trusted so far: trees on the other bank are no measure of what lies at the camera's feet.
_GROWTH, _LEAST_BELOW = (0.4, 2.5), 0.05
_HORIZONS_KEPT = 512  # of several cameras: most things of a look are measured with the same yard-sticks
_HORIZONS = (-1.0, 0.6)  # what a fit may say; cameras that look steeply down have it above the picture


@dataclass(slots=True)
class Scale:
    """Picture heights of one metre at every line of a view, learnt from people and registered furniture.

    On level ground the picture height of a metre grows in proportion to the distance below the horizon.
    """

    _people: list[Box] = field(default_factory=list)
    _stood: dict[str, float] = field(default_factory=dict)
    _light: LightState | None = None
    _before: Before = field(default_factory=Before)

    def learn(self, scene: Scene) -> None:
        """Remember the people of this frame, and how well trees are seen while nothing lies near them."""
        if scene.light is not self._light:  # by night trees are seen less well
            self._stood.clear()
            self._before.forget()
            self._light = scene.light
        fallen = [box for _, _, box in scene.detections.named("fallen_tree")]
        self._before.learn(scene, lies=bool(fallen))
        lying = [tree.id for box in fallen for tree, _ in _within_reach(box, scene)]
        for tree in scene.view.of_kind("tree"):
            if tree.region is not None and tree.id not in lying:
                self._stood[tree.id] = max(_FADES * self._stood.get(tree.id, 0.0), _seen_standing(tree, scene))
        for _, _, box in scene.detections.named("person", min_score=_PERSON_SCORE):
            whole = box.height >= _MIN_HEIGHT and box.y1 < 0.98
            if whole and not any(box.iou(known) >= _SAME_BODY_IOU for known in self._people):
                self._people.append(box)
        del self._people[:-_MEMORY]

    def metre_at(self, line: float, scene: Scene, thing: Box | None = None) -> float | None:
        """Picture height of a metre that stands on a line of the picture; None where nothing tells the scale.

        Args:
            line: where the ground is, 0-1 from the top.
            thing: what is to be measured, which may have been taken for somebody.
        """
        known = self._known(scene, thing)
        return _metre(known, line, _horizon_of(known)) if known else None

    def stands_like_a_car(self, box: Box, scene: Scene) -> bool:
        """Whether what seems to lie flat has a car's width and height, and is too deep to lie or no calm water."""
        deep, square = self._like_a_car(box, scene)
        return deep or (square and not is_water(scene.frame.image, box))

    def has_cars_size(self, box: Box, scene: Scene) -> bool:
        """Whether what seems to lie flat has a car's width and height, and is too deep to lie or as high as wide."""
        return any(self._like_a_car(box, scene))

    def _like_a_car(self, box: Box, scene: Scene) -> tuple[bool, bool]:
        """Whether what has a car's width and height is too deep to lie, and whether it is about as high as wide."""
        far, near, middle = (self.metre_at(y, scene, box) for y in (box.y0, box.y1, box.centre[1]))
        if far is None or near is None or middle is None:
            return False, False
        wide = box.width * scene.frame.width / scene.frame.height / middle
        deep = _FOCAL * (1 / far - 1 / near)
        sizes = _CAR_WIDE[0] < wide < _CAR_WIDE[1] and _CAR_HIGH[0] < box.height / near < _CAR_HIGH[1]
        square = box.height >= _CAR_SQUARE * box.width * scene.frame.width / scene.frame.height
        return sizes and deep > _CAR_DEEP * wide, sizes and square

    def is_branch(self, box: Box, scene: Scene) -> bool:
        """Whether what looks like a fallen tree is a branch; False where nothing tells the scale."""
        if is_standing_tree(box, scene):
            return False
        metre, of_tree = self.metre_at(box.centre[1], scene), _of_tree(box, scene)  # it lies from near to far
        shares = [_longest(box, scene) / (BRANCH_M * metre)] if metre is not None else []
        shares += [of_tree / _BRANCH_OF_TREE] if of_tree is not None else []
        long = float(np.mean(np.log(shares))) if shares else 0.0
        if long >= _SURELY_TREE:
            return False
        near = [tree.region.box for tree, _ in _within_reach(box, scene) if tree.region is not None]
        if self._before.stood_by(near, box, scene):
            return True
        lost = self._lost_tree(box, scene)
        told = 0.0 if lost is None else _LOST if lost else -_LOST
        return bool(shares) and long + told < 0

    def is_fallen_tree(self, box: Box, scene: Scene) -> bool:
        """Whether what looks like a fallen tree is one: no branch, no row of far crowns, and none that stands."""
        of_tree = _of_tree(box, scene)
        short = of_tree is None or of_tree <= _TOO_LONG_OF_TREE
        return short and not self.is_branch(box, scene) and not is_standing_tree(box, scene)

    def stood_at(self, box: Box, scene: Scene) -> str | None:
        """The registered tree that what lies there may have been: of those in reach the one least seen standing."""
        near = [(self._stands(tree, scene), away, tree) for tree, away in _within_reach(box, scene)]
        return min(near, key=lambda known: known[:2])[2].id if near else None

    def went(self, box: Box, scene: Scene) -> bool:
        """Whether a tree that what lies there may have been was well seen before, and is no longer."""
        seen = [t for t, _ in _within_reach(box, scene) if t.region is not None and not scene.hidden(t.region.box)]
        return any(self._stood.get(t.id, 0.0) >= _STANDS_IOU and self._stands(t, scene) < _GONE for t in seen)

    def _lost_tree(self, box: Box, scene: Scene) -> bool | None:
        """Whether a tree near the foot of what lies there is not seen standing; None where no trees are registered."""
        if not _trees(scene):
            return None
        near = [tree for tree, _ in _within_reach(box, scene)]
        return any(
            _seen_standing(tree, scene) < _STANDS_IOU and self._stands(tree, scene) < _AS_BEFORE for tree in near
        )

    def _stands(self, tree: Asset, scene: Scene) -> float:
        """How well a tree is seen standing, 0-1, against how it was before anything lay there where that is known."""
        before = self._stood.get(tree.id, 0.0)
        now = _seen_standing(tree, scene)
        return min(1.0, now / before) if before > 0 else now

    def _known(self, scene: Scene, thing: Box | None) -> tuple[Yardstick, ...]:
        bodies = [b for b in self._people if thing is None or b.iou(thing) < _ITSELF_IOU]
        sure = [(b.y1, b.height / _HEIGHTS["person"]) for b in bodies] + _of_kinds(scene, *_SURE_KINDS)
        return tuple(sure or _of_kinds(scene, "street_light"))


def _metre(known: tuple[Yardstick, ...], line: float, horizon: float) -> float | None:
    """Picture height of a metre on a line, from the yard-sticks nearest to it."""
    feet, sizes = np.array([k[0] for k in known]), np.array([k[1] for k in known])
    away = np.abs(feet - line)
    near = away <= max(_NEAR_LINES, float(away.min()) + _AS_NEAR)
    metre = float(np.median(sizes[near] * _perspective(feet[near], line, horizon)))
    return metre if metre > 0 else None


@lru_cache(maxsize=_HORIZONS_KEPT)
def _horizon_of(known: tuple[Yardstick, ...]) -> float:
    """The line on which things would have no height, told by near and far ones; where these are few, a guess as well.

    The slope is the median of all pairs (Theil and Sen), so that a child or a case among them does no harm.
    """
    feet, sizes = np.array([k[0] for k in known]), np.array([k[1] for k in known])
    apart = feet[:, None] - feet[None, :]
    if len(known) < _LEAST_BODIES or float(apart.max()) < _SPREAD:
        return _likeliest_horizon(feet, sizes)
    pairs = apart > _APART
    slope = float(np.median((sizes[:, None] - sizes[None, :])[pairs] / apart[pairs]))
    if slope <= 0:
        return _likeliest_horizon(feet, sizes)
    return float(np.clip(np.median(feet - sizes / slope), *_HORIZONS))


def _likeliest_horizon(feet: Lines, sizes: Lines) -> float:
    """The horizon that goes best with the guess and with how things grow towards the camera; outliers count little."""
    lines = np.linspace(*_HORIZONS, _LINES)
    lines = lines[lines < feet.min() - _BELOW]
    if len(lines) == 0:
        return _HORIZON
    grown = np.log(sizes) - np.log(feet - lines[:, None])
    off = np.abs(grown - np.median(grown, axis=1, keepdims=True)) / _HEIGHTS_VARY
    costs = np.minimum(off, _OUTLIER).sum(axis=1) + ((lines - _HORIZON) / _HORIZON_OFF) ** 2 / 2
    return float(lines[costs.argmin()])


def is_standing_tree(box: Box, scene: Scene) -> bool:
    """Whether what looks like a fallen tree is in the very place of a registered one, which stands."""
    return any(box.iou(tree) >= _ITS_PLACE_IOU for tree in _trees(scene))


def away_from_foot(lying: Box, tree: Box, aspect: float) -> float:
    """How far what lies there is from where a tree stands, in heights of the tree.

    It is 0 where it reaches over the foot: crowns spread to all sides.

    Args:
        aspect: width of the picture over its height.
    """
    x, y = tree.foot
    aside = max(lying.x0 - x, x - lying.x1) * aspect
    return max(aside, lying.y0 - y, y - lying.y1, 0.0) / tree.height


def _within_reach(box: Box, scene: Scene) -> list[tuple[Asset, float]]:
    """The registered trees whose foot is near enough to what lies there, and how far it is."""
    aspect = scene.frame.width / scene.frame.height
    away = [(t, away_from_foot(box, t.region.box, aspect)) for t in scene.view.of_kind("tree") if t.region is not None]
    return [(tree, distance) for tree, distance in away if distance <= _REACH]


def _seen_standing(tree: Asset, scene: Scene) -> float:
    """How well the detector sees a tree where one is registered: the best overlap, 0-1."""
    assert tree.region is not None
    place = tree.region.box
    return max((place.iou(seen) for _, _, seen in scene.detections.named("tree")), default=0.0)


def _longest(box: Box, scene: Scene) -> float:
    """Longer side of a box, in picture heights."""
    return max(box.width * scene.frame.width / scene.frame.height, box.height)


def _of_tree(box: Box, scene: Scene) -> float | None:
    """Length of a thing over the height that the registered trees would have where it lies; None without any."""
    whole = [b for b in _trees(scene) if b.y0 > _EDGE and b.y1 < 1 - _EDGE and b.height >= _MIN_HEIGHT]
    whole = [b for b in whole if _GROWTH[0] < (box.y1 - _HORIZON) / max(b.y1 - _HORIZON, _LEAST_BELOW) < _GROWTH[1]]
    near = sorted(whole, key=lambda b: abs(b.y1 - box.y1))[:_TREES_ASKED]
    if not near:
        return None
    feet, heights = np.array([b.y1 for b in near]), np.array([b.height for b in near])
    return _longest(box, scene) / float(np.median(heights * _perspective(feet, box.y1, _HORIZON)))


def _trees(scene: Scene) -> list[Box]:
    return [a.region.box for a in scene.view.of_kind("tree") if a.region is not None]


def _of_kinds(scene: Scene, *kinds: str) -> list[Yardstick]:
    """Foot and picture height of a metre, from the registered things of some kinds."""
    boxes = [(a.kind, a.region.box) for a in scene.view.assets if a.kind in kinds and a.region is not None]
    whole = [(kind, box) for kind, box in boxes if box.height >= _MIN_HEIGHT and not _is_cut(box)]
    return [(box.y1, box.height / _HEIGHTS[kind]) for kind, box in whole]


def _is_cut(box: Box) -> bool:
    """Whether the picture's edge cuts a thing, so that it is no measure."""
    return box.x0 < _EDGE or box.y0 < _EDGE or box.x1 > 1 - _EDGE or box.y1 > 1 - _EDGE


def _perspective(feet: Lines, line: float, horizon: float) -> Lines:
    """By how much a metre grows from the lines of the yard-sticks to another line."""
    grown = (line - horizon) / np.maximum(feet - horizon, _LEAST_BELOW)
    return np.asarray(np.clip(grown, *_GROWTH), np.float64)
