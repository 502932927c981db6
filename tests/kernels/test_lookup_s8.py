# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from edgesdk.model.graph import DType, Graph
from edgesdk.model.tflite.leaky_relu import LeakyReluOptions
from elementwise import ALL_INT8, BUNDLES, assert_in_place, quantized, unary_graph
from movement_checks import assert_kernels
from movement_graphs import merged
from single_node import tensor
from support import assert_c_equals_reference

FIXED = {"LOGISTIC": (1 / 256, -128), "TANH": (1 / 128, 0)}
OPS: dict[str, Any] = dict.fromkeys(("RELU", "RELU6", "LOGISTIC", "TANH", "QUANTIZE"))
OPS["LEAKY_RELU"] = LeakyReluOptions(0.1)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    shape = draw(st.lists(st.integers(1, 6), max_size=4))
    op = draw(st.sampled_from(sorted(OPS)))
    target = quantized(draw, shape)
    if op in FIXED:
        target = tensor(shape, scale=FIXED[op][0], zero_point=FIXED[op][1])
    return unary_graph(op, quantized(draw, shape), target, OPS[op])


@settings(BUNDLES)
@given(st.lists(graphs(), min_size=25, max_size=25))
def test_equals_the_reference(graphs: list[Graph]) -> None:
    assert_kernels(graphs)
    assert_in_place(graphs)


def test_every_byte() -> None:
    source, target = tensor((256,), scale=0.05, zero_point=-7), tensor((256,), scale=0.04, zero_point=9)
    cases = [(unary_graph(op, source, target, OPS.get(op)), ALL_INT8) for op in ("RELU", "HARD_SWISH")]
    for pair in ((DType.UINT8, DType.INT8), (DType.INT8, DType.UINT8)):
        q = [tensor((256,), scale=s, zero_point=100, dtype=d) for s, d in zip((0.05, 0.07), pair, strict=True)]
        cases.append((unary_graph("QUANTIZE", *q), ALL_INT8.view(pair[0].value)))
    assert_c_equals_reference(merged([g for g, _ in cases]), [[x for _, x in cases]])
