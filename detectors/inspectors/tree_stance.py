"""Whether trees still stand as they did: each against its own past, upright and turned about its foot."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from detectors.geometry import Box
from detectors.inspectors.base import Scene
from detectors.inspectors.crops import THING_FOOT, THING_SIZE, Crop, foot_of, thing_crop
from detectors.inspectors.edges import Grey, crop_grey, crop_outline, edge_likeness
from detectors.levels import middle_of
from detectors.values import Asset, LightState, Observation, Presence

ISSUE = "tree_leaning"

_MIN_PX = 60.0  # lower trees turn by too little
# Likenesses are correlations of edges inside the outline, -1 to 1. Measured on rendered stills, a look against its own
# past: what did not move stays over 0.9; of 144 trees turned by 9-20 degrees in the picture three in four are under
# 0.75. A tree that fell before others left those 0.78 and more like themselves upright.
_STANDS_FROM, _MOVED_BELOW = 0.85, 0.75
_LEANS_LEAST, _LEANS_LEAD = 0.45, -0.1
_LEANS_LEAD_AFTER_DARK = 0.0  # with few edges to see, no less like its turned past than like itself: a choice
# After dark a tree is what lamps show of it: one that goes on or out near by draws another tree. It lights the ground
# and what is beside the tree as well, while a tree that leans leaves these as they were. Measured on rendered clips,
# the light beside four trees that lean is 0.95 to 1.03 times what it was (by day; none leans after dark), and beside
# the one tree that a flickering lamp made lean it was 2.4 times.
_SAME_LIGHT = 1.5
_DARK = 3.0  # grey levels that are nothing, in a black surround too
_TILTS = tuple(d for d in range(-28, 30, 2) if abs(d) >= 6)  # degrees
_LEARNING_LOOKS = 3
_REFRESH = 0.1  # share by which each look in which a thing stands renews what is known of it
# A thing whose looks differ so much among themselves is too dim, or too much in the wind, to be judged.
_STEADY = 0.85
_PATIENCE = 12  # looks after which something else that changed there is taken for part of the scene
_WHOLE_VIEW, _WHOLE_SHARE = 3, 0.5  # so many things moving at once are the camera's doing, or the light's


@dataclass(slots=True)
class _Known:
    """What is known of one thing: its look, how steady it is, and for how many looks it has been otherwise."""

    recent: deque[Crop] = field(default_factory=lambda: deque(maxlen=_LEARNING_LOOKS))
    picture: Grey | None = None
    steady: float = 1.0
    changed: int = 0

    def learn(self, crop: Crop) -> None:
        """Take in a look; the median of the first few is what the thing looks like."""
        self.recent.append(crop)
        if len(self.recent) == _LEARNING_LOOKS:
            looks = [crop_grey(c) for c in self.recent]
            self.picture = middle_of(*looks)
            self.steady = min(edge_likeness(look, self.picture, crop_outline(crop)) for look in looks)


@dataclass(slots=True)
class TreeStance:
    """tree_leaning of trees that came to lean, look by look."""

    _known: dict[str, _Known] = field(default_factory=dict)
    _light: LightState | None = None
    _changed: frozenset[str] = frozenset()

    def look(self, assets: Sequence[Asset], scene: Scene) -> list[Observation]:
        """One verdict for each thing."""
        if scene.light is not self._light:
            self._light = scene.light
            self._known.clear()
            self._start_from_reference(assets, scene)
        crops = {a.id: scene.crop_of(a.region) for a in assets if a.region is not None and not self._unfit(a, scene)}
        likeness = {i: self._stands(i, crop) for i, crop in crops.items()}
        moved = [i for i, stands in likeness.items() if stands is not None and stands < _MOVED_BELOW]
        judged = sum(stands is not None for stands in likeness.values())
        whole = len(moved) >= max(_WHOLE_VIEW, _WHOLE_SHARE * judged)
        other = (i for i, stands in likeness.items() if stands is not None and stands < _STANDS_FROM)
        self._changed = frozenset() if whole else frozenset(other)
        return [self._say(a, crops.get(a.id), likeness.get(a.id), whole, scene) for a in assets]

    def changed(self, tree_id: str) -> bool:
        """Whether a tree's place showed other edges in the last look than it did, and not the whole view."""
        return tree_id in self._changed

    def _start_from_reference(self, assets: Sequence[Asset], scene: Scene) -> None:
        """A clean picture of the view in this light, where there is one, tells how things stood when it was taken."""
        reference = scene.view.reference(scene.light, scene.frame.image)
        if reference is None:
            return
        for asset in assets:
            if asset.region is not None:
                known = self._known.setdefault(asset.id, _Known())
                known.picture = crop_grey(thing_crop(reference, asset.region))

    def _unfit(self, asset: Asset, scene: Scene) -> str:
        """Why nothing can be said of a thing in this look; "" when it can."""
        assert asset.region is not None
        place, foot = asset.region.box, foot_of(asset.region)[0]
        if place.height * scene.frame.height < _MIN_PX:
            return "too small to tell"
        if not 0.01 < foot < 0.99 or place.y1 > 0.995:
            return "its foot is out of view"
        return "hidden" if scene.hidden(place, foot=place.y1) else ""

    def _stands(self, asset_id: str, crop: Crop) -> float | None:
        """Likeness of a thing to its upright past, None while that is not known well enough."""
        known = self._known.setdefault(asset_id, _Known())
        if known.picture is None:
            known.learn(crop)
            return None
        return None if known.steady < _STEADY else edge_likeness(crop_grey(crop), known.picture, crop_outline(crop))

    def _say(self, asset: Asset, crop: Crop | None, stands: float | None, whole: bool, scene: Scene) -> Observation:
        assert asset.region is not None
        place = asset.region.box
        if crop is None:
            return self._unknown(asset, place, self._unfit(asset, scene))
        known = self._known[asset.id]
        if stands is None or known.picture is None:
            return self._unknown(asset, place, "not known well enough")
        now, outline = crop_grey(crop), crop_outline(crop)
        leans = -1.0 if whole else self._leaning_likeness(now, known.picture, outline, stands, scene.light)
        if leans >= _LEANS_LEAST:
            known.changed += 1
            score = float(np.clip(0.6 + leans - stands, 0.5, 0.95))
            return Observation(ISSUE, Presence.PRESENT, score, asset.id, asset.kind, place)
        if stands >= _MOVED_BELOW:
            known.changed = 0
            if stands >= _STANDS_FROM:
                known.picture += _REFRESH * (now - known.picture)
            return Observation(ISSUE, Presence.ABSENT, stands, asset.id, asset.kind, place)
        known.changed += 1
        if known.changed > _PATIENCE or whole:
            self._known[asset.id] = _Known()
        return self._unknown(asset, place, "the whole view changed" if whole else "something else changed there")

    def _leaning_likeness(self, now: Grey, past: Grey, outline: Grey, stands: float, light: LightState) -> float:
        """Likeness to the past leaning; -1 where that explains the picture no better than standing does."""
        if stands >= _MOVED_BELOW or (light is not LightState.DAY and _is_lit_otherwise(now, past, outline)):
            return -1.0
        turned = max(_turned_likeness(now, past, outline, tilt) for tilt in _TILTS)
        lead = _LEANS_LEAD if light is LightState.DAY else _LEANS_LEAD_AFTER_DARK
        return turned if turned - stands >= lead else -1.0

    def _unknown(self, asset: Asset, place: Box, reason: str) -> Observation:
        return Observation(ISSUE, Presence.UNKNOWN, 0.0, asset.id, asset.kind, place, reason)


def _is_lit_otherwise(now: Grey, past: Grey, outline: Grey) -> bool:
    """Whether there is much more or less light beside a thing than there was."""
    beside = outline == 0
    change = (float(now[beside].mean()) + _DARK) / (float(past[beside].mean()) + _DARK)
    return not 1.0 / _SAME_LIGHT < change < _SAME_LIGHT


def _turned_likeness(now: Grey, past: Grey, outline: Grey, tilt: float) -> float:
    """Likeness to the past turned about its foot, inside the turned outline."""
    size = (THING_SIZE, THING_SIZE)
    turn = cv2.getRotationMatrix2D((THING_SIZE / 2, THING_FOOT), tilt, 1.0)
    there = cv2.warpAffine(past, turn, size, borderMode=cv2.BORDER_REPLICATE)
    where = np.asarray(cv2.warpAffine(outline, turn, size), np.float32)
    return edge_likeness(now, np.asarray(there, np.float32), where)
