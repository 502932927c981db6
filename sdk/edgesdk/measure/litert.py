# SPDX-License-Identifier: Apache-2.0
"""Custom operators in stock LiteRT on this machine: does the delegate compute them exactly?"""

from __future__ import annotations

import importlib
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from edgesdk.compile.delegate import build_delegate, custom_nodes
from edgesdk.errors import BUILD_FAILED, TOOL_MISSING, EdgeError
from edgesdk.measure.results import Divergence, Verify
from edgesdk.measure.verify import Inputs, Progress
from edgesdk.model.graph import Array, Graph, Node
from edgesdk.ops.registry import find_operator
from edgesdk.rewrite.load import load_model
from edgesdk.text import printable

BOARD = "host-litert"
"""What `--board` calls it."""
_RUNTIMES = ("ai_edge_litert.interpreter", "tflite_runtime.interpreter", "tensorflow.lite.python.interpreter")


def verify_litert(model: Path, inputs: Inputs, progress: Progress | None = None) -> Verify:
    """Runs a model in LiteRT with its delegate, and compares what every custom operator made with the reference.

    Builtin operators are LiteRT's own, so a custom operator is compared on the inputs that LiteRT gave it.

    Raises:
        EdgeError: of the model and the data; OP_UNSUPPORTED without custom operators; TOOL_MISSING, BUILD_FAILED.
    """
    graph = load_model(model)
    cases = inputs.cases(graph)
    nodes = custom_nodes(graph)
    compared = mismatched = 0
    first: Divergence | None = None
    with tempfile.TemporaryDirectory(prefix="edgesdk-") as folder:
        interpreter = _interpreter(model, build_delegate(graph, Path(folder)))
        for number, case in enumerate(cases):
            for t, values in zip(graph.inputs, case, strict=True):
                interpreter.set_tensor(t, values)
            interpreter.invoke()
            for index, node in nodes.items():
                for t, want in zip(node.outputs, _wanted(graph, node, interpreter.get_tensor), strict=True):
                    got = interpreter.get_tensor(t)
                    compared += 1
                    mismatched += int((got != want).sum())
                    if first is None and (got != want).any():
                        first = _divergence(graph, number, index, t, want, got)
            if progress:
                progress("verify", number + 1, len(cases))
    return Verify(
        board=BOARD,
        emulated=False,
        model=model.name,
        optimize="ram",
        input="resident",
        inputs=len(cases),
        tensors_compared=compared,
        mismatched_outputs=mismatched,
        first=first,
        seed=None if inputs.data else inputs.seed,
    )


def _interpreter(model: Path, delegate: Path) -> Any:
    """LiteRT's, or what else there is, with its reference kernels and every tensor kept."""
    for name in _RUNTIMES:
        try:
            runtime = importlib.import_module(name)
        except ImportError:
            continue
        try:
            interpreter = runtime.Interpreter(
                model_path=str(model),
                experimental_delegates=[runtime.load_delegate(str(delegate))],
                experimental_op_resolver_type=runtime.OpResolverType.BUILTIN_REF,
                experimental_preserve_all_tensors=True,
            )
            interpreter.allocate_tensors()
        except (RuntimeError, ValueError) as error:
            raise EdgeError(BUILD_FAILED, "LiteRT does not take the delegate", why=printable(str(error))) from None
        return interpreter
    raise EdgeError(TOOL_MISSING, "there is no LiteRT on this machine", tries=("pip install 'edgesdk[litert]'",))


def _wanted(graph: Graph, node: Node, tensor: Callable[[int], Array]) -> tuple[Array, ...]:
    operands = [
        None if t < 0 else graph.tensors[t].data if graph.tensors[t].constant else tensor(t) for t in node.inputs
    ]
    return find_operator(node.op).reference(graph, node, operands)


def _divergence(graph: Graph, number: int, index: int, t: int, want: Array, got: Array) -> Divergence:
    expected, found = (f"{zlib.crc32(np.ascontiguousarray(x).tobytes()):08x}" for x in (want, got))
    return Divergence(number, index, graph.nodes[index].op, graph.tensors[t].name, -1, expected, found)
