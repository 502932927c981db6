# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest

from edgesdk.errors import MODEL_INVALID, OP_OPTIONS
from edgesdk.model.graph import DType
from movement_checks import assert_equals_oracle, assert_refused
from movement_graphs import completed, integers
from single_node import single_node_graph, tensor


@pytest.mark.parametrize("axis", [0, 1, 2, 3, -1, -4])
def test_equals_tflm(axis: int) -> None:
    graph = completed("EXPAND_DIMS", [tensor((2, 3, 4)), integers([axis])], None)
    assert_equals_oracle(graph)


def test_refuses_other_axes() -> None:
    for given in ([4], [-5], [0, 1], []):
        graph = single_node_graph("EXPAND_DIMS", [tensor((2, 3, 4)), integers(given)], [tensor((1, 2, 3, 4))])
        assert_refused(graph, MODEL_INVALID)
    axis = tensor((1,), scale=None, dtype=DType.INT32)
    assert_refused(single_node_graph("EXPAND_DIMS", [tensor((2,)), axis], [tensor((1, 2))]), OP_OPTIONS)
