"""The studio's command line: ``python -m sample_media.studio --help``."""

import argparse
import time
from pathlib import Path

from sample_media.studio.stills import render_stills


def _stills(args: argparse.Namespace) -> None:
    for k in range(args.count):
        seed, start = args.first + k * args.step, time.monotonic()
        written = render_stills(args.out, seed, args.variants, args.samples, args.threads)
        print(f"seed {seed}: {written} stills in {time.monotonic() - start:.0f} s", flush=True)


def main() -> None:
    """Runs the command that was asked for."""
    parser = argparse.ArgumentParser(prog="python -m sample_media.studio", description=__doc__)
    commands = parser.add_subparsers(required=True)
    stills = commands.add_parser(
        "stills", help="render labelled stills; resumable, meant to run niced in the background"
    )
    stills.add_argument("--out", type=Path, required=True)
    stills.add_argument("--first", type=int, default=200_000, help="first seed (clips use seeds below 100000)")
    stills.add_argument("--count", type=int, default=100)
    stills.add_argument("--step", type=int, default=1, help="seeds between two of this run")
    stills.add_argument("--variants", type=int, default=5, help="stills with issues for each clean plate")
    stills.add_argument("--samples", type=int, default=12)
    stills.add_argument("--threads", type=int, default=1)
    stills.set_defaults(run=_stills)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
