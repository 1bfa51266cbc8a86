"""The three floors: imports run downwards only, and what a floor may not know it does not import."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {"detectors": 0, "workorders": 1, "dashboard": 2, "lamplighter": 3}
NOT_HERE = {
    "detectors": {"sqlalchemy", "alembic", "streamlit", "plotly"},
    "workorders": {"streamlit", "plotly"},
    "dashboard": {"torch", "torchvision", "ultralytics", "cv2", "av", "sqlalchemy", "onnxruntime", "openvino"},
}
MAX_LINES = 350


def modules(floor: str) -> list[Path]:
    return sorted((ROOT / floor).rglob("*.py"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("floor", ["detectors", "workorders", "dashboard"])
def test_imports_run_downwards_only(floor: str) -> None:
    assert modules(floor), f"no modules in {floor}"
    for path in modules(floor):
        upwards = {name for name in imported(path) if FLOORS.get(name, -1) > FLOORS[floor]}
        assert not upwards, f"{path.relative_to(ROOT)} imports {upwards}"


@pytest.mark.parametrize("floor", list(NOT_HERE))
def test_a_floor_does_not_know_what_is_not_its_business(floor: str) -> None:
    for path in modules(floor):
        foreign = imported(path) & NOT_HERE[floor]
        assert not foreign, f"{path.relative_to(ROOT)} imports {foreign}"


def test_nothing_at_run_time_needs_the_studio() -> None:
    for floor in ("detectors", "workorders", "dashboard"):
        for path in modules(floor):
            assert "bpy" not in imported(path), path


def test_no_module_is_too_long_to_hold_in_mind() -> None:
    long = [
        f"{p.relative_to(ROOT)}: {n}"
        for folder in ("detectors", "workorders", "dashboard", "tests", "sample_media")
        for p in modules(folder)
        if (n := len(p.read_text(encoding="utf-8").splitlines())) > MAX_LINES
    ]
    assert not long, long
