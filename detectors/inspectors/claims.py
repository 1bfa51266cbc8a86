"""What the detector claims to lie on paths and lawns in one look, and how far the picture itself bears it out.

A claim has no change behind it: the thing may have lain there from the start, or be a static thing that looks like one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from detectors.geometry import Box
from detectors.inspectors.barriers import on_legs
from detectors.inspectors.base import Scene
from detectors.inspectors.blobs import OddPlaces
from detectors.inspectors.broken import DAMAGE, THIN, is_broken
from detectors.inspectors.called_bins import heaps_called_bins, is_one_of, with_heaps
from detectors.inspectors.cast import is_cast
from detectors.inspectors.for_good import ForGood, is_called_obstacle
from detectors.inspectors.lying import is_upright, is_wide
from detectors.inspectors.mistaken import (
    SURE_PERSON,
    PlaceOdds,
    damage_odds,
    is_hairline,
    is_water,
    odds_of_things,
    standing_odds,
    whole_people,
)
from detectors.inspectors.paving import STAIN_SHARE, is_black, is_lit, is_shade, is_white_on_green, surer
from detectors.inspectors.places import (
    SAME_ISSUE_IOU,
    WITHIN,
    amid,
    lying_on,
    reaches_on,
    say,
    standing_on,
)
from detectors.inspectors.scale import CAR_STANDS, Scale
from detectors.inspectors.standing import RATHER, STANDS, SURE_WATER, judged, sure_water
from detectors.inspectors.strips import share_of_strip
from detectors.inspectors.trees import FALLEN_CLASS
from detectors.values import Asset, LightState, Observation

# What the detector's classes mean when they lie on a path or lawn.
ON_PATH = {"pothole": "path_damaged", "crack": "path_damaged", "puddle": "path_flooded", "litter": "litter"}
VEHICLES = ("bicycle", "motorcycle", "car", "truck")
NAMES = (*ON_PATH, *VEHICLES, FALLEN_CLASS)
"""All that the detector may call what lies on a path."""
PERSON_SCORE = 0.1  # even a faint guess counts here
CHANGE_LOOKS = 2
"""A change was the same in several looks before it is told."""
_MARKS = (*DAMAGE, "puddle")
_BINS = ("bin", "bin_overflowing")
_ITSELF_IOU = 0.8  # so alike are boxes of one thing that has two names; on 50 photographs one of 38 heaps was a bin too
SPRAWLING = (*THIN, FALLEN_CLASS)
"""Things of which parts are seen apart."""
_VEHICLE_SCORE = 0.4
SURE_VEHICLE = 0.6
"""Score that the detector must have had once for a vehicle; it wavers over bicycles that lie in lamps' light."""
FURNITURE = ("bin", "bench")
SURE_BIN = 0.5
"""Cones are faintly called bins too, and nothing is at a bin that is not there."""
SOMEBODY = "somebody"
"""Said of people in doubt, so that looks at a place can be weighed; no issue."""
_THING = 0.5  # odds from which what is called a person is a thing; see the held-back scores in docs/judges.md
# Without a registered path damage and water must be seen more surely, beside one more surely still; choices.
_NO_PATH_SCORE, _ROAD_SCORE = 0.6, 0.7
# Water and holes that the detector is less sure of than this must not look like the shade of a tree: on a rendered
# walk shade is called a puddle with up to 0.6, puddles mostly with more.
_FAINT_WATER = 0.65
# A claim that no change bears out must be surer than one that confirms: in four clips of one place the shadow of a bare
# tree was called a branch with 0.51-0.61, leaves by night damage with 0.53-0.61. Of 201 labels of damage on 68
# photographs not trained on 79 are found with 6 false alarms at 0.9, 72 with 5 at 0.85, 68 with 3 at 0.8.
_UNPROVED = 0.85
# A judge looks at each hole and crack: what is surely unharmed is none, what is surely damage counts in full, and where
# it rather sees none the detector must be very sure. Odds, and shares of the detector's score from there on; chosen on
# held-back pictures, see docs/judges.md.
_SHARES = ((0.95, 1.0), (0.4, _UNPROVED), (0.1, 0.65), (0.0, 0.0))
# Where it rather sees none (below 0.4), and less than the judge of standing things sees of those, there is none: of 297
# claims on walks, known places and samples (in view) those of one stack of pallets alone.
# By night less of a cover's pattern is left: on seven walks they are called holes with 0.47-0.69 at odds of 0.3-0.7,
# broken slabs with 0.73-0.87 at odds of 0.3-0.9.
_NIGHT_SHARE = 0.7
_DOUBTED = (0.6, 0.5)  # a bicycle that came is called a hole with 0.55, at odds of 0.3; ten holes pass (in view)
# What is called water with less, and has such odds, is a hole: of the puddles on 27 clips one has 0.37, the others at
# most 0.14, one that shows trees (780002) 0.88, mirrored 0.96 and called so with 0.72 to 0.83; a hole in shade (75)
# has 0.93 to 0.95 and is called water with 0.44 to 0.73. All in view.
_NO_WATER = (0.7, 0.9)
# Score from which a fallen tree takes what shows within it for its own; boxes that overlap so are of one.
_SURE_TREE, _SAME_TREE_IOU = 0.5, 0.4
# Small heaps on grass have faint names: 0.2-0.3 on two lawns, where they were missed. A faint name is no accident: in
# 240 photographs of trees, streets and holes (training parts) nothing is called litter with 0.1 or more. Choices.
_WHITE_SCORE, _WHITE_PROOF = 0.2, 0.5
_NOTHING = 0.3  # odds below which nobody asks whether something stands there until the next search
_OTHERS = ("tree", FALLEN_CLASS, *VEHICLES, "dog")


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of one look."""

    scene: Scene
    scale: Scale
    paths: Sequence[Asset]
    lawns: Sequence[Asset]
    damage: PlaceOdds = field(default_factory=damage_odds)
    standing: PlaceOdds = field(default_factory=standing_odds)
    odd: OddPlaces = field(default_factory=OddPlaces)
    _odds: dict[Box, float] = field(default_factory=dict)
    _standing: dict[Box, tuple[float, Box]] = field(default_factory=dict)

    def vehicles(self) -> list[Observation]:
        """Bicycles and cars that stand on a path."""
        people = [box for _, _, box in self.scene.detections.named("person", min_score=0.3)]
        riders = [box for _, _, box in self.scene.detections.named("person", min_score=PERSON_SCORE)]
        observations = []
        for name, score, box in self.scene.detections.named(*VEHICLES, min_score=_VEHICLE_SCORE):
            hidden = self.scene.hidden(box, riders if name in THIN else people)
            on = amid if name in THIN else standing_on
            path = None if hidden or (name in THIN and self.is_broken(box)) else on(box, self.paths)
            if path is not None:
                wet = name in THIN and is_water(self.scene.frame.image, box)
                metre = self.scale.metre_at(box.y1, self.scene)
                sure = score * share_of_strip(name, score, box, metre, self.scene.light)
                observations.append(say("path_flooded" if wet else "path_obstructed", sure, path, box))
        return observations

    def upright(self) -> list[Observation]:
        """Cases and bags that are taken for people, also those that stood there from the start; people in doubt too.

        Riders are judged as vehicles, and what is registered there is known.
        """
        ridden = [box for _, _, box in self.scene.detections.named(*THIN, min_score=_VEHICLE_SCORE)]
        # Cones are called somebody with up to 0.85: there both judges must see a thing, see docs/evaluation_walks.md.
        sure = {box for _, _, box in self.scene.detections.named("person", min_score=SURE_PERSON)}
        things = [a for a in self.scene.view.assets if a.kind not in ("path", "lawn", "tree")]
        known = ridden + [a.region.box for a in things if a.region is not None]
        standing = [b for b in whole_people(self.scene) if all(b.iou(k) < SAME_ISSUE_IOU for k in known)]
        on_paths = [(box, lying_on(box, self.paths) or reaches_on(box, self.paths)) for box in standing]
        # Nor is what shows in the crown of a fallen tree: on one walk gaps between its leaves are called somebody.
        doubtful = [(b, path) for b, path in on_paths if path is not None and not self.of_fallen_tree(b, _SURE_TREE)]
        odds = odds_of_things(self.scene.frame.image, [box for box, _ in doubtful])
        seen = []
        for (box, path), thing in zip(doubtful, odds, strict=True):
            stands = thing >= _THING and (box not in sure or (self.is_furnished() and self.stands(box) is not None))
            seen.append(
                say("path_obstructed", thing, path, box, CHANGE_LOOKS)
                if stands
                else say(SOMEBODY, 1 - thing, path, box)
            )
        return seen

    def unnamed(self) -> list[Observation]:
        """What stands on a path and has no class, or a wrong one: cartons, cones, barriers, whatever was left there.

        As with obstacles by name, only where the register knows such things: else it may stand there for good.
        """
        scene = self.scene
        regions = [p.region for p in self.paths if p.region is not None]
        if not regions or not self.is_furnished():
            return []
        called = [box for _, _, box in scene.detections.named("puddle", "litter") if lying_on(box, self.paths)]
        known, water = ForGood.of(scene, *_OTHERS), [box for box in sure_water(self.scene) if not self.stands(box)]
        found = []
        for box in self.odd.of(scene.frame.image, regions, called, self._on_legs):
            path = lying_on(box, self.paths)
            if path is None or known.shows(box, water) or scene.hidden(box) or self.at_bin(box, SURE_BIN):
                continue
            odds, thing = self._standing_at(box)
            if odds < _NOTHING:
                self.odd.leave(box)
            if odds >= STANDS:
                found.append(say("path_obstructed", odds, path, thing))
        return found

    def _on_legs(self, odd: Sequence[Box]) -> list[Box]:
        frame = self.scene.frame
        return on_legs(odd, lambda line: self.scale.metre_at(line, self.scene), frame.width / frame.height)

    def stands(self, box: Box, least: float = STANDS) -> Box | None:
        """What of a place shows something so high that it is in the way, by its look alone; None where nothing is."""
        odds, thing = self._standing_at(box)
        return thing if odds >= least else None

    def lies(self, box: Box) -> bool:
        """Whether the judge of standing things was asked about a place and rather finds that nothing stands there."""
        return 0.0 < self.odds_of_standing(box) < RATHER

    def odds_of_standing(self, box: Box) -> float:
        """The judge's odds that something stands in a place; 0 where it was not asked, see `judged`."""
        return self._standing_at(box)[0]

    def _is_thing(self, box: Box, least: float = 0.0) -> bool:
        return self.is_furnished() and (is_called_obstacle(self.scene, box, least) or self.stands(box) is not None)

    def _standing_at(self, box: Box) -> tuple[float, Box]:
        """The judge's odds, asked once a look, of a place or of one side of it: beside a thing lies its shadow."""
        if box not in self._standing:
            metre = self.scale.metre_at(box.y1, self.scene)
            self._standing[box] = max(
                judged(box, metre, self.scene, self.standing), key=lambda one: one[0], default=(0.0, box)
            )
        return self._standing[box]

    def is_furnished(self) -> bool:
        """Whether the register knows benches or bins, and so what stands there for good."""
        return any(a.kind in FURNITURE and a.region is not None for a in self.scene.view.assets)

    def lying(self) -> list[Observation]:
        """Holes, water and litter."""
        observations: list[Observation] = []
        heaps = heaps_called_bins(self.scene)
        for name, score, box in with_heaps(self.scene, heaps):
            shade = name == "litter" and is_shade(self.scene.frame.image, box, self.scene.movers)
            if shade or self.scene.hidden(box) or self._is_part_of_somebody(box):
                continue
            if name == "litter":
                told = lying_on(box, self.paths) and not self.at_bin(box) and self._is_thing(box, score)
                observations += [] if told else [self._litter(score, box, is_one_of(box, heaps))]
            elif name in ON_PATH:
                observations += self._mark(name, score, box)
        return observations

    def fallen(self) -> list[Observation]:
        """Branches, which are in the way, and fallen trees, which are not this inspector's."""
        observations = []
        found = self.scene.detections.named(FALLEN_CLASS)
        for _, score, box in found:
            path, whole = lying_on(box, self.paths), box
            for _, _, other in found:
                whole = whole.union(other) if box.iou(other) >= _SAME_TREE_IOU else whole
            if path is not None:
                branch = self.scale.is_branch(whole, self.scene) and not self.of_fallen_tree(box, score)
                regions = [p.region for p in self.paths if p.region is not None]
                proved = surer(score, self.scene.frame.image, box, self.scene.movers, regions)
                sure = max(_UNPROVED * score, proved)
                observations.append(say("path_obstructed" if branch else "tree_fallen", sure, path, box))
        return observations

    def _is_part_of_somebody(self, box: Box) -> bool:
        """Whether a box is a part of what looks like somebody who does not stir, or of a bicycle taken for one."""
        broken = [b for _, _, b in self.scene.detections.named(*THIN) if self.is_broken(b)]
        things = [t for t in self.scene.things if all(t.iou(b) < _ITSELF_IOU for b in broken)]
        return any(box.area < t.area and box.shared(t) > WITHIN for t in things)

    def of_fallen_tree(self, box: Box, min_score: float) -> bool:
        """Whether a place is a fallen tree, or a piece of one, that the trees' inspector tells of."""
        fallen = self.scene.detections.named(FALLEN_CLASS, min_score=min_score)
        return any(o.shared(box) > WITHIN and not self.scale.is_branch(o, self.scene) for _, _, o in fallen)

    def at_bin(self, box: Box, min_score: float = 0.0) -> bool:
        """Whether a place touches what is seen as a bin, and is more than that: a case has both names at times."""
        bins = self.scene.detections.named(*_BINS, min_score=min_score)
        return any(box.intersection(b) > 0 and box.iou(b) < _ITSELF_IOU for _, _, b in bins)

    def is_broken(self, box: Box) -> bool:
        """See `broken.is_broken`; the judge's odds are asked once a look."""
        return is_broken(box, self.scene, self._odds_of_damage)

    def meaning(self, name: str, score: float, box: Box) -> str:
        """The issue that a place is which the detector calls so, with a score of 0-1."""
        return ON_PATH.get(self._own_name(name, score, box), "path_obstructed")

    def _own_name(self, name: str, score: float, box: Box) -> str:
        """A hole in shade is as dark and grey as water; the judge of damage tells them apart, but for a car's size."""
        if name != "puddle" or score >= _NO_WATER[0] or self.scale.stands_like_a_car(box, self.scene):
            return name
        return "pothole" if self._odds_of_damage(box) >= _NO_WATER[1] else name

    def is_unharmed(self, score: float, box: Box) -> bool:
        """Whether the judge of damage finds none in what is called so, surely, or rather where the detector doubts."""
        return self._odds_of_damage(box) < (_DOUBTED[1] if score < _DOUBTED[0] else _SHARES[-2][0])

    def _is_in_road(self, name: str, score: float, box: Box) -> bool:
        """Whether a hole that is surely seen lies off the registered paths: roads are no assets, but have holes."""
        return name == "pothole" and score >= _ROAD_SCORE and lying_on(box, self.lawns) is None

    def _mark(self, name: str, score: float, box: Box) -> list[Observation]:
        """A hole, a crack or water."""
        path = lying_on(box, self.paths)
        if path is None and (score < _NO_PATH_SCORE or (self.paths and not self._is_in_road(name, score, box))):
            return []
        image = self.scene.frame.image
        if is_black(image, box) or (score < _FAINT_WATER and is_shade(image, box, self.scene.movers)):
            return []
        name = self._own_name(name, score, box)
        metre, share = self.scale.metre_at(box.y1, self.scene), _UNPROVED
        if name in DAMAGE:
            lit = self.scene.light is LightState.NIGHT and is_lit(image, box)
            if lit or is_cast(image, box, self.scene.view.assets):
                return []
            share = self._share_of_damage(box)
        if name == "crack" and is_hairline(box, metre, self.scene):
            return []
        share *= share_of_strip(name, score, box, metre, self.scene.light)
        # What stands is told by `unnamed`: a box and its shadow are as calm as water, and called so with up to 0.8.
        car = name == "puddle" and self._is_car(score, box)
        if not share or (name == "puddle" and not car and self._is_thing(box)):
            return []
        return [say("path_obstructed" if car else ON_PATH[name], share * score, path, box)]

    def _is_car(self, water: float, box: Box) -> bool:
        """Whether what is called water has a car's size and, if it is surely called so, stands to the judge as well."""
        if not self.scale.has_cars_size(box, self.scene):
            return False
        odds = self._standing_at(box)[0] if water >= SURE_WATER else 0.0
        # 0.0: not judged, as where the picture's edge cuts it.
        return odds >= CAR_STANDS if odds else self.scale.stands_like_a_car(box, self.scene)

    def _share_of_damage(self, box: Box) -> float:
        """What the detector's score of a hole or a crack counts, by the judge of damage."""
        odds = self._odds_of_damage(box)
        if odds < _SHARES[1][0] and self.is_furnished() and self._standing_at(box)[0] > odds:
            return 0.0
        share = next(share for least, share in _SHARES if odds >= least)
        return min(share, _NIGHT_SHARE) if share < 1.0 and self.scene.light is LightState.NIGHT else share

    def _odds_of_damage(self, box: Box) -> float:
        """The judge's odds, asked once a look."""
        if box not in self._odds:
            self._odds[box] = self.damage.of(self.scene.frame.image, box)
        return self._odds[box]

    def _litter(self, score: float, box: Box, heap: bool) -> Observation:
        """What the detector calls litter: a case where it stands too high, but for heaps."""
        scene, path, at_bin = self.scene, lying_on(box, self.paths), self.at_bin(box)
        sure = surer(score, scene.frame.image, box, scene.movers)
        sure = max(sure, score) if at_bin else sure  # before a bin and its bench no paving tells a stain from a heap
        marks = scene.detections.named(*_MARKS)
        # A pale bag is as calm and grey as water, but water does not gather at bins.
        calm = not at_bin and is_water(scene.frame.image, box)
        doubtful = calm or any(box.iou(o) >= SAME_ISSUE_IOU for _, _, o in marks)
        metre = self.scale.metre_at(box.y1, scene, box)
        if is_wide(box, metre, scene):
            sure = min(score, sure)
        if doubtful:
            sure = min(sure, STAIN_SHARE * score)
        if path is None and score >= _WHITE_SCORE and is_white_on_green(scene.frame.image, box):
            return say("litter", 1 - (1 - score) * (1 - _WHITE_PROOF), lying_on(box, self.lawns), box)
        if path is None or doubtful:
            return say("litter", min(score, sure), path or lying_on(box, self.lawns), box)
        if not at_bin and not heap and is_upright(box, metre, scene):
            return say("path_obstructed", max(score, sure), path, box)
        return say("litter", sure, path, box)
