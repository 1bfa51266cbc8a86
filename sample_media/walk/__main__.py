"""The command line: ``python -m sample_media.walk --seed N --out DIR``."""

import argparse
import time
from pathlib import Path

from sample_media.walk.make import make_walk


def main() -> None:
    """Films the walks that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m sample_media.walk", description=__doc__)
    parser.add_argument("--seed", type=int, nargs="+", required=True, help="seeds of the walks")
    parser.add_argument("--out", type=Path, required=True, help="where clips and truth files go")
    parser.add_argument("--samples", type=int, default=14, help="of a plate")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    for seed in args.seed:
        start = time.monotonic()
        made = make_walk(seed, args.out, args.samples, args.threads)
        print(f"walk {seed}: {made} clips in {time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
