"""Work that needs torch, in a process of its own: what it loads would fill a worker's memory as long as it lives."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from detectors.catalogue.entries import ResolvedModel
from detectors.errors import ModelError


def prepare(model: ResolvedModel, graph: Path) -> tuple[dict[str, Any], list[str]]:
    """Export a model and check the export, elsewhere.

    Returns:
        The fields of the check's verdict, and what was said meanwhile.

    Raises:
        ModelError: the model cannot be read or exported.
    """
    command = [sys.executable, "-m", "detectors.backends.preparing"]
    ended = subprocess.run(command, input=pickle.dumps((model, graph)), capture_output=True, check=False)
    lines = ended.stdout.decode("utf-8", "replace").splitlines()
    if ended.returncode or not lines:
        raise ModelError(f"{model.path}: cannot be exported to ONNX (its process ended with {ended.returncode}).")
    told = json.loads(lines[-1])  # exporters chatter before it
    if "error" in told:
        raise ModelError(told["error"])
    return told["verdict"], told["said"]


def main() -> None:
    """Entry point of that process: the model and the graph's path come on standard input, and the outcome goes out."""
    from detectors.backends.exporting import check, export

    model, graph = pickle.load(sys.stdin.buffer)
    said: list[str] = []
    try:
        export(model, graph)
        told: dict[str, Any] = {"verdict": asdict(check(model, graph, said.append)), "said": said}
    except (ModelError, OSError) as error:
        told = {"error": str(error)}
    sys.stdout.write(f"\n{json.dumps(told)}\n")


if __name__ == "__main__":
    main()
