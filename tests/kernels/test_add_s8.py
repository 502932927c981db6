# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgesdk.kernels.add_linear_s8 import AddLinearS8
from edgesdk.kernels.palette import choose_kernel
from edgesdk.model.graph import Graph
from edgesdk.model.tflite.add import AddOptions
from edgesdk.model.tflite.sub import SubOptions
from elementwise import BUNDLES, all_pairs, assert_in_place, binary_graphs, checked
from movement_checks import assert_kernels
from movement_graphs import merged
from single_node import tensor
from support import PALETTE, assert_c_equals_reference

SUMS = st.one_of(binary_graphs("ADD", AddOptions), binary_graphs("SUB", SubOptions))


@pytest.fixture(autouse=True, scope="module")
def _no_linear_sum() -> Iterator[None]:
    """Without the linear kernel, every sum is the general kernel's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AddLinearS8, "accepts", lambda self, graph, node: False)
        yield


@settings(BUNDLES)
@given(st.lists(SUMS, min_size=25, max_size=25))
def test_equals_the_reference(graphs: list[Graph]) -> None:
    assert choose_kernel(graphs[0], graphs[0].nodes[0], PALETTE).symbol == "edge_add_s8"
    assert_kernels(graphs)
    assert_in_place(graphs)


def test_every_pair_of_inputs_at_odd_scales() -> None:
    """Equal scales, ties, a vanishing operand, and outputs of very fine and very coarse scales."""
    scales = [
        (0.1, 0.1, 0.2), (1.0, 1.0, 2.0), (0.5, 0.25, 0.25), (0.3, 0.7, 0.5), (0.7, 0.3, 0.5),
        (1.0, 2.0**-33, 1.0), (2.0**-33, 1.0, 1.0), (1.0, 0.9, 1e4), (1.0, 0.9, 1e11),
        (1.0, 0.9, 4.0e-6), (0.1, 0.09, 64.0),
    ]  # fmt: skip
    kinds: list[tuple[str, Any]] = [("ADD", AddOptions()), ("SUB", SubOptions("RELU"))]
    cases = []
    for op, options in kinds:
        for i, triple in enumerate(scales):
            points = ((0, 0, 0), (127, -128, 5), (-128, 127, -128), (3, -7, 127))[i % 4]
            t = [tensor((1,), scale=s, zero_point=z) for s, z in zip(triple, points, strict=True)]
            cases.append(all_pairs(op, *t, options))
            checked(cases[-1][0])
    assert_c_equals_reference(merged([g for g, _ in cases]), [[x for _, pair in cases for x in pair]])
