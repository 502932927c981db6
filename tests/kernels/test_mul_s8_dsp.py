# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pytest

from edgesdk.kernels.mul_s8_dsp import SHIFT, fit_product
from edgesdk.kernels.palette import choose_kernel
from edgesdk.kernels.requantize import requantized
from edgesdk.model.graph import Graph
from edgesdk.model.tflite.mul import MulOptions
from edgesdk.ops.fixed_point import multiply_by_quantized_multiplier
from edgesdk.ops.mul import OPERATOR
from emulator_nodes import random_scaled_product
from movement_checks import assert_kernels
from single_node import single_node_graph, tensor
from support import DSP


@pytest.mark.parametrize("seed", range(2))
def test_equals_the_reference(seed: int) -> None:
    rng = np.random.default_rng(seed)
    graphs = [random_scaled_product(rng) for _ in range(20)]
    chosen = [choose_kernel(g, g.nodes[0], DSP).symbol for g in graphs]
    assert chosen.count("edge_mul_s8_dsp") > 15
    assert_kernels(graphs, DSP)


def test_the_proof_holds_for_every_product() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        graph = random_scaled_product(rng)
        (node,) = graph.nodes
        constants = OPERATOR.constants(graph, node)
        a, b, out = (graph.tensors[t].zero_point for t in (*node.inputs, *node.outputs))
        fit = fit_product(constants, a, b, out)
        if fit is None:
            continue
        assert fit.output_shift == SHIFT
        values = np.arange(-128, 128, dtype=np.int64)
        products = np.unique(np.multiply.outer(values - a, values - b))
        exact = multiply_by_quantized_multiplier(products, constants.multiplier, constants.shift) + out
        np.testing.assert_array_equal(requantized(fit, products[:, None])[:, 0], np.clip(exact, -128, 127))


def _product(first: tuple[int, ...], second: tuple[int, ...], options: MulOptions) -> Graph:
    made = tuple(np.broadcast_shapes(first, second))
    inputs = [tensor(first, scale=0.02, zero_point=3), tensor(second, scale=0.004, zero_point=-128)]
    return single_node_graph("MUL", inputs, [tensor(made, scale=0.02, zero_point=3)], options)


@pytest.mark.parametrize(
    ("second", "activation", "taken"),
    [
        ((1, 1, 1, 6), "NONE", True),
        ((1, 1, 5, 6), "NONE", True),
        ((1, 4, 5, 1), "NONE", False),
        ((1, 4, 5, 6), "RELU6", False),
    ],
)
def test_what_it_takes(second: tuple[int, ...], activation: str, taken: bool) -> None:
    graph = _product((1, 4, 5, 6), second, MulOptions(activation))
    assert (choose_kernel(graph, graph.nodes[0], DSP).family == "dsp") == taken
    assert_kernels([graph], DSP)
