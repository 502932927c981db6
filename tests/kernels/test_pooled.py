# SPDX-License-Identifier: Apache-2.0
"""Which convolutions run a CrossChannelPool in their registers, what that saves, and that it changes no bit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from condensation_models import condensation
from convolution_nodes import random_conv_2d
from edgesdk.kernels.palette import choose_kernel
from edgesdk.kernels.pooled import AVERAGE, MAX, MAX_OF_SUMS
from edgesdk.model.graph import Graph, Node
from edgesdk.model.plan import MapKind, Options
from edgesdk.model.tflite.reader import parse_model
from edgesdk.model.tflite.writer import write_model
from edgesdk.ops.check import check_graph
from edgesdk.plan import plan_graph
from pooled_convolutions import random_pooled_conv_2d, unfused, with_pool
from single_node import random_input
from support import PALETTE, assert_c_equals_reference


def fused(graph: Graph) -> int | None:
    return choose_kernel(graph, graph.nodes[0], PALETTE).fuses(graph, graph.nodes[0])


@pytest.mark.parametrize("kernel", [1, 3])
def test_a_condensation_layer_costs_no_ram(kernel: int) -> None:
    for options in (Options(), Options(input="streamed")):
        plan = plan_graph(condensation(kernel=kernel), PALETTE, "ram", options)
        assert plan.peak == plan_graph(condensation(kernel=kernel, group=1), PALETTE, "ram", options).peak
        assert [m.kind for m in plan.maps.values()].count(MapKind.VIRTUAL) == 1
        (step,) = plan.steps
        assert step.epilogue == 1


def test_a_map_that_others_read_is_stored() -> None:
    graph = condensation()
    assert fused(graph) == 1
    assert fused(unfused(graph)) is None
    wide = graph.nodes[0].outputs[0]
    again = replace(graph.tensors[wide], index=99)
    branch = Node("RELU", (wide,), (99,), None, (2,))
    branched = replace(graph, tensors={**graph.tensors, 99: again}, nodes=(*graph.nodes, branch), outputs=(4, 99))
    assert fused(branched) is None


def test_a_pooled_group_stays_in_one_group_of_the_convolution() -> None:
    rng = np.random.default_rng(0)
    graph = random_conv_2d(rng)
    while graph.tensor_in(graph.nodes[0], 0).shape[3] == graph.tensor_in(graph.nodes[0], 1).shape[3]:
        graph = random_conv_2d(rng)
    channels = graph.tensor_out(graph.nodes[0]).shape[3]
    assert fused(with_pool(graph, "max", 1)) == 1
    assert fused(with_pool(graph, "max", channels)) is None


@pytest.mark.parametrize(
    ("pool", "shared", "mode"), [("max", True, MAX_OF_SUMS), ("max", False, MAX), ("average", True, AVERAGE)]
)
def test_the_maximum_is_of_sums_where_a_group_shares_its_scale(pool: str, shared: bool, mode: int) -> None:
    graph = condensation(pool=pool, shared=shared)
    kernel = choose_kernel(graph, graph.nodes[0], PALETTE)
    assert kernel.pack(graph, graph.nodes[0]).members["mode"] == mode


def test_a_left_shift_may_wrap_and_is_taken_first() -> None:
    graph = condensation()
    target = graph.tensor_out(graph.nodes[0])
    assert target.quantization is not None
    tiny = replace(target.quantization, scale=(2.0**-16,))
    tensors = {t: replace(x, quantization=tiny) if t in (3, 4) else x for t, x in graph.tensors.items()}
    graph = replace(graph, tensors=tensors)
    check_graph(graph)
    kernel = choose_kernel(graph, graph.nodes[0], PALETTE)
    assert kernel.pack(graph, graph.nodes[0]).members["mode"] == MAX


def test_fused_and_stored_agree_from_file_to_firmware() -> None:
    rng = np.random.default_rng(3)
    for seed in range(2):
        graph = parse_model(write_model(random_pooled_conv_2d(np.random.default_rng(seed))), "")
        check_graph(graph)
        cases = [[random_input(rng, graph.tensors[t].shape) for t in graph.inputs] for _ in range(3)]
        assert fused(graph) == 1
        assert fused(unfused(graph)) is None
        for form in (graph, unfused(graph)):
            assert_c_equals_reference(form, cases)
