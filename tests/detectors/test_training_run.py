"""One short training from pictures to weights: it runs, goes on where it stopped, and leaves nothing of the machine."""

from __future__ import annotations

import csv
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
import torch
from ultralytics.models.yolo.detect import DetectionTrainer
from ultralytics.nn.tasks import DetectionModel

from detectors.backends import load_detector
from detectors.catalogue.entries import ResolvedModel, digest
from detectors.errors import LamplighterError
from detectors.training import TrainOptions, train
from detectors.training.blend import SHARES, best_blend
from detectors.training.classes import CLASSES, COCO_SEEDS
from detectors.training.command import publish
from detectors.training.export import read_checkpoint
from detectors.training.scoring import truths_of_recipe
from detectors.training.surgery import with_our_classes
from detectors.training.trainer import LamplighterTrainer

TINY = TrainOptions(epochs=2, imgsz=160, batch=4, mosaic=0.5, close_mosaic=1, seed=7)


def quiet(_: str) -> None:
    return None


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("train")
    rng = np.random.default_rng(0)
    for source in ("litter_bins", "trees"):
        for i in range(10):
            image, label = (root / "data" / source / kind / "train" for kind in ("images", "labels"))
            for folder in (image, label):
                folder.mkdir(parents=True, exist_ok=True)
            picture = rng.integers(90, 140, (120, 160, 3)).astype(np.uint8)
            picture[40:100, 40:90] = (30, 150, 40)
            cv2.imwrite(str(image / f"{i}.jpg"), picture)
            (label / f"{i}.txt").write_text("0 0.406 0.583 0.3125 0.5\n")
        for kind in ("images", "labels"):
            folder = root / "data" / source / kind
            (folder / "val").mkdir()
            unseen = next((folder / "train").glob("9.*"))
            unseen.rename(folder / "val" / unseen.name)
    said: list[str] = []
    weights = train(root / "data", root / "out", options=TINY, notice=said.append)
    assert sum("held-back mAP50" in line for line in said) == TINY.epochs
    assert [line.split()[:2] for line in said[-2:]] == [["litter_bins", "litter"], ["trees", "tree"]], "a final table"
    return weights


def test_the_weights_detect(trained: Path) -> None:
    detector = load_detector(ResolvedModel("new", trained, {}), "torch")
    assert detector.classes == CLASSES
    detector.predict([np.zeros((120, 160, 3), np.uint8)], 0.1, 160)
    facts = json.loads(trained.with_suffix(".json").read_text())
    assert facts["sha256"] == digest(trained)
    assert set(facts["thresholds"]) == set(CLASSES)
    assert facts["seed"] == TINY.seed
    assert f"seed: {TINY.seed}" in (trained.parent / "run" / "args.yaml").read_text().splitlines()


def test_the_weights_are_small_and_say_nothing_of_the_machine(trained: Path) -> None:
    assert trained.stat().st_size <= 8_000_000
    with zipfile.ZipFile(trained) as archive:
        pickled = next(n for n in archive.namelist() if n.endswith("data.pkl"))
        content = archive.read(pickled)
    assert str(trained.parent.parent).encode() not in content
    assert b"detectors.training" not in content, "the weights must load without the training code"


def test_the_small_model_is_trained_from_the_nano_one_and_scored_as_often_as_told(
    trained: Path, tmp_path: Path
) -> None:
    said: list[str] = []
    options = replace(TINY, epochs=3, small=True, score_every=2)
    weights = train(trained.parent / "set", tmp_path, options=options, notice=said.append)
    assert weights.name == "lamplighter-s.pt"
    assert read_checkpoint(weights).yaml["scale"] == "s"
    assert load_detector(ResolvedModel("new", weights, {}), "torch").classes == CLASSES
    assert [line.split("  ")[0] for line in said if line.startswith("epoch")] == ["epoch 2/3", "epoch 3/3"]
    assert len((tmp_path / "run" / "results.csv").read_text().splitlines()) == 1 + 2
    assert sum(line.startswith("blend with") for line in said) == len(SHARES)


def test_a_blend_with_the_start_is_chosen_on_held_back_pictures(trained: Path, tmp_path: Path) -> None:
    def worth(checkpoint: Path) -> float:
        return float(read_checkpoint(checkpoint).model[-1].cv3[0][-1].bias[0])

    start, new = tmp_path / "start.pt", tmp_path / "new.pt"
    for target, bias in ((start, 0.0), (new, 1.0)):
        model = read_checkpoint(trained)
        model.model[-1].cv3[0][-1].bias.data.fill_(bias)
        torch.save({"model": model, "ema": None, "train_args": {"task": "detect"}}, target)
    said: list[str] = []
    blend = best_blend(start, new, truths_of_recipe(trained.parent / "set", "hold"), tmp_path / "blend.pt", said.append)
    scores = [float(line.split()[-1]) for line in said]
    assert len(scores) == len(SHARES)
    assert worth(blend) == pytest.approx(SHARES[scores.index(max(scores))])


def test_curves_are_kept(trained: Path) -> None:
    lines = (trained.parent / "run" / "results.csv").read_text().splitlines()
    assert len(lines) == 1 + TINY.epochs
    assert "hold/tree" in lines[0]
    assert cv2.imread(str(trained.parent / "curves.png")) is not None


def test_scores_on_unseen_pictures_are_kept(trained: Path) -> None:
    with (trained.parent / "scores.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [(r["part"], r["class"], r["instances"]) for r in rows] == [
        ("litter_bins", "litter", "1"),
        ("trees", "tree", "1"),
    ]


def test_a_finished_run_cannot_be_resumed_but_a_cut_one_can(trained: Path, tmp_path: Path) -> None:
    built = trained.parent / "set"
    with pytest.raises(LamplighterError, match="Nothing to resume"):
        train(built, tmp_path / "fresh", options=TINY, resume=True, notice=quiet)
    said: list[str] = []

    class Cut(Exception):
        pass

    def stop_after_one(line: str) -> None:
        if line.startswith("epoch 1/2"):
            said.append(line)
        if line.startswith("epoch 2/2"):
            raise Cut

    with pytest.raises(Cut):
        train(built, tmp_path / "cut", options=TINY, notice=stop_after_one)
    with pytest.raises(LamplighterError, match="all its epochs"):
        train(built, trained.parent, options=TINY, resume=True, notice=quiet)
    resumed: list[str] = []
    train(built, tmp_path / "cut", options=TINY, resume=True, notice=resumed.append)
    assert [line.split("  ")[0] for line in resumed if line.startswith("epoch")] == ["epoch 2/2"]


@pytest.mark.parametrize(
    ("options", "match"),
    [
        pytest.param(TrainOptions(imgsz=100), "multiple of 32", id="size"),
        pytest.param(TrainOptions(epochs=0), "at least 1", id="epochs"),
        pytest.param(TrainOptions(batch=0), "--batch 0", id="batch"),
        pytest.param(TrainOptions(lr=0), "--lr 0", id="learning rate"),
        pytest.param(TrainOptions(freeze=40), "between 0 and 22", id="freeze"),
        pytest.param(TrainOptions(score_every=0), "--score-every 0", id="scored how often"),
        pytest.param(TrainOptions(minutes=0), "more than 0", id="minutes"),
    ],
)
def test_bad_options_give_one_line(tmp_path: Path, options: TrainOptions, match: str) -> None:
    with pytest.raises(LamplighterError, match=match):
        train(tmp_path, tmp_path / "out", options=options)


def test_a_missing_folder_and_a_damaged_checkpoint_are_named(trained: Path, tmp_path: Path) -> None:
    with pytest.raises(LamplighterError, match="no such folder"):
        train(tmp_path / "nowhere", tmp_path / "out")
    damaged = tmp_path / "damaged.pt"
    damaged.write_bytes(trained.read_bytes()[:50_000])
    with pytest.raises(LamplighterError, match=r"damaged\.pt"):
        publish(damaged, trained.parent / "set", tmp_path / "x.pt", image_size=160, seed=1)


def test_a_coco_head_keeps_what_it_knows() -> None:
    torch.manual_seed(0)
    coco = DetectionModel("yolo26n.yaml", nc=80, verbose=False).eval()
    coco.end2end = False
    coco.args = SimpleNamespace()
    ours = with_our_classes(coco).eval()
    picture = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        before, after = coco(picture)[0][0], ours(picture)[0][0]
    torch.testing.assert_close(after[:4], before[:4])
    for name in ("person", "car", "bench", "dog"):
        torch.testing.assert_close(after[4 + CLASSES.index(name)], before[4 + COCO_SEEDS[name]])
    assert after.shape[0] == 4 + len(CLASSES)


def test_older_weights_of_ours_keep_their_classes_and_get_the_new_one() -> None:
    torch.manual_seed(0)
    old = DetectionModel("yolo26n.yaml", nc=len(CLASSES) - 1, verbose=False).eval()
    old.end2end, old.args, old.names = False, SimpleNamespace(), dict(enumerate(CLASSES[:-1]))
    ours = with_our_classes(old).eval()
    picture = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        before, after = old(picture)[0][0], ours(picture)[0][0]
    torch.testing.assert_close(after[:-1], before)
    assert float(after[-1].max()) < 0.05, "nothing is an obstacle yet"
    head, before_head = ours.model[-1].cv3, old.model[-1].cv3
    bin_row = CLASSES.index("bin")
    for now, then in zip(head, before_head, strict=True):
        torch.testing.assert_close(now[-1].weight[-1], 0.5 * then[-1].weight[bin_row], msg="it starts from half a bin")
    assert ours.names == dict(enumerate(CLASSES))


def test_the_teacher_goes_where_the_model_is_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DetectionTrainer, "_setup_train", lambda _: None)
    monkeypatch.setattr("detectors.training.trainer.masked_criterion", lambda _: None)
    trainer = LamplighterTrainer.__new__(LamplighterTrainer)
    trainer.model, trainer.device, trainer.teacher = torch.nn.Linear(1, 1), torch.device("meta"), torch.nn.Linear(1, 1)
    trainer._setup_train()
    assert trainer.teacher.weight.device == trainer.device


class Teacher(torch.nn.Module):
    """Sees a person of score one half at each anchor, and remembers how many pictures it was asked about."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    def forward(self, images: torch.Tensor) -> tuple[None, dict[str, torch.Tensor]]:
        self.asked += len(images)
        return None, {"scores": torch.zeros(len(images), 80, 84)}


@pytest.mark.parametrize(
    ("source", "asked"),
    [
        pytest.param("litter_bins", 1, id="photographs"),
        pytest.param("rendered", 0, id="stills"),
        pytest.param("many_makes", 0, id="stills of many makes"),
    ],
)
def test_the_teacher_is_not_asked_about_pictures_in_which_movers_are_labelled(source: str, asked: int) -> None:
    trainer = LamplighterTrainer.__new__(LamplighterTrainer)
    trainer.device, trainer.teacher = torch.device("cpu"), Teacher()
    taught = trainer._taught(torch.zeros(1, 3, 64, 64), [source])
    assert trainer.teacher.asked == asked
    assert bool((taught[..., CLASSES.index("person")] >= 0).all()) == bool(asked)
