# SPDX-License-Identifier: Apache-2.0
"""edgesdk.CrossChannelPool against its definition in exact arithmetic, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgesdk.errors import MODEL_INVALID, MODEL_TYPE, OP_OPTIONS
from edgesdk.model.graph import Array, DType, Graph, Quantization
from edgesdk.model.tflite.cross_channel_pool import CrossChannelPoolOptions
from edgesdk.ops.check import check_graph
from edgesdk.ops.reference import run_reference
from movement_checks import assert_refused
from single_node import random_input, single_node_graph, tensor


def pool(kind: str, group: int, shape: tuple[int, ...] = (1, 3, 4, 12)) -> Graph:
    source = tensor(shape, scale=0.5, zero_point=7)
    target = tensor((*shape[:-1], shape[-1] // max(1, group)), scale=0.5, zero_point=7)
    return single_node_graph("edgesdk.CrossChannelPool", [source], [target], CrossChannelPoolOptions(kind, group))


def run(graph: Graph, x: Array) -> Array:
    check_graph(graph)
    return run_reference(graph, [x])[graph.outputs[0]]


def half_away(value: Fraction) -> int:
    return floor(value + Fraction(1, 2)) if value >= 0 else -floor(-value + Fraction(1, 2))


@given(st.integers(1, 5), st.integers(1, 9), st.integers(0, 1000))
def test_equals_the_definition(channels: int, group: int, seed: int) -> None:
    x = random_input(np.random.default_rng(seed), (1, 2, 3, channels * group))
    groups = x.reshape(-1, group).tolist()
    assert run(pool("max", group, x.shape), x).reshape(-1).tolist() == [max(g) for g in groups]
    means = [half_away(Fraction(sum(g), group)) for g in groups]
    assert run(pool("average", group, x.shape), x).reshape(-1).tolist() == means


def test_halves_go_away_from_zero() -> None:
    x = np.array([[1, 2, -1, -2, -128, -128, 127, 127]], np.int8)
    assert run(pool("average", 2, x.shape), x).tolist() == [[2, -2, -128, 127]]


@pytest.mark.parametrize("group", [0, -4, 5, 24])
def test_groups_that_do_not_divide_the_channels(group: int) -> None:
    assert_refused(pool("max", group), MODEL_INVALID)


def test_unknown_pools() -> None:
    assert_refused(pool("median", 3), OP_OPTIONS)


@pytest.mark.parametrize("quantization", [Quantization((0.25,), (7,)), Quantization((0.5,), (6,))])
def test_the_quantization_stays(quantization: Quantization) -> None:
    graph = pool("average", 3)
    target = replace(graph.tensors[1], quantization=quantization)
    assert_refused(replace(graph, tensors={**graph.tensors, 1: target}), MODEL_TYPE)


def test_other_types_and_shapes() -> None:
    graph = pool("max", 3)
    wide = {t: replace(x, dtype=DType.INT16) for t, x in graph.tensors.items()}
    assert_refused(replace(graph, tensors=wide), MODEL_TYPE)
    narrow = replace(graph.tensors[1], shape=(1, 3, 4, 3))
    assert_refused(replace(graph, tensors={**graph.tensors, 1: narrow}), MODEL_INVALID)


def test_a_scalar_has_no_channels() -> None:
    graph = pool("max", 1, (1,))
    scalars = {t: replace(x, shape=()) for t, x in graph.tensors.items()}
    assert_refused(replace(graph, tensors=scalars), MODEL_INVALID)
