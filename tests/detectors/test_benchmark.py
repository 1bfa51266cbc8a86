"""The benchmark command measures what it says; its figures are not judged here."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from lamplighter import app
from tests.detectors.fakes import write_clip


def test_bench_prints_the_documented_figures(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", seconds=6, fps=5)
    command = ["bench", "--clip", str(clip), "--rounds", "1", "--json"]
    result = CliRunner().invoke(app, command, env={"LAMPLIGHTER_FILES": str(tmp_path)}, catch_exceptions=False)
    document = json.loads(result.stdout)
    assert document["clip"]["seconds"] == 6.0
    assert document["settings"]["every_s"] == 2.0
    assert document["versions"]["torch"]
    seconds = document["seconds"]
    assert document["realtime_factor"] == round(6.0 / seconds["inspect"][0], 2) or seconds["inspect"][0] < 0.5
    assert min(document[k] for k in ("realtime_factor", "ratio_to_plain", "ratio_to_floor")) > 0
