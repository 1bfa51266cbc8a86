"""What each stage is worth: the same clips with stages switched off, from the detector alone to everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from detectors.detector import Detector
from detectors.evaluation import evaluate_folder, summary
from detectors.settings import ConfirmationSettings, Settings
from detectors.surfaces import SurfaceModel
from detectors.values import Detections, Image

_ONE_LOOK = ConfirmationSettings(window=1, needed=1, keep=1)


@dataclass(frozen=True, slots=True)
class Stage:
    """How much of the pipeline runs.

    Attributes:
        register: whether the assets of the view are known.
        confirmation: whether several looks must agree.
        guards: whether camera faults, sudden changes and a settled light state hold findings back.
    """

    name: str
    register: bool
    confirmation: bool
    guards: bool

    def of(self, settings: Settings) -> Settings:
        """The settings with what this stage lacks switched off."""
        confirmation = settings.confirmation if self.confirmation else _ONE_LOOK
        return settings.model_copy(update={"confirmation": confirmation, "guards": self.guards})


STAGES = (
    Stage("detector only", register=False, confirmation=False, guards=False),
    Stage("+ register", register=True, confirmation=False, guards=False),
    Stage("+ confirmation", register=True, confirmation=True, guards=False),
    Stage("+ camera and light guards", register=True, confirmation=True, guards=True),
)


def ablation(
    folder: Path,
    detector: Detector,
    settings: Settings,
    progress: Callable[[str, int, int], None] | None = None,
    surfaces: SurfaceModel | None = None,
) -> Iterator[tuple[str, dict[str, object]]]:
    """Score a folder once for each stage.

    Args:
        progress: called with the clip's name, its number from 1 and the count of clips.
        surfaces: says what the ground is made of, for clips whose view must be discovered.

    Yields:
        The stage's name and its summary, as `evaluate` gives it.

    Raises:
        LamplighterError: no such folder, or no truth file in it.
    """
    remembering = RememberingDetector(detector)
    for stage in STAGES:
        scores = evaluate_folder(
            folder, remembering, stage.of(settings), progress, register=stage.register, surfaces=surfaces
        )
        yield stage.name, summary(scores)


@dataclass(slots=True)
class RememberingDetector:
    """A detector that is asked only once about the same picture: stages differ in what they make of its answer."""

    detector: Detector
    _answers: dict[bytes, Detections] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.detector.name

    @property
    def classes(self) -> tuple[str, ...]:
        return self.detector.classes

    @property
    def thresholds(self) -> Mapping[str, float]:
        return self.detector.thresholds

    def predict(self, images: Sequence[Image], min_score: float, image_size: int) -> list[Detections]:
        """See `Detector.predict`."""
        return [self._answer(image, min_score, image_size) for image in images]

    def _answer(self, image: Image, min_score: float, image_size: int) -> Detections:
        key = blake2b(image.tobytes() + f"{image.shape} {min_score} {image_size}".encode(), digest_size=16).digest()
        if key not in self._answers:
            self._answers[key] = self.detector.predict([image], min_score, image_size)[0]
        return self._answers[key]
