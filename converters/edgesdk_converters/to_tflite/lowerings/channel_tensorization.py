# SPDX-License-Identifier: Apache-2.0
"""ChannelTensorization and TensorExcitation: clips [1, frames, height, width, channels]."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from edgesdk.model.tflite.add import AddOptions
from edgesdk.model.tflite.depthwise_conv_2d import DepthwiseConv2DOptions
from edgesdk.model.tflite.mul import MulOptions
from edgesdk.model.tflite.reducer import ReducerOptions
from edgesdk_converters.layers import ChannelTensorization, TensorExcitation
from edgesdk_converters.to_tflite.builder import FloatBuilder
from edgesdk_converters.to_tflite.lowering import lower, lowers


@lowers(ChannelTensorization)
def channel_tensorization(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    (x,) = inputs
    _, frames, height, width, channels = b.shape(x)
    for k, step in enumerate(layer.steps):
        if k > 0:
            x = b.reshape(x, (frames, height, width, channels))
            x = lower(b, layer.norms[k - 1], (lower(b, layer.fusions[k - 1], (x,)),))
            x = b.apply("RELU", (x,), None, layer.name)
            x = b.reshape(x, (1, frames, height, width, channels))
        x = _step(b, step, x)
    return x


def _step(b: FloatBuilder, step: Any, x: int) -> int:
    _, frames, height, width, channels = shape = b.shape(x)
    space = lower(b, step.space, (b.reshape(x, shape[1:]),))
    space = b.apply("RELU", (lower(b, step.space_norm, (space,)),), None, step.name)
    lines = b.reshape(x, (1, frames, height * width, channels))
    if step.causal:
        lines = _above(b, lines, 2)
    time = b.apply("RELU", (lower(b, step.time_norm, (lower(b, step.time, (lines,)),)),), None, step.name)
    space, time = b.reshape(space, shape), b.reshape(time, shape)
    if step.excitations:
        space = lower(b, step.excitations["spatial"], (space,))
        time = lower(b, step.excitations["temporal"], (time,))
    both = b.apply("ADD", (space, time), AddOptions(), step.name)
    return lower(b, step.excitations["channel"], (both,)) if step.excitations else both


@lowers(TensorExcitation)
def tensor_excitation(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    (x,) = inputs
    _, frames, height, width, channels = shape = b.shape(x)
    if layer.kind != "spatial":
        means = b.apply("MEAN", (x, b.integers([2, 3])), ReducerOptions(False), layer.name)
        gates = _gates(b, layer, b.reshape(means, (1, frames, 1, channels)))
        lines = b.reshape(x, (1, frames, height * width, channels))
        return b.reshape(b.apply("MUL", (lines, gates), MulOptions(), layer.name), shape)
    if not layer.causal:
        means = b.apply("MEAN", (x, b.integers([1])), ReducerOptions(False), layer.name)
        gates = b.reshape(_gates(b, layer, means), (1, 1, height, width, channels))
        return b.apply("MUL", (x, gates), MulOptions(), layer.name)
    # The mean of a trailing window is a depthwise convolution over time with equal weights.
    lines = _above(b, b.reshape(x, (1, frames, height * width, channels)), layer.window - 1)
    even = b.floats(np.full((1, layer.window, 1, channels), 1 / layer.window), f"{layer.name}/window")
    means = b.apply("DEPTHWISE_CONV_2D", (lines, even), DepthwiseConv2DOptions("VALID", 1, 1, 1), layer.name)
    gates = b.reshape(_gates(b, layer, b.reshape(means, shape[1:])), shape)
    return b.apply("MUL", (x, gates), MulOptions(), layer.name)


def _gates(b: FloatBuilder, layer: Any, means: int) -> int:
    fewer = lower(b, layer.norm, (lower(b, layer.squeeze, (_before(b, layer, means),)),))
    fewer = b.apply("RELU", (fewer,), None, layer.name)
    return b.apply("LOGISTIC", (lower(b, layer.excite, (_before(b, layer, fewer),)),), None, layer.name)


def _before(b: FloatBuilder, layer: Any, x: int) -> int:
    return _above(b, x, 2) if layer.causal and layer.kind == "temporal" else x


def _above(b: FloatBuilder, x: int, rows: int) -> int:
    """With rows of zeros before the first frame."""
    return b.apply("PAD", (x, b.integers([[0, 0], [rows, 0], [0, 0], [0, 0]])))
