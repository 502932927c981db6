# SPDX-License-Identifier: Apache-2.0
"""CondensationConv: a convolution of more filters than it stores."""

from __future__ import annotations

from typing import Any

import keras

from edgesdk_converters.layers.cross_channel_pool import CrossChannelPool


@keras.saving.register_keras_serializable("edgesdk")
class CondensationConv(keras.layers.Layer):
    """A convolution with `ratio` times as many filters as output channels, an activation, and CrossChannelPool.

    Input [batch, height, width, channels], output [batch, height', width', filters]. Weights and multiply-accumulates
    grow by `ratio`; what is stored does not, since the device pools before it stores (Condensation-Net, Chen et al.
    2021, arXiv 2104.14124).

    Args:
        filters: channels of the output.
        kernel_size, strides, padding: as of Conv2D.
        ratio: the condensing ratio: filters for each output channel.
        activation: before the pooling.
        pool: "max" or "average".
        batch_normalization: whether one stands between convolution and activation; the convolution then has no bias.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int | tuple[int, int],
        ratio: int = 2,
        strides: int | tuple[int, int] = 1,
        padding: str = "same",
        activation: Any = "relu",
        pool: str = "max",
        batch_normalization: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if filters < 1 or ratio < 1:
            raise ValueError(f"filters is {filters} and ratio {ratio}; both must be at least 1")
        if pool not in ("max", "average"):
            raise ValueError(f"pool is {pool!r}; choose max or average")
        self.filters = filters
        self.ratio = ratio
        self.conv = keras.layers.Conv2D(
            filters * ratio, kernel_size, strides, padding, use_bias=not batch_normalization, name="conv"
        )
        self.norm = keras.layers.BatchNormalization(name="norm") if batch_normalization else None
        self.activation = keras.activations.get(activation)
        self.pool = CrossChannelPool(ratio, pool, name="pool")

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.conv.build(input_shape)
        made = self.conv.compute_output_shape(input_shape)
        if self.norm is not None:
            self.norm.build(made)
        self.pool.build(made)
        super().build(input_shape)

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        x = self.conv(inputs)
        if self.norm is not None:
            x = self.norm(x, training=training)
        return self.pool(self.activation(x))

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (*self.conv.compute_output_shape(input_shape)[:-1], self.filters)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "filters": self.filters,
            "kernel_size": self.conv.kernel_size,
            "ratio": self.ratio,
            "strides": self.conv.strides,
            "padding": self.conv.padding,
            "activation": keras.activations.serialize(self.activation),
            "pool": self.pool.pool,
            "batch_normalization": self.norm is not None,
        }
