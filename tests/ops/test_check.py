# SPDX-License-Identifier: Apache-2.0
"""A whole graph against its operators."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edgesdk.errors import MODEL_INVALID, MODEL_TYPE, OP_UNSUPPORTED, EdgeError, ErrorKind
from edgesdk.model.graph import DType, Graph
from edgesdk.ops.check import check_graph
from single_node import single_node_graph, tensor


def refused(graph: Graph, kind: ErrorKind) -> EdgeError:
    with pytest.raises(EdgeError) as caught:
        check_graph(graph)
    assert caught.value.kind is kind
    return caught.value


def relu(shape: tuple[int, ...] = (1, 4, 4, 2), dtype: DType = DType.INT8) -> Graph:
    return single_node_graph("RELU", [tensor((1, 4, 4, 2))], [tensor(shape, dtype=dtype, name="out\n")])


def test_a_sound_graph() -> None:
    check_graph(relu())


def test_an_operator_nobody_has_is_named_with_layer_and_shape() -> None:
    graph = relu()
    error = refused(replace(graph, nodes=(replace(graph.nodes[0], op="DIV"),)), OP_UNSUPPORTED)
    assert error.what == "operator DIV is not supported"
    assert error.where == r"layer 0 (DIV), tensor 'out\n'"
    assert "[1, 4, 4, 2]" in error.why


def test_a_shape_that_the_operator_does_not_make() -> None:
    error = refused(relu(shape=(1, 4, 4, 3)), MODEL_INVALID)
    assert "[1, 4, 4, 2]" in error.what
    assert "[1, 4, 4, 3]" in error.what


def test_what_the_operator_refuses_gets_its_layer() -> None:
    assert refused(relu(dtype=DType.INT16), MODEL_TYPE).where.startswith("layer 0 (RELU)")


def test_an_order_that_cannot_run() -> None:
    graph = relu()
    refused(replace(graph, inputs=()), MODEL_INVALID)
