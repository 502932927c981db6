# SPDX-License-Identifier: Apache-2.0
"""Causal networks over time: clips [1, N, W, C], convolutions of k x 1 that are padded above, residuals, strides."""

from __future__ import annotations

from random import Random

from edgesdk.model.graph import Graph
from edgesdk.model.tflite.add import AddOptions
from edgesdk.model.tflite.conv_2d import Conv2DOptions
from edgesdk.model.tflite.depthwise_conv_2d import DepthwiseConv2DOptions
from random_graphs import GraphBuilder


def causal_network(
    random: Random, frames: int, width: int, channels: int, blocks: int, *, strides: tuple[int, ...] = (1,)
) -> Graph:
    """`blocks` times: a k x 1 convolution over time, depthwise or full, dilated, then 1 x 1, RELU and a residual.

    Args:
        strides: what a block's stride over time is chosen from.
    """
    b = GraphBuilder(random, largest=1 << 20)
    x = b.activation((1, frames, width, random.randint(1, channels)))
    b.inputs.append(x)
    w = b.weights((channels, 3, 1, b.tensors[x].shape[-1]), 0, channels)
    bias = b.bias(x, w, channels)
    x = b.apply("CONV_2D", (_above(b, x, 2), w, bias), (None,), Conv2DOptions("VALID", 1, 1))[0]
    for _ in range(blocks):
        kernel, dilation, stride = random.choice((2, 3, 5)), random.choice((1, 1, 2, 4)), random.choice(strides)
        padded = _above(b, x, (kernel - 1) * dilation)
        if random.random() < 0.5:
            w = b.weights((1, kernel, 1, channels), 3, channels)
            deep = DepthwiseConv2DOptions("VALID", stride, 1, 1, dilation, 1)
            y = b.apply("DEPTHWISE_CONV_2D", (padded, w, b.bias(x, w, channels)), (None,), deep)[0]
        else:
            w = b.weights((channels, kernel, 1, channels), 0, channels)
            full = Conv2DOptions("VALID", stride, 1, dilation, 1)
            y = b.apply("CONV_2D", (padded, w, b.bias(x, w, channels)), (None,), full)[0]
        w = b.weights((channels, 1, 1, channels), 0, channels)
        y = b.apply("CONV_2D", (y, w, b.bias(y, w, channels)), (None,), Conv2DOptions("SAME", 1, 1))[0]
        y = b.apply("RELU", (y,), (None,), None)[0]
        x = y if stride > 1 else b.apply("ADD", (x, y), (None,), AddOptions("NONE"))[0]
    return b.graph()


def _above(b: GraphBuilder, x: int, rows: int) -> int:
    """The map with rows of its zero point above the first frame."""
    amounts = b.int32([[0, 0], [rows, 0], [0, 0], [0, 0]])
    return b.apply("PAD", (x, amounts), (b.tensors[x].quantization,), None)[0]
