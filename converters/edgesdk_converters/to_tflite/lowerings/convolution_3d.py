# SPDX-License-Identifier: Apache-2.0
"""Conv3D over clips [1, frames, height, width, channels], in convolutions of two dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from keras import layers

from edgesdk.model.tflite.concatenation import ConcatenationOptions
from edgesdk.model.tflite.conv_2d import Conv2DOptions
from edgesdk.model.tflite.strided_slice import StridedSliceOptions
from edgesdk.ops.convolution import Axis, axis_of
from edgesdk_converters.to_tflite.builder import FloatBuilder
from edgesdk_converters.to_tflite.lowering import lowers, refuse
from edgesdk_converters.to_tflite.lowerings.activation import activate
from edgesdk_converters.to_tflite.lowerings.convolution import kernel_and_bias, numpy_of, padding_of


@lowers(layers.Conv3D)
def conv_3d(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    """Every output frame reads some input frames: they become its channels, and the kernel's planes lie side by side
    there. A kernel of one pixel is a convolution over time alone."""
    if layer.groups != 1 or tuple(layer.dilation_rate) != (1, 1, 1):
        raise refuse("Conv3D with groups or dilation cannot be converted")
    (x,) = inputs
    padding = padding_of(layer)
    kernel = numpy_of(layer.kernel)  # [time, height, width, channels, filters]
    times, height, width, channels, filters = kernel.shape
    _, frames, rows, columns, _ = b.shape(x)
    (st, sy, sx) = layer.strides
    time = axis_of(frames, times, st, 1, padding, None)
    if (height, width, sy, sx) == (1, 1, 1, 1):
        lines = b.reshape(x, (1, frames, rows * columns, channels))
        flat = kernel[:, 0, 0].transpose(2, 0, 1)[:, :, None]
        y = b.apply("CONV_2D", (lines, *kernel_and_bias(b, layer, flat)), Conv2DOptions(padding, st, 1), layer.name)
        y = activate(b, layer.activation, y, layer.name)
        return b.reshape(y, (1, time.outputs, rows, columns, filters), layer.name)
    joined = _joined(b, x, time)
    planes = np.concatenate(list(kernel), axis=2).transpose(3, 0, 1, 2)
    y = b.apply("CONV_2D", (joined, *kernel_and_bias(b, layer, planes)), Conv2DOptions(padding, sy, sx), layer.name)
    y = activate(b, layer.activation, y, layer.name)
    return b.reshape(y, (1, *b.shape(y)), layer.name)


def _joined(b: FloatBuilder, x: int, time: Axis) -> int:
    """[output frames, height, width, taps * channels]."""
    _, _, *rest = b.shape(x)
    if time.before or time.after:
        amounts = [[0, 0], [time.before, time.after], [0, 0], [0, 0], [0, 0]]
        x = b.apply("PAD", (x, b.integers(amounts)))
    parts = []
    for taken in time.taps():
        bounds = ([0, taken.start, 0, 0, 0], [1, taken.stop, *rest], [1, taken.step, 1, 1, 1])
        part = b.apply("STRIDED_SLICE", (x, *(b.integers(bound) for bound in bounds)), StridedSliceOptions())
        parts.append(b.reshape(part, (time.outputs, *rest)))
    return parts[0] if len(parts) == 1 else b.apply("CONCATENATION", parts, ConcatenationOptions(-1))
