# SPDX-License-Identifier: Apache-2.0
"""Runs a graph with TFLite Micro's own reference kernels: the pinned tflite-micro wheel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from edgesdk.model.graph import Array, Graph, Shape
from edgesdk.model.tflite.writer import write_model

ARENA_SLACK = 1 << 20


class OracleInterpreter:
    """A graph in TFLite Micro's interpreter, for many inputs. Skips the test where there is no wheel."""

    def __init__(self, graph: Graph) -> None:
        runtime: Any = pytest.importorskip(
            "tflite_micro.python.tflite_micro.runtime", reason="the tflite-micro wheel is Linux x86-64 only"
        )
        data = write_model(graph)
        activations = sum(t.bytes for t in graph.tensors.values() if not t.constant)
        arena = ARENA_SLACK + 10 * len(data) + 10 * activations  # int32 scratch maps included
        self._interpreter = runtime.Interpreter.from_bytes(data, arena_size=arena)
        # A rank 0 tensor comes back as a vector of one: shapes are the graph's.
        self._inputs: list[Shape] = [graph.tensors[t].shape for t in graph.inputs]
        self._outputs: list[Shape] = [graph.tensors[t].shape for t in graph.outputs]

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        """One inference.

        Args:
            inputs: in signature order, in the graph's shapes and types.
        """
        for k, (array, shape) in enumerate(zip(inputs, self._inputs, strict=True)):
            self._interpreter.set_input(np.ascontiguousarray(array).reshape(shape), k)
        self._interpreter.invoke()
        return [np.array(self._interpreter.get_output(k)).reshape(s) for k, s in enumerate(self._outputs)]


def run_oracle(graph: Graph, inputs: Sequence[Array]) -> list[Array]:
    """The graph's outputs for one inference, in signature order."""
    return OracleInterpreter(graph).run(inputs)
