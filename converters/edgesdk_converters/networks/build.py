# SPDX-License-Identifier: Apache-2.0
"""A table as a Keras model with random weights."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import keras

from edgesdk_converters.networks.tables import Bottleneck, Network

SEED = 0


def build(network: Network) -> Any:
    """The network as a functional Keras model, batch 1, the same weights on every call.

    Residuals are where a bottleneck keeps shape and stride 1.
    """
    seeds = count(SEED)
    image = keras.Input(batch_shape=(1, network.size, network.size, 3))
    x = _convolution(image, seeds, network.stem, 3, 2, active=True)
    if network.separable is not None:
        x = _depthwise(x, seeds, 3, 1)
        x = _convolution(x, seeds, network.separable, 1, 1, active=False)
    for block in network.blocks:
        x = _bottleneck(x, seeds, block)
    if network.last is not None:
        x = _convolution(x, seeds, network.last, 1, 1, active=True)
    x = keras.layers.GlobalAveragePooling2D()(x)
    x = keras.layers.Dense(network.classes, kernel_initializer=_initial(seeds, x.shape[-1], active=False))(x)
    return keras.Model(image, x, name=network.name)


def _bottleneck(x: Any, seeds: Iterator[int], block: Bottleneck) -> Any:
    y = _convolution(x, seeds, block.expanded, 1, 1, active=True)
    y = _depthwise(y, seeds, block.kernel, block.stride)
    y = _convolution(y, seeds, block.channels, 1, 1, active=False)
    return keras.layers.Add()([x, y]) if y.shape == x.shape else y


def _convolution(x: Any, seeds: Iterator[int], channels: int, kernel: int, stride: int, *, active: bool) -> Any:
    initial = _initial(seeds, kernel * kernel * x.shape[-1], active=active)
    x, padding = _padded(x, kernel, stride)
    x = keras.layers.Conv2D(channels, kernel, stride, padding, use_bias=False, kernel_initializer=initial)(x)
    return _normal(x, seeds, active=active)


def _depthwise(x: Any, seeds: Iterator[int], kernel: int, stride: int) -> Any:
    initial = _initial(seeds, kernel * kernel, active=True)
    x, padding = _padded(x, kernel, stride)
    x = keras.layers.DepthwiseConv2D(kernel, stride, padding, use_bias=False, depthwise_initializer=initial)(x)
    return _normal(x, seeds, active=True)


def _padded(x: Any, kernel: int, stride: int) -> tuple[Any, str]:
    # Keras pads an even map less on top than below where the stride is 2; the tables pad all sides alike.
    if stride == 1 or kernel == 1:
        return x, "same"
    return keras.layers.ZeroPadding2D(kernel // 2)(x), "valid"


def _normal(x: Any, seeds: Iterator[int], *, active: bool) -> Any:
    beta = keras.initializers.RandomNormal(stddev=0.1, seed=next(seeds))  # biases that are not all zero
    x = keras.layers.BatchNormalization(beta_initializer=beta)(x)
    return keras.layers.ReLU(6.0)(x) if active else x


def _initial(seeds: Iterator[int], inputs: int, *, active: bool) -> Any:
    # By hand: Keras counts all channels as inputs of a depthwise filter, and activations would fade to nothing.
    return keras.initializers.RandomNormal(stddev=((2 if active else 1) / inputs) ** 0.5, seed=next(seeds))
