"""The command that measures Lamplighter: speed on one clip, and many cameras at once."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Any

import click

from detectors.bench.clip import FAR_KEY_FRAMES, KEY_FRAME_EVERY, bench_view, make_clip
from detectors.bench.soak import soak
from detectors.bench.timing import bench, machine, start_seconds
from detectors.catalogue import chosen, resolve
from detectors.console import home_folder, json_option, load, print_json, print_rows, settings_for, weights_option
from detectors.errors import LamplighterError
from detectors.values import View
from workorders.load import COMPARED_S, load_test

_START_CLIP = Path(__file__).parents[1] / "sample_media" / "clips" / "plaza_day_clean.mp4"
_PETS = Path("/usr/share/doc/opencv-doc/examples/data/vtest.avi")  # of Debian's opencv-doc
_FEW = 10  # cameras that growth is measured from


@click.command("bench")
@click.option(
    "--clip", "clips", multiple=True, type=click.Path(path_type=Path),
    help="Clip to measure on; may be given more than once. Default: two made for the purpose, and PETS where it is.",
)  # fmt: skip
@click.option("--seconds", default=600, show_default=True, help="Length of the first clip made.")
@click.option("--every", default=2.0, show_default=True, metavar="SECONDS", help="Source time between two looks.")
@click.option("--rounds", default=5, show_default=True, help="How often each clip is timed; medians are given.")
@click.option("--cameras", default=0, metavar="N", help="Also watch so many cameras at once, and ten of them for 90 s.")
@click.option("--minutes", default=10.0, show_default=True, help="How long the cameras are watched.")
@click.option("--look-every", default=10.0, show_default=True, metavar="SECONDS", help="Between a camera's looks.")
@click.option("--soak", "soak_hours", default=0.0, metavar="HOURS", help="Also look at so many hours of ten cameras.")
@weights_option
@json_option
def bench_command(
    clips: tuple[Path, ...],
    seconds: int,
    every: float,
    rounds: int,
    cameras: int,
    minutes: float,
    look_every: float,
    soak_hours: float,
    weights: str | None,
    as_json: bool,
) -> None:
    """Measure Lamplighter against plain per-frame prediction on the same clips, and with many cameras."""
    if seconds < 1 or rounds < 1 or cameras < 0 or minutes <= 0 or soak_hours < 0:
        raise LamplighterError("--seconds, --rounds and --minutes must be above 0, --cameras and --soak not below.")
    say = partial(print, file=sys.stderr)
    settings, home = settings_for(every), home_folder()
    detector, model = load(weights), resolve(weights or chosen(home), home)
    made = home / "bench"
    measured = [(clip, View("bench")) for clip in clips] or [
        (make_clip(made, seconds), bench_view()),
        (make_clip(made, min(60, seconds), FAR_KEY_FRAMES), bench_view()),
        *([(_PETS, View("bench"))] if _PETS.exists() else []),
    ]
    timed = [bench(detector, model, clip, view, settings, rounds, say) for clip, view in measured]
    document: dict[str, Any] = {
        **{name: timed[0][name] for name in ("realtime_factor", "ratio_to_plain", "ratio_to_floor", "clip")},
        "clips": timed,
        "start_seconds": start_seconds(_START_CLIP, rounds),
        "settings": settings.model_dump(),
        "model": model.name,
        "backend": type(detector).__name__,
        "rounds": rounds,
        "machine": machine(),
    }
    if cameras:
        served = make_clip(made, min(60, seconds), KEY_FRAME_EVERY)
        few = load_test(served, min(_FEW, cameras), look_every, min(COMPARED_S, 60 * minutes), home, say)
        many = load_test(served, cameras, look_every, 60 * minutes, home, say)
        growth = many.cpu_seconds_at_first / few.cpu_seconds_at_first
        document["cameras"] = {"few": few.as_json(), "many": many.as_json(), "growth_of_cost": round(growth, 2)}
    if soak_hours:
        document["soak"] = soak(make_clip(made, min(60, seconds)), detector, soak_hours, look_every, say)
    if as_json:
        print_json(document)
    else:
        _print(document, every)


def _print(document: dict[str, Any], every: float) -> None:
    names = ("realtime_factor", "ratio_to_plain", "ratio_to_floor", "cpu_ratio_to_floor", "looks", "detector_passes")
    for timed in document["clips"]:
        title = f"{timed['clip']['name']}, a look every {every:g} s, {document['backend']}"
        print_rows(title, ["figure", "value"], [[name, timed[name]] for name in names])
    print(f"start to the first frame inspected: {min(document['start_seconds']):.2f} s")
    for name, figures in document.get("cameras", {}).items():
        if isinstance(figures, dict):
            print_rows(f"cameras: {name}", ["figure", "value"], [list(row) for row in figures.items()])
    if "cameras" in document:
        print(f"growth of cost: {document['cameras']['growth_of_cost']}")
    if "soak" in document:
        print_rows("soak", ["figure", "value"], [list(row) for row in document["soak"].items()])
