"""Commands of the dashboard's floor: dashboard and demo."""

from __future__ import annotations

import shutil

import click

from dashboard.launch import Site, check_port, run_dashboard
from detectors.console import home_folder, load, progress_bar
from workorders.eyes import DetectorEyes
from workorders.places import SAMPLES
from workorders.samples import prepare_site, sample_clips
from workorders.store import open_store
from workorders.table_commands import db_option


@click.command()
@click.option("--port", default=8501, show_default=True, help="Port of the dashboard.")
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@click.option("--fresh", is_flag=True, help="Start over: forget the demo site.")
def demo(port: int, no_browser: bool, fresh: bool) -> int:
    """Inspect the sample clips into a demo site, then run worker and dashboard."""
    check_port(port)
    home = (home_folder() / "demo").resolve()
    if fresh:
        shutil.rmtree(home, ignore_errors=True)
    url = f"sqlite:///{home / 'lamplighter.db'}"
    store = open_store(url, home)
    with progress_bar() as bar:
        task = bar.add_task("Inspecting the sample clips", total=1.0)
        prepared = prepare_site(
            store,
            sample_clips(SAMPLES),
            lambda: DetectorEyes(load(None, home)),
            lambda n, of, name, share: bar.update(task, description=name, completed=(n - 1 + share) / of),
        )
    store.close()
    if prepared.clips:
        print(f"Inspected {prepared.clips} clips, raised {prepared.orders} orders.", flush=True)
    return run_dashboard(Site(url, home), port, with_worker=True, browser=not no_browser)


@click.command()
@db_option
@click.option("--port", default=8501, show_default=True, help="Port to serve on.")
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
def dashboard(db: str | None, port: int, no_browser: bool) -> int:
    """Serve the dashboard on localhost."""
    store = open_store(db)
    site = Site(store.engine.url.render_as_string(hide_password=False), store.files)
    store.close()
    return run_dashboard(site, port, with_worker=False, browser=not no_browser)


COMMANDS: tuple[click.Command, ...] = (demo, dashboard)
