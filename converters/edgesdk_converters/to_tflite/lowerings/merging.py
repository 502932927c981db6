# SPDX-License-Identifier: Apache-2.0
"""Layers of several inputs: Add, Subtract, Multiply, Maximum, Minimum, Concatenate."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

from keras import layers

from edgesdk.model.tflite.add import AddOptions
from edgesdk.model.tflite.concatenation import ConcatenationOptions
from edgesdk.model.tflite.mul import MulOptions
from edgesdk.model.tflite.sub import SubOptions
from edgesdk_converters.to_tflite.builder import FloatBuilder
from edgesdk_converters.to_tflite.lowering import lowers

_OPERATORS = {
    layers.Add: ("ADD", AddOptions()),
    layers.Subtract: ("SUB", SubOptions()),
    layers.Multiply: ("MUL", MulOptions()),
    layers.Maximum: ("MAXIMUM", None),
    layers.Minimum: ("MINIMUM", None),
}


@lowers(*_OPERATORS)
def merge(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    op, options = _OPERATORS[type(layer)]
    return reduce(lambda x, y: b.apply(op, (x, y), options, layer.name), inputs)


@lowers(layers.Concatenate)
def concatenate(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    return b.apply("CONCATENATION", inputs, ConcatenationOptions(layer.axis), layer.name)
