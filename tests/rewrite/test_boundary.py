# SPDX-License-Identifier: Apache-2.0
"""The rewritten graph computes what the file's graph computes, through the boundary."""

from __future__ import annotations

import numpy as np
import pytest

from edgesdk.errors import OP_OPTIONS, EdgeError
from edgesdk.measure.oracle import inward, outward
from edgesdk.model.graph import DType, Graph, Node, Quantization, Tensor
from edgesdk.model.plan import Options
from edgesdk.ops.check import check_graph
from edgesdk.ops.reference import run_reference
from edgesdk.rewrite.boundary import strip_boundary
from edgesdk.rewrite.fold_constants import fold_constants
from edgesdk.rewrite.pipeline import rewrite

Q = Quantization((0.0625,), (-3,))
SHAPE = (1, 2, 3, 4)


def tensors(*kinds: tuple[DType, Quantization | None]) -> dict[int, Tensor]:
    return {i: Tensor(i, f"t{i}", SHAPE, dtype, q) for i, (dtype, q) in enumerate(kinds)}


def chain(
    kinds: list[tuple[DType, Quantization | None]], ops: list[str], outputs: tuple[int, ...] | None = None
) -> Graph:
    nodes = tuple(Node(op, (i,), (i + 1,), None, (i,)) for i, op in enumerate(ops))
    graph = Graph("chain", 0, tensors(*kinds), nodes, (0,), outputs or (len(ops),))
    check_graph(graph)
    return graph


UINT8 = (DType.UINT8, Quantization((0.0625,), (125,)))
FLOAT = (DType.FLOAT32, None)
INT8 = (DType.INT8, Q)
WIDER = (DType.INT8, Quantization((0.125,), (5,)))


@pytest.mark.parametrize("outer", [UINT8, FLOAT])
def test_both_ends_go_and_the_values_stay(outer: tuple[DType, Quantization | None]) -> None:
    last = "DEQUANTIZE" if outer is FLOAT else "QUANTIZE"
    graph = chain([outer, INT8, INT8, outer], ["QUANTIZE", "RELU", last])
    stripped = strip_boundary(graph)
    assert [n.op for n in stripped.nodes] == ["RELU"]
    assert (stripped.inputs, stripped.outputs) == ((1,), (2,))
    x = np.random.default_rng(0).integers(-128, 128, SHAPE).astype(np.int8)
    source = outward(x, graph.tensors[0], graph.tensors[1])
    want = inward(run_reference(graph, [source])[3], graph.tensors[3], graph.tensors[2])
    np.testing.assert_array_equal(run_reference(stripped, [x])[2], want)


def test_float_io_keeps_the_ends() -> None:
    graph = chain([FLOAT, INT8, INT8, FLOAT], ["QUANTIZE", "RELU", "DEQUANTIZE"])
    assert [n.op for n in rewrite(graph, Options(float_io=True)).nodes] == ["QUANTIZE", "RELU", "DEQUANTIZE"]


def test_a_quantize_that_rescales_stays() -> None:
    graph = chain([UINT8, WIDER, WIDER], ["QUANTIZE", "RELU"])
    assert strip_boundary(graph).inputs == (0,)


def test_a_quantize_whose_result_is_an_output_stays() -> None:
    graph = chain([FLOAT, INT8, INT8], ["QUANTIZE", "RELU"], outputs=(1, 2))
    stripped = strip_boundary(graph)
    check_graph(stripped)
    assert [n.op for n in stripped.nodes] == ["QUANTIZE", "RELU"]


def test_a_lone_quantize_stays() -> None:
    graph = chain([FLOAT, INT8], ["QUANTIZE"])
    assert len(strip_boundary(graph).nodes) == 1


def test_an_output_that_is_a_constant_is_refused() -> None:
    graph = chain([INT8, INT8], ["RELU"])
    constant = Tensor(2, "c", SHAPE, DType.INT8, Q, np.zeros(SHAPE, np.int8))
    nodes = (*graph.nodes, Node("RELU", (2,), (3,), None, (1,)))
    added = {**graph.tensors, 2: constant, 3: Tensor(3, "d", SHAPE, DType.INT8, Q)}
    with pytest.raises(EdgeError) as caught:
        fold_constants(graph.with_nodes(nodes, tensors=added, outputs=(1, 3)))
    assert caught.value.kind is OP_OPTIONS
