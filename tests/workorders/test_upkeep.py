"""The commands that keep a store in order, and the benchmark."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from detectors.errors import LamplighterError
from workorders.upkeep_commands import UPKEEP_COMMANDS


def run(arguments: list[str]) -> tuple[int, str]:
    command = next(c for c in UPKEEP_COMMANDS if c.name == arguments[0])
    result = CliRunner().invoke(command, arguments[1:], standalone_mode=False)
    if isinstance(result.exception, LamplighterError):
        return 1, str(result.exception)
    assert result.exception is None, result.exception
    return result.return_value, result.output


def test_upkeep_on_the_command_line(tmp_path: Path) -> None:
    db = f"sqlite:///{tmp_path}/site.db"
    code, said = run(["demo-site", "--db", db, "--assets", "60", "--months", "2"])
    assert (code, "60 assets" in said) == (0, True)
    assert run(["group-lights", "--db", db]) == (0, "0 groups were made.\n"), "the demo site names its circuits"
    code, said = run(["verdicts", str(tmp_path / "set"), "--db", db, "--json"])
    assert (code, json.loads(said)) == (0, {"labelled": 0, "false_alarms": 0, "missing": 0})
    assert (tmp_path / "set" / "data.yaml").is_file()
    (tmp_path / "file").write_text("in the way")
    assert "cannot be written" in run(["verdicts", str(tmp_path / "file" / "set"), "--db", db])[1]
    assert run(["demo-site", "--db", db])[1].startswith("The demo site needs an empty database")
    code, said = run(["evidence", "check", "--db", db, "--json"])
    assert (code, json.loads(said)) == (0, {"checked": 0, "missing": [], "changed": [], "orphaned": []})
    code, said = run(["evidence", "retain", "--db", db, "--days", "30", "--dry-run"])
    assert (code, said) == (
        0,
        "evidence: 0 files would be removed (0.0 MB); 0.0 MB kept.\n"
        "uploads and annotated videos: 0 files would be removed (0.0 MB); 0.0 MB kept.\n",
    )


def test_the_benchmark_measures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    from workorders import benchmark

    arguments = f"benchmark --db sqlite:///{tmp_path}/b.db --assets 300 --orders 40 --findings 5 --json".split()
    monkeypatch.setattr(sys, "argv", arguments)
    assert benchmark.main() == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["assets"] == 300
    assert figures["findings_a_second"] > 0
    assert benchmark.main() == 1, "a store that is not empty is refused"
