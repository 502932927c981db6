# SPDX-License-Identifier: Apache-2.0
"""Activation, ReLU, LeakyReLU, Softmax, and the activations that other layers have as an argument."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keras import activations, layers

from edgesdk.model.tflite.leaky_relu import LeakyReluOptions
from edgesdk.model.tflite.softmax import SoftmaxOptions
from edgesdk_converters.to_tflite.builder import FloatBuilder
from edgesdk_converters.to_tflite.lowering import lower, lowers, refuse

_OPERATORS = {
    activations.relu: ("RELU", None),
    activations.relu6: ("RELU6", None),
    activations.sigmoid: ("LOGISTIC", None),
    activations.tanh: ("TANH", None),
    activations.hard_silu: ("HARD_SWISH", None),
    activations.softmax: ("SOFTMAX", SoftmaxOptions(1.0)),
}


def activate(b: FloatBuilder, function: Any, x: int, name: str) -> int:
    """The tensor behind an activation of keras.activations; itself where there is none.

    Raises:
        EdgeError: CONVERT_LAYER where no operator computes the function.
    """
    if function in (None, activations.linear):
        return x
    if function is activations.leaky_relu:
        return b.apply("LEAKY_RELU", (x,), LeakyReluOptions(0.2), name)  # Keras's default slope
    if isinstance(function, layers.Layer):
        return lower(b, function, (x,))
    if function not in _OPERATORS:
        raise refuse(
            f"the activation {getattr(function, '__name__', function)} cannot be converted",
            "there are relu, relu6, leaky_relu, sigmoid, tanh, hard_silu and softmax",
        )
    op, options = _OPERATORS[function]
    return b.apply(op, (x,), options, name)


@lowers(layers.Activation)
def activation(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    return activate(b, layer.activation, inputs[0], layer.name)


@lowers(layers.ReLU)
def relu(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    slope, limit, threshold = layer.negative_slope, layer.max_value, layer.threshold
    if threshold or limit not in (None, 6) or (slope and limit):
        raise refuse(
            f"ReLU with max_value {limit}, negative_slope {slope} and threshold {threshold} cannot be converted",
            "max_value may be 6 or a negative_slope be given",
        )
    if slope:
        return b.apply("LEAKY_RELU", inputs, LeakyReluOptions(float(slope)), layer.name)
    return b.apply("RELU6" if limit else "RELU", inputs, None, layer.name)


@lowers(layers.LeakyReLU)
def leaky_relu(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    return b.apply("LEAKY_RELU", inputs, LeakyReluOptions(float(layer.negative_slope)), layer.name)


@lowers(layers.Softmax)
def softmax(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    if layer.axis not in (-1, len(b.shape(inputs[0])) - 1):
        raise refuse(f"Softmax over axis {layer.axis} cannot be converted", "it must be over the last axis")
    return b.apply("SOFTMAX", inputs, SoftmaxOptions(1.0), layer.name)
