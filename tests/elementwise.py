# SPDX-License-Identifier: Apache-2.0
"""What the tests of element-wise operators share: quantizations, shapes, graphs, comparisons."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import Phase, assume, settings
from hypothesis import strategies as st

from edgesdk.compile.simulation import compile_simulation
from edgesdk.errors import OP_OPTIONS, EdgeError
from edgesdk.kernels.base import Overlap
from edgesdk.kernels.palette import choose_kernel
from edgesdk.model.graph import Array, DType, Graph, Node, Shape, Tensor
from edgesdk.model.plan import Buffer, Plan
from edgesdk.ops import find_operator
from edgesdk.ops.reference import run_reference
from movement_graphs import merged
from oracle import run_oracle
from single_node import random_input, single_node_graph, tensor
from support import PALETTE, layer_by_layer

ALL_INT8 = np.arange(-128, 128, dtype=np.int8)
ACTIVATIONS = ("NONE", "RELU", "RELU6", "RELU_N1_TO_1")

BUNDLES = settings(max_examples=3, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
"""For tests that compile a bundle of graphs per example: few, and not shrunk, which would take minutes."""

Options = Callable[[str], Any]  # from the fused activation's name; for operators that have one


def scales(low: float = -9.0, high: float = 1.0) -> st.SearchStrategy[float]:
    """Positive scales from 2^low to 2^high, evenly by magnitude, and powers of two, where ties are common."""
    powers = st.integers(int(low), int(high)).map(lambda e: 2.0**e)
    return st.one_of(st.floats(low, high).map(lambda e: float(np.float32(2.0**e))), powers)


def zero_points(low: int = -128) -> st.SearchStrategy[int]:
    return st.one_of(st.sampled_from((low, low + 128, low + 255)), st.integers(low, low + 255))


def quantized(draw: st.DrawFn, shape: Sequence[int], dtype: DType = DType.INT8, data: Any = None) -> Tensor:
    """A tensor with a random scale and zero point."""
    low = -128 if dtype is DType.INT8 else 0
    return tensor(shape, scale=draw(scales()), zero_point=draw(zero_points(low)), dtype=dtype, data=data)


def operands(draw: st.DrawFn, *, largest: int = 7) -> tuple[Shape, Shape]:
    """Two shapes of rank 1 to 4 that broadcast, the smaller rank's leading axes left out."""
    output = draw(st.lists(st.integers(1, largest), min_size=1, max_size=4))
    shapes = [[n if draw(st.integers(0, 3)) else 1 for n in output] for _ in range(2)]
    short = draw(st.integers(0, 1))
    drop = draw(st.integers(0, len(output) - 1)) if draw(st.booleans()) else 0
    shapes[short] = shapes[short][drop:]
    return tuple(shapes[0]), tuple(shapes[1])


def broadcast(a: Shape, b: Shape) -> Shape:
    """numpy's rule, against which the operators' own is tested."""
    return tuple(np.broadcast_shapes(a, b))


def checked(graph: Graph) -> tuple[Graph, Node]:
    """A one-node graph after its operator's check."""
    (node,) = graph.nodes
    find_operator(node.op).check(graph, node)
    return graph, node


def reference(graph: Graph, inputs: Sequence[Array]) -> Array:
    """The output of a one-node graph, by the operator's reference."""
    graph, node = checked(graph)
    fed = dict(zip(graph.inputs, inputs, strict=True))
    values = [fed[t] if t in fed else graph.tensors[t].data for t in node.inputs]
    (result,) = find_operator(node.op).reference(graph, node, values)
    assert result.dtype == graph.tensor_out(node).dtype.value
    assert result.shape == graph.tensor_out(node).shape
    return result


def assert_equals_oracle(graph: Graph, inputs: Sequence[Array]) -> None:
    """The operator's reference and TFLite Micro's kernel agree on these inputs."""
    want = run_oracle(graph, inputs)[0]
    np.testing.assert_array_equal(reference(graph, inputs), want, err_msg=str(graph.nodes[0]))


def binary_graph(draw: st.DrawFn, op: str, options: Options | None, *, same: bool = False) -> Graph:
    """A two-input node: random broadcast and quantizations, either side constant, or one tensor twice.

    Args:
        same: whether all three tensors share one quantization.
    """
    shapes = operands(draw)
    kind = draw(st.sampled_from(("activations", "constant 0", "constant 1", "one tensor")))
    if kind == "one tensor":
        shapes = (shapes[0], shapes[0])
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    data = [random_input(rng, s) if kind == f"constant {k}" else None for k, s in enumerate(shapes)]
    a = quantized(draw, shapes[0], data=data[0])
    b = quantized(draw, shapes[1], data=data[1])
    out = quantized(draw, broadcast(*shapes))
    if same:
        b, out = (tensor(t.shape, scale=a.scale, zero_point=a.zero_point, data=t.data) for t in (b, out))
    if kind == "one tensor":
        b = a
    return single_node_graph(op, [a, b], [out], options and options(draw(st.sampled_from(ACTIVATIONS))))


def random_inputs(draw: st.DrawFn, graph: Graph) -> list[Array]:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    tensors = [graph.tensors[t] for t in graph.inputs]
    return [random_input(rng, t.shape, t.dtype) for t in tensors]


def all_pairs(op: str, a: Tensor, b: Tensor, out: Tensor, options: Any) -> tuple[Graph, list[Array]]:
    """A node over all 65,536 pairs of int8 inputs, by broadcast; the tensors give the quantizations."""
    shapes = ((256, 1), (1, 256), (256, 256))
    given = [tensor(s, scale=t.scale, zero_point=t.zero_point) for s, t in zip(shapes, (a, b, out), strict=True)]
    graph = single_node_graph(op, given[:2], given[2:], options)
    return graph, [ALL_INT8[:, None], ALL_INT8[None, :]]


def unary_graph(op: str, source: Tensor, target: Tensor, options: Any = None) -> Graph:
    return single_node_graph(op, [source], [target], options)


@st.composite
def binary_graphs(draw: st.DrawFn, op: str, options: Options | None, *, same: bool = False) -> Graph:
    """Graphs of `binary_graph` that the operator's check accepts."""
    graph = binary_graph(draw, op, options, same=same)
    try:
        checked(graph)
    except EdgeError as error:
        if error.kind is not OP_OPTIONS:
            raise
        assume(False)
    return graph


def assert_in_place(graphs: Sequence[Graph]) -> None:
    """Where the kernel allows any distance, its output may lie on any input of the same shape."""
    chosen, ports = [], []
    for graph in graphs:
        allowed = _overwritable(graph)
        if allowed:
            ports.append(allowed[len(chosen) % len(allowed)])
            chosen.append(graph)
    graph = merged(chosen)
    rng = np.random.default_rng(0)
    inputs = [random_input(rng, graph.tensors[t].shape, graph.tensors[t].dtype) for t in graph.inputs]
    want = run_reference(graph, inputs)
    with tempfile.TemporaryDirectory() as directory:
        plan = _in_place(layer_by_layer(graph), ports)
        (got,) = compile_simulation(plan, Path(directory), sanitize=True).run([inputs])
    for t, array in zip(graph.outputs, got.outputs, strict=True):
        np.testing.assert_array_equal(array, want[t], err_msg=str(graph.nodes[graph.producer[t]]))


def _overwritable(graph: Graph) -> list[int]:
    """The ports of a one-node graph that its output may lie on."""
    (node,) = graph.nodes
    kernel, shape = choose_kernel(graph, node, PALETTE), graph.tensor_out(node).rows_shape
    tensors = [graph.tensors[t] for t in node.inputs]
    return [
        k
        for k, t in enumerate(tensors)
        if not t.constant and t.rows_shape == shape and kernel.overlap(graph, node, k) == Overlap(0)
    ]


def _in_place(plan: Plan, ports: Sequence[int]) -> Plan:
    """The plan with a place of its own for each map, but that each node's output lies on its given input."""
    maps, end = dict(plan.maps), 0
    for t, m in plan.maps.items():
        if m.places:
            maps[t] = replace(
                m, places=tuple(Buffer("ram", end + r * m.row_bytes, m.row_bytes, 0, 0) for r in range(m.rows))
            )
            end += -(-m.rows * m.row_bytes // 16) * 16
    for node, port in zip(plan.graph.nodes, ports, strict=True):
        maps[node.outputs[0]] = replace(maps[node.outputs[0]], places=maps[node.inputs[port]].places)
    return replace(plan, maps=maps, regions={"ram": end})
