"""What every command of the command line shares: options, output, and the detector in use."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from detectors.detector import Detector
from detectors.errors import LamplighterError
from detectors.ready import detector_in_use
from detectors.settings import Settings

SCREEN = Console(stderr=True)

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
every_option = click.option(
    "--every", default=1.0, show_default=True, metavar="SECONDS", help="Source time between two looks."
)
weights_option = click.option(
    "--weights", metavar="MODEL", help="Catalogue name or file of a detector other than the one in use."
)


def print_json(document: object) -> None:
    """Print one JSON document on standard output."""
    print(json.dumps(document, indent=2, ensure_ascii=False))


def print_rows(title: str, columns: list[str], rows: list[list[Any]]) -> None:
    """Print a table; columns of numbers are right-aligned."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for number, column in enumerate(columns):
        numeric = bool(rows) and all(isinstance(r[number], int | float | None) for r in rows)
        table.add_column(column, justify="right" if numeric else "left")
    for row in rows:
        table.add_row(*("-" if v is None else f"{v:.3f}" if isinstance(v, float) else str(v) for v in row))
    Console().print(table)


def progress_bar() -> Progress:
    """A progress bar on standard error, gone when it is done; nothing at all where nobody watches."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=SCREEN, transient=True, disable=not SCREEN.is_terminal)


def home_folder() -> Path:
    """Folder of files: the choice of detector and its exports lie there."""
    return Path(os.environ.get("LAMPLIGHTER_FILES", "var"))


def load(weights: str | None, home: Path | None = None) -> Detector:
    """The detector in use, or another for this once; says on standard error when loading takes long."""
    return detector_in_use(home or home_folder(), weights, lambda line: print(f"lamplighter: {line}", file=sys.stderr))


def settings_for(every: float) -> Settings:
    """Settings with an interval.

    Raises:
        LamplighterError: an interval that cannot be.
    """
    try:
        return Settings(every_s=every)
    except ValidationError as error:
        raise LamplighterError(f"--every {every:g}: {error.errors()[0]['msg'].lower()}.") from None
