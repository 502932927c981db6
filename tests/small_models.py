# SPDX-License-Identifier: Apache-2.0
"""Networks small enough for 16 KiB of RAM, with seeded random weights: one like kws01 but half as wide, and one that
makes an image larger than that."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from edgesdk.model.graph import Array, DType, Graph, Node, Shape, Tensor
from edgesdk.model.tflite.conv_2d import Conv2DOptions
from edgesdk.model.tflite.depthwise_conv_2d import DepthwiseConv2DOptions
from edgesdk.model.tflite.fully_connected import FullyConnectedOptions
from edgesdk.model.tflite.pool_2d import Pool2DOptions
from edgesdk.model.tflite.reshape import ReshapeOptions
from edgesdk.model.tflite.resize_nearest_neighbor import ResizeNearestNeighborOptions
from edgesdk.model.tflite.softmax import SoftmaxOptions
from edgesdk.model.tflite.writer import write_model
from single_node import tensor

ROWS, WIDTH, CLASSES = 25, 5, 12  # of the maps between input and pooling: kws01's
ACTIVATION_STD = 45.0  # quantization steps; the scales below keep maps near it, so that few elements saturate


def small_ds_cnn(channels: int = 32, blocks: int = 4, seed: int = 1) -> bytes:
    """The .tflite file of a DS-CNN for spectrograms of 49 x 10: a 10 x 4 convolution of stride 2, `blocks` times a
    depthwise 3 x 3 and a 1 x 1 convolution, average pooling, a classifier of 12 words."""
    b = _Builder(np.random.default_rng(seed))
    b.add(tensor((1, 49, 10, 1), scale=0.05, zero_point=83, name="spectrogram"))
    image: Shape = (1, ROWS, WIDTH, channels)
    b.weighted("CONV_2D", image, (channels, 10, 4, 1), 0, Conv2DOptions("SAME", 2, 2, activation="RELU"))
    for _ in range(blocks):
        options = DepthwiseConv2DOptions("SAME", 1, 1, 1, activation="RELU")
        b.weighted("DEPTHWISE_CONV_2D", image, (1, 3, 3, channels), 3, options)
        b.weighted("CONV_2D", image, (channels, 1, 1, channels), 0, Conv2DOptions("SAME", 1, 1, activation="RELU"))
    pooled = b.tensors[b.last]
    b.node("AVERAGE_POOL_2D", (), replace(pooled, shape=(1, 1, 1, channels)), Pool2DOptions("VALID", 1, 1, ROWS, WIDTH))
    b.node("RESHAPE", (), replace(pooled, shape=(1, channels)), ReshapeOptions((1, channels)))
    b.weighted("FULLY_CONNECTED", (1, CLASSES), (CLASSES, channels), None, FullyConnectedOptions())
    b.node("SOFTMAX", (), tensor((1, CLASSES), scale=1 / 256, zero_point=-128), SoftmaxOptions(1.0))
    graph = Graph("small", 0, dict(enumerate(b.tensors)), tuple(b.nodes), (0,), (b.last,))
    return write_model(graph)


def small_decoder(side: int = 40, channels: int = 8, seed: int = 2) -> bytes:
    """The .tflite file of a network from an image of side x side to one of three channels and twice the side: 3 x 3
    convolutions around a nearest-neighbour resize."""
    b = _Builder(np.random.default_rng(seed))
    b.add(tensor((1, side, side, 1), scale=0.02, zero_point=-11, name="image"))
    image: Shape = (1, side, side, channels)
    b.weighted("CONV_2D", image, (channels, 3, 3, 1), 0, Conv2DOptions("SAME", 1, 1, activation="RELU"))
    size = np.array([2 * side, 2 * side], np.int32)
    wide = replace(b.tensors[b.last], shape=(1, 2 * side, 2 * side, channels))
    b.node(
        "RESIZE_NEAREST_NEIGHBOR",
        (tensor((2,), scale=None, dtype=DType.INT32, data=size),),
        wide,
        ResizeNearestNeighborOptions(),
    )
    b.weighted("CONV_2D", (1, 2 * side, 2 * side, 3), (3, 3, 3, channels), 0, Conv2DOptions("SAME", 1, 1))
    return write_model(Graph("decoder", 0, dict(enumerate(b.tensors)), tuple(b.nodes), (0,), (b.last,)))


def small_mobile(side: int = 32, channels: int = 16, seed: int = 3) -> bytes:
    """The .tflite file of the beginning of a MobileNet: a 3 x 3 convolution, depthwise 3 x 3 of strides 1, 2 and 2 with
    1 x 1 convolutions between them, a classifier."""
    b = _Builder(np.random.default_rng(seed))
    b.add(tensor((1, side, side, 3), scale=0.02, zero_point=5, name="image"))
    b.weighted("CONV_2D", (1, side, side, channels), (channels, 3, 3, 3), 0, Conv2DOptions("SAME", 1, 1))
    for stride in (1, 2, 2):
        side //= stride
        image: Shape = (1, side, side, channels)
        options = DepthwiseConv2DOptions("SAME", stride, stride, 1, activation="RELU")
        b.weighted("DEPTHWISE_CONV_2D", image, (1, 3, 3, channels), 3, options)
        b.weighted("CONV_2D", image, (channels, 1, 1, channels), 0, Conv2DOptions("SAME", 1, 1))
    b.node("RESHAPE", (), replace(b.tensors[b.last], shape=(1, side * side * channels)), ReshapeOptions((1, -1)))
    b.weighted("FULLY_CONNECTED", (1, CLASSES), (CLASSES, side * side * channels), None, FullyConnectedOptions())
    return write_model(Graph("mobile", 0, dict(enumerate(b.tensors)), tuple(b.nodes), (0,), (b.last,)))


@dataclass
class _Builder:
    """A chain of operators, each reading the output of the one before."""

    random: np.random.Generator
    tensors: list[Tensor] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    last: int = 0

    def add(self, new: Tensor) -> int:
        index = len(self.tensors)
        self.tensors.append(replace(new, index=index, name=new.name or f"t{index}"))
        return index

    def node(self, op: str, constants: tuple[Tensor, ...], output: Tensor, options: Any) -> None:
        inputs = (self.last, *(self.add(c) for c in constants))
        self.last = self.add(replace(output, name=""))
        self.nodes.append(Node(op, inputs, (self.last,), options, (len(self.nodes),)))

    def weighted(self, op: str, out: Shape, shape: Shape, axis: int | None, options: Any) -> None:
        """A convolution or fully connected layer with random weights and biases.

        Args:
            axis: of the weights' output channels, None for one scale.
        """
        channels = out[-1]
        weights = self.random.integers(-127, 128, shape)
        accumulator_std = np.sqrt(weights.size / channels) * 73 * ACTIVATION_STD  # 73: of uniform int8
        # The layer's scales stay near those of the one before, so that no map vanishes or explodes.
        scales = self.random.uniform(0.7, 1.4, channels if axis is not None else 1) * ACTIVATION_STD / accumulator_std
        bias = self.random.normal(0, accumulator_std / 2, channels).round()
        source = self.tensors[self.last].scale
        out_scale = source * float(scales.mean()) * accumulator_std / ACTIVATION_STD
        relu = getattr(options, "activation", "NONE") == "RELU"
        constants = (
            _constant(weights, scales, axis or 0, DType.INT8),
            _constant(bias, np.float32(source) * scales.astype(np.float32), 0, DType.INT32),
        )
        self.node(op, constants, tensor(out, scale=out_scale, zero_point=-128 if relu else 0), options)


def _constant(values: Array, scales: Array, axis: int, dtype: DType) -> Tensor:
    return tensor(values.shape, scale=[float(s) for s in scales], axis=axis, dtype=dtype, data=values)
