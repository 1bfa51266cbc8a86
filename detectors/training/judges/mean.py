"""Joins judges of one kind into one graph that says the mean of what they say, for each errs in other places.

One that knows the first view of a thing alone is shown that view of crops of several.

python -m detectors.training.judges.mean FIRST.onnx SECOND.onnx ... --out damage.onnx
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import onnx
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from onnx import TensorProto, helper
from onnx.compose import add_prefix_graph

from detectors.errors import LamplighterError


def mean_of(graphs: Sequence[Path], target: Path) -> Path:
    """Write the mean of the answers (logits) of several judges of the same crops, as one graph.

    Raises:
        LamplighterError: fewer than two, one that is no judge's graph, or judges of crops of different sizes.
    """
    if len(graphs) < 2:
        raise LamplighterError("Name at least two graphs: the mean of one is itself.")
    models = sorted((_read(path) for path in graphs), key=lambda m: -_shape(m)[0])
    first = models[0].graph
    if len({_shape(m)[1:] for m in models}) > 1:
        raise LamplighterError("These judges look at crops of different sizes: they have no mean.")
    nodes, constants, answers = [], [], []
    for n, model in enumerate(models):
        part = add_prefix_graph(model.graph, f"m{n}_")
        seen = first.input[0].name
        if _shape(model) != _shape(models[0]):
            bounds = {f"m{n}_from": 0, f"m{n}_to": _shape(model)[0], f"m{n}_axis": 1}
            constants += [helper.make_tensor(name, TensorProto.INT64, [1], [at]) for name, at in bounds.items()]
            nodes.append(helper.make_node("Slice", [seen, *bounds], [f"m{n}_view"]))
            seen = f"m{n}_view"
        for node in part.node:
            for k, name in enumerate(node.input):
                node.input[k] = seen if name == part.input[0].name else name
        nodes += part.node
        constants += part.initializer
        answers.append(part.output[0].name)
    nodes.append(helper.make_node("Mean", answers, [first.output[0].name]))
    joined = helper.make_graph(nodes, "mean", first.input, first.output, constants)
    made = helper.make_model(joined, opset_imports=models[0].opset_import, ir_version=models[0].ir_version)
    onnx.checker.check_model(made)
    target.parent.mkdir(parents=True, exist_ok=True)
    onnx.save(made, str(target))
    return target


def _shape(model: onnx.ModelProto) -> tuple[int, int, int]:
    """Layers, height and width of the crops that a judge is shown."""
    _, layers, height, width = (dim.dim_value for dim in model.graph.input[0].type.tensor_type.shape.dim)
    return layers, height, width


def _read(path: Path) -> onnx.ModelProto:
    try:
        model = onnx.load(str(path))
    except (OSError, DecodeError) as error:
        raise LamplighterError(f"{path}: no graph that can be read.") from error
    if len(model.graph.input) != 1 or len(model.graph.output) != 1:
        raise LamplighterError(f"{path}: no judge's graph, which has one input and one output.")
    return model


def main() -> None:
    """Joins the graphs that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("graphs", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    mean_of(args.graphs, args.out)


if __name__ == "__main__":
    main()
