"""The command line as a user types it: exit status, one line for every mistake, JSON and nothing else."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import pytest
from click.testing import CliRunner, Result

from detectors.errors import LamplighterError
from detectors.values import Image
from lamplighter import app, main
from tests.detectors.fakes import noise, scenery, write_clip

ROOT = Path(__file__).resolve().parent.parent
NOT_AT_START = {
    "torch", "torchvision", "ultralytics",  # exported models need none of them
    "scipy", "pandas", "matplotlib", "sympy", "polars",  # what ultralytics brings
    "streamlit", "plotly", "alembic",  # pages and the database
}  # fmt: skip
CLIPS = ROOT / "sample_media" / "clips"
NIGHT = CLIPS / "riverside_night_light_fails.mp4"


def run(*arguments: str, home: Path, timeout: float = 240) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "LAMPLIGHTER_FILES": str(home),
        "LAMPLIGHTER_DATABASE_URL": f"sqlite:///{home}/site.db",
    }
    command = [sys.executable, "-m", "lamplighter", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=timeout, check=False
    )


def loaded_by(*arguments: str, home: Path) -> set[str]:
    """Packages that a command loads in its own process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPROFILEIMPORTTIME", "1")
        result = run(*arguments, home=home)
    assert result.returncode == 0, result.stderr
    loaded = {line.rpartition("|")[2].strip().split(".")[0] for line in result.stderr.splitlines()}
    assert "detectors" in loaded, "Python names what it imports"
    return loaded


@pytest.fixture(scope="module")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    """A new site, and the packages that its first command loads, while the detector is exported."""
    home = tmp_path_factory.mktemp("home")
    return home, loaded_by("inspect", str(NIGHT), "--no-save", "--every", "3600", home=home)


@pytest.fixture(scope="module")
def home(first_start: tuple[Path, set[str]]) -> Path:
    """A site that all tests of this module share, so that the detector is exported once."""
    return first_start[0]


def one_line(stderr: str) -> str:
    lines = [line for line in stderr.splitlines() if not line.startswith("lamplighter: Preparing")]
    assert "Traceback" not in stderr
    assert len(lines) == 1, stderr
    return lines[0]


Ended = tuple[int | str | None, str, str]
"""Exit status, what went to standard output, and to standard error."""


@pytest.fixture
def run_here(home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Runs the entry point in this process, where it need not be loaded anew."""

    def ran(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["lamplighter", *arguments])
        monkeypatch.setenv("LAMPLIGHTER_FILES", str(home))
        monkeypatch.setenv("LAMPLIGHTER_DATABASE_URL", f"sqlite:///{home}/site.db")
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, *capfd.readouterr()

    return ran


@pytest.fixture
def refused(run_here: Callable[..., Ended]) -> Callable[..., str]:
    """Runs the entry point; the one line it ends with."""

    def run_refused(*arguments: str, status: int) -> str:
        ended, out, said = run_here(*arguments)
        assert ended == status
        assert out == ""
        return one_line(said)

    return run_refused


def test_a_clip_of_a_failing_lamp_gives_the_documented_json_and_an_order(home: Path) -> None:
    result = run("inspect", str(NIGHT), "--json", home=home)
    assert result.returncode == 0, result.stderr
    document = json.loads(result.stdout)
    assert set(document) == {"source", "frames", "video_seconds", "wall_seconds", "findings"}
    (finding,) = document["findings"]
    assert (finding["issue"], finding["asset_id"], finding["camera"]) == ("light_out", "L-0702", "riverside-07")
    assert finding["start_s"] == pytest.approx(6.0, abs=1.5)
    with sqlite3.connect(home / "site.db") as database:
        assert database.execute("select count(*) from work_order").fetchone() == (1,)


def test_the_same_clip_again_raises_no_second_order(home: Path) -> None:
    assert call(home, "inspect", str(NIGHT)).exit_code == 0
    with sqlite3.connect(home / "site.db") as database:
        assert database.execute("select count(*) from work_order").fetchone() == (1,)


def test_no_save_keeps_nothing(tmp_path: Path, home: Path) -> None:
    (tmp_path / "models").symlink_to(home / "models")
    result = run("inspect", str(NIGHT), "--no-save", "--out", str(tmp_path / "films"), home=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "light_out" in result.stdout
    assert not (tmp_path / "site.db").exists()
    assert [p.name for p in (tmp_path / "films").iterdir()] == ["riverside_night_light_fails.annotated.mp4"]


@pytest.mark.parametrize(
    "known", [pytest.param(True, id="a view that is known"), pytest.param(False, id="a view to be registered")]
)
def test_a_start_loads_nothing_that_the_first_look_does_not_need(home: Path, tmp_path: Path, known: bool) -> None:
    clip = NIGHT if known else write_clip(tmp_path / "clip.mp4", 4, picture=lambda t: noise(scenery(), int(t * 10)))
    assert not loaded_by("inspect", str(clip), "--no-save", "--every", "3600", home=home) & NOT_AT_START


def test_exporting_the_detector_leaves_nothing_of_torch_behind(first_start: tuple[Path, set[str]]) -> None:
    assert not first_start[1] & NOT_AT_START


def _cut(folder: Path) -> Path:
    def picture(t: float) -> Image:
        return noise(scenery(), int(t * 10), 25)

    whole = write_clip(folder / "whole.mp4", 8, picture=picture).read_bytes()
    (folder / "cut.mp4").write_bytes(whole[: len(whole) // 2])
    return folder / "cut.mp4"


def _folder(folder: Path) -> Path:
    (folder / "pictures").mkdir()
    for i in range(4):
        cv2.imwrite(str(folder / "pictures" / f"{i}.png"), noise(scenery(), i))
    (folder / "pictures" / "2.png").write_bytes(b"broken")
    return folder / "pictures"


def _text(folder: Path) -> Path:
    (folder / "text.mp4").write_text("hello")
    return folder / "text.mp4"


def _empty(folder: Path) -> Path:
    (folder / "empty.mp4").touch()
    return folder / "empty.mp4"


@pytest.mark.parametrize(
    ("make", "says", "looks"),
    [
        pytest.param(lambda f: f / "none.mp4", "no such file", 0, id="missing"),
        pytest.param(_empty, "empty", 0, id="empty"),
        pytest.param(_text, "not a video", 0, id="text named mp4"),
        pytest.param(_cut, "ends early", 4, id="truncated: what came before is kept"),
        pytest.param(_folder, "1 of 4 pictures could not be read", 3, id="one broken picture"),
        pytest.param(lambda f: "rtsp://127.0.0.1:9/none", "no answer", 0, id="a stream that does not answer"),
    ],
)
def test_bad_sources(  # type: ignore[no-untyped-def]
    tmp_path: Path, run_here: Callable[..., Ended], make, says: str, looks: int
) -> None:
    status, out, said = run_here("inspect", str(make(tmp_path)), "--json")
    assert status == 1
    assert says in one_line(said)
    if looks:
        assert json.loads(out)["frames"] == looks
    else:
        assert out == ""


@pytest.mark.parametrize(
    ("arguments", "says", "status"),
    [
        pytest.param(["inspect", str(NIGHT), "--camera", "nobody"], "no camera 'nobody'", 1, id="unknown camera"),
        pytest.param(["inspect", str(NIGHT), "--every", "0"], "--every 0", 1, id="no interval"),
        pytest.param(["inspect", str(NIGHT), "--every", "soon"], "not a valid float", 2, id="interval no number"),
        pytest.param(["inspect"], "Missing argument", 2, id="no source"),
        pytest.param(["inspekt"], "No such command", 2, id="misspelt command"),
        pytest.param(["inspect", str(NIGHT), "--weights", "none.pt"], "none.pt", 1, id="no such model"),
        pytest.param(["inspect", str(NIGHT), "--db", "mysql://x/y"], "not supported", 1, id="another database"),
        pytest.param(["evaluate", "/nowhere"], "no such folder", 1, id="nothing to evaluate"),
        pytest.param(["evaluate-detector", "/nowhere.yaml"], "nowhere.yaml", 1, id="no data file"),
        pytest.param(["dashboard", "--port", "99999"], "between 1 and 65535", 1, id="no such port"),
        pytest.param(["discover", "/nowhere.mp4"], "no such file", 1, id="nothing to discover"),
    ],
)
def test_mistakes_give_one_line(refused: Callable[..., str], arguments: list[str], says: str, status: int) -> None:
    assert says in refused(*arguments, status=status)


def test_a_port_in_use_is_named(refused: Callable[..., str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert f"Port {port} is in use" in refused("demo", "--port", str(port), "--no-browser", status=1)


def test_a_database_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path, home: Path) -> None:
    (tmp_path / "models").symlink_to(home / "models")
    call(tmp_path, "inspect", str(_folder(tmp_path)))
    with sqlite3.connect(tmp_path / "site.db") as database:
        database.execute("update alembic_version set version_num = 'from-the-future'")
    result = run("inspect", str(NIGHT), home=tmp_path)
    assert result.returncode == 1
    assert "newer" in one_line(result.stderr)
    with sqlite3.connect(tmp_path / "site.db") as database:
        assert database.execute("select version_num from alembic_version").fetchall() == [("from-the-future",)]
        assert database.execute("select count(*) from work_order").fetchone() == (0,)


@pytest.mark.parametrize(
    "command", ["inspect", "evaluate", "evaluate-detector", "discover", "models", "worker", "demo"]
)
def test_every_command_has_help(command: str) -> None:
    result = CliRunner().invoke(app, [command, "--help"])
    assert result.exit_code == 0
    assert command in result.output


def call(home: Path, *arguments: str) -> Result:
    environment = {"LAMPLIGHTER_FILES": str(home), "LAMPLIGHTER_DATABASE_URL": f"sqlite:///{home}/site.db"}
    return CliRunner().invoke(app, list(arguments), env=environment)


REGISTER = "UNITREF,type,lat,lon\nSL-1,street_lamp,31.1,121.4\nSL-2,street_lamp,31.2,121.4\n"


def test_a_register_is_tried_imported_and_exported(tmp_path: Path) -> None:
    (tmp_path / "lamps.csv").write_text(REGISTER)
    command = ["assets", "import", str(tmp_path / "lamps.csv"), "--map", "external_ref=UNITREF"]
    assert "Nothing was changed. 2 rows: 2 new" in call(tmp_path, *command, "--dry-run").output
    assert "Imported 2 rows: 2 new" in call(tmp_path, *command).output
    assert "2 as they were" in call(tmp_path, *command).output
    assert call(tmp_path, "assets", "export", str(tmp_path / "out.csv")).exit_code == 0
    assert (tmp_path / "out.csv").read_text(encoding="utf-8-sig").count("SL-") >= 2


def test_a_register_with_one_wrong_row_is_not_imported(tmp_path: Path) -> None:
    (tmp_path / "lamps.csv").write_text(REGISTER + "SL-3,dragon,31.3,121.4\n")
    result = call(tmp_path, "assets", "import", str(tmp_path / "lamps.csv"), "--map", "external_ref=UNITREF")
    assert "row 4" in result.output
    assert "Nothing was imported" in result.output
    call(tmp_path, "assets", "export", str(tmp_path / "out.csv"))
    assert "SL-" not in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".geojson", ".json"])
def test_orders_are_exported_in_every_form(tmp_path: Path, suffix: str) -> None:
    target = tmp_path / "new" / f"orders{suffix}"
    assert call(tmp_path, "orders", "export", str(target)).exit_code == 0
    assert target.stat().st_size > 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["orders", "export", "orders.pdf"], "ends in .csv", id="no such form"),
        pytest.param(["assets", "import", "none.csv"], "cannot be read", id="no such file"),
        pytest.param(["assets", "import", "none.csv", "--map", "kind"], "FIELD=COLUMN", id="half a mapping"),
        pytest.param(["train", "--data", "none", "--out", "run"], "no such folder", id="nothing to train on"),
        pytest.param(
            ["train", "--data", "none", "--out", "run", "--surfaces", "--teacher", "coco.pt"],
            "leave them out",
            id="a teacher for the surface model",
        ),
        pytest.param(
            ["train", "--data", "none", "--out", "run", "--surfaces", "--small"],
            "leave them out",
            id="a small surface model",
        ),
        pytest.param(["train-judge", "--stills", "none", "--out", "run"], "cannot be read", id="no stills for a judge"),
        pytest.param(
            ["train-judge", "--stills", "none", "--out", "run", "--start", "none.pt"],
            "no such checkpoint",
            id="no detector for a judge to begin with",
        ),
    ],
)
def test_mistakes_with_tables_and_training(tmp_path: Path, arguments: list[str], says: str) -> None:
    result = call(tmp_path, *arguments)
    assert isinstance(result.exception, LamplighterError)
    assert says in str(result.exception)
