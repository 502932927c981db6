# SPDX-License-Identifier: Apache-2.0
"""OrdinalPool2D, BlendPool2D and GlobalOrdinalPool2D."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from edgesdk.model.tflite.ordinal_pool import OrdinalPoolOptions
from edgesdk_converters.layers import BlendPool2D, GlobalOrdinalPool2D, OrdinalPool2D
from edgesdk_converters.to_tflite.builder import FloatBuilder
from edgesdk_converters.to_tflite.lowering import lowers
from edgesdk_converters.to_tflite.lowerings.convolution import numpy_of


@lowers(OrdinalPool2D, BlendPool2D)
def ordinal_pool_2d(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    options = OrdinalPoolOptions(layer.padding.upper(), *layer.strides, *layer.pool_size)
    return _ordinal(b, layer, inputs[0], options)


@lowers(GlobalOrdinalPool2D)
def global_ordinal_pool_2d(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    samples, height, width, channels = b.shape(inputs[0])
    y = _ordinal(b, layer, inputs[0], OrdinalPoolOptions("VALID", 1, 1, height, width))
    return b.reshape(y, (samples, channels), layer.name)


def _ordinal(b: FloatBuilder, layer: Any, x: int, options: OrdinalPoolOptions) -> int:
    weights = b.floats(numpy_of(layer.weights_by_rank), f"{layer.name}/ordinal")
    return b.apply("edgesdk.OrdinalPool", (x, weights), options, layer.name)
