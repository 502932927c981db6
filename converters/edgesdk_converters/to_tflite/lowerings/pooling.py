# SPDX-License-Identifier: Apache-2.0
"""Maximum and average pooling, over windows and whole maps, of one and of two dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keras import layers

from edgesdk.model.tflite.pool_2d import Pool2DOptions
from edgesdk.model.tflite.reducer import ReducerOptions
from edgesdk_converters.to_tflite.builder import FloatBuilder
from edgesdk_converters.to_tflite.lowering import lowers
from edgesdk_converters.to_tflite.lowerings.convolution import check_channels_last, padding_of


@lowers(layers.MaxPooling2D, layers.AveragePooling2D)
def pooling_2d(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    options = Pool2DOptions(padding_of(layer), *layer.strides, *layer.pool_size)
    return b.apply(_operator(layer), inputs, options, layer.name)


@lowers(layers.MaxPooling1D, layers.AveragePooling1D)
def pooling_1d(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    samples, steps, channels = b.shape(inputs[0])
    options = Pool2DOptions(padding_of(layer), layer.strides[0], 1, layer.pool_size[0], 1)
    y = b.apply(_operator(layer), (b.reshape(inputs[0], (samples, steps, 1, channels)),), options, layer.name)
    return b.reshape(y, (samples, b.shape(y)[1], channels), layer.name)


@lowers(layers.GlobalAveragePooling1D, layers.GlobalAveragePooling2D, layers.GlobalAveragePooling3D)
def global_average_pooling(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    check_channels_last(layer)
    axes = b.integers(range(1, len(b.shape(inputs[0])) - 1))
    return b.apply("MEAN", (inputs[0], axes), ReducerOptions(bool(layer.keepdims)), layer.name)


@lowers(layers.GlobalMaxPooling1D, layers.GlobalMaxPooling2D)
def global_max_pooling(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    check_channels_last(layer)
    samples, height, *width, channels = b.shape(inputs[0])
    w = width[0] if width else 1
    x = b.reshape(inputs[0], (samples, height, w, channels))
    y = b.apply("MAX_POOL_2D", (x,), Pool2DOptions("VALID", height, w, height, w), layer.name)
    kept = (samples, *(1 for _ in (height, *width)), channels)
    return b.reshape(y, kept if layer.keepdims else (samples, channels), layer.name)


def _operator(layer: Any) -> str:
    return "MAX_POOL_2D" if isinstance(layer, (layers.MaxPooling1D, layers.MaxPooling2D)) else "AVERAGE_POOL_2D"
