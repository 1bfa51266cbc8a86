"""Makes all clips of a walk: one scene for each light, a plate for each issue, then the films."""

import json
import tempfile
from pathlib import Path
from typing import Any

import bpy
import cv2
import numpy as np

from sample_media.studio import look
from sample_media.studio.film import write_video
from sample_media.walk.build import build
from sample_media.walk.camera import box_round as box_of
from sample_media.walk.camera import laid_into, projection, render, see
from sample_media.walk.change import Change
from sample_media.walk.film import Plate, Step, Wind, Window, pictures
from sample_media.walk.indices import ISSUE
from sample_media.walk.issues import MAKERS
from sample_media.walk.passers import steps_of
from sample_media.walk.plan import HEIGHT, WIDTH, Plan, draw
from sample_media.walk.reach import points_of, window_round
from sample_media.walk.schedule import FPS, LIGHTS, Clip, clips_of, walkers_of
from sample_media.walk.seen import Sight, register
from sample_media.walk.seen import look as look_round
from sample_media.walk.stage import Stage
from sample_media.walk.truth import Box, truth_of

# An issue is filmed if its box is this large (px of 800x450), and this share of it differs so much (grey 0-255); of a
# lamp, whose head is a small part of it, so many pixels.
LEAST_SIDE, LEAST_LENGTH, CHANGED, LEAST_CHANGED, LEAST_LIT = 5, 13, 13, 0.08, 25
WALKER_SAMPLES, QUALITY = 4, 26


class Shooting:
    """The filming of one walk in one light."""

    def __init__(self, plan: Plan, light: str, out: Path, samples: int, threads: int) -> None:
        self.plan, self.light, self.out = plan, light, out
        self.stage: Stage = build(plan, light, samples, threads)
        self.work = Path(tempfile.mkdtemp(prefix=f".{light}_", dir=out))
        self.raw = render(self.stage, self.work / "plate.png")
        self.passes = see(self.stage, self.work)
        self.sights: dict[str, Sight] = look_round(self.stage, self.passes)
        self.assets: list[dict[str, Any]] = register(self.stage, self.passes, self.sights)
        self.clean = Plate(self._warm(self.raw), np.full((HEIGHT, WIDTH), np.inf, np.float32))
        self.wind = Wind(self.clean.picture, self.passes.ids, np.random.default_rng([plan.seed, 6]))
        self.walkers = walkers_of(plan, light)
        self.steps: list[dict[int, Step]] = []

    def _warm(self, picture: np.ndarray) -> np.ndarray:
        return look.warm(picture).astype(np.float32) if self.light == "night" else picture

    def walk(self) -> None:
        """Renders the walkers once; all clips of this light use them."""
        for walker in self.walkers:
            steps = steps_of(self.stage, walker, WALKER_SAMPLES, self.work)
            for step in steps.values():
                step.picture = self._warm(step.picture.astype(np.float32)).astype(np.float16)
            self.steps.append(steps)

    def film(self, clip: Clip) -> bool:
        """Films a clip if its issue can be seen; tells whether it did."""
        if not clip.code:
            self._write(clip, None, None, None, [self.steps[k] for k in clip.walkers])
            return True
        rng = np.random.default_rng([self.plan.seed, 5, LIGHTS.index(self.light), *clip.kind.encode()])
        for _ in range(3):
            change = MAKERS[clip.kind](self.stage, rng, self.sights)
            if change is None:
                return False
            plate, box = self._plate(change)
            who = [self.steps[k] for k in clip.walkers if self._may_walk(k, change, clip)]
            change.undo()
            if box is not None and self._is_seen(plate, box, clip.code.startswith("light")):
                asset = self.sights[change.asset] if change.asset else None
                self._write(clip, plate, box, asset.id if asset and asset.registered else None, who)
                return True
        return False

    def _plate(self, change: Change) -> tuple[Plate, Box | None]:
        """Renders what a change changes; returns the plate and the box of what is wrong."""
        window = self._window(change)
        if window is None:
            return self.clean, None
        picture = render(self.stage, self.work / "window.png", window)
        plate = self._warm(laid_into(self.raw, picture, window))
        for part in change.added:  # what only tells where a hole is, is seen in the passes alone
            part.hide_render = False
        passes = see(self.stage, self.work, window)
        wrong = np.isin(passes.ids, [ISSUE, *(thing.pass_index for thing, _ in change.moved)])
        depth = np.where(wrong, passes.depth, np.inf).astype(np.float32)
        return Plate(plate, depth), self._box(change, wrong)

    def _window(self, change: Change) -> Window | None:
        if change.whole:
            return (0, 0, WIDTH, HEIGHT)
        things = change.telling or [*change.added, *change.hidden, *change.swapped]
        points = [points_of(things + [thing for thing, _ in change.moved])]
        for thing, before in change.moved:
            now = thing.matrix_world.copy()
            thing.matrix_world = before
            points.append(points_of([thing]))
            thing.matrix_world = now
        bpy.context.view_layer.update()
        return window_round(self.stage, np.concatenate(points), 40 if change.swapped else 14)

    def _box(self, change: Change, wrong: np.ndarray) -> Box | None:
        """Returns the box of what is wrong: what is seen of it, or where the asset is registered."""
        if change.asset and self.sights[change.asset].kind == "bin" and change.added:
            wrong = wrong | (self.passes.ids == self.stage.things[change.asset].parts[0].pass_index)
        ys, xs = np.nonzero(wrong)
        if len(xs):
            return (float(xs.min()), float(ys.min()), float(xs.max()) + 1, float(ys.max()) + 1)
        if change.moved:
            return box_of([thing for thing, _ in change.moved], projection(self.stage))
        return self.sights[change.asset].box if change.asset else None

    def _may_walk(self, k: int, change: Change, clip: Clip) -> bool:
        """Tells whether a walker neither walks through what is wrong nor before or behind what is not there."""
        gone = [thing.pass_index for thing in change.hidden if thing.type == "MESH" and thing.pass_index > 9]
        gone += [thing.pass_index for thing, _ in change.moved]
        for n, step in self.steps[k].items():
            if n / FPS < clip.sets_in:
                continue
            s, t = self.walkers[k].place(n / FPS)
            if change.place and np.hypot(s - change.place[0], t - change.place[1]) < change.place[2]:
                return False
            x0, y0, x1, y1 = step.window
            if gone and (np.isin(self.passes.ids[y0:y1, x0:x1], gone) & (step.outline > 0.3)).any():
                return False
        return True

    def _is_seen(self, plate: Plate, box: Box, lamp: bool) -> bool:
        """Tells whether what is wrong stands out enough for a person to see it."""
        night = self.light == "night"
        shown = [look.develop(p.picture, look.grade_of(p.picture, night)).mean(2) * 255 for p in (self.clean, plate)]
        x0, y0, x1, y1 = (round(v) for v in box)
        if min(x1 - x0, y1 - y0) < LEAST_SIDE or max(x1 - x0, y1 - y0) < LEAST_LENGTH:
            return False
        changed = cv2.absdiff(*shown)[y0:y1, x0:x1] > CHANGED
        return bool(changed.mean() >= LEAST_CHANGED or (lamp and changed.sum() >= LEAST_LIT))

    def _write(
        self, clip: Clip, plate: Plate | None, box: Box | None, asset: str | None, who: list[dict[int, Step]]
    ) -> None:
        truth = truth_of(self.plan, clip, self.assets, box, asset)
        frames = pictures(clip, self.clean, plate, self.wind, who, self.plan.film_width)
        write_video(self.out / f"{clip.name}.mp4", frames, truth["fps"], QUALITY)
        (self.out / f"{clip.name}.truth.json").write_text(json.dumps(truth, indent=1) + "\n")


def make_walk(seed: int, out: Path, samples: int, threads: int) -> int:
    """Films the walk of a seed into out, each clip with its truth; returns how many clips it has."""
    out.mkdir(parents=True, exist_ok=True)
    plan, made = draw(seed), 0
    for light in LIGHTS:
        shooting = Shooting(plan, light, out, samples, threads)
        shooting.walk()
        for clip in clips_of(plan):
            if clip.light == light:
                seen = shooting.film(clip)
                made += seen
                print(f"{clip.name}: {'filmed' if seen else 'cannot be seen'}", flush=True)
        shooting.work.rmdir()
    return made
