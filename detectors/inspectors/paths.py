"""Paths and lawns: things left behind, damage, standing water and litter."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from detectors.background import Change, DualBackground
from detectors.fresh_lines import FreshLine
from detectors.geometry import STILL, Box, Mask
from detectors.inspectors.base import Scene
from detectors.inspectors.blobs import OddPlaces
from detectors.inspectors.broken import DAMAGE, THIN
from detectors.inspectors.claims import (
    CHANGE_LOOKS,
    NAMES,
    PERSON_SCORE,
    SOMEBODY,
    SURE_VEHICLE,
    Claims,
)
from detectors.inspectors.fresh_cracks import fresh_cracks
from detectors.inspectors.glow import glowing_lamps
from detectors.inspectors.lying import (
    MOTLEY,
    heaps,
    is_glint,
    is_line,
    is_slight,
    is_speck,
    is_upright,
    is_wide,
    kind_of,
)
from detectors.inspectors.mistaken import PlaceOdds, damage_odds, standing_odds
from detectors.inspectors.naming import PlaceNames
from detectors.inspectors.obstacles import called_obstacle, furniture, obstacles
from detectors.inspectors.paving import GUESS
from detectors.inspectors.places import (
    SAME_ISSUE_IOU,
    SURE_THING,
    WITHIN,
    ask_again,
    belongs_to,
    heaped,
    joined,
    lying_on,
    same_place,
    say,
    tightest,
    without_doubles,
    without_heaps,
    without_parts,
    without_pieces,
)
from detectors.inspectors.scale import Scale
from detectors.inspectors.trees import FALLEN_CLASS
from detectors.inspectors.whose import bins_at, of_bin, of_crown, of_gap, of_lamp, of_sprawling
from detectors.values import Asset, LightState, Observation, View, small_grey

# The backgrounds learn at most this often: three looks in one second would take whoever pauses for part of the scene.
_BACKGROUND_EVERY_S = 0.9
# People stop to talk and to look; on the PETS clip some stand for 3 s. What is shaped like somebody who was there a
# moment ago must lie this long before it counts.
_LATELY_S, _STANDS_S, _LIKE_SOMEBODY = 6.0, 4.0, 0.3
_PEOPLE = 60  # boxes remembered
# A bicycle or a car that the detector sees in one picture may just be passing, and so may a case that somebody pulls.
_DWELL_S = {"path_obstructed": 2.0, "litter": 2.0}
# What is taken for somebody must not leave its place at all: far people who come towards the camera hardly seem to
# move.
_UPRIGHT_IOU = 0.65
_CHANGE_MIN_FILL = 0.25
_CHANGE_FULL_DIFFERENCE = 60.0
_SOLID_M = 0.6  # litter is low, its parts side by side; a case without its handle is 0.65 m high
# Times the size of what stands: larger shadows are something else. Of cartons as bright as the paving the shadow alone
# changed on one walk, and was told as what stands there.
_SHADOW = 3.0
# Odds from which what came and would be water stands there. Of 67 puddles on walks and known places (in view when this
# was chosen) one gets more than 0.8 in the judge's mean, on a third of its place; cartons by night 0.85-0.93. And score
# from which the detector's obstacle is no water: of 37 puddles one has such a box, 0.53, white cartons 0.73-0.83.
_CAME, _STANDS_THERE = 0.82, 0.6
# A tree that lies there lies there yet when the detector is unsure of it: on three walks a part of its crown was told
# as in the way. For so long, and of its size (what is larger is no piece): choices.
_LIES_S, _SCRAP = 10.0, 0.25
_FAINT_NAME = 0.55  # a shape overrules only a name that the detector is less sure of than this
# Score from which what the detector calls an obstacle is no heap, whatever its colours and shape: of the heaps on 28
# known clips four are called so, 0.71 at most; cartons by night, whose shadow makes them motley, with 0.79 to 0.86.
_NO_HEAP = 0.75
_LAWN_SHARE = 0.6  # of the score of a change on a lawn: sun through branches comes and goes there
# What came to lie there need not be guessed when the detector has even a faint name for it.
# A name that is not sure must be of a box of about its extent.
_NAMING_SCORE, _NAMING_IOU, _SURE_NAME = 0.15, 0.2, 0.5


@dataclass(slots=True)
class PathsInspector:
    """path_obstructed, path_damaged, path_flooded and litter."""

    view: View
    _background: DualBackground = field(default_factory=DualBackground)
    _light: LightState | None = None
    _lit: frozenset[str] = frozenset()
    _changes: list[Change] = field(default_factory=list)
    _background_s: float = float("-inf")
    _scale: Scale = field(default_factory=Scale)
    _names: PlaceNames = field(default_factory=lambda: PlaceNames(parts=True))
    _fallen: PlaceNames = field(default_factory=PlaceNames)
    _parked: PlaceNames = field(default_factory=lambda: PlaceNames(sure=SURE_VEHICLE))
    _upright: PlaceNames = field(default_factory=lambda: PlaceNames(_UPRIGHT_IOU, follows=False))
    _people: deque[tuple[float, Box]] = field(default_factory=lambda: deque(maxlen=_PEOPLE))
    _since: dict[Change, float] = field(default_factory=dict)
    _heaps: list[Box] = field(default_factory=list)
    _stays: list[Box] = field(default_factory=list)
    _ground: Mask | None = None
    _paved: Mask | None = None
    _lines: list[FreshLine] = field(default_factory=list)
    _damage: PlaceOdds = field(default_factory=damage_odds)
    _standing: PlaceOdds = field(default_factory=standing_odds)
    _odd: OddPlaces = field(default_factory=OddPlaces)
    _felled: list[tuple[float, Box]] = field(default_factory=list)
    _stood: list[Observation] = field(default_factory=list)
    _unnamed: PlaceNames = field(default_factory=lambda: PlaceNames(follows=False))

    def look(self, scene: Scene) -> list[Observation]:
        """See `Inspector.look`."""
        self._scale.learn(scene)
        at_s = scene.frame.offset_s
        self._people.extend((at_s, box) for _, _, box in scene.detections.named("person", min_score=PERSON_SCORE))
        self._people = deque(
            (p for p in self._people if not any(p[1].iou(thing) >= SAME_ISSUE_IOU for thing in scene.things)), _PEOPLE
        )
        lying = [(at_s, box) for _, _, box in scene.detections.named(FALLEN_CLASS, min_score=_SURE_NAME)]
        self._felled = [*lying, *((s, box) for s, box in self._felled if at_s - s <= _LIES_S)]
        lit = glowing_lamps(scene)
        if (scene.light, lit) != (self._light, self._lit):
            self._background.restart()
            self._changes = []
            self._light, self._lit = scene.light, lit
        paths, lawns = scene.view.of_kind("path"), scene.view.of_kind("lawn")
        claims = Claims(scene, self._scale, paths, lawns, self._damage, self._standing, self._odd)
        self._learn_changes(scene)
        self._heaps = heaps(self._changes, lambda line: self._scale.metre_at(line, scene), scene)
        parked = self._parked.settle(without_heaps(claims.vehicles(), self._heaps), at_s, _DWELL_S, scene.looks)
        upright = self._upright.settle(claims.upright(), at_s, _DWELL_S, scene.looks)
        branches = [o for o in self._fallen.settle(claims.fallen(), at_s, {}) if o.issue == "path_obstructed"]
        standing = without_heaps([*claims.unnamed(), *obstacles(claims, self._changed_share(scene))], self._heaps)
        # What stood where somebody walks past now stands there yet.
        here = [o for o in tightest(standing) if o.issue != "litter"]
        self._stood = [*here, *(o for o in self._stood if o.box is not None and scene.hidden(o.box))]
        unnamed = self._unnamed.settle(standing, at_s, _DWELL_S, scene.looks, scene.hidden)
        settled = [*parked, *tightest(unnamed), *(o for o in upright if o.issue != SOMEBODY), *branches]
        # What has not stood for long enough asks for another look soon, for a still view gets few.
        soon = [ask_again(box) for box in (*self._parked.waiting(), *self._upright.waiting(), *self._unnamed.waiting())]
        seen = [*settled, *soon, *furniture(claims), *claims.lying(), *self._changed(claims)]
        waiting = [o for o in seen if o.ask_again]
        told = without_doubles(without_parts([o for o in seen if not o.ask_again], seen))
        named = self._names.settle(told, at_s, {})
        told = joined(without_doubles(without_parts(named, named)))
        return waiting + heaped(told, lambda line: self._scale.metre_at(line, scene))

    def _learn_changes(self, scene: Scene) -> None:
        at_s = scene.frame.offset_s
        if at_s - self._background_s < _BACKGROUND_EVERY_S:
            return
        before, self._changes = self._since, self._newly_there(scene, max(0.0, at_s - self._background_s))
        self._since = {c: min((s for p, s in before.items() if same_place(p, c)), default=at_s) for c in self._changes}
        self._background_s = at_s

    def _changed(self, claims: Claims) -> list[Observation]:
        scene, at_s = claims.scene, claims.scene.frame.offset_s
        observations = fresh_cracks(self._lines, self._changes, claims)
        cracks = [o.box for o in observations if o.box is not None]
        # What was no person when it came is none now that the detector faintly takes it for one.
        self._stays = [box for box in self._stays if any(box.iou(c.box) >= SAME_ISSUE_IOU for c in self._changes)]
        for change in without_pieces(self._changes):
            of_crack = change.of_line and any(change.box.shared(crack) > WITHIN for crack in cracks)
            if change.fill < _CHANGE_MIN_FILL or scene.hidden(change.box) or of_crack:
                continue
            if not self._stayed(change, at_s):
                observations.append(ask_again(change.box))
                continue
            score = float(np.clip(change.difference / _CHANGE_FULL_DIFFERENCE, 0.0, 0.9))
            path = lying_on(change.box, claims.paths)
            if (
                claims.of_fallen_tree(change.box, _NAMING_SCORE)
                or of_lamp(change.box, scene)
                or of_bin(change.box, scene)
                or of_gap(change, scene)
            ):
                continue
            named, sure, box = self._name_of(change.box, claims)
            if named in ("", "path_obstructed") and self._of_felled(change.box):
                continue
            if not named and (
                is_glint(change, scene.light) or of_sprawling(change.box, scene) or of_crown(change.box, scene)
            ):
                continue
            if path is None:
                # Heaps are of many colours, as bins that are full; a patch of sun or shade is of one.
                share = _LAWN_SHARE if change.motley < MOTLEY or bins_at(change.box, scene) else 1.0
                issue, score, asset = "litter", share * score, lying_on(change.box, claims.lawns)
            else:
                asset, metres = path, self._scale.metre_at(change.box.y1, scene)
                solid = metres is not None and change.solid >= _SOLID_M * metres
                # A thing's own shadow makes a change wide: what the detector sees of it may stand upright all the same.
                high = solid and any(is_upright(b, metres, scene) for b in (change.box, box))
                solid_heap = named == "litter" and solid and not claims.lies(box)
                unlike = sure < _FAINT_NAME and (solid_heap or (named == "path_flooded" and high))
                unlike |= named == "litter" and is_upright(box, metres, scene) and not claims.at_bin(box)
                unlike |= named == "path_obstructed" and sure < SURE_THING and change.box in self._heaps
                issue = kind_of(change, path, metres, scene) if unlike or not named else named
                if not named and issue == "path_flooded" and not change.of_line:
                    obstacle = called_obstacle(box, scene)[0] >= _STANDS_THERE
                    issue = "path_obstructed" if obstacle else claims.meaning("puddle", 0.0, box)
                car = issue == "path_flooded" and self._scale.stands_like_a_car(box, scene)
                thing = _beside(change.box, self._stood) if sure < _SURE_NAME else None
                if thing is None and issue != "path_damaged" and not claims.at_bin(box):
                    thing = claims.stands(box, _CAME) if issue == "path_flooded" else claims.stands(box)
                if car or thing:
                    issue, box = "path_obstructed", thing or box
                # Water may lie as a line and as a speck; all else must be a thing, and specks be there for two looks.
                no_thing = is_line(change.box, scene) or (is_speck(change.box) and self._since[change] == at_s)
                if not named and issue != "path_flooded" and no_thing:
                    continue
                if not named and issue == "path_obstructed" and is_slight(change.box, metres, scene):
                    continue
                if not named and issue == "litter" and is_wide(change.box, metres, scene):
                    continue
                called = (0.0, box) if named else called_obstacle(box, scene)
                if not named and (issue == "path_obstructed" or called[0] >= _NO_HEAP):
                    issue, (sure, box) = "path_obstructed", called
            # Two proofs that agree, the change and the detector's name, are surer than either; a faint name is none.
            both = 1 - (1 - score) * (1 - sure) if sure >= GUESS else max(score, sure)
            observations.append(say(issue, both, asset, box, CHANGE_LOOKS))
        return observations

    def _name_of(self, box: Box, claims: Claims) -> tuple[str, float, Box]:
        """The issue the detector has a name for in this place, its score, and all of the thing.

        The name is "" and the score 0 when it has none.
        """
        found = claims.scene.detections.named(*NAMES, min_score=_NAMING_SCORE)
        near = [
            (score, name, o)
            for name, score, o in found
            if (box.iou(o) >= _NAMING_IOU or (score >= _SURE_NAME and o.contains(box.centre)))
            and not (name in THIN and claims.is_broken(o))
            and not (name in DAMAGE and claims.is_unharmed(score, o))
        ]
        if not near:
            return "", 0.0, box
        score, name, whole = max(near, key=lambda found: found[0])
        return claims.meaning(name, score, whole), score, whole if box.shared(whole) > WITHIN else box

    def _of_felled(self, box: Box) -> bool:
        """Whether a change is a piece of what was surely seen to lie there a moment ago: a twig, leaves, its shadow."""
        return any(belongs_to(box, tree) and box.area < _SCRAP * tree.area for _, tree in self._felled)

    def _stayed(self, change: Change, at_s: float) -> bool:
        """Whether a change has been there for long enough not to be somebody who stands still."""
        like = any(at_s - seen <= _LATELY_S and change.box.iou(box) >= _LIKE_SOMEBODY for seen, box in self._people)
        if any(change.box.iou(box) >= SAME_ISSUE_IOU for box in self._stays):
            return True
        stays = not like or at_s - self._since[change] >= _STANDS_S
        if stays:
            self._stays.append(change.box)
        return stays

    def _changed_share(self, scene: Scene) -> Callable[[Box], float]:
        back = scene.nudge.inverse()
        return lambda box: self._background.changed_share(back.box(box))

    def _newly_there(self, scene: Scene, seconds: float) -> list[Change]:
        """What the backgrounds see. They know the registered view: a nudged picture is laid back on it first."""
        width, height = scene.frame.width, scene.frame.height
        if self._ground is None or self._ground.shape != (height, width):  # drawn once: it took 0.7 ms of a look
            self._ground = _mask([*self.view.of_kind("path"), *self.view.of_kind("lawn")], width, height)
            self._paved = _mask(self.view.of_kind("path"), width, height)
        self._lines = []
        if (ground := self._ground) is None:
            return []
        image, grey, back = scene.frame.image, scene.frame.grey, scene.nudge.inverse()
        if scene.nudge != STILL:
            laid = cv2.warpAffine(image, back.pixels(width, height), (width, height), borderMode=cv2.BORDER_REPLICATE)
            image = np.asarray(laid, np.uint8)
            grey = small_grey(image)
        movers, things = [back.box(m) for m in scene.movers], [back.box(t) for t in scene.things]
        paved = self._paved if scene.light is LightState.DAY else None
        found = self._background.look(image, grey, ground, movers, things, seconds, paved)
        self._lines = [replace(line, box=scene.nudge.box(line.box)) for line in self._background.lines]
        return [replace(c, box=scene.nudge.box(c.box)) for c in found]


def _beside(change: Box, standing: Sequence[Observation]) -> Box | None:
    """What stands at a change that is no more than its shadow."""
    things = [o.box for o in standing if o.box is not None and change.area <= _SHADOW * o.box.area]
    return next((thing for thing in things if 0 < thing.shared(change) < WITHIN), None)


def _mask(assets: list[Asset], width: int, height: int) -> Mask | None:
    masks = [a.region.mask(width, height) for a in assets if a.region is not None]
    return np.logical_or.reduce(masks) if masks else None
