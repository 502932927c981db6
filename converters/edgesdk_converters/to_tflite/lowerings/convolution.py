# SPDX-License-Identifier: Apache-2.0
"""Conv1D, Conv2D, DepthwiseConv2D, SeparableConv2D, Conv2DTranspose and Dense."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from keras import layers, ops

from edgesdk.model.graph import Array
from edgesdk.model.tflite.conv_2d import Conv2DOptions
from edgesdk.model.tflite.depthwise_conv_2d import DepthwiseConv2DOptions
from edgesdk.model.tflite.fully_connected import FullyConnectedOptions
from edgesdk.model.tflite.transpose_conv import TransposeConvOptions
from edgesdk_converters.to_tflite.builder import FloatBuilder
from edgesdk_converters.to_tflite.lowering import lowers, refuse
from edgesdk_converters.to_tflite.lowerings.activation import activate


@lowers(layers.Conv2D)
def conv_2d(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    (x,) = inputs
    kernel = numpy_of(layer.kernel).transpose(3, 0, 1, 2)
    (sy, sx), (dy, dx) = layer.strides, layer.dilation_rate
    options = Conv2DOptions(padding_of(layer), sy, sx, dy, dx)
    y = b.apply("CONV_2D", (x, *kernel_and_bias(b, layer, kernel)), options, layer.name)
    return activate(b, layer.activation, y, layer.name)


@lowers(layers.Conv1D)
def conv_1d(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    samples, steps, channels = b.shape(inputs[0])
    x = b.reshape(inputs[0], (samples, steps, 1, channels))
    if layer.padding == "causal":
        above = (layer.kernel_size[0] - 1) * layer.dilation_rate[0]
        x = b.apply("PAD", (x, b.integers([[0, 0], [above, 0], [0, 0], [0, 0]])))
    kernel = numpy_of(layer.kernel).transpose(2, 0, 1)[:, :, None]
    padding = "SAME" if layer.padding == "same" else "VALID"
    options = Conv2DOptions(padding, layer.strides[0], 1, layer.dilation_rate[0], 1)
    y = b.apply("CONV_2D", (x, *kernel_and_bias(b, layer, kernel)), options, layer.name)
    y = activate(b, layer.activation, y, layer.name)
    return b.reshape(y, (samples, b.shape(y)[1], layer.filters), layer.name)


@lowers(layers.DepthwiseConv2D)
def depthwise_conv_2d(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    y = _depthwise(b, layer, inputs[0], numpy_of(layer.kernel), layer.bias if layer.use_bias else None)
    return activate(b, layer.activation, y, layer.name)


@lowers(layers.SeparableConv2D)
def separable_conv_2d(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    x = _depthwise(b, layer, inputs[0], numpy_of(layer.depthwise_kernel), None)
    kernel = numpy_of(layer.pointwise_kernel).transpose(3, 0, 1, 2)
    y = b.apply("CONV_2D", (x, *kernel_and_bias(b, layer, kernel)), Conv2DOptions("VALID", 1, 1), layer.name)
    return activate(b, layer.activation, y, layer.name)


@lowers(layers.Conv2DTranspose)
def conv_2d_transpose(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    if tuple(layer.dilation_rate) != (1, 1) or layer.output_padding is not None:
        raise refuse("Conv2DTranspose with a dilation or output_padding cannot be converted")
    (x,) = inputs
    kernel = numpy_of(layer.kernel).transpose(2, 0, 1, 3)
    shape = b.integers(layer.compute_output_shape(b.shape(x)))
    weights, *bias = kernel_and_bias(b, layer, kernel)
    options = TransposeConvOptions(padding_of(layer), *layer.strides)
    y = b.apply("TRANSPOSE_CONV", (shape, weights, x, *bias), options, layer.name)
    return activate(b, layer.activation, y, layer.name)


@lowers(layers.Dense)
def dense(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    (x,) = inputs
    operands = (x, *kernel_and_bias(b, layer, numpy_of(layer.kernel).T))
    options = FullyConnectedOptions(keep_num_dims=len(b.shape(x)) > 2)
    return activate(b, layer.activation, b.apply("FULLY_CONNECTED", operands, options, layer.name), layer.name)


def numpy_of(variable: Any) -> Array:
    """A variable's values, float32."""
    return np.asarray(ops.convert_to_numpy(variable), np.float32)


def padding_of(layer: Any) -> str:
    """SAME or VALID. Raises CONVERT_LAYER where the layer's channels come first or its padding is another."""
    check_channels_last(layer)
    if layer.padding not in ("same", "valid"):
        raise refuse(f"padding {layer.padding!r} cannot be converted")
    return str(layer.padding).upper()


def check_channels_last(layer: Any) -> None:
    """Raises CONVERT_LAYER where the layer's channels come first."""
    if layer.data_format != "channels_last":
        raise refuse("a layer with channels first cannot be converted", "firmware has the channels last")


def _depthwise(b: FloatBuilder, layer: Any, x: int, kernel: Array, bias: Any) -> int:
    height, width, channels, multiplier = kernel.shape
    (sy, sx), (dy, dx) = layer.strides, layer.dilation_rate
    options = DepthwiseConv2DOptions(padding_of(layer), sy, sx, multiplier, dy, dx)
    weights = b.floats(kernel.reshape(1, height, width, channels * multiplier), f"{layer.name}/kernel")
    biases = () if bias is None else (b.floats(numpy_of(bias), f"{layer.name}/bias"),)
    return b.apply("DEPTHWISE_CONV_2D", (x, weights, *biases), options, layer.name)


def kernel_and_bias(b: FloatBuilder, layer: Any, kernel: Array) -> list[int]:
    """The kernel as TFLite has it, output channels first, and the bias where there is one."""
    operands = [b.floats(np.ascontiguousarray(kernel), f"{layer.name}/kernel")]
    if layer.use_bias:
        operands.append(b.floats(numpy_of(layer.bias), f"{layer.name}/bias"))
    return operands
