"""Commands that read and write tables: assets import and export, orders export."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from detectors.errors import LamplighterError
from workorders.actors import SYSTEM
from workorders.exports.assets import FORMATS as ASSET_FORMATS
from workorders.exports.assets import export_assets
from workorders.exports.orders import FORMATS as ORDER_FORMATS
from workorders.exports.orders import export_orders
from workorders.register.importing import ImportReport, import_file
from workorders.store import open_store

_FORMS = {".csv": "csv", ".xlsx": "xlsx", ".geojson": "geojson", ".json": "open311"}
_SHOWN = 20

db_option = click.option("--db", metavar="URL", help="Database; default: sqlite:///var/lamplighter.db.")
_file = click.argument("file", type=click.Path(path_type=Path), metavar="FILE")


@click.group()
def assets() -> None:
    """The register of assets."""


@assets.command("import")
@_file
@db_option
@click.option(
    "--map", "pairs", multiple=True, metavar="FIELD=COLUMN", help="Which column holds a field; may be repeated."
)
@click.option("--dry-run", is_flag=True, help="Check everything, change nothing.")
def import_command(file: Path, db: str | None, pairs: tuple[str, ...], dry_run: bool) -> int:
    """Import assets from CSV, Excel or GeoJSON: all rows or none."""
    mapping = dict(_pair(p) for p in pairs)
    report = import_file(open_store(db), SYSTEM, file, mapping or None, dry_run)
    for problem in report.problems[:_SHOWN]:
        print(f"lamplighter: row {problem.row}, {problem.column}: {problem.message}", file=sys.stderr)
    if len(report.problems) > _SHOWN:
        print(f"lamplighter: and {len(report.problems) - _SHOWN} more.", file=sys.stderr)
    print(_summary(report, dry_run))
    return 1 if report.problems else 0


@assets.command("export")
@_file
@db_option
def export_assets_command(file: Path, db: str | None) -> None:
    """Export the register to FILE: .csv, .xlsx or .geojson."""
    form = _form(file, ASSET_FORMATS)
    _write(file, export_assets(open_store(db), form))


@click.group()
def orders() -> None:
    """The work orders."""


@orders.command("export")
@_file
@db_option
def export_orders_command(file: Path, db: str | None) -> None:
    """Export all orders to FILE: .csv, .xlsx, .geojson, or .json for Open311."""
    form = _form(file, ORDER_FORMATS)
    _write(file, export_orders(open_store(db), form))


def _pair(text: str) -> tuple[str, str]:
    field, sign, column = text.partition("=")
    if not sign or not field.strip() or not column.strip():
        raise LamplighterError(f"--map {text}: write it as FIELD=COLUMN, as in --map external_ref=UNITREF.")
    return field.strip(), column.strip()


def _summary(report: ImportReport, dry_run: bool) -> str:
    counts = f"{report.rows} rows: {report.created} new, {report.updated} changed, {report.unchanged} as they were"
    if report.done:
        return f"Imported {counts}."
    return f"Nothing was changed. {counts}." if dry_run else f"Nothing was imported: mend the rows above. {counts}."


def _form(file: Path, forms: tuple[str, ...]) -> str:
    form = _FORMS.get(file.suffix.lower(), "")
    if form not in forms:
        known = ", ".join(suffix for suffix, name in _FORMS.items() if name in forms)
        raise LamplighterError(f"{file}: name a file that ends in {known}.")
    return form


def _write(file: Path, content: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    except OSError as error:
        raise LamplighterError(f"{file}: cannot be written ({error.strerror}).") from None
    print(f"Wrote {file}.")


TABLE_COMMANDS: tuple[click.Command, ...] = (assets, orders)
