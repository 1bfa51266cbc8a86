"""Naming, choosing and finding models."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from detectors.catalogue.download import download
from detectors.catalogue.entries import BUNDLED, ModelEntry, ResolvedModel, bundled, table, verify
from detectors.errors import ModelError

SUFFIXES = (".pt", ".onnx")
_CHOICE = "model.json"


def list_models(home: Path) -> list[ModelEntry]:
    """Every model that can be named, the bundled one first, then files found in the models folder.

    Args:
        home: the site's folder (`var`); downloaded models are kept in its `models`.
    """
    now, folder = chosen(home), home / "models"
    entries = [ModelEntry(BUNDLED, f"{BUNDLED}.pt", "the bundled detector: all classes", True, now == BUNDLED)]
    for known in table().known:
        file = f"{known.name}.pt"
        entries.append(ModelEntry(known.name, file, known.about, (folder / file).is_file(), now == known.name))
    named = {e.file for e in entries}
    own = sorted(p for p in folder.glob("*") if p.suffix in SUFFIXES and p.name not in named) if folder.is_dir() else []
    entries += [ModelEntry(p.stem, p.name, "a file of your own", True, now in (p.stem, str(p))) for p in own]
    if now not in {e.name for e in entries} and not any(e.chosen for e in entries):
        path = Path(now)
        entries.append(ModelEntry(now, path.name, "a file of your own", path.is_file(), True))
    return entries


def resolve(name_or_path: str | Path, home: Path, *, fetch: Callable[[Path], None] | None = None) -> ResolvedModel:
    """Find a model by its name or its file.

    Args:
        name_or_path: a name of the catalogue, or a `.pt` or `.onnx` file.
        home: the site's folder (`var`).
        fetch: called with the wanted file to get a named model that is not here; None to refuse.

    Raises:
        ModelError: no such name or file, another kind of file, a damaged one, or a download that failed.
    """
    text = str(name_or_path)
    if text == BUNDLED:
        model = bundled()
        verify(model)
        return model
    known = table().find(text.removesuffix(".pt"))
    if known is not None and not Path(text).is_file():
        path = home / "models" / f"{known.name}.pt"
        if not path.is_file():
            if fetch is None:
                raise ModelError(
                    f"{known.name} is not here: run `lamplighter models use {known.name}`, "
                    f"or put {path.name} into {path.parent}."
                )
            fetch(path)
        prompts = table().prompts
        if known.prompted:
            return ResolvedModel(known.name, path, prompts, "segment", tuple(prompts))
        return ResolvedModel(known.name, path, table().maps[known.map_name])
    return _own_file(text, home)


def _own_file(text: str, home: Path) -> ResolvedModel:
    """A user's own model: a path, or the name of a file in the models folder."""
    candidates = [Path(text), *(home / "models" / f"{text}{suffix}" for suffix in ("", *SUFFIXES))]
    path = next((p for p in candidates if p.is_file()), None)
    if path is None:
        names = ", ".join([BUNDLED, *(k.name for k in table().known)])
        raise ModelError(f'No model "{text}": give a .pt or .onnx file, or one of {names}.')
    if path.suffix not in SUFFIXES:
        raise ModelError(f"{path}: a model file ends in .pt or .onnx.")
    return ResolvedModel(path.stem, path, _own_map(path))


def _own_map(path: Path) -> dict[str, str]:
    """The class map beside a user's model, `NAME.classes.json`: {"class of the model": "our class"}.

    Without one, names that need it are mapped as COCO's are, and all others stay as they are.
    """
    file = path.with_name(f"{path.stem}.classes.json")
    if not file.is_file():
        return dict(table().maps["coco"])
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError):
        read = None
    if not isinstance(read, dict) or not all(isinstance(v, str) for v in read.values()):
        raise ModelError(f'{file}: expected {{"class of the model": "our class", …}} in JSON.')
    strange = sorted(set(read.values()) - table().ours)
    if strange:
        raise ModelError(
            f"{file}: no class of ours is called {', '.join(strange)}: use {', '.join(sorted(table().ours))}."
        )
    return read


def chosen(home: Path) -> str:
    """The model that inspections use: what `use` stored, else the bundled one.

    Raises:
        ModelError: the stored choice cannot be read.
    """
    file = home / _CHOICE
    if not file.is_file():
        return BUNDLED
    try:
        return str(json.loads(file.read_text(encoding="utf-8"))["model"])
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError):
        raise ModelError(f"{file}: cannot be read; delete it to go back to the bundled model.") from None


def use(name_or_path: str | Path, home: Path, *, fetch: Callable[[Path], None] = download) -> ResolvedModel:
    """Choose the model for inspections; it is fetched if need be and tried before the old choice is replaced.

    Raises:
        ModelError: it cannot be found, fetched or loaded; the old choice stays.
    """
    from detectors.backends import load_detector  # loading takes seconds of imports: only choosing pays for it

    model = resolve(name_or_path, home, fetch=fetch)
    load_detector(model, backend="torch" if model.path.suffix == ".pt" else "onnxruntime")
    known = model.name == BUNDLED or table().find(model.name) is not None
    home.mkdir(parents=True, exist_ok=True)
    draft = home / f"{_CHOICE}.new"
    draft.write_text(json.dumps({"model": model.name if known else str(model.path.resolve())}), encoding="utf-8")
    draft.replace(home / _CHOICE)
    return model
