# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pytest

from edgesdk.kernels.palette import choose_kernel
from edgesdk.model.graph import Graph
from edgesdk.model.tflite.add import AddOptions
from edgesdk.model.tflite.sub import SubOptions
from movement_checks import assert_kernels
from single_node import single_node_graph, tensor
from support import DSP


def random_sum(rng: np.random.Generator, activation: str = "NONE") -> Graph:
    """Scales like those of residual additions."""
    shape = tuple(int(n) for n in rng.integers(1, 12, int(rng.integers(2, 5))))
    scales = 2.0 ** rng.uniform(-6, -4, 2)
    out = float(scales.max()) * 2.0 ** float(rng.uniform(0, 1))
    points = [int(z) for z in rng.integers(-128, 128, 3)]
    tensors = [tensor(shape, scale=float(s), zero_point=z) for s, z in zip((*scales, out), points, strict=True)]
    op, options = ("ADD", AddOptions(activation)) if rng.random() < 0.5 else ("SUB", SubOptions(activation))
    return single_node_graph(op, tensors[:2], tensors[2:], options)


@pytest.mark.parametrize("seed", range(2))
def test_equals_the_reference(seed: int) -> None:
    rng = np.random.default_rng(seed)
    graphs = [random_sum(rng) for _ in range(20)]
    chosen = [choose_kernel(g, g.nodes[0], DSP).symbol for g in graphs]
    assert chosen.count("edge_add_linear_s8_dsp") > 15
    assert_kernels(graphs, DSP)


def test_an_activation_that_cuts_is_left_to_others() -> None:
    rng = np.random.default_rng(0)
    for _ in range(10):
        graph = random_sum(rng, "RELU_N1_TO_1")
        assert choose_kernel(graph, graph.nodes[0], DSP).family == "portable"
