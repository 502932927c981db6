# SPDX-License-Identifier: Apache-2.0
"""Layers that move elements, and those that do nothing outside training."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from keras import layers

from edgesdk.model.tflite.resize_nearest_neighbor import ResizeNearestNeighborOptions
from edgesdk.model.tflite.strided_slice import StridedSliceOptions
from edgesdk_converters.to_tflite.builder import FloatBuilder
from edgesdk_converters.to_tflite.lowering import lowers, refuse
from edgesdk_converters.to_tflite.lowerings.convolution import check_channels_last


@lowers(
    layers.ActivityRegularization,
    layers.Dropout,
    layers.GaussianDropout,
    layers.GaussianNoise,
    layers.Identity,
    layers.RandomBrightness,
    layers.RandomContrast,
    layers.RandomFlip,
    layers.RandomRotation,
    layers.RandomTranslation,
    layers.RandomZoom,
    layers.SpatialDropout1D,
    layers.SpatialDropout2D,
)
def nothing(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    return inputs[0]


@lowers(layers.Flatten)
def flatten(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    check_channels_last(layer)
    samples, *rest = b.shape(inputs[0])
    return b.reshape(inputs[0], (samples, prod(rest)), layer.name)


@lowers(layers.Reshape)
def reshape(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    return b.reshape(inputs[0], layer.compute_output_shape(b.shape(inputs[0])), layer.name)


@lowers(layers.Permute)
def permute(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    return b.apply("TRANSPOSE", (inputs[0], b.integers([0, *layer.dims])), None, layer.name)


@lowers(layers.ZeroPadding1D, layers.ZeroPadding2D)
def zero_padding(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    check_channels_last(layer)
    amounts = [layer.padding] if isinstance(layer, layers.ZeroPadding1D) else layer.padding
    return b.apply("PAD", (inputs[0], b.integers([[0, 0], *amounts, [0, 0]])), None, layer.name)


@lowers(layers.Cropping2D)
def cropping_2d(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    check_channels_last(layer)
    samples, height, width, channels = b.shape(inputs[0])
    (top, bottom), (left, right) = layer.cropping
    bounds = ([0, top, left, 0], [samples, height - bottom, width - right, channels], [1, 1, 1, 1])
    operands = (inputs[0], *(b.integers(bound) for bound in bounds))
    return b.apply("STRIDED_SLICE", operands, StridedSliceOptions(), layer.name)


@lowers(layers.UpSampling2D)
def up_sampling_2d(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    check_channels_last(layer)
    if layer.interpolation != "nearest":
        raise refuse(f"UpSampling2D with interpolation {layer.interpolation!r} cannot be converted", "nearest can")
    _, height, width, _ = b.shape(inputs[0])
    size = b.integers([height * layer.size[0], width * layer.size[1]])
    options = ResizeNearestNeighborOptions(half_pixel_centers=True)
    return b.apply("RESIZE_NEAREST_NEIGHBOR", (inputs[0], size), options, layer.name)
