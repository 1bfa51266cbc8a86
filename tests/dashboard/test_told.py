"""What the lower floors write reaches every reader: each of their lines is known by its wording, and none is stale."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.language import speaking
from dashboard.told import told, told_actor, told_name
from dashboard.wordings import ALL, SYSTEM_FAULTS
from detectors.catalogue.entries import table
from tests.dashboard.conftest import ROOT
from workorders.actors import camera_actor
from workorders.play.crew import CREW
from workorders.play.stage import NAME

COMMANDS = {"load.py", "samples.py", "console.py", "evaluation.py", "confirmation.py"}
OFF_THE_PAGE = ("training", "bench", "demo", "migrations")
"""Modules and folders that only the command line runs: it speaks English."""
SAYING = (
    "detectors/inspectors", "detectors/pipeline.py", "workorders/jobs", "workorders/watch.py", "workorders/keeping.py",
    "workorders/inspection.py", "workorders/orders/circuits.py", "workorders/orders/verification.py",
    "workorders/orders/intake.py", "workorders/orders/by_hand.py", "workorders/orders/tending.py", "workorders/play",
    "workorders/queries/order.py",
)  # fmt: skip
"""Modules whose sentences stand on pages: reasons of a camera, progress of jobs, notes in the log."""
UNSEEN = {"Guided play", "every frame is shown"}
"""A name, and why the detector is asked, which is measured and not shown."""


def wording(node: ast.AST) -> str | None:
    """A text with numbers for what is filled in; None for what is no text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return None
    parts = [str(p.value) if isinstance(p, ast.Constant) else None for p in node.values]
    filled = iter(range(len(parts)))
    return "".join(f"{{{next(filled)}}}" if part is None else part for part in parts)


def modules() -> Iterator[tuple[Path, ast.Module]]:
    """The modules of the lower floors that a page may hear from."""
    for floor in ("detectors", "workorders"):
        for file in sorted((ROOT / floor).rglob("*.py")):
            on_command_line = file.name in COMMANDS or file.name.endswith(("command.py", "commands.py"))
            if not on_command_line and not set(file.relative_to(ROOT).parts) & set(OFF_THE_PAGE):
                yield file, ast.parse(file.read_text(encoding="utf-8"))


def raised() -> set[str]:
    """What errors say. A ValueError is a mistake in the code, which nobody is told on a page."""
    found = set()
    for _, tree in modules():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Raise) or not isinstance(node.exc, ast.Call) or not node.exc.args:
                continue
            if ast.unparse(node.exc.func) not in ("ValueError", "click.UsageError"):
                found.add(wording(node.exc.args[0]) or "")
    return found - {""}


def sentences() -> set[str]:
    """Texts of several words in the modules that speak, without docstrings, patterns and what goes to the log."""
    found = set()
    for file, tree in modules():
        if not str(file.relative_to(ROOT)).startswith(SAYING):
            continue
        silent = {id(inner) for node in ast.walk(tree) if _is_silent(node) for inner in ast.walk(node)}
        silent |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        found |= {
            text
            for node in ast.walk(tree)
            if id(node) not in silent and (text := wording(node)) and " " in text.strip()
        }
    return found - UNSEEN


def _is_silent(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return ast.unparse(node.func).startswith(("log.", "_log.", "re."))
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def test_every_error_is_known() -> None:
    assert len(raised()) > 120
    assert raised() - set(ALL) == set()


def test_every_note_is_known() -> None:
    assert len(sentences()) > 50
    assert sentences() - set(ALL) == set()


def test_no_wording_is_stale() -> None:
    """A wording that changed below no longer fits: this names it."""
    written = {text for _, tree in modules() for node in ast.walk(tree) if (text := wording(node))}
    written |= {known.about for known in table().known}
    assert set(ALL) - set(SYSTEM_FAULTS) - written == set()


@pytest.mark.parametrize(
    ("line", "chinese"),
    [
        pytest.param("There is no order 7.", "没有工单 7。", id="a refusal"),
        pytest.param(
            "Order 7 is on hold: it cannot close; it can resume, resolve.",
            "工单 7 处于“挂起”，不能关闭；可以：恢复处理、报告修复。",
            id="states and actions by their titles",
        ),
        pytest.param(
            "unreachable, next try in 30 s: cam/1: no answer within 10 s or not a video stream (Connection refused); "
            "check the address, the camera's power and its network.",
            "无法连接，30 秒后重试：cam/1：10 秒内无应答，或不是视频流（连接被拒绝）；请检查地址、摄像头电源和网络。",
            id="a line within a line within a line",
        ),
        pytest.param(
            'm.json: expected {"class of the model": "our class", …} in JSON.',
            'm.json：应为 JSON：{"模型的类别": "我们的类别", …}。',
            id="braces of its own",
        ),
        pytest.param("camera_blurred", "摄像头画面模糊", id="the code of an issue"),
        pytest.param("no longer seen by the camera", "摄像头不再观测到", id="a note of the system"),
        pytest.param("A person wrote this.", "A person wrote this.", id="anything else as it is"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_lines_of_lower_floors_are_said_anew(line: str, chinese: str) -> None:
    assert told(line) == line
    with speaking("zh_CN"):
        assert told(line) == chinese


def test_a_camera_that_acts_is_named_in_every_language() -> None:
    with speaking("zh_CN"):
        assert told_actor(camera_actor("pier-1").name) == "摄像头 pier-1"
        assert told_actor("Li Wei") == told_name("Li Wei") == "Li Wei"
        assert told_actor(CREW.name) == told_name(NAME) == "引导演示"
