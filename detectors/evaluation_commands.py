"""The command `evaluate`: scores of findings, with how sure they are and what each stage is worth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from detectors.ablation import STAGES, ablation
from detectors.console import (
    every_option,
    json_option,
    load,
    print_json,
    print_rows,
    progress_bar,
    settings_for,
    weights_option,
)
from detectors.detector import Detector
from detectors.evaluation import ClipScore, evaluate_folder, summary
from detectors.ready import surfaces_in_use
from detectors.settings import Settings

_COLUMNS = ("precision", "recall", "f1", "true", "found", "matched", "median_seconds_to_detect")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@every_option
@weights_option
@click.option("--ablation", "stages", is_flag=True, help="Also score with stages switched off: what each is worth.")
@json_option
def evaluate(folder: Path, every: float, weights: str | None, stages: bool, as_json: bool) -> None:
    """Inspect every clip in DIR that has a truth file beside it, and score the findings against it."""
    settings, detector = settings_for(every), load(weights)
    if stages:
        _ablate(folder, detector, settings, as_json)
        return
    with progress_bar() as bar:
        task = bar.add_task("Evaluating", total=None)
        scores = evaluate_folder(folder, detector, settings, _shown(bar, task), surfaces=surfaces_in_use())
    document = summary(scores)
    if as_json:
        print_json(document)
    else:
        _print(document, scores)


def _ablate(folder: Path, detector: Detector, settings: Settings, as_json: bool) -> None:
    documents: dict[str, dict[str, Any]] = {}
    with progress_bar() as bar:
        task = bar.add_task("Evaluating", total=None)
        for name, document in ablation(folder, detector, settings, _shown(bar, task), surfaces_in_use()):
            documents[name] = document
    last = documents[STAGES[-1].name]
    if as_json:
        print_json(last | {"ablation": documents})
        return
    rows = [
        [name, *(d["overall"][k] for k in ("precision", "recall", "f1")), d["false_alarms_per_camera_day"]]
        for name, d in documents.items()
    ]
    columns = ["stages", "precision", "recall", "f1", "false alarms per camera-day"]
    print_rows(f"{last['clips']} clips, stages added one by one", columns, rows)


def _shown(bar: Any, task: Any) -> Callable[[str, int, int], None]:
    return lambda name, n, of: bar.update(task, description=name, completed=n - 1, total=of)


def _print(document: dict[str, Any], scores: list[ClipScore]) -> None:
    rows = [
        [code, *(row[k] for k in _COLUMNS), _interval(document["intervals"]["issues"][code]["f1"])]
        for code, row in document["issues"].items()
    ]
    print_rows(f"{len(scores)} clips", ["issue", *_COLUMNS, "f1, 95 %"], rows)
    for name, value in document["overall"].items():
        print(f"{name} {value:.3f} (95 %: {_interval(document['intervals']['overall'][name])})")
    clean = document["clean"]
    print(f"false alarms per camera-day: {document['false_alarms_per_camera_day']:.2f}")
    print(f"of these in {clean['seconds']:.0f} s without any issue: {clean['false_alarms']} false alarms")
    for score in scores:
        for issue in score.missed:
            print(f"missed: {score.clip} {issue.issue} {issue.asset_id or ''} from {issue.start_s:.1f} s")
        for alarm in score.false_alarms:
            f = alarm.finding
            where, score_text = f.asset_id or "", f"{f.score:.2f}"
            print(f"false alarm: {score.clip} {f.issue} {where} {f.start_s:.1f}-{f.end_s:.1f} s, {score_text}")


def _interval(bounds: list[float]) -> str:
    return f"{bounds[0]:.2f}-{bounds[1]:.2f}"
