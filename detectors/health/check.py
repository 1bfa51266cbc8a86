"""Camera health: frozen, covered, blurred or moved. A camera fault suspends every other finding of that camera."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import cv2
import numpy as np

from detectors.geometry import STILL, Box, Mask, Nudge
from detectors.health.focus import Focus, Lens, focus_of
from detectors.health.fog import is_foggy, lightness
from detectors.health.stillness import Stillness
from detectors.health.structure import Fit, Structure, compare, find_nudge
from detectors.issues import CAMERA_KIND
from detectors.levels import quantiles
from detectors.values import Frame, Grey, Image, LightState, Observation, Presence, small_grey

_WHOLE = Box(0.0, 0.0, 1.0, 1.0)
# The order in which faults are told: a covered lens is neither blurred nor moved, and nothing of it a frozen picture.
_FAULTS = ("camera_covered", "camera_blurred", "camera_moved", "camera_frozen")
# A covered lens leaves a picture without detail: standard deviation of grey levels, and mean curvature, of which noise
# makes its part. Drawn covers have 0.04-0.07 without noise and 0.76 with six levels of it; 41 photographs of roads so
# dark that their mean is 11-20 have 0.14-0.57 with at most one.
_FLAT_DEVIATION, _FLAT_DETAIL, _NOISE_DETAIL = 7.0, 0.08, 0.13
# Against the camera's own reference: unlike a blurred picture a covered one loses its coarse contrast too.
_COVERED_DEVIATION_SHARE, _COVERED_DETAIL_SHARE = 0.4, 0.25
_VEILED_CONTRAST = 0.15
# Part of the view hidden: share of its structure that is lost, and of the picture that the largest hidden part takes.
# What is near the lens is out of focus and smooth, and may lie there in blots: by night only where it is not darker
# than the view was, for lamps that fail take their edges with them. Something with a pattern must hide more, to be no
# lorry, and must hide the coarse edges too, which snow does not.
_PART_LOST, _PATTERN_LOST = 0.22, 0.5
_BLOTS_AREA, _PART_AREA, _PATTERN_COARSE = 0.1, 0.18, 0.8
_NO_DARKER = 0.9
# A web shows as much of itself as of the view, but what it leaves of the view is where it was. Correlation of edges, on
# four views: 0.16-0.38 behind a web, at most 0.07 where another view is shown.
_SHOWS_THROUGH, _WEB_LOST = 0.12, 0.35
# Shares of what is lost; where it is as light as what was there, more of it must be smooth: people who stand about in a
# view that was learnt with others (0.57 at 1.06 of the level, in a half of the PETS view) hide no part of it.
_SMOOTH, _AS_LIGHT, _ALL_SMOOTH = 0.5, 1.15, 0.7
_REST_KEPT = 0.5
_MOSTLY_LOST = 0.7
# A cloth with folds is less smooth, but its edges are faint all over; another view has edges like the one before.
_FOLDED_SMOOTH, _FOLDED_CONTRAST = 0.6, 0.4
# By day a view of which nothing is left is behind something where it is far darker (`_LIKE_LIGHT`), or darker and its
# edges are faint, be what hides it grainy too: a black cover in a grainy picture kept 0.00 of a view at 0.27 of its
# level with 0.22 of its contrast. Of the time-lapse's dusk enough is kept; after dark it may be a street without lamps.
# Where hardly any contrast is left, the light on a cloth may be like that of the view: a grainy one in daylight
# kept 0.02 to 0.04 of a view, with 0.16 to 0.23 of its contrast and coarse edges that correlate by 0.36.
_NOTHING_KEPT, _UNLIKE, _DARKENED = 0.1, 0.2, 0.5
_NO_CONTRAST = 0.25
_ONCE_TOLD = 0.7  # a part that was told as hidden stays told down to this share of these
_SAME_PART = 0.6  # what hides part of the view must stay where it is: overlap from look to look
# Steepness of edges against the camera's own, and at all. On eight views, by day and night, 24 kinds of weather, light
# and traffic leave 0.92 and more of it, in three of any four looks; out of focus by 2 px of 640 it is 0.67-0.73.
_BLURRED_SHARE, _BLURRED = 0.77, 0.11
# Where it is much darker than when that was measured, fewer edges count, and the steepest may be among the others.
_FEWER_EDGES, _BLURRED_FEWER = 0.8, 0.7
_BLURRED_COARSE = 0.6  # correlation of coarse edges: the same view, only softer
# Share of the view's parts that are far softer than they were: drops over a third of the lens 0.15-0.19, over half of
# it and more 0.41-0.83, weather, light, traffic and nudges at most 0.06, on three views by day and night.
_SOFT_PARTS = 0.35
# A view that fits this well is where it was. Below, a nudge is looked for, which must make it fit.
_FITS_WELL, _FITS_EXACTLY, _FITS_AT_ALL, _FITS_BETTER = 0.8, 0.88, 0.45, 0.05
_MIN_BLOCKS = 8
# Share of the width that the view may be nudged before regions no longer fit.
_MOVED_SHARE = 0.045
_TREMBLE = 0.003  # masts sway: less than this share of the width is no nudge
_LIKE_LIGHT = 3.5  # times lighter or darker than the reference: too unlike to say that the view is another
_JUST_NOW_S = 600.0
# The reference follows the seasons and the sun, slowly, while all is well: of the looks of a minute one is learnt from.
_REFERENCE_S, _LEARN_EVERY_S = 3600.0, 60.0
_FIRST_LOOKS = 4
_NOISE_SHARE = 0.4  # of all pixels differ from look to look by no more than noise
# A view that no nudge explains, for people or leaves move in it, is not searched anew before it fits so much worse, or
# for so long: the search takes as long as all the rest.
_FITS_WORSE, _SEARCH_EVERY_S = 0.03, 30.0
# A sudden change: this share of all pixels by this many grey levels from one look to the next.
# Looks further apart than this differ by the hour alone: a time-lapse is not all sudden.
_SUDDEN_SHARE, _SUDDEN_LEVELS, _SUDDEN_WITHIN_S = 0.5, 30, 120.0


@dataclass(frozen=True, slots=True)
class Health:
    """What a look says of the camera itself.

    Attributes:
        observations: one for each camera fault.
        fault: code of the fault present, "" when there is none.
        sudden: whether the whole picture changed since the last look.
        nudge: how the view lies against the registered one.
        foggy: whether it lies in fog that was clear before.
    """

    observations: tuple[Observation, ...]
    fault: str
    sudden: bool
    nudge: Nudge = STILL
    foggy: bool = False


@dataclass(slots=True)
class _Reference:
    """What a view looks like in one light state."""

    structure: Structure
    deviation: float
    detail: float
    lens: Lens = field(default_factory=Lens)
    looks: int = 1
    at_s: float = 0.0

    def learn(self, now: _Picture, at_s: float) -> None:
        """Take in a healthy look."""
        first, waited_s = self.looks < _FIRST_LOOKS, max(0.0, at_s - self.at_s)
        share = 0.0
        if first or waited_s >= _LEARN_EVERY_S:
            self.looks += 1
            share = 1.0 / self.looks if first else min(0.1, waited_s / _REFERENCE_S)
            self.at_s = at_s
            self.structure = self.structure.mixed(now.structure, share)
            self.deviation += share * (now.deviation - self.deviation)
            self.detail += share * (now.detail - self.detail)
        if now.focus is not None:
            self.lens.learn(now.focus, share)


@dataclass
class _Picture:
    """What is measured of one frame."""

    grey: Grey
    structure: Structure
    deviation: float
    focus: Focus | None
    noise: float

    @classmethod
    def of(cls, grey: Grey, noise: float) -> _Picture:
        deviation = float(cv2.meanStdDev(grey)[1][0, 0])
        return cls(grey, Structure.of(grey), deviation, focus_of(grey, noise), noise)

    @cached_property
    def detail(self) -> float:
        """Mean curvature: asked for only where little contrast makes a covered lens likely, and to learn it."""
        soft = cv2.GaussianBlur(self.grey.astype(np.float32), (0, 0), 1.5)
        return float(np.abs(cv2.Laplacian(soft, cv2.CV_32F)).mean())

    @property
    def flat(self) -> bool:
        return self.deviation < _FLAT_DEVIATION and self.detail < _FLAT_DETAIL + _NOISE_DETAIL * self.noise


class HealthCheck:
    """Compares each frame of one camera with those before and with a reference kept for each light state."""

    def __init__(self, camera: str, references: Mapping[LightState, Image] | None = None) -> None:
        self._camera = camera
        self._references: dict[LightState, _Reference] = {}
        for light, reference in (references or {}).items():
            picture = _Picture.of(small_grey(reference), 0.0)
            self._references[light] = _Reference(
                picture.structure, picture.deviation, picture.detail, looks=_FIRST_LOOKS
            )
        self._last: Grey | None = None
        self._last_s = 0.0
        self._noise = 1.0
        self._stillness = Stillness()
        self._light: LightState | None = None
        self._latest: tuple[Structure, float] | None = None
        self._searched: tuple[float, float] | None = None
        self._nudge = STILL
        self._candidate = STILL
        self._hidden: Mask | None = None
        self._part_told = False
        self._foggy = False

    def look(self, frame: Frame, light: LightState) -> Health:
        """Judge one frame."""
        grey = frame.grey
        waited_s, self._last_s = frame.at.timestamp() - self._last_s, frame.at.timestamp()
        sudden = self._compare_with_last(grey) and waited_s <= _SUDDEN_WITHIN_S
        if light is not self._light:
            self._stillness.forget()
            self._light, self._searched = light, None
        now = _Picture.of(grey, self._noise)
        answers = self._answers(now, light, frame.at.timestamp())
        fault = next((code for code in _FAULTS if answers[code]), "")
        if not fault and not sudden and answers["camera_covered"] is False:
            self._learn(now, light, frame.at.timestamp())
        observations = tuple(self._say(code, answers[code], fault) for code in _FAULTS)
        return Health(observations, fault, sudden, self._nudge, self._foggy)

    def _compare_with_last(self, grey: Grey) -> bool:
        """Whether the whole picture changed at once; measures the noise by the way."""
        last, self._last = self._last, grey
        if last is None or last.shape != grey.shape:
            return False
        difference = cv2.absdiff(grey, last)
        changed = cv2.countNonZero(cv2.compare(difference, _SUDDEN_LEVELS, cv2.CMP_GT))
        sudden = changed > _SUDDEN_SHARE * difference.size
        if not sudden:  # a bright cloth that comes before a night view is no noise; taken for it, it would hide itself
            self._noise += 0.3 * (quantiles(difference[::4, ::4], _NOISE_SHARE)[0] - self._noise)
        return sudden

    def _answers(self, now: _Picture, light: LightState, at_s: float) -> dict[str, bool | None]:
        answers: dict[str, bool | None] = dict.fromkeys(_FAULTS)
        self._foggy = False
        answers["camera_frozen"] = self._stillness.look(now.grey, at_s)
        answers["camera_blurred"] = now.focus is not None and now.focus.steepness < _BLURRED
        answers["camera_covered"] = now.flat or self._lost_contrast(now)
        reference, focus = self._reference_for(light, at_s)
        if answers["camera_covered"] or reference is None or reference.grey.shape != now.structure.grey.shape:
            return answers
        fit = compare(reference.shifted(self._nudge), now.structure, self._edge_noise())
        self._foggy = fit.blocks >= _MIN_BLOCKS and is_foggy(reference, now.structure, fit)
        if focus and now.focus and fit.coarse >= _BLURRED_COARSE:
            share = _BLURRED_SHARE if now.focus.blocks >= _FEWER_EDGES * focus.blocks else _BLURRED_FEWER
            softer = now.focus.steepness < share * focus.steepness
            answers["camera_blurred"] = softer or now.focus.soft_share(focus) >= _SOFT_PARTS
        if answers["camera_blurred"] or fit.blocks < _MIN_BLOCKS:
            return answers
        # A view that a nudge explains is all there; only what no nudge explains may be hidden.
        answers["camera_moved"] = self._nudged(reference, now, fit, at_s)
        if answers["camera_moved"] is None:
            answers["camera_covered"] = self._covered(fit, light)
            seen = answers["camera_covered"] is False
            answers["camera_moved"] = _is_another(reference, now, fit) if seen else None
        else:  # all of the view is there: a lamp's light that comes and goes is no cover that stays
            self._hidden, self._part_told = None, False
        return answers

    def _reference_for(self, light: LightState, at_s: float) -> tuple[Structure | None, Focus | None]:
        """What the view should look like, and its sharpest focus; in a new light state, as it looked just now."""
        known = self._references.get(light)
        if known is not None:
            return known.structure, known.lens.focus
        structure, seen_s = self._latest or (None, 0.0)
        return (structure if at_s - seen_s <= _JUST_NOW_S else None), None

    def _edge_noise(self) -> float:
        """Mean squared gradient that noise makes in a structure: softening leaves a tenth of it. A choice."""
        return (0.1 * self._noise) ** 2

    def _lost_contrast(self, now: _Picture) -> bool:
        known = self._references.values()
        return bool(known) and all(
            now.deviation < _COVERED_DEVIATION_SHARE * r.deviation and now.detail < _COVERED_DETAIL_SHARE * r.detail
            for r in known
        )

    def _covered(self, fit: Fit, light: LightState) -> bool | None:
        """Whether something hides the view, or a part of it; None at the first look at what may only be passing."""
        before, self._hidden = self._hidden, fit.hidden
        as_light = 1 / _AS_LIGHT < fit.level < _AS_LIGHT
        smooth = fit.smooth >= (_ALL_SMOOTH if as_light else _SMOOTH) * fit.lost
        folded = fit.contrast < _FOLDED_CONTRAST and fit.smooth >= _FOLDED_SMOOTH * fit.lost
        even = fit.smooth >= _MOSTLY_LOST * fit.lost
        if fit.lost >= _MOSTLY_LOST and (even or folded) and fit.coarse < _BLURRED_COARSE:
            return True
        if fit.contrast < _VEILED_CONTRAST and fit.kept < _REST_KEPT:
            return True
        unlike = fit.coarse < (_BLURRED_COARSE if fit.contrast < _NO_CONTRAST else _UNLIKE)
        gone = light is LightState.DAY and fit.kept < _NOTHING_KEPT and unlike
        if gone and fit.level < (_DARKENED if fit.contrast < _FOLDED_CONTRAST else 1 / _LIKE_LIGHT):
            return True
        least = _ONCE_TOLD if self._part_told else 1.0
        self._part_told = False
        web = fit.kept < _FITS_AT_ALL and fit.fine >= _SHOWS_THROUGH
        lost = _PART_LOST if smooth else _WEB_LOST if web else _PATTERN_LOST
        blots = smooth and (light is LightState.DAY or fit.level >= _NO_DARKER)
        area = _BLOTS_AREA if blots else _PART_AREA
        if fit.area < least * area or fit.lost < least * lost:
            return False
        if not smooth and fit.coarse >= _PATTERN_COARSE:
            return False
        if fit.kept < _REST_KEPT * (1 - fit.lost) and not web:
            return False
        self._part_told = before is not None and _overlap(before, fit.hidden) >= _SAME_PART
        return True if self._part_told else None

    def _nudged(self, reference: Structure, now: _Picture, fit: Fit, at_s: float) -> bool | None:
        """Whether the view was moved too far; follows it where it was only nudged. None when no nudge explains it."""
        if fit.kept >= _FITS_WELL and fit.fine >= _FITS_EXACTLY:
            return False
        if self._searched is not None:
            fine, searched_s = self._searched
            if fit.fine > fine - _FITS_WORSE and 0 <= at_s - searched_s < _SEARCH_EVERY_S:
                return None
        self._searched = (fit.fine, at_s)
        nudge = find_nudge(reference, now.structure)
        if nudge is None:
            return None
        fitted = compare(reference.shifted(nudge), now.structure, self._edge_noise())
        if fitted.kept < _FITS_AT_ALL or fitted.fine <= fit.fine + _FITS_BETTER:
            return None
        self._searched = None
        return self._follow(nudge, reference)

    def _follow(self, nudge: Nudge, reference: Structure) -> bool:
        aspect = reference.grey.shape[0] / reference.grey.shape[1]
        if nudge.farthest(aspect) > _MOVED_SHARE:
            return True
        if nudge.farthest(aspect) < _TREMBLE:
            nudge = STILL
        if _apart(nudge, self._candidate) < _TREMBLE:
            self._nudge = nudge  # seen twice: it lasts
        self._candidate = nudge
        return False

    def _learn(self, now: _Picture, light: LightState, at_s: float) -> None:
        # References are kept as the registered view shows them.
        structure = now.structure if self._nudge == STILL else now.structure.shifted(self._nudge.inverse())
        self._latest = (structure, at_s)
        known = self._references.get(light)
        if known is None or known.structure.grey.shape != now.structure.grey.shape:
            known = self._references[light] = _Reference(structure, now.deviation, now.detail, at_s=at_s)
        if self._nudge == STILL:
            known.learn(now, at_s)

    def _say(self, code: str, present: bool | None, fault: str) -> Observation:
        # One fault at a time: with a covered lens nobody can tell whether the view was moved as well.
        known = present is not None and fault in ("", code)
        presence = Presence.UNKNOWN if not known else Presence.PRESENT if present else Presence.ABSENT
        score = 0.9 if presence is Presence.PRESENT else 0.0
        return Observation(code, presence, score, self._camera, CAMERA_KIND, _WHOLE)


def _is_another(reference: Structure, now: _Picture, fit: Fit) -> bool | None:
    """Whether a picture shows another view; None where the light is too unlike to tell, or something is before it."""
    if fit.kept >= _FITS_AT_ALL:
        return False
    if fit.fine >= _SHOWS_THROUGH:
        return None
    return True if 1 / _LIKE_LIGHT < lightness(reference, now.structure) < _LIKE_LIGHT else None


def _overlap(a: Mask, b: Mask) -> float:
    return float((a & b).sum() / max(1, (a | b).sum())) if a.shape == b.shape else 0.0


def _apart(a: Nudge, b: Nudge) -> float:
    """Largest distance between where two nudges put a corner."""
    corners = [(*a.point(x, y), *b.point(x, y)) for x in (0.0, 1.0) for y in (0.0, 1.0)]
    return max(float(np.hypot(x1 - x0, y1 - y0)) for x0, y0, x1, y1 in corners)
