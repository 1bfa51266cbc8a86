"""Registering a view: the assets a detector proposes, voted over several frames."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from detectors.candidates import Candidate, is_before, merged
from detectors.detector import Detector
from detectors.errors import SourceError
from detectors.geometry import Box, Region
from detectors.grounds import KINDS, Ground, find_grounds
from detectors.health import HealthCheck
from detectors.inspectors.base import Scene
from detectors.inspectors.scale import Scale
from detectors.lamp_boxes import LampBoxes
from detectors.light import LightMeter
from detectors.settings import Settings
from detectors.sources import Source
from detectors.surfaces import SurfaceModel
from detectors.values import UNREGISTERED, Asset, Detections, Frame, LightState, View

# Class of the detector -> kind of asset, and the letter its ids begin with.
_KINDS = {"street_light": "street_light", "tree": "tree", "bench": "bench", "bin": "bin", "bin_overflowing": "bin"}
_LETTERS = {"street_light": "L", "tree": "T", "bench": "B", "bin": "W", "path": "P", "lawn": "G"}
# Thin and small: they are looked for in a larger picture too. On 13 sample clips (960 px) the lamps proposed then have
# F1 0.82 instead of 0.74 at IoU 0.5. Blown up from 640 px, 28 views the detector never learnt gain as much (0.63 after
# 0.56), but no finding on them did.
_FINE = ("street_light", "bench", "bin", "bin_overflowing")
# The same asset in two frames overlaps this much; lamps are thin, so their boxes overlap less.
_SAME = 0.45
_SAME_THIN = 0.4
# An asset must be seen in this share of the frames, with this mean score. An asset stands still, so it may be faint in
# one frame as long as the others agree.
_VOTES = 0.5
_MIN_MEAN_SCORE = 0.25
# Or in all of this share of the looks, from the first on: it stood there and went, fell or lost its light then. What
# overlaps it more than this in the same looks is the same thing by another box; crowns in a row overlap less.
_STOOD, _BESIDE_LAMP, _BESIDE = 0.4, 0.2, 0.45
# A lamp stands higher than people: tripods, posts and signs that look like one do not. The one tripod that was seen
# measures 1.5 m against the people who pass it.
_LAMP_M = 2.3
# A tree's box that begins so near the picture's upper edge is of one that the edge cuts off, and is drawn up to it. Of
# 51 registered trees on rendered places, walks and samples that it cuts boxes begin at 0.005 and less, but for six at
# 0.007 to 0.015 and one at 0.035; of 90 that end in view, which are to keep their tops, none at 0.002 to 0.018.
_CUT_ABOVE = 0.017


@dataclass(slots=True)
class _People:
    """How high people are in a view."""

    _scale: Scale = field(default_factory=Scale)
    _scene: Scene | None = None

    def learn(self, frame: Frame, detections: Detections) -> None:
        self._scene = Scene(frame, LightState.DAY, detections, View(""), [])
        self._scale.learn(self._scene)

    def dwarf(self, lamp: Box) -> bool:
        """Whether a lamp is no higher than people where it stands; False in a view where nobody was seen."""
        metre = None if self._scene is None else self._scale.metre_at(lamp.y1, self._scene)
        return metre is not None and lamp.height < _LAMP_M * metre


@dataclass(frozen=True, slots=True)
class Proposal:
    """An asset that a view seems to show, with the share of frames it was seen in and its mean score."""

    asset: Asset
    votes: float
    score: float


def discover(
    frames: Iterable[Frame],
    detector: Detector,
    settings: Settings,
    camera: str,
    surfaces: SurfaceModel | None = None,
) -> list[Proposal]:
    """Propose assets from several frames of one view; people and cars that pass are voted out.

    Args:
        camera: id of the camera, part of the ids of the assets proposed.
        surfaces: says what the ground is made of; without it nothing is said of paths and lawns.

    Returns:
        Proposals, left to right for each kind.
    """
    candidates: list[Candidate] = []
    people = _People()
    listed = _of_one_view(list(frames))
    looked = len(listed)
    looks = [_seen(frame, detector, settings) for frame in listed]
    for number, (frame, detections) in enumerate(zip(listed, looks, strict=True)):
        people.learn(frame, detections)
        for name, score, box in detections.named(*_KINDS):
            _vote(candidates, _KINDS[name], score, box, number)
    ground = [] if surfaces is None else find_grounds(listed, surfaces, looks)
    standing = merged(_standing(candidates, looked))
    lamps = [c for c in standing if c.kind == "street_light" and not people.dwarf(c.box)]
    things = [c for c in standing if c.kind != "street_light"]
    return [*_named([*things, *_seen_lamps(lamps, listed)], looked, camera), *_named_grounds(ground, camera)]


def _seen_lamps(lamps: list[Candidate], frames: list[Frame]) -> list[Candidate]:
    """Those of which column or light are seen, or the detector is sure, each in a box put right by its light.

    Looks in which it sees no lamp count against it: a window in water was one with 0.47 in four looks of seven.
    """
    if not lamps:
        return []
    boxes = LampBoxes(frames)
    for lamp, box in zip(lamps, boxes.mended([lamp.box for lamp in lamps]), strict=True):
        lamp.joined = box
    seen = boxes.seen([lamp.box for lamp in lamps], [sum(lamp.scores) / len(frames) for lamp in lamps])
    return [lamp for lamp, shows in zip(lamps, seen, strict=True) if shows]


def _of_one_view(frames: list[Frame]) -> list[Frame]:
    """The frames that show the view of the first: not those after the camera was turned, or its lens covered."""
    health, meter = HealthCheck(""), LightMeter()
    faults = [health.look(frame, meter.look(frame.image, frame.at)).fault for frame in frames]
    return [f for f, fault in zip(frames, faults, strict=True) if fault in ("", "camera_frozen")] or frames


def _seen(frame: Frame, detector: Detector, settings: Settings) -> Detections:
    """What one frame shows, thin and small assets as a larger picture shows them.

    A picture is not blown up for it: in one of 768 px shown at 960 a lamp fell apart into two.
    """
    usual = detector.predict([frame.image], settings.min_score, settings.image_size)[0]
    finer = settings.discovery_image_size
    if finer <= settings.image_size or max(frame.width, frame.height) < finer:
        return usual
    fine = detector.predict([frame.image], settings.min_score, finer)[0]
    kept = [(name, score, box.as_list()) for name, score, box in usual if name not in _FINE]
    return Detections.of([*kept, *((name, score, box.as_list()) for name, score, box in fine.named(*_FINE))])


def spread_frames(source: Source, settings: Settings) -> list[Frame]:
    """Frames for `discover`, spread over a recording, or the first few of a live source.

    Raises:
        SourceError: not even one frame can be read.
    """
    wanted = settings.discovery_looks
    every = settings.every_s if not source.duration_s else max(source.duration_s / wanted, 0.04)
    frames: list[Frame] = []
    try:
        for frame in source.frames(every):
            frames.append(frame)
            if len(frames) == wanted:
                break
    except SourceError:
        if not frames:
            raise
    return frames


def with_ground(
    view: View, source: Source, detector: Detector, settings: Settings, surfaces: SurfaceModel | None
) -> View:
    """A view with the paths that its source shows where its register names none, and the lawns likewise.

    Where only lamps are registered nothing could be in the way, and nothing that comes to lie there would be seen.
    These pieces have no id, so that findings on them name no asset. A recording is read for them from its beginning,
    of a live source the first looks are used up.

    Raises:
        SourceError: not even one frame can be read.
    """
    lacking = [kind for kind in KINDS if not view.of_kind(kind)]
    if surfaces is None or not lacking:
        return view
    frames = _of_one_view(spread_frames(source, settings))
    seen = [detector.predict([f.image], settings.min_score, settings.image_size)[0] for f in frames]
    found = find_grounds(frames, surfaces, seen)
    pieces = (Asset(UNREGISTERED, g.kind, g.region) for g in found if g.kind in lacking)
    return replace(view, assets=(*view.assets, *pieces))


def _vote(candidates: list[Candidate], kind: str, score: float, box: Box, number: int) -> None:
    limit = _SAME_THIN if kind == "street_light" else _SAME
    same = [(c.box.iou(box), c) for c in candidates if c.kind == kind and number not in c.frames]
    overlap, best = max(same, key=lambda pair: pair[0], default=(0.0, None))
    if best is None or overlap < limit:
        best = Candidate(kind)
        candidates.append(best)
    best.boxes.append(box)
    best.scores.append(score)
    best.frames.add(number)


def _standing(candidates: list[Candidate], looked: int) -> list[Candidate]:
    """The things that stand there: seen in most looks, or in the first ones without a break, and then no more.

    What stood there otherwise at first, and was knocked askew or pushed aside, counts as it stood. What is seen in
    none of the first looks came later, or came to light when something before it went: it would be missed at first.
    """
    sure = [c for c in candidates if c.score >= _MIN_MEAN_SCORE]
    first = range(math.ceil(_STOOD * looked))
    for candidate in sure:
        candidate.hold_to(first)
    most = [c for c in sure if len(c.frames) >= max(1.0, _VOTES * looked) and not c.frames.isdisjoint(first)]
    for went in (c for c in sure if c not in most and c.frames.issuperset(first)):
        shown = (c for c in most if c.kind == went.kind and not c.frames.isdisjoint(went.frames))
        beside = [c.box.iou(went.box) for c in shown if not is_before(went, c)]
        if max(beside, default=0.0) <= (_BESIDE_LAMP if went.kind == "street_light" else _BESIDE):
            most.append(went)
    return most


def _named_grounds(grounds: list[Ground], camera: str) -> list[Proposal]:
    counts: dict[str, int] = defaultdict(int)
    proposals = []
    for ground in grounds:
        counts[ground.kind] += 1
        asset_id = f"{camera}-{_LETTERS[ground.kind]}{counts[ground.kind]:02d}"
        proposals.append(Proposal(Asset(asset_id, ground.kind, ground.region), 1.0, ground.agreement))
    return proposals


def _named(chosen: list[Candidate], looked: int, camera: str) -> list[Proposal]:
    counts: dict[str, int] = defaultdict(int)
    proposals = []
    for candidate in sorted(chosen, key=lambda c: (c.kind, c.box.x0)):
        counts[candidate.kind] += 1
        asset_id = f"{camera}-{_LETTERS[candidate.kind]}{counts[candidate.kind]:02d}"
        asset = Asset(asset_id, candidate.kind, Region.rectangle(_to_edge(candidate)))
        proposals.append(Proposal(asset, len(candidate.frames) / looked, candidate.score))
    return proposals


def _to_edge(candidate: Candidate) -> Box:
    """A candidate's box, a tree's up to the picture's upper edge where that cuts it off."""
    cut = candidate.kind == "tree" and candidate.box.y0 <= _CUT_ABOVE
    return replace(candidate.box, y0=0.0) if cut else candidate.box
