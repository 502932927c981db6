# SPDX-License-Identifier: Apache-2.0
"""BatchNormalization and Rescaling: a factor and a summand for each channel, which `quantize` folds into neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from keras import layers

from edgesdk.model.graph import Array
from edgesdk.model.tflite.add import AddOptions
from edgesdk.model.tflite.mul import MulOptions
from edgesdk_converters.to_tflite.builder import FloatBuilder
from edgesdk_converters.to_tflite.lowering import lowers, refuse
from edgesdk_converters.to_tflite.lowerings.convolution import numpy_of


@lowers(layers.BatchNormalization)
def batch_normalization(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    (x,) = inputs
    if layer.axis not in (-1, len(b.shape(x)) - 1):
        raise refuse(f"BatchNormalization over axis {layer.axis} cannot be converted", "it must be the last one")
    factor = 1 / np.sqrt(numpy_of(layer.moving_variance).astype(np.float64) + layer.epsilon)
    if layer.scale:
        factor = factor * numpy_of(layer.gamma)
    summand = -numpy_of(layer.moving_mean) * factor
    if layer.center:
        summand = summand + numpy_of(layer.beta)
    return scale_and_shift(b, x, factor, summand, layer.name)


@lowers(layers.Rescaling)
def rescaling(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    channels = b.shape(inputs[0])[-1:]
    factor, summand = (np.broadcast_to(np.asarray(v, np.float64), channels) for v in (layer.scale, layer.offset))
    return scale_and_shift(b, inputs[0], factor, summand, layer.name)


def scale_and_shift(b: FloatBuilder, x: int, factor: Array, summand: Array, name: str) -> int:
    """x * factor + summand, both [channels]."""
    y = b.apply("MUL", (x, b.floats(factor, f"{name}/factor")), MulOptions(), name)
    return b.apply("ADD", (y, b.floats(summand, f"{name}/summand")), AddOptions(), name)
