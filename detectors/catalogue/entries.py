"""What the catalogue knows of a model, and the table of models it is read from."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import yaml

from detectors.errors import ModelError

WEIGHTS = Path(__file__).parent.parent / "weights"
BUNDLED = "lamplighter-n"
"""Name of the detector that comes with the project."""


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One row of `lamplighter models list`.

    Attributes:
        file: file name the model is kept under.
        here: whether that file is on this machine.
        chosen: whether inspections use it.
    """

    name: str
    file: str
    about: str
    here: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class ResolvedModel:
    """A model file and how to read what it finds.

    Attributes:
        class_map: the model's class name to ours; a class that is not in it keeps its own name.
        task: what the file is: `detect`, or `segment` for open-vocabulary models (their boxes are used).
        prompts: texts an open-vocabulary model looks for; empty for a model with fixed classes.
        thresholds: least score by our class name that the model's makers advise; empty where nobody measured.
        sha256: what the file's checksum must be; "" where it is not known.
    """

    name: str
    path: Path
    class_map: Mapping[str, str]
    task: str = "detect"
    prompts: tuple[str, ...] = ()
    thresholds: Mapping[str, float] = field(default_factory=dict)
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A model that the table names."""

    name: str
    about: str
    map_name: str
    prompted: bool


@dataclass(frozen=True, slots=True)
class Table:
    """The table of models: `models.yaml`."""

    maps: Mapping[str, Mapping[str, str]]
    prompts: Mapping[str, str]
    known: tuple[Known, ...]

    @property
    def ours(self) -> frozenset[str]:
        """Every class name that means something here."""
        return frozenset(self.prompts.values()).union(*(m.values() for m in self.maps.values()))

    def find(self, name: str) -> Known | None:
        return next((k for k in self.known if k.name == name), None)


@functools.cache
def table() -> Table:
    """The models that can be named."""
    raw = yaml.safe_load(files(__package__).joinpath("models.yaml").read_text(encoding="utf-8"))
    known = tuple(
        Known(name, family["about"], family.get("map", ""), bool(family.get("prompts")))
        for family in raw["families"]
        for name in family["names"]
    )
    return Table(raw["maps"], raw["prompts"], known)


def bundled() -> ResolvedModel:
    """The detector that comes with the project, its checksum and its thresholds.

    Raises:
        ModelError: its files are missing or are not the ones that were published.
    """
    path, about = WEIGHTS / f"{BUNDLED}.pt", WEIGHTS / f"{BUNDLED}.json"
    if not path.is_file() or not about.is_file():
        raise ModelError(f"The bundled detector is missing: {path.name} and {about.name} belong in {WEIGHTS}.")
    facts = json.loads(about.read_text(encoding="utf-8"))
    return ResolvedModel(BUNDLED, path, {}, thresholds=facts["thresholds"], sha256=facts["sha256"])


def verify(model: ResolvedModel) -> None:
    """Check a model file against its checksum, where one is known.

    Raises:
        ModelError: the file is not the one that was published.
    """
    if model.sha256 and digest(model.path) != model.sha256:
        raise ModelError(
            f"{model.path}: damaged or changed (its SHA-256 is not the published one). Restore it from the project."
        )


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
