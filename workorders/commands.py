"""Commands of the work orders' floor: inspect and worker."""

from __future__ import annotations

import logging
import shutil
import sys
from functools import partial
from pathlib import Path
from typing import Any

import click

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
from detectors.ready import surfaces_in_use
from detectors.report import Report, inspect_to_report, view_of
from detectors.settings import Settings
from detectors.sources import open_source
from detectors.values import View
from workorders.bench_command import bench_command
from workorders.eyes import DetectorEyes, worker_eyes
from workorders.helpers import helpers
from workorders.inspection import run_inspection
from workorders.queries.cameras import camera_view
from workorders.register.tuning import tuning
from workorders.store import Store, open_store
from workorders.table_commands import TABLE_COMMANDS, db_option
from workorders.upkeep_commands import UPKEEP_COMMANDS
from workorders.worker import hand_back_jobs_of, run_worker


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--camera", metavar="ID", help="Registered camera that the pictures come from.")
@every_option
@db_option
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Write an annotated video of each source here."
)
@click.option("--no-save", is_flag=True, help="Only print the findings: raise no orders, store nothing.")
@weights_option
@json_option
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
    settings = settings_for(every)
    store = None if no_save and camera is None else open_store(db)
    view = camera_view(store, camera) if store and camera else None
    detector = load(weights, store.files if store else None)
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
        print_json(documents[0] if len(documents) == 1 else documents)
    problems = [r.problem for r in reports if r.problem]
    for problem in problems:
        print(f"lamplighter: {problem}", file=sys.stderr)
    return 1 if problems else 0


def _film(out: Path | None, spec: str) -> Path | None:
    return None if out is None else out / f"{Path(spec.rstrip('/')).stem or 'source'}.annotated.mp4"


def _look(spec: str, view: View | None, settings: Settings, detector: Detector, out: Path | None) -> Report:
    source = open_source(spec)
    with progress_bar() as bar:
        task = bar.add_task(f"Inspecting {source.name}", total=source.duration_s)
        seen = view or view_of(source, detector, settings, surfaces_in_use())
        return inspect_to_report(
            source, seen, detector, settings, lambda k: bar.update(task, completed=k.frame.offset_s), _film(out, spec)
        )


def _look_and_keep(
    store: Store, spec: str, camera: str | None, settings: Settings, detector: Detector, out: Path | None
) -> Report:
    eyes = DetectorEyes(detector, settings, surfaces_in_use(), lambda: tuning(store))
    source = open_source(spec)
    known = eyes.known_view(spec)
    name = camera or (known.camera if known else Path(source.name).stem) or "camera"
    with progress_bar() as bar:
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
        print_rows("Findings", ["issue", "asset", "camera", "seen", "score", "observations"], rows)
    else:
        print("No findings.")


@click.command()
@db_option
@click.option(
    "--processes", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes that share the cameras."
)
def worker(db: str | None, processes: int) -> None:
    """Run a worker: it does what pages ask for and watches cameras."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    store = open_store(db)
    with helpers(processes - 1, db, processes, partial(hand_back_jobs_of, store)):
        run_worker(store, lambda: worker_eyes(store, load(None, store.files)), workers=processes)


COMMANDS: tuple[click.Command, ...] = (inspect, worker, bench_command, *TABLE_COMMANDS, *UPKEEP_COMMANDS)
