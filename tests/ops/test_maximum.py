# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgesdk.errors import OP_OPTIONS, EdgeError
from edgesdk.model.graph import Tensor
from elementwise import all_pairs, assert_equals_oracle, binary_graphs, checked, random_inputs
from single_node import single_node_graph, tensor


def test_every_pair_of_inputs_equals_the_oracle() -> None:
    t = tensor((1,), scale=0.1, zero_point=-3)
    assert_equals_oracle(*all_pairs("MAXIMUM", t, t, t, None))


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_broadcasts_equal_the_oracle(data: st.DataObject) -> None:
    graph = data.draw(binary_graphs("MAXIMUM", None, same=True))
    assert_equals_oracle(graph, random_inputs(data.draw, graph))


@pytest.mark.parametrize("other", [tensor((1,), scale=0.5), tensor((1,), zero_point=1)])
def test_other_quantizations_are_refused(other: Tensor) -> None:
    for tensors in ((other, tensor((1,)), tensor((1,))), (tensor((1,)), tensor((1,)), other)):
        with pytest.raises(EdgeError) as caught:
            checked(single_node_graph("MAXIMUM", tensors[:2], tensors[2:]))
        assert caught.value.kind is OP_OPTIONS
