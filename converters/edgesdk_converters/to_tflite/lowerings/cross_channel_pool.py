# SPDX-License-Identifier: Apache-2.0
"""CrossChannelPool and CondensationConv."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from edgesdk.model.tflite.cross_channel_pool import CrossChannelPoolOptions
from edgesdk.model.tflite.ordinal_pool import OrdinalPoolOptions
from edgesdk_converters.layers import CondensationConv, CrossChannelPool
from edgesdk_converters.to_tflite.builder import FloatBuilder
from edgesdk_converters.to_tflite.lowering import lower, lowers
from edgesdk_converters.to_tflite.lowerings.activation import activate
from edgesdk_converters.to_tflite.lowerings.convolution import numpy_of


@lowers(CrossChannelPool)
def cross_channel_pool(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    (x,) = inputs
    if layer.pool != "ordinal":
        options = CrossChannelPoolOptions(layer.pool, layer.group)
        return b.apply("edgesdk.CrossChannelPool", (x,), options, layer.name)
    # Sorted along the width: the group's members become pixels.
    *outer, wide = b.shape(x)
    channels, places = wide // layer.group, prod(outer)
    x = b.reshape(x, (places, channels, layer.group))
    x = b.apply("TRANSPOSE", (x, b.integers([0, 2, 1])))
    x = b.reshape(x, (1, places, layer.group, channels))
    options = OrdinalPoolOptions("VALID", 1, layer.group, 1, layer.group)
    weights = b.floats(numpy_of(layer.weights_by_rank), f"{layer.name}/ordinal")
    y = b.apply("edgesdk.OrdinalPool", (x, weights), options, layer.name)
    return b.reshape(y, (*outer, channels), layer.name)


@lowers(CondensationConv)
def condensation_conv(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    x = lower(b, layer.conv, inputs)
    if layer.norm is not None:
        x = lower(b, layer.norm, (x,))
    return lower(b, layer.pool, (activate(b, layer.activation, x, layer.name),))
