# SPDX-License-Identifier: Apache-2.0
"""Layers as networks have them, for measuring kernels: sizes of a few rows, scales that training gives."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import numpy as np

from edgesdk.model.graph import DType, Graph, Tensor
from edgesdk.model.tflite.add import AddOptions
from edgesdk.model.tflite.conv_2d import Conv2DOptions
from edgesdk.model.tflite.depthwise_conv_2d import DepthwiseConv2DOptions
from edgesdk.model.tflite.fully_connected import FullyConnectedOptions
from edgesdk.model.tflite.mul import MulOptions
from edgesdk.model.tflite.ordinal_pool import OrdinalPoolOptions
from edgesdk.model.tflite.pool_2d import Pool2DOptions
from edgesdk.model.tflite.product_key_memory import ProductKeyMemoryOptions
from movement_graphs import completed
from ordinal_nodes import random_shares
from pooled_convolutions import with_pool
from random_graphs import RECIPES, GraphBuilder
from single_node import single_node_graph, tensor

Rng = np.random.Generator

SPREAD = 40  # standard deviation of weights whose largest is about 127
WIDTHS, DEPTHS = (5, 6, 8, 11, 12, 16, 24, 25, 32, 48), (8, 12, 16, 20, 24, 32, 40, 64, 96, 128)
MOVERS = tuple(
    op
    for op in RECIPES
    if op not in ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "ADD", "MUL")
    and op not in ("edgesdk.OrdinalPool", "edgesdk.ProductKeyMemory")
    and op not in ("RESHAPE", "RESHAPE of a constant", "SQUEEZE")  # nothing runs
)


def probes(rng: Rng, elements: int) -> Iterator[Graph]:
    """Without end: layers whose input and output together have at most so many elements.

    Args:
        elements: the smaller, the fewer channels.
    """
    while True:
        for make in (
            _conv_1x1,
            _conv,
            _first,
            _pooled,
            _depthwise,
            _depthwise_large,
            _dense,
            _sum,
            _product,
            _pool,
            _ordinal,
            _memory,
        ):
            for _ in range(2):
                yield _fitting(rng, make, elements)
        yield quantized_floats(rng, (1, _pick(rng, 2, 3), _pick(rng, *WIDTHS[:5]), _pick(rng, *DEPTHS[:5])))
        for op in MOVERS:
            graph = _moved(rng, op, elements)
            if graph is not None:
                yield graph


def quantized_floats(rng: Rng, shape: tuple[int, ...]) -> Graph:
    """A QUANTIZE of floats."""
    b = GraphBuilder(Random(int(rng.integers(1 << 30))))
    b.inputs.append(b.add(shape, DType.FLOAT32))
    b.apply("QUANTIZE", b.inputs, (None,), None)
    return b.graph()


def _fitting(rng: Rng, make: object, elements: int) -> Graph:
    assert callable(make)
    while True:
        graph: Graph = make(rng)
        if sum(t.elements for t in graph.tensors.values() if t.data is None) <= elements:
            return graph


def _pick(rng: Rng, *values: int) -> int:
    return int(rng.choice(values))


def _weighted(rng: Rng, op: str, source: Tensor, shape: tuple[int, ...], axis: int, options: object) -> Graph:
    """A layer of weights as training leaves them, whose outputs spread over the whole range; with or without ReLU."""
    channels = shape[axis]
    scales = [float(s) for s in rng.uniform(0.004, 0.012, channels)]
    data = np.clip(np.rint(rng.normal(0, SPREAD, shape)), -127, 127)
    weights = tensor(shape, scale=scales, axis=axis, data=data)
    bias = tensor(
        (channels,),
        scale=[source.scale * s for s in scales],
        dtype=DType.INT32,
        data=rng.integers(-2000, 2000, channels),
    )
    taps = int(np.prod(shape)) // channels
    scale = source.scale * 0.008 * SPREAD * float(np.sqrt(taps)) * float(rng.uniform(0.7, 2))
    target = tensor((1,), scale=scale, zero_point=-128 if getattr(options, "activation") == "RELU" else 3)  # noqa: B009
    return completed(op, [source, weights, bias], options, target)


def _source(rng: Rng, height: int, width: int, depth: int) -> Tensor:
    return tensor((1, height, width, depth), scale=0.03, zero_point=_pick(rng, -128, -128, 4))


def _activation(rng: Rng) -> str:
    return str(rng.choice(["RELU", "RELU", "NONE"]))


def _conv_1x1(rng: Rng) -> Graph:
    source = _source(rng, _pick(rng, 2, 3, 4), _pick(rng, *WIDTHS), _pick(rng, *DEPTHS))
    shape = (_pick(rng, *DEPTHS), 1, 1, source.shape[3])
    return _weighted(rng, "CONV_2D", source, shape, 0, Conv2DOptions("SAME", 1, 1, 1, 1, _activation(rng)))


def _conv(rng: Rng) -> Graph:
    kernel, stride = _pick(rng, 3, 3, 5), _pick(rng, 1, 1, 2)
    source = _source(rng, _pick(rng, 4, 5, 6), _pick(rng, *WIDTHS), _pick(rng, *DEPTHS[:6]))
    shape = (_pick(rng, *DEPTHS[:6]), kernel, kernel, source.shape[3])
    return _weighted(rng, "CONV_2D", source, shape, 0, Conv2DOptions("SAME", stride, stride, 1, 1, _activation(rng)))


def _first(rng: Rng) -> Graph:
    stride = _pick(rng, 1, 2)
    source = _source(rng, 6, _pick(rng, 24, 32, 48, 49), _pick(rng, 1, 3))
    shape = (_pick(rng, 8, 16, 24), _pick(rng, 3, 5), 3, source.shape[3])
    return _weighted(rng, "CONV_2D", source, shape, 0, Conv2DOptions("SAME", stride, stride, 1, 1, "RELU"))


def _pooled(rng: Rng) -> Graph:
    group = _pick(rng, 2, 4)
    source = _source(rng, 3, _pick(rng, *WIDTHS[:8]), _pick(rng, *DEPTHS[:7]))
    shape = (group * _pick(rng, 4, 8, 12, 16), *[_pick(rng, 1, 1, 3)] * 2, source.shape[3])
    graph = _weighted(rng, "CONV_2D", source, shape, 0, Conv2DOptions("SAME", 1, 1, 1, 1, "RELU"))
    return with_pool(graph, "max", group)


def _depthwise(rng: Rng, kernel: int = 3) -> Graph:
    stride = _pick(rng, 1, 1, 2)
    source = _source(rng, _pick(rng, 4, 6, 8), _pick(rng, *WIDTHS), _pick(rng, *DEPTHS))
    shape = (1, kernel, kernel, source.shape[3])
    options = DepthwiseConv2DOptions("SAME", stride, stride, 1, 1, 1, _activation(rng))
    return _weighted(rng, "DEPTHWISE_CONV_2D", source, shape, 3, options)


def _depthwise_large(rng: Rng) -> Graph:
    return _depthwise(rng, _pick(rng, 5, 7))


def _dense(rng: Rng) -> Graph:
    source = tensor((1, _pick(rng, 64, 96, 128, 256, 640)), scale=0.03, zero_point=-128)
    shape = (_pick(rng, 2, 8, 10, 12, 64, 128), source.shape[1])
    return _weighted(rng, "FULLY_CONNECTED", source, shape, 0, FullyConnectedOptions(activation=_activation(rng)))


def _sum(rng: Rng) -> Graph:
    shape = (1, _pick(rng, 2, 3, 4), _pick(rng, *WIDTHS), _pick(rng, *DEPTHS[:6]))
    scales = (0.03, 0.04, 0.06) if rng.random() < 0.7 else (1.0, 0.9, 4.0e-6)
    a, b, out = (tensor(shape, scale=s, zero_point=int(rng.integers(-128, 20))) for s in scales)
    return single_node_graph("ADD", [a, b], [out], AddOptions())


def _product(rng: Rng) -> Graph:
    shape = (1, _pick(rng, 2, 3, 4), _pick(rng, *WIDTHS), _pick(rng, *DEPTHS[:6]))
    second = (1, 1, 1, shape[3]) if rng.random() < 0.5 else shape
    a, b, out = (
        tensor(s, scale=scale, zero_point=zero)
        for s, scale, zero in ((shape, 0.03, -10), (second, 0.0039, -128), (shape, 0.03, -9))
    )
    return single_node_graph("MUL", [a, b], [out], MulOptions("NONE"))


def _pool(rng: Rng) -> Graph:
    op = str(rng.choice(["AVERAGE_POOL_2D", "MAX_POOL_2D"]))
    source = _source(rng, _pick(rng, 4, 6), _pick(rng, *WIDTHS[:8]), _pick(rng, *DEPTHS[:8]))
    window = source.shape[1:3] if op == "AVERAGE_POOL_2D" and rng.random() < 0.5 else (_pick(rng, 2, 3),) * 2
    return completed(op, [source], Pool2DOptions("VALID", *window, *window, "NONE"))


def _ordinal(rng: Rng) -> Graph:
    kernel = _pick(rng, 2, 2, 3)
    source = _source(rng, _pick(rng, 4, 6), _pick(rng, *WIDTHS[:8]), _pick(rng, *DEPTHS[:8]))
    channels, ranks = source.shape[3], kernel * kernel
    data = random_shares(rng, channels, ranks)
    weights = tensor((channels, ranks), scale=1 / 256, dtype=DType.INT16, data=data)
    options = OrdinalPoolOptions("VALID", 2, 2, kernel, kernel)
    return completed("edgesdk.OrdinalPool", [source, weights], options)


def _memory(rng: Rng) -> Graph:
    heads, sub_keys, half, units = _pick(rng, 1, 2), _pick(rng, 8, 16, 32), _pick(rng, 4, 8, 16), _pick(rng, 16, 32, 64)
    source = tensor((1, heads * 2 * half), scale=0.03, zero_point=_pick(rng, -3, 5))
    keys, values = (
        tensor(shape, scale=0.02, data=rng.integers(-127, 128, shape))
        for shape in ((heads, 2, sub_keys, half), (sub_keys**2, units))
    )
    target = tensor((1, units), scale=0.03, zero_point=3)
    options = ProductKeyMemoryOptions(_pick(rng, 2, 4, 8))
    return completed("edgesdk.ProductKeyMemory", [source, keys, values], options, target)


def _moved(rng: Rng, op: str, elements: int) -> Graph | None:
    """An operator with random options over one map; None where its options did not fit, or it became several."""
    for _ in range(20):
        b = GraphBuilder(Random(int(rng.integers(1 << 30))), largest=elements)
        x = b.activation((1, _pick(rng, 2, 4, 6), _pick(rng, *WIDTHS[:8]), _pick(rng, *DEPTHS[:7])))
        b.inputs.append(x)
        if not RECIPES[op](b, x):
            continue
        graph = b.graph()
        if sum(t.elements for t in graph.tensors.values() if t.data is None) <= elements:
            return graph
    return None
