"""Clips of many drawn cameras, small and short, to tune and score inspectors on: one clean, several with an issue."""

import json
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from typing import Any

import cv2
import numpy as np

from sample_media.studio import look
from sample_media.studio.choose import View, state_of
from sample_media.studio.clips import Clip
from sample_media.studio.drawn import PREFIX, hour_of, kinds_of, start_of
from sample_media.studio.film import encode
from sample_media.studio.plates import render_plate
from sample_media.studio.shot import Shot, load_shot
from sample_media.studio.variants import Variant
from sample_media.studio.walkers import render_walkers

FAULTS = ("covered", "frozen", "moved", "blurred")
ISSUES_A_SEED, SECONDS, SETS_IN = 7, 13.0, 4.6
# Where many places are wanted rather than much of each: a clean clip and so many issues, nobody walking, no faults.
BRIEF_ISSUES, BRIEF_SECONDS = 2, 11.0
# An issue counts as seen when this share of its box differs by more than noise (grey 0-255), and its box is this
# large in pixels; fainter ones are not filmed.
CHANGED, LEAST_CHANGED, LEAST_SIDE = 14, 0.06, 8


def prove(seed: int, out: Path, samples: int, threads: int, brief: bool = False) -> int:
    """Films a drawn camera's clips into out, each with its truth; returns how many.

    A brief proving films few issues, before which nobody walks, and no faults of the camera. The clean clip is written
    last: a seed that has one is skipped, so that a stopped run goes on.
    """
    clean = Variant(f"{PREFIX}{seed}", hour_of(seed))
    last = f"s{seed}_{clean.mode}_clean"
    if (out / f"{last}.mp4").exists():
        return 0
    work = out / f".work_{seed}"
    work.mkdir(parents=True, exist_ok=True)
    render_plate(clean, work, samples, threads)
    if not {"street_light", "path"} <= {a["kind"] for a in _about(clean, work)["assets"]}:
        rmtree(work)
        return 0
    # Walkers cost as much again as the plates: half the seeds have some, spread over sites, hours and issues.
    walked = not brief and (seed // 2 % 8).bit_count() % 2 == seed % 2
    seconds = BRIEF_SECONDS if brief else SECONDS
    if walked:
        render_walkers(clean, work, (0.0, SECONDS), 4, threads)
    view = View(clean, load_shot(clean, work), np.random.default_rng([seed, 52]))
    written = 0
    issues = _issue_clips(seed, view, walked, BRIEF_ISSUES if brief else ISSUES_A_SEED, seconds)
    for clip in [*issues, *(() if brief else _fault_clips(seed, view, walked))]:
        for variant in (clip.before, clip.after):
            if variant is not None:
                render_plate(variant, work, samples, threads)
        if clip.fault or _is_seen(view.shot, clip.after or clip.before, work):
            encode(clip, work, out)
            written += 1
    walkers = (0, 1, 2) if walked else ()
    encode(Clip(last, clean, start_of(seed), seconds=seconds, walkers=walkers), work, out)
    rmtree(work)
    return written + 1


def _about(variant: Variant, work: Path) -> dict[str, Any]:
    return json.loads((work / f"{variant.key}.json").read_text())


def _issue_clips(seed: int, view: View, walked: bool, count: int, seconds: float) -> Iterator[Clip]:
    """Yields clips with an issue, from the start or setting in; where walkers were rendered most have some."""
    kinds = kinds_of(seed, view.clean.plan().light.lamps_lit)
    turn = (seed // 2 + seed // 8) * count
    for k in range(count):
        kind = kinds[(turn + k) % len(kinds)]
        state = state_of(view, kind)
        if state is None:
            continue
        appears = kind == "flicker" or bool((seed // 4 + k) % 2)
        walkers = tuple(w for w in range(3) if walked and view.rng.random() < 0.6)
        yield Clip(
            f"s{seed}_{view.clean.mode}_{kind}",
            view.clean if appears else state,
            start_of(seed),
            state if appears else None,
            (0.0 if kind == "flicker" else SETS_IN) if appears else None,
            seconds,
            walkers,
            flicker=kind == "flicker",
            beat=(float(view.rng.uniform(0.6, 2.2)), float(view.rng.uniform(-0.4, 0.7))),
        )


def _fault_clips(seed: int, view: View, walked: bool) -> Iterator[Clip]:
    if seed % 3:
        return
    fault, after = FAULTS[seed // 3 % 4], None
    if fault == "moved":
        yaw, pitch, roll = (
            float(view.rng.choice([-1, 1]) * view.rng.uniform(a, b)) for a, b in ((4, 9), (1, 3), (0, 3))
        )
        after = Variant(view.clean.camera, view.clean.mode, "moved", knocked=(yaw, pitch, roll))
    name, severity = f"s{seed}_{view.clean.mode}_camera_{fault}", float(view.rng.uniform(0.6, 1.6))
    walkers = (0, 2) if walked else ()
    yield Clip(name, view.clean, start_of(seed), after, 5.0, SECONDS, walkers, fault=fault, severity=severity)


def _is_seen(clean: Shot, variant: Variant, work: Path) -> bool:
    """Tells whether all issues of a variant stand out from the clean view, as a person would want them to."""
    h, w = clean.ids.shape
    shown = [look.develop(shot.plate, shot.grade).mean(2) * 255 for shot in (clean, load_shot(variant, work))]
    changed = cv2.absdiff(*(image.astype(np.float32) for image in shown)) > CHANGED
    issues = _about(variant, work)["issues"]
    for issue in issues:
        x0, y0, x1, y1 = (round(v) for v in np.array(issue["box"]) * [w, h, w, h])
        part = changed[y0 : y1 + 1, x0 : x1 + 1]
        if min(x1 - x0, y1 - y0) < LEAST_SIDE / 2 or max(x1 - x0, y1 - y0) < LEAST_SIDE or part.mean() < LEAST_CHANGED:
            return False
    return bool(issues)
