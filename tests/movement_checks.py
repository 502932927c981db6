# SPDX-License-Identifier: Apache-2.0
"""Compares one-node graphs with TFLite Micro, and their C kernels with the operators' references."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from edgesdk.compile.simulation import compile_simulation
from edgesdk.errors import EdgeError, ErrorKind
from edgesdk.kernels.palette import Palette
from edgesdk.model.graph import Array, Graph, Node, Tensor
from edgesdk.model.plan import Buffer, MapKind, Plan
from edgesdk.ops import find_operator
from edgesdk.ops.reference import run_reference
from movement_graphs import merged
from oracle import run_oracle
from single_node import random_input
from support import PALETTE, assert_c_equals_reference, layer_by_layer


def inputs_of(graph: Graph, seed: int) -> list[Array]:
    """Random inputs in signature order."""
    rng = np.random.default_rng(seed)
    return [random_input(rng, graph.tensors[t].shape, graph.tensors[t].dtype) for t in graph.inputs]


def assert_equals_oracle(graph: Graph) -> None:
    """The reference equals TFLite Micro on this graph."""
    for seed in range(2):
        inputs = inputs_of(graph, seed)
        want = run_reference(graph, inputs)
        for t, got in zip(graph.outputs, run_oracle(graph, inputs), strict=True):
            np.testing.assert_array_equal(want[t], got)


def assert_refused(graph: Graph, kind: ErrorKind) -> None:
    """The operator's check refuses the graph's only node with this kind of error."""
    node = graph.nodes[0]
    with pytest.raises(EdgeError) as error:
        find_operator(node.op).check(graph, node)
    assert error.value.kind is kind


def assert_kernels(graphs: Sequence[Graph], palette: Palette = PALETTE) -> None:
    """The C kernels of these graphs equal the references, on dense rows and on rows with a pitch."""
    graph = merged(graphs)
    plan = layer_by_layer(graph, palette)
    assert_c_equals_reference(graph, [inputs_of(graph, seed) for seed in range(2)], plan=plan)
    _assert_pitched(graph, palette)


def _assert_pitched(graph: Graph, palette: Palette) -> None:
    framed = _between_copies(graph)
    inputs = inputs_of(framed, 0)
    want = run_reference(framed, inputs)
    extra = 3 + sum(t.elements for t in graph.tensors.values()) % 2  # both with and without word alignment
    plan = _widened(layer_by_layer(framed, palette), extra)
    with tempfile.TemporaryDirectory() as directory:
        simulation = compile_simulation(plan, Path(directory), sanitize=True)
        data = b"".join(x.tobytes() for x in inputs)
        done = subprocess.run([simulation.executable], input=data, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode(errors="replace")
        expected = b"".join(np.ascontiguousarray(want[t]).tobytes() for t in framed.outputs)
        assert done.stdout[: len(expected)] == expected


def _between_copies(graph: Graph) -> Graph:
    """The graph with a RELU before each input and behind each output, so that its own maps are inner ones."""
    tensors = dict(graph.tensors)

    def added(like: Tensor) -> int:
        index = len(tensors)
        tensors[index] = replace(like, index=index)
        return index

    inputs = [added(graph.tensors[t]) for t in graph.inputs]
    outputs = [added(graph.tensors[t]) for t in graph.outputs]
    before = [Node("RELU", (new,), (t,), None, ()) for new, t in zip(inputs, graph.inputs, strict=True)]
    behind = [Node("RELU", (t,), (new,), None, ()) for new, t in zip(outputs, graph.outputs, strict=True)]
    nodes = (*before, *graph.nodes, *behind)
    return replace(graph, tensors=tensors, nodes=nodes, inputs=tuple(inputs), outputs=tuple(outputs))


def _widened(plan: Plan, extra: int) -> Plan:
    """The plan with every inner map's pixels `extra` bytes further apart, and no buffer shared."""
    graph = plan.graph
    end = 0

    def placed(bytes_: int) -> Buffer:
        nonlocal end
        buffer = Buffer("ram", end, -(-bytes_ // 16) * 16, 0, 0)
        end += buffer.bytes
        return buffer

    maps = {}
    for t, m in plan.maps.items():
        if m.kind is not MapKind.CONSTANT:
            wide = 0 if t in (*graph.inputs, *graph.outputs) else extra
            _, width, channels = graph.tensors[t].rows_shape
            pitch = channels + wide
            whole = placed(m.rows * width * pitch)
            rows = tuple(replace(whole, offset=whole.offset + r * width * pitch) for r in range(m.rows))
            m = replace(m, pitch=pitch, row_bytes=width * pitch, places=rows)
        maps[t] = m
    steps = tuple(
        replace(
            s,
            scratch=placed(s.scratch.bytes) if s.scratch else None,
            state=placed(s.state.bytes) if s.state else None,
        )
        for s in plan.steps
    )
    return replace(plan, maps=maps, steps=steps, regions={"ram": end})
