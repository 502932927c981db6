# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from hypothesis import given, settings

from edgesdk.errors import MODEL_INVALID, OP_OPTIONS, ErrorKind
from edgesdk.model.graph import Graph
from edgesdk.model.tflite.strided_slice import StridedSliceOptions
from movement_checks import assert_equals_oracle, assert_refused
from movement_graphs import integers, strided_slices
from single_node import single_node_graph, tensor


@settings(max_examples=150, deadline=None)
@given(strided_slices())
def test_equals_tflm(graph: Graph) -> None:
    assert_equals_oracle(graph)


@pytest.mark.parametrize(
    ("begin", "end", "strides", "options", "kind"),
    [
        ([0, 0], [3, 4], [1, 0], StridedSliceOptions(), MODEL_INVALID),
        ([0, 0], [3, 0], [1, 1], StridedSliceOptions(), MODEL_INVALID),  # empty
        ([3, 0], [4, 4], [1, 1], StridedSliceOptions(shrink_axis_mask=1), MODEL_INVALID),  # past the end
        ([1, 0], [0, 4], [-1, 1], StridedSliceOptions(shrink_axis_mask=1), MODEL_INVALID),
        ([0], [1], [1], StridedSliceOptions(), OP_OPTIONS),
        ([0, 0], [3, 4], [1, 1], StridedSliceOptions(ellipsis_mask=1), OP_OPTIONS),
        ([0, 0], [3, 4], [1, 1], StridedSliceOptions(new_axis_mask=2), OP_OPTIONS),
        ([0, 0], [3, 4], [1, 1], StridedSliceOptions(offset=True), OP_OPTIONS),
    ],
)
def test_refuses_other_slices(
    begin: list[int], end: list[int], strides: list[int], options: StridedSliceOptions, kind: ErrorKind
) -> None:
    operands = [tensor((3, 4)), integers(begin), integers(end), integers(strides)]
    assert_refused(single_node_graph("STRIDED_SLICE", operands, [tensor((3, 4))], options), kind)
