"""The catalogue: naming, choosing and finding models."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from ultralytics.nn.tasks import SemanticSegmentationModel

from detectors.catalogue import chosen, list_models, resolve, use
from detectors.catalogue.download import download
from detectors.catalogue.entries import BUNDLED, WEIGHTS, bundled, digest, table, verify
from detectors.errors import ModelError
from detectors.training.classes import CLASSES

KINDS = {*CLASSES, "potted_plant", "traffic_light"}


def test_the_bundled_model_is_chosen_and_whole(tmp_path: Path) -> None:
    model = resolve(BUNDLED, tmp_path)
    verify(model)
    assert chosen(tmp_path) == BUNDLED
    assert set(model.thresholds) == set(CLASSES)
    assert all(0 < v < 1 for v in model.thresholds.values())
    assert model.path.stat().st_size <= 8_000_000


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    copy = tmp_path / "copy.pt"
    copy.write_bytes(bundled().path.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelError, match="SHA-256"):
        verify(type(bundled())("copy", copy, {}, sha256=bundled().sha256))


def test_every_map_ends_in_a_class_that_means_something_here() -> None:
    for mapping in (*table().maps.values(), table().prompts):
        assert set(mapping.values()) <= KINDS


@pytest.mark.parametrize(
    "name", ["yolo26n", "yolo11s", "yolov8m", "yolov8s-oiv7", "yoloe-26n-seg"], ids=lambda name: name
)
def test_families_can_be_named(name: str, tmp_path: Path) -> None:
    assert name in {e.name for e in list_models(tmp_path)}


def test_a_named_model_that_is_not_here_says_which_file_goes_where(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"yolo26s\.pt into .*models"):
        resolve("yolo26s", tmp_path)


def test_a_named_model_is_fetched_once(tmp_path: Path) -> None:
    wanted: list[str] = []

    def fetch(path: Path) -> None:
        wanted.append(path.name)
        path.parent.mkdir(parents=True)
        path.write_bytes(b"weights")

    first = resolve("yolov8n-oiv7", tmp_path, fetch=fetch)
    again = resolve("yolov8n-oiv7", tmp_path, fetch=fetch)
    assert wanted == ["yolov8n-oiv7.pt"]
    assert first == again
    assert first.class_map["Street light"] == "street_light"


def test_an_open_vocabulary_model_looks_for_texts(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "yoloe-26n-seg.pt").write_bytes(b"weights")
    model = resolve("yoloe-26n-seg", tmp_path)
    assert "fallen tree" in model.prompts
    assert model.class_map["fallen tree"] == "fallen_tree"


def test_a_download_that_fails_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no-such-model\.pt.*put it into .*models") as failure:
        download(tmp_path / "models" / "no-such-model.pt", timeout_s=0.01)
    assert "\n" not in str(failure.value)


def test_one_s_own_file_is_found_listed_and_mapped(tmp_path: Path) -> None:
    models = tmp_path / "models"
    models.mkdir()
    shutil.copy(bundled().path, models / "mine.pt")
    (models / "mine.classes.json").write_text('{"bin": "litter"}')
    assert "mine" in {e.name for e in list_models(tmp_path)}
    assert resolve("mine", tmp_path).class_map == {"bin": "litter"}
    assert resolve(models / "mine.pt", tmp_path).path == models / "mine.pt"


@pytest.mark.parametrize(
    ("name", "content", "match"),
    [
        pytest.param("nothing-here", None, "No model", id="no such name"),
        pytest.param("notes.txt", b"hello", r"ends in \.pt or \.onnx", id="wrong kind of file"),
        pytest.param("cut.pt", None, "No model", id="no such file"),
    ],
)
def test_what_cannot_be_found(tmp_path: Path, name: str, content: bytes | None, match: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelError, match=match):
        resolve(tmp_path / name, tmp_path)


@pytest.mark.parametrize(
    ("content", "match"),
    [
        pytest.param("bin: litter", "expected", id="not JSON"),
        pytest.param('["bin"]', "expected", id="a list"),
        pytest.param('{"bin": 3}', "expected", id="a number"),
        pytest.param('{"bin": "litre"}', "no class of ours is called litre", id="a class that does not exist"),
    ],
)
def test_a_class_map_that_is_none_is_named_and_the_old_model_stays(tmp_path: Path, content: str, match: str) -> None:
    shutil.copy(bundled().path, tmp_path / "mine.pt")
    (tmp_path / "mine.classes.json").write_text(content)
    with pytest.raises(ModelError, match=rf"mine\.classes\.json: {match}"):
        use(tmp_path / "mine.pt", tmp_path)
    assert chosen(tmp_path) == BUNDLED


def test_a_model_of_another_task_leaves_the_old_choice(tmp_path: Path) -> None:
    other = SemanticSegmentationModel("yolo26n-sem.yaml", nc=2, verbose=False)
    torch.save({"model": other.half(), "ema": None, "train_args": {"task": "semantic"}}, tmp_path / "ground.pt")
    with pytest.raises(ModelError, match=r"ground\.pt: a model for 'semantic.*a detection model is needed"):
        use(tmp_path / "ground.pt", tmp_path)
    assert chosen(tmp_path) == BUNDLED


def test_choosing_is_kept(tmp_path: Path) -> None:
    own = tmp_path / "own.pt"
    shutil.copy(bundled().path, own)
    use(own, tmp_path / "var")
    assert chosen(tmp_path / "var") == str(own)
    assert next(e for e in list_models(tmp_path / "var") if e.chosen).file == "own.pt"
    use(BUNDLED, tmp_path / "var")
    assert chosen(tmp_path / "var") == BUNDLED


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"PK\x03\x04 not really a zip", id="not weights"),
        pytest.param((WEIGHTS / f"{BUNDLED}.pt").read_bytes()[:100_000], id="truncated"),
    ],
)
def test_a_model_that_cannot_be_loaded_leaves_the_old_choice(tmp_path: Path, content: bytes) -> None:
    own = tmp_path / "own.pt"
    own.write_bytes(content)
    with pytest.raises(ModelError, match=r"own\.pt") as failure:
        use(own, tmp_path)
    assert "\n" not in str(failure.value)
    assert chosen(tmp_path) == BUNDLED


def test_a_damaged_choice_says_how_to_mend_it(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text("{")
    with pytest.raises(ModelError, match="delete it"):
        chosen(tmp_path)


def test_the_facts_beside_the_weights_are_theirs() -> None:
    facts = json.loads((WEIGHTS / f"{BUNDLED}.json").read_text())
    assert facts["sha256"] == digest(WEIGHTS / f"{BUNDLED}.pt")
    assert facts["classes"] == list(CLASSES)
