"""Renders who walks there, frame by frame, each in a window of the whole scene: light and shadow are right."""

from pathlib import Path

import cv2
import numpy as np

from sample_media.walk.camera import outline, projection, render
from sample_media.walk.film import Step
from sample_media.walk.people import Figure
from sample_media.walk.plan import HEIGHT, WIDTH
from sample_media.walk.reach import PASSING, points_of, window_round
from sample_media.walk.schedule import FPS, SECONDS, Walker
from sample_media.walk.stage import Stage

FINE = 3  # outlines are drawn so many times finer than the picture


def steps_of(stage: Stage, walker: Walker, samples: int, work: Path) -> dict[int, Step]:
    """Returns the frames of a clip in which a walker is in the picture."""
    figure, found, usual = Figure(stage, walker), {}, stage.scene.cycles.samples
    stage.scene.cycles.samples = samples
    matrix = projection(stage)
    for n in range(round(SECONDS * FPS)):
        if not figure.stand(n / FPS):
            continue
        points = points_of([figure.thing])
        window = window_round(stage, points, 6, PASSING)
        body = cv2.resize(
            outline(figure.thing, matrix, FINE).astype(np.float32), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA
        )
        if window is None or body.max() < 0.5:
            continue
        x0, y0, x1, y1 = window
        picture = render(stage, work / "step.png", window)
        mask = cv2.GaussianBlur(body, (0, 0), 0.5)[y0:y1, x0:x1]
        middle = points.mean(0) @ matrix.T
        found[n] = Step(window, picture.astype(np.float16), mask.astype(np.float16), float(middle[3]))
    stage.scene.cycles.samples = usual
    figure.thing.hide_render = True
    return found
