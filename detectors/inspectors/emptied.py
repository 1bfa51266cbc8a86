"""Outlines in which no lamp stands: gone, snapped or leaning at the first look already, by day and by night.

The register tells how a lamp stood. A learned judge says how likely none stands there, and the detector's boxes whether
one does: it sees most lamps that stand, and the judge most that do not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from detectors.geometry import Box, Region
from detectors.inspectors.arms import is_boxed_arm
from detectors.inspectors.base import Scene, is_behind
from detectors.inspectors.column_lines import LIGHT, STANDS, Column, column_at, column_place, leaning_line
from detectors.inspectors.crops import foot_of, stance_crop
from detectors.inspectors.plumb import DOUBTED, boxes_of, leaning_box, upright_fit
from detectors.inspectors.state_models import SettledJudge
from detectors.values import Asset, LightState, Observation, Presence

_MIN_PX = 60.0  # of lower lamps hardly more than the head is seen
_EDGE = 0.005  # of the picture
# Odds from which an outline is empty unless a box of this score fits it so well, lamps that stand in the dark or lean
# along their arm included. Of 1,354 crops of lamps that stand in held-back stills 0.1 % have such odds; of 1,973 looks
# at such by day, in 182 known clips of 27 places, none.
_SURELY, _FITS, _FITS_BY_DAY = 0.97, (0.5, 0.65), (0.5, 0.8)
# Odds from which an outline is empty by day, where the detector sees another lamp stand and not even so faint a box
# that fits. Of lamps one before the other it draws some only, so there it is no witness. On 353 clips of known places,
# all in view, damaged lamps that are told by this, or by their column by day, have odds of 0.85 and more at their best
# look; of four that stand and were told, at bars of 0.5 and 0.4, three have 0.66 at most and one, before a house, 0.85.
_LIKELY, _FAINT = 0.75, (0.15, 0.65)
# Odds from which an outline is empty whatever line shows in it, for that of one that leans is there too: by day, where
# no box fits it and where one does, unless so much of it lies in another lamp's outline; by night of one that burns.
# Of 29 damaged lamps among 655 on 285 known clips, each place judged by weights fitted to the others, the judge's odds
# alone part as many as with lines and boxes (area under the curve 0.976 and 0.974). Of single crops of lamps that stand
# (held back) 14 of 700 rendered ones have 0.9, two 0.95, none of 168 photographed ones; of 212 that lean 104 and 75. By
# night none that burns and stands has more than 0.73 on those clips; those that are out look as empty as snapped ones.
_PLAINLY, _PLAINLY_LIT = (0.9, 0.95), 0.85
# Behind the crown of a nearer tree, that fills so much of its box, or of the column that is looked for in it, a lamp of
# so few px is not seen well enough to be missed: three of a row so hidden, 67 to 109 px tall, were told in nearly each
# clip of walk 53; of 63 damaged ones on walks and those of eight known places, all in view, the six told behind crowns
# are 144 px tall and more. One of 80 px whose head shows above a crown was told in each clip of 800004: a choice.
_BEHIND, _COLUMN_BEHIND, _FAR_PX = 0.7, 0.8, 120.0
# Of a lamp in a row seen end on, behind the box of a nearer one; heads, arms and columns of others show in
# its outline: one was told in each clip of 790000, at odds of 0.98 and more. A choice.
_BEFORE = 0.8
_COVERED = 0.5  # share of a lamp's box that lies in another one's
# Where no line stands, the detector sees no lamp and the foot is so light (grey levels) that a column would show, an
# outline is empty the likelier the fewer rows show one: from so many on at odds of 0, and at 1. Odds for it by night.
_UNSEEN, _NO_COLUMN = 0.4, (0.35, 0.65)
# Odds below which a lamp stands to the judge, which is a witness that lamps show here as a box or a line is. A choice.
_SURELY_STANDS = 0.05
# Share of a lamp's box that somebody before it covers, from which it is no news that neither a line nor a box shows
# there: a passer-by before a far, pale column (730000, in view) takes both. A choice.
_CROSSED = 0.03
# Odds from which a lamp leans where a line goes up from its foot that leaves the outline, in so many of its rows, by so
# much more than any shows where the column should be. Of 878 lamps of 60 px and more on stills by day, in outlines as
# they stand, none passes: nearest are a trunk, at odds of 0.07, and one with a lead of 0.22. Of 26 lamps that lean on
# clips 13 do, at odds of 0.38 and more.
_MAY_LEAN, _LINE, _LINE_LEADS = 0.2, 0.75, 0.25
# One that burned stood there, so the judge must be as sure as this that it came to lean, and no other may: of 2,048
# looks at lamps by night seven that came to lean have odds of 0.73 and more; those that went out, or stand behind one
# that leans, and show such a line have 0.49 at most.
_CAME_TO_LEAN = 0.7
# Odds from which a lamp leans where its box fits the outline better turned, if less surely than is believed of a box
# alone: judge and detector see the same. On 285 clips of known places, the walks and the sample cameras, all in view,
# twelve lamps that stand have such a box, at odds of 0.49 at most, and seven damaged ones, at 0.83 and more. (With the
# judge before the bar was 0.33, and boxes of 0.5 told two that stand behind leaves and in murk.)
_TILTED = 0.6
# Where no more is known of a lamp than a box with its arm in it, a column that stands anywhere in it is its own, and
# the box turned is so broad that any broader one fits it better: one that a lens slants a little was told (800016).
# Of its height, by which the top of a lamp and of its box may differ; one that leans by 4.5 degrees is off by 0.08. The
# lower end is often wrong: boxes of the lamp in the PETS view end at the sign on its column in four looks of five.
_TOP_OFF = 0.06
_STANDS = (0.3, 0.5)  # score and overlap of a box that shows another lamp stand
_HABIT, _HABIT_SHARE = 0.5, 0.34  # where so many outlines look empty, the register is off, not the lamps


@dataclass(slots=True)
class EmptyOutlines:
    """Tells of each lamp whether it no longer stands in its outline."""

    _judge: SettledJudge = field(default_factory=lambda: SettledJudge("lamp_gone"))
    _empty: dict[str, float] = field(default_factory=dict)
    _burned: set[str] = field(default_factory=set)
    _stood: set[str] = field(default_factory=set)
    _light: LightState | None = None

    def look(
        self, lamps: Sequence[Asset], scene: Scene, stance: Sequence[Observation], burning: Iterable[str] = ()
    ) -> list[Observation]:
        """What was said of how the lamps stand, and what their outlines add to it.

        Args:
            burning: ids of the lamps that surely burn. They stand, and go on standing when they have gone out: what
                cannot be seen of them then is dark, not gone.
        """
        if scene.light is not self._light:
            self._light = scene.light
            self._burned.clear()
        burning = set(burning)
        self._burned |= burning
        shown = [(a.id, a.region) for a in lamps if a.region is not None and _is_shown(a, scene)]
        self._judge.look({lamp_id: stance_crop(scene.frame.image, region) for lamp_id, region in shown})
        odds = {i: float(settled[1]) for i, _ in shown if (settled := self._judge.odds(i)) is not None}
        self._stood.update(i for i, value in odds.items() if value < _HABIT)
        surely_stand = {i for i, value in odds.items() if value < _SURELY_STANDS}
        if scene.view.proposed:  # a lamp was seen to stand there in these pictures: the judge must have seen it as well
            odds = {i: value for i, value in odds.items() if i in self._stood}
        regions = {a.id: a.region for a in lamps if a.region is not None}
        burns = {i: value for i, value in odds.items() if i in burning and value >= _PLAINLY_LIT}
        moved = {i: value for i, value in odds.items() if i in self._burned and value >= _CAME_TO_LEAN}
        odds = {i: value for i, value in odds.items() if i not in self._burned}
        doubted = {i: value for i, value in odds.items() if value >= _MAY_LEAN} | moved
        asked = odds | moved if doubted else {}
        image = scene.frame.image
        boxed = {i for i in asked if is_boxed_arm(regions[i], scene)}
        columns = {i: column_at(image, regions[i], anywhere=i in boxed) for i in asked}
        lines = {i: leaning_line(image, regions[i]) for i in doubted if columns[i].shows <= 1.0 - _LINE_LEADS}
        crossed = {i for i in asked if _is_crossed(regions[i].box, scene)}
        seen = _Seen.of(scene, columns, lines, crossed, surely_stand)
        upright = {i for i in boxed if seen.column_stands(i)}
        tilted = _tilted(lamps, {i: value for i, value in (odds | moved).items() if i not in upright}, scene)
        likely = sum(value >= _HABIT and not seen.column_stands(i) for i, value in odds.items())
        standing = sum(map(seen.column_stands, odds))
        leaning = [i for i in doubted if seen.lean(i) > 0.0]
        if likely > max(1, standing) and likely >= _HABIT_SHARE * len(odds):
            # One that is seen to lean is no register that is off.
            odds = {i: odds[i] for i in odds if [i] == leaning}
        # It errs where a lamp that the detector sees stand is none to it: pale columns before bright water (730000).
        mistaken = {i for i, value in odds.items() if value >= _HABIT and seen.stands(regions[i].box)}
        odds = {i: value for i, value in odds.items() if not mistaken - {i} or [i] == leaning}
        self._empty = {
            lamp_id: max(value, seen.bareness(lamp_id), seen.lean(lamp_id))
            for lamp_id, value in odds.items()
            if _is_empty(value, lamp_id, regions, seen)
        }
        for lamp_id in moved:
            if [lamp_id] == leaning and _is_empty(moved[lamp_id], lamp_id, regions, seen):
                self._empty[lamp_id] = seen.lean(lamp_id)
        if len(burns) == 1 and not seen.by_day:
            self._empty |= {i: value for i, value in burns.items() if not seen.begins_with(regions[i].box)}
        if len(tilted) == 1:  # lamps in a row do not lean together
            self._empty = tilted | self._empty
        return [self._agreed(said) for said in stance]

    def is_empty(self, lamp_id: str) -> bool:
        """Whether nothing stood in a lamp's outline in the last look."""
        return lamp_id in self._empty

    def _agreed(self, said: Observation) -> Observation:
        if said.asset_id not in self._empty or said.presence is Presence.PRESENT:
            return said
        return replace(said, presence=Presence.PRESENT, score=min(self._empty[said.asset_id], 0.9), reason="")


@dataclass(frozen=True, slots=True)
class _Seen:
    """The lamps that the detector sees: score and box.

    Attributes:
        aspect: width over height of the picture.
        by_day: in the dark a lamp that is out hardly shows, to the detector as to the judge.
        columns: what shows of the columns of the lamps that the judge was asked about, by id.
        lines: share of the rows in which a line goes up from the foot of a doubted one and leaves its outline, by id.
        crossed: ids of those that somebody is before.
        upright: ids of those that surely stand to the judge.
    """

    boxes: tuple[tuple[float, Box], ...]
    aspect: float
    by_day: bool
    columns: Mapping[str, Column]
    lines: Mapping[str, float]
    crossed: Collection[str]
    upright: Collection[str]

    @classmethod
    def of(
        cls,
        scene: Scene,
        columns: Mapping[str, Column],
        lines: Mapping[str, float],
        crossed: Collection[str],
        upright: Collection[str],
    ) -> _Seen:
        boxes = tuple((score, box) for _, score, box in scene.detections.named("street_light"))
        by_day = scene.light is LightState.DAY
        return cls(boxes, scene.frame.width / scene.frame.height, by_day, columns, lines, crossed, upright)

    def column_stands(self, lamp_id: str) -> bool:
        """Whether a column shows where a lamp is registered."""
        return lamp_id in self.columns and self.columns[lamp_id].shows >= STANDS

    def bareness(self, lamp_id: str) -> float:
        """Share of the rows of a doubted lamp's column in which none shows."""
        return 1.0 - self.columns[lamp_id].shows if lamp_id in self.columns else 0.0

    def lean(self, lamp_id: str) -> float:
        """How well a lamp's column shows that leans; 0 where none does, or one stands as well."""
        line = self.lines.get(lamp_id, 0.0)
        return line if line >= max(_LINE, self.columns[lamp_id].shows + _LINE_LEADS) else 0.0

    def stands(self, own: Box) -> bool:
        """Whether a box shows a lamp where one is registered."""
        return any(score >= _STANDS[0] and own.iou(box) >= _STANDS[1] for score, box in self.boxes)

    def shows_nothing(self, lamp_id: str, region: Region) -> bool:
        """Whether it is news that the detector sees not even faintly a lamp: nobody is before it."""
        return lamp_id not in self.crossed and not self.stands(region.box) and not self.fits(region, _FAINT)

    def fits(self, region: Region, least: tuple[float, float]) -> bool:
        """Whether a box of that score fits an outline so well."""
        return any(score >= least[0] and upright_fit(box, region, self.aspect) >= least[1] for score, box in self.boxes)

    def begins_with(self, own: Box) -> bool:
        """Whether a box begins where a lamp does, to the left, to the right and above, wherever it ends below.

        Then the lamp stands: one that leans, snapped or is gone does not reach up there.
        """
        off = _TOP_OFF * own.height
        return any(
            score >= _FITS[0]
            and max(abs(own.x0 - box.x0), abs(own.x1 - box.x1)) * self.aspect < off
            and abs(own.y0 - box.y0) < off
            for score, box in self.boxes
        )


def _is_empty(odds: float, lamp_id: str, regions: Mapping[str, Region], seen: _Seen) -> bool:
    surely, likely = _surely_empty(odds, regions[lamp_id], seen), _likely_empty(odds, lamp_id, regions, seen)
    bare = surely or likely or _shows_none(odds, lamp_id, regions, seen)
    empty = (bare and not _is_behind_another(lamp_id, regions)) or _leans(odds, lamp_id, regions[lamp_id], seen)
    empty = (empty and not seen.column_stands(lamp_id)) or _plainly_empty(odds, lamp_id, regions, seen)
    return empty and not seen.begins_with(regions[lamp_id].box)


def _is_behind_another(lamp_id: str, regions: Mapping[str, Region]) -> bool:
    """Whether a nearer lamp stands before nearly all of one."""
    own, others = regions[lamp_id].box, [region.box for i, region in regions.items() if i != lamp_id]
    return any(o.y1 > own.y1 and o.intersection(own) >= _BEFORE * own.area for o in others)


def _is_in_anothers(lamp_id: str, regions: Mapping[str, Region]) -> bool:
    """Whether much of a lamp's box lies in another one's, whose arm and column show in it."""
    own = regions[lamp_id].box
    return any(own.intersection(r.box) >= _COVERED * own.area for i, r in regions.items() if i != lamp_id)


def _surely_empty(odds: float, region: Region, seen: _Seen) -> bool:
    return odds >= _SURELY and not seen.fits(region, _FITS_BY_DAY if seen.by_day else _FITS)


def _likely_empty(odds: float, lamp_id: str, regions: Mapping[str, Region], seen: _Seen) -> bool:
    """By day, where the detector sees other lamps: whether it has nothing to say for one that the judge doubts."""
    if not seen.by_day or odds < _LIKELY or not seen.shows_nothing(lamp_id, regions[lamp_id]):
        return False
    if seen.columns[lamp_id].shows >= odds:
        return False
    others = (region.box for i, region in regions.items() if i != lamp_id)
    return any(map(seen.stands, others)) and not _is_in_anothers(lamp_id, regions)


def _plainly_empty(odds: float, lamp_id: str, regions: Mapping[str, Region], seen: _Seen) -> bool:
    """By day, whether the judge alone tells that a lamp no longer stands as it did."""
    fits = seen.fits(regions[lamp_id], _FITS_BY_DAY)
    return seen.by_day and odds >= _PLAINLY[fits] and not _is_in_anothers(lamp_id, regions)


def _shows_none(odds: float, lamp_id: str, regions: Mapping[str, Region], seen: _Seen) -> bool:
    """Whether no column stands where one would show, the detector sees none there either, and another lamp stands."""
    if odds < (_LIKELY if seen.by_day else _UNSEEN) or not seen.shows_nothing(lamp_id, regions[lamp_id]):
        return False
    column, others = seen.columns[lamp_id], [i for i in regions if i != lamp_id]
    shown_from = _NO_COLUMN[0] + odds * (_NO_COLUMN[1] - _NO_COLUMN[0])
    return (
        column.shows < shown_from
        and column.light >= LIGHT
        and any(seen.stands(regions[i].box) or seen.column_stands(i) or i in seen.upright for i in others)
    )


def _leans(odds: float, lamp_id: str, region: Region, seen: _Seen) -> bool:
    """Whether a column is seen that leans, and the detector sees none that stands."""
    return odds >= _MAY_LEAN and seen.lean(lamp_id) > 0.0 and not seen.fits(region, _FITS_BY_DAY)


def _is_shown(lamp: Asset, scene: Scene) -> bool:
    if lamp.region is None:
        return False
    own = lamp.region.box
    if own.height * scene.frame.height < _MIN_PX or own.y0 < _EDGE or own.y1 > 1.0 - _EDGE:
        return False
    if own.x0 < _EDGE or own.x1 > 1.0 - _EDGE or not 0.01 < foot_of(lamp.region)[0] < 0.99:
        return False
    if own.height * scene.frame.height < _FAR_PX and _is_behind_a_crown(lamp.region, scene):
        return False
    # Cars that park beside and behind a lamp hide little of it; those in a street are never gone.
    return not scene.hidden(own, [*scene.movers, *scene.things], own.y1)


def _tilted(lamps: Sequence[Asset], odds: Mapping[str, float], scene: Scene) -> dict[str, float]:
    """Score of the box of each doubted lamp that shows it leaning, by id."""
    doubted = [lamp for lamp in lamps if odds.get(lamp.id, 0.0) >= _TILTED]
    aspect = scene.frame.width / scene.frame.height
    found = [(score, box) for _, score, box in scene.detections.named("street_light")] if doubted else []
    tilted = {}
    for lamp in doubted:
        assert lamp.region is not None
        seen = leaning_box(boxes_of(lamp, lamps, found, aspect), lamp.region, aspect, DOUBTED)
        if seen is not None:
            tilted[lamp.id] = seen[0]
    return tilted


def _is_crossed(lamp: Box, scene: Scene) -> bool:
    before = (box for box in (*scene.movers, *scene.things) if not is_behind(box, lamp.y1))
    return any(lamp.intersection(box) >= _CROSSED * lamp.area for box in before)


def _is_behind_a_crown(lamp: Region, scene: Scene) -> bool:
    trees = [tree.region.box for tree in scene.view.of_kind("tree") if tree.region is not None]
    nearer, column = [tree for tree in trees if tree.y1 > lamp.box.y1], column_place(lamp)
    whole = any(tree.intersection(lamp.box) >= _BEHIND * lamp.box.area for tree in nearer)
    return whole or any(tree.intersection(column) >= _COLUMN_BEHIND * column.area for tree in nearer)
