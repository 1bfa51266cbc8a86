"""The studio's command line: ``python -m sample_media.studio --help``."""

import argparse
import time
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path

from sample_media.studio.clips import CLIPS, Clip
from sample_media.studio.draw import draw_plan
from sample_media.studio.film import encode
from sample_media.studio.gather import gather, holding
from sample_media.studio.harmed import render_harmed
from sample_media.studio.issues import MAKERS
from sample_media.studio.outlines import outline_stills
from sample_media.studio.plan import LAMP_STYLES, MODES, SITES
from sample_media.studio.plates import render_plate
from sample_media.studio.proving import prove
from sample_media.studio.relabel import relabel
from sample_media.studio.sheet import contact_sheet, save_clean_view
from sample_media.studio.sight import bins_in_view, lamps_in_view
from sample_media.studio.stills import SIZE, render_stills
from sample_media.studio.timelapse import CAMERA, NEEDED, write_timelapse
from sample_media.studio.variants import Variant
from sample_media.studio.walkers import render_walkers


def _stills(args: argparse.Namespace) -> None:
    for k in range(args.count):
        seed, start = args.first + k * args.step, time.monotonic()
        plan = draw_plan(seed)
        plan = replace(plan, lamp_style=args.lamp_style or plan.lamp_style)
        wanted = plan.light.mode in args.light and plan.site in args.site
        if wanted and lamps_in_view(plan, SIZE) >= args.lamps and bins_in_view(plan, SIZE) >= args.bins:
            written = render_stills(args.out, plan, args.variants, args.samples, args.threads, args.kinds)
            print(f"seed {seed}: {written} stills in {time.monotonic() - start:.0f} s", flush=True)


def _harmed(args: argparse.Namespace) -> None:
    for k in range(args.count):
        seed, start = args.first + k * args.step, time.monotonic()
        written = render_harmed(args.out, seed, args.samples, args.threads)
        print(f"seed {seed}: {written} stills in {time.monotonic() - start:.0f} s", flush=True)


def _relabel(args: argparse.Namespace) -> None:
    for seed in sorted({int(path.stem[1:].split("_")[0]) for path in (args.stills / "json").glob("s*.json")}):
        done = dict(relabel(args.stills, seed))
        print(f"seed {seed}: {sum(done.values())} of {len(done)} stills labelled anew", flush=True)


def _outlines(args: argparse.Namespace) -> None:
    for seed, lamps in outline_stills(args.stills):
        print(f"seed {seed}: {lamps} lamps outlined", flush=True)


def _gather(args: argparse.Namespace) -> None:
    added, found = gather(args.rendered, args.stills, args.quality), holding(args.stills)
    print(f"{added} added; {sum(found.sites.values())} of {len(found.seeds)} seeds, {found.megabytes:.1f} MB")
    for counted in (found.sites, found.lights, found.boxes):
        print(", ".join(f"{number} {name}" for name, number in counted.most_common()))


def _proving(args: argparse.Namespace) -> None:
    args.out.mkdir(parents=True, exist_ok=True)
    for k in range(args.count):
        seed, start = args.first + k * args.step, time.monotonic()
        written = prove(seed, args.out, args.samples, args.threads, args.brief)
        print(f"seed {seed}: {written} clips in {time.monotonic() - start:.0f} s", flush=True)


def _plates(args: argparse.Namespace) -> None:
    wanted = [
        variant for clip in _chosen(args) for variant in (clip.before.clean(), clip.before, clip.after) if variant
    ]
    for variant in dict.fromkeys(wanted):
        render_plate(variant, args.work, args.samples, args.threads)
        print(f"plate {variant.key}", flush=True)


def _walkers(args: argparse.Namespace) -> None:
    for variant in dict.fromkeys(clip.before.clean() for clip in _chosen(args)):
        clips = [clip for clip in CLIPS if clip.before.clean() == variant]
        span = (min(c.walkers_from for c in clips), max(c.walkers_from + c.seconds for c in clips))
        who = {k for clip in clips for k in clip.walkers}
        render_walkers(variant, args.work, span, args.samples, args.threads, who)
        print(f"walkers {variant.key}", flush=True)


def _sheet(args: argparse.Namespace) -> None:
    for clip in {(clip.before.camera, clip.weather): clip for clip in CLIPS}.values():
        if (args.work / f"{clip.before.clean().key}.json").exists():
            save_clean_view(clip, args.work, args.media / "plates")
    contact_sheet(args.media / "clips", args.media / "contact_sheet.jpg")


def _timelapse(args: argparse.Namespace) -> None:
    for variant in NEEDED:
        render_plate(variant, args.work, args.samples, args.threads)
    for mode in ("day", "night"):
        render_walkers(Variant(CAMERA, mode), args.work, (0.0, 20.0), 5, args.threads)
    path = write_timelapse(args.work, args.out)
    print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB", flush=True)


def _film(args: argparse.Namespace) -> None:
    for clip in _chosen(args):
        path = encode(clip, args.work, args.out)
        print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB", flush=True)


def _chosen(args: argparse.Namespace) -> list[Clip]:
    return [clip for clip in CLIPS if any(fnmatch(clip.name, pattern) for pattern in args.clips)]


def main() -> None:
    """Runs the command that was asked for."""
    parser = argparse.ArgumentParser(prog="python -m sample_media.studio", description=__doc__)
    commands = parser.add_subparsers(required=True)
    for name, run, about, first in (
        ("stills", _stills, "render labelled stills; resumable, meant to run niced in the background", 200_000),
        ("harmed", _harmed, "render stills in which half of the lamps and trees came to harm; resumable", 920_000),
        ("proving", _proving, "film short clips of cameras drawn from seeds, to tune and score on; resumable", 500_000),
    ):
        command = commands.add_parser(name, help=about)
        command.add_argument("--out", type=Path, required=True)
        command.add_argument("--first", type=int, default=first, help="first seed (clips use seeds below 100000)")
        command.add_argument("--count", type=int, default=100)
        command.add_argument("--step", type=int, default=1, help="seeds between two of this run")
        command.add_argument("--samples", type=int, default=12)
        command.add_argument("--threads", type=int, default=1)
        command.set_defaults(run=run)
        if name == "proving":
            command.add_argument("--brief", action="store_true", help="of each a clean clip and two issues, no more")
        if name == "stills":
            command.add_argument("--variants", type=int, default=5, help="stills with issues for each clean plate")
            command.add_argument("--lamps", type=int, default=0, help="leave out seeds with fewer lamps' heads in view")
            command.add_argument("--bins", type=int, default=0, help="leave out seeds with fewer bins in view")
            command.add_argument(
                "--kinds", nargs="+", choices=sorted(MAKERS), default=(), help="of issues, in every variant"
            )
            command.add_argument("--light", nargs="+", choices=MODES, default=MODES, help="leave out other seeds")
            command.add_argument("--site", nargs="+", choices=SITES, default=SITES, help="leave out other seeds")
            command.add_argument("--lamp-style", choices=(*LAMP_STYLES, "bell"), help="instead of the one drawn")
    for name, run, about, samples in (
        ("plates", _plates, "render the plates that clips need", 20),
        ("walkers", _walkers, "render who walks there, over the clean plates", 5),
        ("film", _film, "encode clips and write their truth", 0),
    ):
        command = commands.add_parser(name, help=about)
        command.add_argument("clips", nargs="+", help="clip names, or patterns like 'park_*'")
        command.add_argument("--work", type=Path, required=True, help="where plates and walkers are kept")
        command.add_argument("--samples", type=int, default=samples)
        command.add_argument("--threads", type=int, default=1)
        command.add_argument("--out", type=Path, default=Path("sample_media/clips"))
        command.set_defaults(run=run)
    again = commands.add_parser("relabel", help="label the lamps of stills anew, where their scenes come out again")
    again.add_argument("stills", type=Path)
    again.set_defaults(run=_relabel)
    lamps = commands.add_parser("outlines", help="add the outlines and states of the lamps of further scenes")
    lamps.add_argument("stills", type=Path)
    lamps.set_defaults(run=_outlines)
    more = commands.add_parser("gather", help="add rendered stills to the committed set, and count what it holds")
    more.add_argument("rendered", type=Path)
    more.add_argument("--stills", type=Path, default=Path("sample_media/stills"))
    more.add_argument("--quality", type=int, default=82, help="highest JPEG quality that is kept")
    more.set_defaults(run=_gather)
    night = commands.add_parser("timelapse", help="render what the time-lapse of a night needs, and write it")
    night.add_argument("--work", type=Path, required=True)
    night.add_argument("--samples", type=int, default=20)
    night.add_argument("--threads", type=int, default=1)
    night.add_argument("--out", type=Path, default=Path("sample_media/clips"))
    night.set_defaults(run=_timelapse)
    sheet = commands.add_parser("sheet", help="write the clean plates as JPEG and the contact sheet of all clips")
    sheet.add_argument("--work", type=Path, required=True)
    sheet.add_argument("--media", type=Path, default=Path("sample_media"))
    sheet.set_defaults(run=_sheet)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
