# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pytest

from edgesdk.kernels.palette import choose_kernel
from edgesdk.model.tflite.pool_2d import Pool2DOptions
from movement_checks import inputs_of
from movement_graphs import completed
from single_node import tensor
from support import DSP, assert_c_equals_reference, layer_by_layer


@pytest.mark.parametrize(("width", "fast"), [(1, True), (5, True), (255, True), (256, False)])
def test_widths(width: int, fast: bool) -> None:
    """255 elements are the most that half a word holds the sum of."""
    source = tensor((2, 3, width, 7), scale=0.5, zero_point=3)
    graph = completed("AVERAGE_POOL_2D", [source], Pool2DOptions("VALID", 1, 1, 3, width))
    assert (choose_kernel(graph, graph.nodes[0], DSP).family == "dsp") is fast
    cases = [[np.full(source.shape, value, np.int8)] for value in (-128, 127)]
    assert_c_equals_reference(graph, [*cases, inputs_of(graph, 0)], plan=layer_by_layer(graph, DSP))
