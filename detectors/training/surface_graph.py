"""From a surface model's checkpoint to the ONNX graph that is published: no torch is needed to look with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

_SAMPLE = (1, 3, 224, 384)
_SMALL = 64  # numbers that are too few to halve


def write_graph(module: Any, target: Path) -> Path:
    """Write a semantic segmentation module of ultralytics as a graph that takes pictures of any size.

    Numbers are kept in half precision, as in published weights, and computed with in full.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".new")
    torch.onnx.export(
        module.float().eval(),
        (torch.zeros(_SAMPLE),),
        str(draft),
        input_names=["picture"],
        output_names=["surfaces"],
        dynamic_axes={name: {2: f"{name}_height", 3: f"{name}_width"} for name in ("picture", "surfaces")},
        dynamo=False,
    )
    graph = onnx.load(str(draft))
    _halve(graph.graph)
    onnx.save(graph, str(draft))
    draft.replace(target)
    return target


def _halve(graph: onnx.GraphProto) -> None:
    """Keep a graph's large constants in half precision, widened when it is read."""
    casts = []
    for constant in graph.initializer:
        numbers = numpy_helper.to_array(constant)
        if constant.data_type != TensorProto.FLOAT or numbers.size < _SMALL:
            continue
        name, kept = constant.name, f"{constant.name}.half"
        constant.CopyFrom(numpy_helper.from_array(numbers.astype(np.float16), kept))
        casts.append(helper.make_node("Cast", [kept], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
