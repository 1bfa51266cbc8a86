"""Commands that keep a store in order: evidence check and retain, demo site, verdicts, groups of lights."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import click

from detectors.console import json_option, print_json, progress_bar
from detectors.errors import LamplighterError
from workorders.actors import SYSTEM
from workorders.demo import DemoPlan, build_demo_site
from workorders.evidence.check import check_files
from workorders.evidence.retention import clear_work_files, retain
from workorders.exports.labels import export_labels
from workorders.orders.circuits import NEIGHBOURS_M
from workorders.register.groups import group_lights
from workorders.store import open_store
from workorders.table_commands import db_option

_SHOWN = 20


@click.group()
def evidence() -> None:
    """Evidence files: their soundness and how long they are kept."""


@evidence.command("check")
@db_option
@click.option("--delete-orphans", is_flag=True, help="Delete files that belong to no order.")
@json_option
def check_command(db: str | None, delete_orphans: bool, as_json: bool) -> int:
    """Find missing, changed and orphaned files; exit status 1 if there are any."""
    report = check_files(open_store(db), delete_orphans)
    if as_json:
        print_json(asdict(report))
        return 0 if report.sound else 1
    click.echo(f"{report.checked} files checked.")
    for what, paths in (("missing", report.missing), ("changed", report.changed), ("orphaned", report.orphaned)):
        for path in paths[:_SHOWN]:
            click.echo(f"{what}: {path}")
        if len(paths) > _SHOWN:
            click.echo(f"{what}: and {len(paths) - _SHOWN} more")
    return 0 if report.sound else 1


@evidence.command("retain")
@db_option
@click.option("--days", type=click.FloatRange(min=0), help="Remove evidence older than this.")
@click.option("--gigabytes", type=click.FloatRange(min=0), help="Remove the oldest until the rest fits.")
@click.option("--dry-run", is_flag=True, help="Say what would go, remove nothing.")
@json_option
def retain_command(db: str | None, days: float | None, gigabytes: float | None, dry_run: bool, as_json: bool) -> int:
    """Remove old evidence of ended orders, and with --days old uploads. Open orders are never touched."""
    if days is None and gigabytes is None:
        raise click.UsageError("Give --days, --gigabytes or both.")
    store = open_store(db)
    age = None if days is None else timedelta(days=days)
    report = retain(
        store,
        age,
        None if gigabytes is None else round(gigabytes * 1e9),
        dry_run,
    )
    work = clear_work_files(store, age, dry_run) if age is not None else None
    if as_json:
        print_json({"evidence": asdict(report), "work_files": asdict(work) if work else None})
        return 0
    verb = "would be removed" if dry_run else "removed"
    for what, part in (("evidence", report), ("uploads and annotated videos", work)):
        if part is not None:
            gone, kept = part.removed_bytes / 1e6, part.kept_bytes / 1e6
            click.echo(f"{what}: {part.removed} files {verb} ({gone:.1f} MB); {kept:.1f} MB kept.")
    return 0


@click.command("demo-site")
@db_option
@click.option("--assets", default=6_800, show_default=True, type=click.IntRange(1, 200_000))
@click.option("--months", default=24, show_default=True, type=click.IntRange(1, 240))
@click.option("--seed", default=DemoPlan().seed, show_default=True, type=int)
def demo_site(db: str | None, assets: int, months: int, seed: int) -> int:
    """Fill an empty database with a made-up district and its history, marked as demo data."""
    store = open_store(db)
    with progress_bar() as bar:
        task = bar.add_task("Building the demo site", total=1.0)
        orders = build_demo_site(
            store, DemoPlan(assets=assets, months=months, seed=seed), lambda share: bar.update(task, completed=share)
        )
    store.refresh_statistics()
    click.echo(f"{assets} assets and {orders} orders of {months} months in {store.url}.")
    return 0


@click.command("verdicts")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@db_option
@json_option
def verdicts(folder: Path, db: str | None, as_json: bool) -> int:
    """Write what people confirmed and dismissed to DIR as pictures with YOLO labels."""
    try:
        report = export_labels(open_store(db), folder)
    except OSError as error:
        raise LamplighterError(f"{folder}: cannot be written ({error.strerror}).") from None
    if as_json:
        print_json(asdict(report))
        return 0
    click.echo(
        f"{folder}: {report.labelled} labelled pictures, {report.false_alarms} of false alarms; "
        f"{report.missing} left out because their file is gone."
    )
    return 0


@click.command("group-lights")
@db_option
@click.option("--metres", default=NEIGHBOURS_M, show_default=True, type=click.FloatRange(1, 1_000))
def group_lights_command(db: str | None, metres: float) -> int:
    """Give street lights without a circuit one, by following lines of neighbours."""
    click.echo(f"{group_lights(open_store(db), SYSTEM, metres)} groups were made.")
    return 0


UPKEEP_COMMANDS: tuple[click.Command, ...] = (evidence, demo_site, verdicts, group_lights_command)
