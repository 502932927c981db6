# SPDX-License-Identifier: Apache-2.0
"""Channels that cannot change, or that nothing reads, go; the bits stay."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark_models import MODELS
from edgesdk.model.graph import DType, Graph, Quantization
from edgesdk.model.plan import Options
from edgesdk.model.tflite.add import AddOptions
from edgesdk.model.tflite.conv_2d import Conv2DOptions
from edgesdk.model.tflite.depthwise_conv_2d import DepthwiseConv2DOptions
from edgesdk.model.tflite.fully_connected import FullyConnectedOptions
from edgesdk.model.tflite.pool_2d import Pool2DOptions
from edgesdk.model.tflite.reshape import ReshapeOptions
from edgesdk.ops import find_operator
from edgesdk.ops.reference import run_reference
from edgesdk.rewrite.dead_channels import remove_dead_channels
from edgesdk.rewrite.load import load_model
from edgesdk.rewrite.pipeline import rewrite
from random_graphs import GraphBuilder
from support import assert_c_equals_reference

ZERO = Quantization((0.05,), (-128,))


class Builder(GraphBuilder):
    """Convolutions some of whose filters are dead: no weights, and a bias that saturates them or does not."""

    def filters(self, weights: int, bias: int, axis: int, dead: float) -> None:
        """Empties a share of the filters of a constant pair."""
        w, b = self.tensors[weights], self.tensors[bias]
        assert w.data is not None
        assert b.data is not None
        gone = self.values.random(len(b.data)) < dead
        shape = [1] * w.data.ndim
        shape[axis] = len(gone)
        self.tensors[weights] = replace(w, data=np.where(gone.reshape(shape), 0, w.data).astype(np.int8))
        extreme = self.values.choice([-(10**6), 10**6, 300, 0], len(gone))
        self.tensors[bias] = replace(b, data=np.where(gone, extreme, b.data).astype(np.int32))

    def biased(self, source: int, weights: int, channels: int) -> int:
        while (bias := self.bias(source, weights, channels)) < 0:
            pass
        return bias

    def conv(self, x: int, channels: int, kernel: int, padding: str, dead: float, activation: str) -> int:
        w = self.weights((channels, kernel, kernel, self.tensors[x].shape[3]), 0, channels)
        bias = self.biased(x, w, channels)
        self.filters(w, bias, 0, dead)
        (y,) = self.apply("CONV_2D", (x, w, bias), (self.out(),), Conv2DOptions(padding, 1, 1, 1, 1, activation))
        return y

    def depthwise(self, x: int, padding: str, dead: float, activation: str) -> int:
        channels = self.tensors[x].shape[3]
        w = self.weights((1, 3, 3, channels), 3, channels)
        bias = self.biased(x, w, channels)
        self.filters(w, bias, 3, dead)
        options = DepthwiseConv2DOptions(padding, 1, 1, 1, 1, 1, activation)
        (y,) = self.apply("DEPTHWISE_CONV_2D", (x, w, bias), (self.out(),), options)
        return y

    def out(self) -> Quantization:
        return ZERO if self.random.random() < 0.6 else self.quantization()


def network(random: Random) -> Graph:
    """Convolutions, depthwise ones, a residual, pooling, a classifier; paddings and activations at random."""
    b = Builder(random)
    b.inputs.append(b.activation((1, 7, 6, 3)))
    r = random

    def some() -> tuple[str, float, str]:
        return r.choice(("SAME", "VALID")), r.choice((0.0, 0.5, 0.9, 1.0)), r.choice(("NONE", "RELU", "RELU6"))

    x = b.conv(0, r.randint(1, 9), r.choice((1, 3)), "SAME", *some()[1:])
    for _ in range(r.randint(1, 3)):
        padding, dead, activation = some()
        if min(b.tensors[x].shape[1:3]) < 4:
            padding = "SAME"
        y = b.depthwise(x, padding, dead, activation)
        y = b.conv(y, r.randint(1, 9), r.choice((1, 1, 3)), "SAME", *some()[1:])
        if b.tensors[y].shape == b.tensors[x].shape and r.random() < 0.7:
            (y,) = b.apply("ADD", (x, y), (b.out(),), AddOptions(r.choice(("NONE", "RELU"))))
        x = y
    if r.random() < 0.7:
        _, h, w, c = b.tensors[x].shape
        q = b.tensors[x].quantization
        (x,) = b.apply("AVERAGE_POOL_2D", (x,), (q,), Pool2DOptions("VALID", h, w, h, w))
        (x,) = b.apply("RESHAPE", (x, b.int32([1, c])), (q,), ReshapeOptions((1, c)))
        w_fc = b.weights((4, c), 0, 4)
        b.apply("FULLY_CONNECTED", (x, w_fc, b.bias(x, w_fc, 4)), (None,), FullyConnectedOptions("NONE", False))
    return b.graph()


def assert_same(graph: Graph, slim: Graph) -> None:
    for node in slim.nodes:
        find_operator(node.op).check(slim, node)
    values = np.random.default_rng(1)
    shape = graph.tensors[graph.inputs[0]].shape
    for k in range(4):
        x = values.integers(-128, 128, shape) if k < 2 else np.full(shape, (-128, 127)[k - 2])
        a, b = run_reference(graph, [x.astype(np.int8)]), run_reference(slim, [x.astype(np.int8)])
        for t in graph.outputs:
            np.testing.assert_array_equal(a[t], b[t])


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 1 << 32))
def test_the_outputs_stay(seed):
    graph = network(Random(seed))
    assert_same(graph, remove_dead_channels(graph))


def test_the_firmware_agrees():
    slim = 0
    for seed in range(12):
        graph = network(Random(seed))
        small = remove_dead_channels(graph)
        if small is not graph:
            slim += 1
            x = np.random.default_rng(seed).integers(-128, 128, graph.tensors[0].shape, dtype=np.int8)
            assert_c_equals_reference(small, [[x]], source=graph)
    assert slim >= 6


def two_layers(padding: str, value: int, kernel: int = 3) -> Graph:
    """A filter that always makes `value`, read by a convolution; the zero point between them is -128."""
    b = Builder(Random(3))
    b.inputs.append(b.add((1, 6, 6, 2), q=Quantization((0.05,), (0,))))
    w = b.add((2, 1, 1, 2), q=Quantization((0.05,), (0,)), data=[[[[3, -5]]], [[[0, 0]]]])
    scale = float(np.float32(0.05) * np.float32(0.05))
    bias = b.add((2,), DType.INT32, Quantization((scale,), (0,)), [7, round((value + 128) * 0.05 / scale)])
    (x,) = b.apply("CONV_2D", (0, w, bias), (ZERO,), Conv2DOptions("VALID", 1, 1, 1, 1))
    w = b.weights((3, kernel, kernel, 2), 0, 3)
    b.apply("CONV_2D", (x, w, -1), (None,), Conv2DOptions(padding, 1, 1, 1, 1))
    return b.graph()


@pytest.mark.parametrize(
    ("padding", "value", "channels"),
    [("SAME", -128, 1), ("VALID", -128, 1), ("VALID", 20, 1), ("SAME", 20, 2)],
)
def test_a_constant_goes_unless_it_meets_other_padding(padding, value, channels):
    graph = two_layers(padding, value)
    made = run_reference(graph, [np.zeros((1, 6, 6, 2), np.int8)])[graph.nodes[0].outputs[0]]
    assert (made[..., 1] == value).all()
    slim = remove_dead_channels(graph)
    assert slim.tensors[slim.nodes[0].outputs[0]].shape[3] == channels
    assert_same(graph, slim)


def test_a_filter_that_nothing_reads_goes_with_what_it_reads():
    b = Builder(Random(5))
    wide = Quantization((1.0,), (0,))  # nothing saturates always
    b.inputs.append(b.activation((1, 5, 5, 3), wide))
    (x,) = b.apply("CONV_2D", (0, b.weights((6, 1, 1, 3), 0, 6), -1), (wide,), Conv2DOptions("SAME", 1, 1, 1, 1))
    options = DepthwiseConv2DOptions("SAME", 1, 1, 1, 1, 1)
    (x,) = b.apply("DEPTHWISE_CONV_2D", (x, b.weights((1, 3, 3, 6), 3, 6), -1), (wide,), options)
    w = b.weights((2, 1, 1, 6), 0, 2)
    data = np.array(b.tensors[w].data)
    data[..., [1, 4]] = 0
    b.tensors[w] = replace(b.tensors[w], data=data)
    b.apply("CONV_2D", (x, w, -1), (wide,), Conv2DOptions("SAME", 1, 1, 1, 1))
    graph = b.graph()
    slim = remove_dead_channels(graph)
    assert [slim.tensors[n.outputs[0]].shape[3] for n in slim.nodes] == [4, 4, 2]
    assert_same(graph, slim)


def test_nothing_happens_where_nothing_is_dead():
    graph = rewrite(load_model(MODELS / "kws01.tflite"), Options())
    assert remove_dead_channels(graph) is graph


def test_half_of_the_visual_wake_words_model_is_dead():
    graph = load_model(MODELS / "vww01.tflite")
    slim = rewrite(graph, Options())
    weights = [n for n in slim.nodes if n.op in ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED")]
    assert sum(slim.tensor_in(n, 1).elements for n in weights) == 29_066  # of 208,112
    assert sum(find_operator(n.op).macs(slim, n) for n in slim.nodes) == 3_727_313  # of 7,489,664
