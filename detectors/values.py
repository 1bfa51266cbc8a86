"""The values that pass from stage to stage: frames in, findings out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.geometry import STILL, Box, Nudge, Region

Image = NDArray[np.uint8]
"""A picture of shape (height, width, 3), 8 bits, blue-green-red."""
Grey = NDArray[np.uint8]
"""A picture of shape (height, width), grey levels 0-255."""

GREY_WIDTH = 480
"""What judges the picture as a whole looks at it at this width, px."""
_SHAPE = 0.02
"""Share by which the sides of two pictures of one view may differ in proportion."""


class LightState(StrEnum):
    """How light the scene is, as the camera sees it."""

    DAY = "day"
    TWILIGHT = "twilight"
    NIGHT = "night"


class Presence(StrEnum):
    """One inspection's answer to "does this asset have this issue?"."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


def small_grey(image: Image) -> Grey:
    """A picture's grey levels at `GREY_WIDTH`."""
    height = max(2, round(image.shape[0] * GREY_WIDTH / image.shape[1]))
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)  # first: scaling one channel takes half the time of three
    return np.asarray(cv2.resize(grey, (GREY_WIDTH, height), interpolation=cv2.INTER_AREA), np.uint8)


@dataclass(frozen=True)
class Frame:
    """One picture with its capture time.

    Attributes:
        image: (height, width, 3) uint8, BGR, at the size that is looked at.
        at: capture time, UTC, aware.
        offset_s: seconds since the start of the source.
        index: number of the frame in its source, from 0 (or of the picture, in a folder or stream).
        full: makes the picture at the size it was taken; None where `image` is that.
        glimpses: makes a few pictures of that size of the moments before it, since the frame before; none where the
            source has none.
        skipped: frames that were due since the last one and that nobody had time for.
        damaged: whether it was made of broken packets, or builds on a picture that was.
    """

    image: Image
    at: datetime
    offset_s: float
    index: int
    full: Callable[[], Image] | None = field(default=None, compare=False, repr=False)
    glimpses: Callable[[], Sequence[Image]] = field(default=tuple, compare=False, repr=False)
    skipped: int = 0
    damaged: bool = False

    def whole(self) -> Image:
        """The picture at the size it was taken, for evidence."""
        return self.image if self.full is None else self.full()

    @cached_property
    def grey(self) -> Grey:
        """Its grey levels at `GREY_WIDTH`, made once for all that look at them."""
        return small_grey(self.image)

    @property
    def width(self) -> int:
        return int(self.image.shape[1])

    @property
    def height(self) -> int:
        return int(self.image.shape[0])


UNREGISTERED = ""
"""Id of ground that is in no register: what lies there is told, but of no asset."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A registered thing as one camera sees it.

    Attributes:
        id: its own in the register, or UNREGISTERED.
        region: where the camera sees it; None for an asset out of view.
    """

    id: str
    kind: str
    region: Region | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """One camera's fixed view: where it stands and what it is known to see.

    Attributes:
        camera: id of the camera.
        latitude, longitude: degrees, WGS 84; None where unknown.
        time_zone: IANA name.
        assets: the register for this view.
        references: a clean picture of the view (BGR) in each light state in which one was taken.
        proposed: whether the assets were proposed from the very pictures that are looked at, and so were seen there.
    """

    camera: str
    assets: tuple[Asset, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    time_zone: str = "UTC"
    references: Mapping[LightState, Image] = field(default_factory=dict, compare=False)
    proposed: bool = False

    def of_kind(self, kind: str) -> list[Asset]:
        """The assets of one kind that have a region."""
        return [a for a in self.assets if a.kind == kind and a.region is not None]

    def reference(self, light: LightState, like: Image) -> Image | None:
        """The clean picture of the view in a light state, at the size of another; None where none of its shape is."""
        picture, (height, width) = self.references.get(light), like.shape[:2]
        if picture is None or picture.shape == like.shape:
            return picture
        if abs(picture.shape[1] * height - picture.shape[0] * width) > _SHAPE * width * picture.shape[0]:
            return None
        return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8)

    def nudged(self, nudge: Nudge) -> View:
        """The view as it lies after the camera was nudged: regions follow; an asset out of the picture has none."""
        if nudge == STILL:
            return self
        moved = (replace(a, region=nudge.region(a.region) if a.region else None) for a in self.assets)
        return replace(self, assets=tuple(moved))


@dataclass(frozen=True, slots=True)
class Detections:
    """What the detector says of one frame: parallel arrays, one row a detection.

    Attributes:
        boxes: (n, 4) float32, x0 y0 x1 y1 in 0-1.
        scores: (n,) float32 in 0-1.
        names: n class names.

    Raises:
        ValueError: the arrays do not have the same length.
    """

    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.boxes.shape != (len(self.names), 4) or self.scores.shape != (len(self.names),):
            raise ValueError(
                f"Expected boxes (n, 4), scores (n,) and n names; got {self.boxes.shape}, {self.scores.shape}, "
                f"{len(self.names)}."
            )

    @classmethod
    def empty(cls) -> Detections:
        return cls(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), ())

    @classmethod
    def of(cls, rows: Iterable[tuple[str, float, Sequence[float]]]) -> Detections:
        """Build from (name, score, box) rows."""
        listed = list(rows)
        if not listed:
            return cls.empty()
        return cls(
            np.array([r[2] for r in listed], np.float32),
            np.array([r[1] for r in listed], np.float32),
            tuple(r[0] for r in listed),
        )

    def __len__(self) -> int:
        return len(self.names)

    def __iter__(self) -> Iterator[tuple[str, float, Box]]:
        for name, score, box in zip(self.names, self.scores, self.boxes, strict=True):
            yield name, float(score), Box.of(box)

    def named(self, *names: str, min_score: float = 0.0) -> Detections:
        """The rows of some classes at or above a score."""
        keep = [i for i, n in enumerate(self.names) if n in names and self.scores[i] >= min_score]
        return Detections(self.boxes[keep], self.scores[keep], tuple(self.names[i] for i in keep))


@dataclass(frozen=True, slots=True)
class Observation:
    """One inspection's verdict on one asset (or place) and one issue.

    Attributes:
        asset_id: the registered asset, None for a thing found where nothing is registered.
        score: how sure, 0-1.
        box: where, in 0-1; None only for issues of the whole picture and for unknown.
        reason: why, in a few words, shown beside an unknown.
        by_place: whether one asset can have the issue in several places (things on a path), so that the box, not the
            asset, tells one from another.
        ask_again: whether another answer of the detector would tell more.
        looks: how many looks agree in this verdict, where the inspector itself waited for several.
    """

    issue: str
    presence: Presence
    score: float
    asset_id: str | None = None
    asset_kind: str | None = None
    box: Box | None = None
    reason: str = ""
    by_place: bool = False
    ask_again: bool = False
    looks: int = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """An issue confirmed by several observations in the same place.

    Attributes:
        key: names the place within its camera: stable while the finding lasts.
        first_seen, last_seen: UTC, capture time of the first and the latest observation that saw it.
        start_s, end_s: the same as seconds since the start of the source.
        score: mean score of the observations that saw it, 0-1.
        observations: how many observations saw it.
    """

    key: str
    issue: str
    camera: str
    asset_id: str | None
    asset_kind: str | None
    first_seen: datetime
    last_seen: datetime
    start_s: float
    end_s: float
    score: float
    box: Box
    observations: int

    def as_json(self) -> dict[str, object]:
        """The form that `inspect --json` prints."""
        return {
            "issue": self.issue,
            "asset_id": self.asset_id,
            "asset_kind": self.asset_kind,
            "camera": self.camera,
            "first_seen": self.first_seen.isoformat().replace("+00:00", "Z"),
            "last_seen": self.last_seen.isoformat().replace("+00:00", "Z"),
            "start_s": round(self.start_s, 3),
            "end_s": round(self.end_s, 3),
            "score": round(self.score, 4),
            "box": [round(v, 5) for v in self.box.as_list()],
            "observations": self.observations,
        }


class Change(StrEnum):
    """What happened to a finding in one look."""

    CONFIRMED = "confirmed"
    CONTINUED = "continued"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class FindingChange:
    """A finding that was confirmed, seen again or cleared in one look."""

    change: Change
    finding: Finding


@dataclass(frozen=True, slots=True)
class Mark:
    """What one look counted for one place that may become a finding, or is one.

    Attributes:
        key: names the place within its inspection.
        score: of what was seen, 0-1; None where it was looked for and not seen.
        looks: how many looks agree in it; 0 for a place that was not looked at anew and holds as it was.
    """

    key: str
    issue: str
    asset_id: str | None
    score: float | None
    looks: int = 1


@dataclass(frozen=True, slots=True)
class Look:
    """Everything one inspection of one frame came to.

    Attributes:
        suspended: why no observation of this look counts (camera fault, sudden change); "" when it counts.
        asked: why the detector was shown this frame; "" when it was not: `detections` are then those of an earlier
            look that still hold.
        nudge: how the frame lies against the registered view.
        took_s: seconds of computing: the look itself, and reading and decoding up to it.
        marks: what was counted for each place; with these confirmation can be played again.
    """

    frame: Frame
    light: LightState
    detections: Detections
    observations: tuple[Observation, ...]
    changes: tuple[FindingChange, ...]
    suspended: str = ""
    asked: str = "every frame is shown"
    nudge: Nudge = STILL
    took_s: float = 0.0
    marks: tuple[Mark, ...] = ()
