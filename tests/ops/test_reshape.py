# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from edgesdk.errors import MODEL_INVALID, MODEL_TYPE, OP_OPTIONS
from edgesdk.model.graph import DType
from edgesdk.model.tflite.reshape import ReshapeOptions
from movement_checks import assert_equals_oracle, assert_refused
from movement_graphs import completed, integers
from single_node import single_node_graph, tensor


@pytest.mark.parametrize(
    ("shape", "wanted"),
    [((1, 4, 6), (2, 12)), ((2, 3, 4), (-1, 6)), ((24,), (1, 2, 3, 4)), ((1, 1), (1,)), ((1,), ())],
)
@pytest.mark.parametrize("operand", [True, False])
def test_equals_tflm(shape: tuple[int, ...], wanted: tuple[int, ...], operand: bool) -> None:
    inputs = [tensor(shape), integers(wanted)] if operand else [tensor(shape)]
    graph = completed("RESHAPE", inputs, ReshapeOptions(None if operand else wanted))
    assert graph.tensor_out(graph.nodes[0]).elements == graph.tensors[graph.inputs[0]].elements
    assert_equals_oracle(graph)


@pytest.mark.parametrize("wanted", [(5, 5), (-1, -1), (-2, 12), (-1, 0), (7, -1)])
def test_refuses_shapes_that_do_not_fit(wanted: tuple[int, ...]) -> None:
    graph = single_node_graph("RESHAPE", [tensor((2, 3, 4))], [tensor((24,))], ReshapeOptions(wanted))
    assert_refused(graph, MODEL_INVALID)


def test_refuses_what_it_cannot_know() -> None:
    graph = single_node_graph("RESHAPE", [tensor((4,))], [tensor((4,))], ReshapeOptions(None))
    assert_refused(graph, MODEL_INVALID)
    shape = tensor((1,), scale=None, dtype=DType.INT32)
    assert_refused(
        single_node_graph("RESHAPE", [tensor((4,)), shape], [tensor((4,))], ReshapeOptions(None)), OP_OPTIONS
    )
    other = tensor((4,), dtype=DType.UINT8)
    assert_refused(single_node_graph("RESHAPE", [tensor((4,))], [other], ReshapeOptions((4,))), MODEL_TYPE)
