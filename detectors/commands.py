"""Commands of the detectors' floor: evaluate, evaluate-detector, discover, models."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

import click

from detectors.catalogue import chosen, list_models, resolve, use
from detectors.console import (
    home_folder,
    json_option,
    load,
    print_json,
    print_rows,
    progress_bar,
    weights_option,
)
from detectors.discover import discover as propose
from detectors.discover import spread_frames
from detectors.errors import LamplighterError
from detectors.evaluation_commands import evaluate
from detectors.ready import surfaces_in_use
from detectors.references import write_references
from detectors.settings import Settings
from detectors.sources import open_source
from detectors.training.command import train as train_detector
from detectors.training.command import train_surface_model
from detectors.training.evaluate import evaluate_detector
from detectors.training.judges import JUDGE_EPOCHS, JUDGES, train_judge
from detectors.training.run import SEED, SURFACE_OPTIONS, TrainOptions


@click.command()
@click.argument("source", metavar="SOURCE")
@click.option("--camera", metavar="ID", help="Id of the camera; part of the ids proposed.")
@click.option(
    "--references",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write a clean picture of the view in each light state it is seen in: ID.day.png, ID.night.png.",
)
@weights_option
@json_option
def discover(source: str, camera: str | None, references: Path | None, weights: str | None, as_json: bool) -> None:
    """Propose assets and regions from a view."""
    settings, detector = Settings(), load(weights)
    opened = open_source(source)
    name = camera or Path(opened.name).stem
    frames = spread_frames(opened, settings)
    proposals = propose(frames, detector, settings, name, surfaces_in_use())
    kept = {} if references is None else write_references(frames, references, name)
    rows = [
        {
            "id": p.asset.id,
            "kind": p.asset.kind,
            "region": p.asset.region.as_list() if p.asset.region else None,
            "votes": round(p.votes, 3),
            "score": round(p.score, 3),
        }
        for p in proposals
    ]
    if as_json:
        print_json({"source": source, "camera": name, "assets": rows, "references": kept})
    else:
        print_rows(
            f"{len(rows)} assets proposed",
            ["id", "kind", "votes", "score"],
            [[r["id"], r["kind"], r["votes"], r["score"]] for r in rows],
        )
        for light, file in kept.items():
            print(f"Reference by {light}: {file}")


@click.group()
def models() -> None:
    """The detector catalogue."""


@models.command("list")
@json_option
def list_command(as_json: bool) -> None:
    """List the detectors that can be used."""
    entries = list_models(home_folder())
    if as_json:
        print_json([asdict(e) for e in entries])
        return
    rows = [["*" if e.chosen else "", e.name, "yes" if e.here else "no", e.about] for e in entries]
    print_rows("Models", ["in use", "name", "on this machine", "what it sees"], rows)


@models.command("use")
@click.argument("name")
def use_command(name: str) -> None:
    """Choose the detector for inspections: a name of the catalogue, or a .pt or .onnx file."""
    print(f"In use from now on: {use(name, home_folder()).name}")


@click.command("evaluate-detector")
@click.argument("data", type=click.Path(path_type=Path), metavar="DATA.yaml")
@weights_option
@json_option
def evaluate_detector_command(data: Path, weights: str | None, as_json: bool) -> None:
    """Score the detector on a YOLO-format set: mAP50, mAP50-95, precision and recall per class."""
    model = resolve(weights or chosen(home_folder()), home_folder())
    with progress_bar() as bar:
        task = bar.add_task("Evaluating", total=None)
        scores = evaluate_detector(
            data, model, cache=home_folder() / "models",
            notice=lambda line: print(f"lamplighter: {line}", file=sys.stderr),
            progress=lambda done, of: bar.update(task, completed=done, total=of),
        )  # fmt: skip
    if as_json:
        print_json(scores)
        return
    columns = ["map50", "map50_95", "precision", "recall", "images", "instances"]
    rows = [[name, *(row[c] for c in columns)] for name, row in scores["classes"].items()]
    print_rows(f"{scores['model']} on {scores['images']} images", ["class", *columns], rows)


@click.command()
@click.option(
    "--data", required=True, type=click.Path(path_type=Path), help="Folder with one folder for each source of pictures."
)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="Folder of the run: set, checkpoints, weights."
)
@click.option("--stills", type=click.Path(path_type=Path), help="Folder of rendered, fully labelled stills.")
@click.option(
    "--start", type=click.Path(path_type=Path), help="Checkpoint to start from; default: the bundled detector."
)
@click.option(
    "--teacher",
    type=click.Path(path_type=Path),
    help="COCO checkpoint that labels movers and whose knowledge of them is kept; default: the start, if it is one.",
)
@click.option("--surfaces", is_flag=True, help="Train the surface model (path, lawn, water, …) instead.")
@click.option("--epochs", default=20, show_default=True)
@click.option("--minutes", type=float, help="Train for this long instead of --epochs.")
@click.option("--imgsz", type=int, help="Width of the training pictures, px; default: 640, for surfaces 320.")
@click.option("--batch", default=8, show_default=True, help="Pictures a step; a CUDA card takes 32 and more.")
@click.option("--lr", type=float, help="Highest learning rate; default: 4e-4, for surfaces 1e-3.")
@click.option("--seed", default=SEED, show_default=True, help="Random seed; give another to go on from a former run.")
@click.option("--freeze", default=5, show_default=True, help="How many layers from the input stay as they are.")
@click.option("--bf16", is_flag=True, help="Compute in bfloat16: faster on CPUs that have it.")
@click.option("--small", is_flag=True, help="Train the small model, twice as wide, from the nano one.")
@click.option("--score-every", default=1, show_default=True, help="Score held-back pictures each so many epochs.")
@click.option("--resume", is_flag=True, help="Go on with a run that was interrupted.")
def train(
    data: Path,
    out: Path,
    stills: Path | None,
    start: Path | None,
    teacher: Path | None,
    surfaces: bool,
    epochs: int,
    minutes: float | None,
    imgsz: int | None,
    batch: int,
    lr: float | None,
    seed: int,
    freeze: int,
    bf16: bool,
    small: bool,
    score_every: int,
    resume: bool,
) -> None:
    """Train the detector from labelled pictures and operators' verdicts; prints the weights' path."""
    if surfaces and (teacher or small):
        raise LamplighterError("--teacher and --small are for the detector; leave them out with --surfaces.")
    usual = SURFACE_OPTIONS if surfaces else TrainOptions()
    usual = replace(usual, imgsz=imgsz or usual.imgsz, lr=usual.lr if lr is None else lr)
    options = replace(usual, epochs=epochs, minutes=minutes, batch=batch, freeze=freeze, bf16=bf16, seed=seed)
    options = replace(options, small=small, score_every=score_every)
    run = train_surface_model if surfaces else partial(train_detector, teacher=teacher)
    say = partial(print, file=sys.stderr)
    print(run(data, out, options=options, stills=stills, start=start, resume=resume, notice=say))


@click.command("train-judge")
@click.option(
    "--stills", required=True, type=click.Path(path_type=Path), help="Folder of labelled stills with their outlines."
)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Labelled photographs (images/train, images/val, labels/...): trees for tree_crown, tree_blossom, tree_gone "
    "and tree_leans, else bins; for person, stands, lamp_gone and damage the folder that holds camvid, litter_bins and "
    "others.",
)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for the judge's graph.")
@click.option("--judge", type=click.Choice(JUDGES), default=JUDGES[0], show_default=True)
@click.option("--epochs", default=JUDGE_EPOCHS, show_default=True)
@click.option(
    "--start",
    type=click.Path(path_type=Path),
    help="Checkpoint of a YOLO detector (yolo26n.pt) whose first layers see for the judge; a third of the epochs do.",
)
def train_judge_command(
    stills: Path, data: Path | None, out: Path, judge: str, epochs: int, start: Path | None
) -> None:
    """Train a judge of lamps, crowns, bins, places, people or damage; prints its scores and the path of its graph."""
    say = partial(print, file=sys.stderr)
    print(train_judge(stills, out, judge=judge, photographs=data, epochs=epochs, start=start, notice=say))


COMMANDS: tuple[click.Command, ...] = (
    evaluate,
    evaluate_detector_command,
    discover,
    models,
    train,
    train_judge_command,
)
