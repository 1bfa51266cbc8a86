"""The command line: one thin module over the three floors. `lamplighter --help` lists the commands."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from detectors.detector import Detector
from detectors.discover import discover as propose
from detectors.discover import spread_frames
from detectors.errors import LamplighterError
from detectors.evaluation import evaluate_folder, summary
from detectors.ready import detector_in_use
from detectors.report import Report, inspect_to_report, view_of
from detectors.settings import Settings
from detectors.sources import open_source
from detectors.values import View
from workorders.eyes import DetectorEyes
from workorders.inspection import run_inspection
from workorders.queries.cameras import camera_view
from workorders.store import Store, open_store

_screen = Console(stderr=True)

_db = click.option("--db", metavar="URL", help="Database; default: sqlite:///var/lamplighter.db.")
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
_every = click.option(
    "--every", default=1.0, show_default=True, metavar="SECONDS", help="Source time between two looks."
)
_weights = click.option(
    "--weights", metavar="MODEL", help="Catalogue name or file of a detector other than the one in use."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def app() -> None:
    """Watches cameras over public spaces, finds what is wrong with the assets there, and raises work orders."""


def main() -> None:
    """Run the command line; a user's mistake ends in one line on standard error and a non-zero exit status."""
    try:
        status = app.main(standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        sys.exit(130)
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        sys.exit(2)
    except click.ClickException as error:
        print(f"lamplighter: {error.format_message()} (see lamplighter --help)", file=sys.stderr)
        sys.exit(2)
    except LamplighterError as error:
        print(f"lamplighter: {error}", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    sys.exit(status if isinstance(status, int) else 0)


def _print_json(document: object) -> None:
    print(json.dumps(document, indent=2, ensure_ascii=False))


def _print_rows(title: str, columns: list[str], rows: list[list[Any]]) -> None:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for number, column in enumerate(columns):
        numeric = bool(rows) and all(isinstance(r[number], int | float | None) for r in rows)
        table.add_column(column, justify="right" if numeric else "left")
    for row in rows:
        table.add_row(*("-" if v is None else f"{v:.3f}" if isinstance(v, float) else str(v) for v in row))
    Console().print(table)


def _progress() -> Progress:
    percent = TextColumn("{task.percentage:>3.0f} %")
    return Progress(
        TextColumn("{task.description}"), BarColumn(), percent, TimeRemainingColumn(), console=_screen, transient=True
    )


def _home() -> Path:
    """Folder of files: the choice of detector and its exports lie there."""
    return Path(os.environ.get("LAMPLIGHTER_FILES", "var"))


def _detector(weights: str | None, home: Path | None = None) -> Detector:
    return detector_in_use(home or _home(), weights, lambda line: print(f"lamplighter: {line}", file=sys.stderr))


def _settings(every: float) -> Settings:
    try:
        return Settings(every_s=every)
    except ValidationError as error:
        raise LamplighterError(f"--every {every:g}: {error.errors()[0]['msg'].lower()}.") from None


@app.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--camera", metavar="ID", help="Registered camera that the pictures come from.")
@_every
@_db
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Write an annotated video of each source here."
)
@click.option("--no-save", is_flag=True, help="Only print the findings: raise no orders, store nothing.")
@_weights
@_json
def inspect(
    sources: tuple[str, ...],
    camera: str | None,
    every: float,
    db: str | None,
    out: Path | None,
    no_save: bool,
    weights: str | None,
    as_json: bool,
) -> int:
    """Inspect files, folders of pictures, streams or devices; print findings, raise orders."""
    settings = _settings(every)
    store = None if no_save and camera is None else open_store(db)
    view = camera_view(store, camera) if store and camera else None
    detector = _detector(weights, store.files if store else None)
    reports = []
    for spec in sources:
        if no_save or store is None:
            reports.append(_look(spec, view, settings, detector, out))
        else:
            reports.append(_look_and_keep(store, spec, camera, settings, detector, out))
        if not as_json:
            _print_report(reports[-1])
    if as_json:
        documents = [r.as_json() for r in reports]
        _print_json(documents[0] if len(documents) == 1 else documents)
    problems = [r.problem for r in reports if r.problem]
    for problem in problems:
        print(f"lamplighter: {problem}", file=sys.stderr)
    return 1 if problems else 0


def _film(out: Path | None, spec: str) -> Path | None:
    return None if out is None else out / f"{Path(spec.rstrip('/')).stem or 'source'}.annotated.mp4"


def _look(spec: str, view: View | None, settings: Settings, detector: Detector, out: Path | None) -> Report:
    source = open_source(spec)
    with _progress() as bar:
        task = bar.add_task(f"Inspecting {source.name}", total=source.duration_s)
        seen = view or view_of(source, detector, settings)
        return inspect_to_report(
            source, seen, detector, settings, lambda k: bar.update(task, completed=k.frame.offset_s), _film(out, spec)
        )


def _look_and_keep(
    store: Store, spec: str, camera: str | None, settings: Settings, detector: Detector, out: Path | None
) -> Report:
    eyes = DetectorEyes(detector, settings)
    source = open_source(spec)
    known = eyes.known_view(spec)
    name = camera or (known.camera if known else Path(source.name).stem) or "camera"
    with _progress() as bar:
        task = bar.add_task(f"Inspecting {source.name}", total=1.0)
        kept = run_inspection(
            store, spec, name, eyes, every_s=settings.every_s,
            progress=lambda share, _: bar.update(task, completed=share or 0.0),
        )  # fmt: skip
    film = _film(out, spec)
    if film is not None and kept.video is not None:
        film.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(store.files / kept.video, film)
    if kept.opened:
        print(f"Raised orders: {', '.join(str(o) for o in kept.opened)}", file=sys.stderr)
    return Report(spec, kept.frames, kept.video_seconds, kept.wall_seconds, list(kept.findings), kept.problem)


def _print_report(report: Report) -> None:
    rows: list[list[Any]] = [
        [f.issue, f.asset_id or "", f.camera, f"{f.start_s:.1f}-{f.end_s:.1f} s", f.score, f.observations]
        for f in report.findings
    ]
    speed = report.frames / report.wall_seconds if report.wall_seconds else 0.0
    print(f"{report.source}: {report.frames} frames of {report.video_seconds:.1f} s inspected, {speed:.1f} a second.")
    if rows:
        _print_rows("Findings", ["issue", "asset", "camera", "seen", "score", "observations"], rows)
    else:
        print("No findings.")


@app.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@_every
@_weights
@_json
def evaluate(folder: Path, every: float, weights: str | None, as_json: bool) -> None:
    """Inspect every clip in DIR that has a truth file beside it, and score the findings against it."""
    settings, detector = _settings(every), _detector(weights)
    with _progress() as bar:
        task = bar.add_task("Evaluating", total=None)
        scores = evaluate_folder(
            folder,
            detector,
            settings,
            lambda name, n, of: bar.update(task, description=name, completed=n - 1, total=of),
        )
    document = summary(scores)
    if as_json:
        _print_json(document)
        return
    columns = ["precision", "recall", "f1", "true", "found", "matched", "median_seconds_to_detect"]
    issues: dict[str, dict[str, Any]] = document["issues"]  # type: ignore[assignment]
    _print_rows(f"{len(scores)} clips", ["issue", *columns], [[c, *(r[k] for k in columns)] for c, r in issues.items()])
    overall: dict[str, float] = document["overall"]  # type: ignore[assignment]
    print(", ".join(f"{k} {v:.3f}" for k, v in overall.items()))
    print(f"false alarms per camera-day: {document['false_alarms_per_camera_day']:.2f}")
    for score in scores:
        for issue in score.missed:
            print(f"missed: {score.clip} {issue.issue} {issue.asset_id or ''} from {issue.start_s:.1f} s")
        for alarm in score.false_alarms:
            f = alarm.finding
            print(
                f"false alarm: {score.clip} {f.issue} {f.asset_id or ''} {f.start_s:.1f}-{f.end_s:.1f} s, {f.score:.2f}"
            )


@app.command()
@click.argument("source", metavar="SOURCE")
@click.option("--camera", metavar="ID", help="Id of the camera; part of the ids proposed.")
@_weights
@_json
def discover(source: str, camera: str | None, weights: str | None, as_json: bool) -> None:
    """Propose assets and regions from a view."""
    settings, detector = Settings(), _detector(weights)
    opened = open_source(source)
    name = camera or Path(opened.name).stem
    proposals = propose(spread_frames(opened, settings), detector, settings, name)
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
        _print_json({"source": source, "camera": name, "assets": rows})
    else:
        _print_rows(
            f"{len(rows)} assets proposed",
            ["id", "kind", "votes", "score"],
            [[r["id"], r["kind"], r["votes"], r["score"]] for r in rows],
        )


if __name__ == "__main__":
    main()
