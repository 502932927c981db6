# SPDX-License-Identifier: Apache-2.0
"""CrossChannelPool: pools over groups of neighbouring channels."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from edgesdk_converters.layers.ordinal_weights import Shares, by_rank, check_form, ordinal_initializer, shares

POOLS = ("max", "average", "ordinal")


@keras.saving.register_keras_serializable("edgesdk")
class CrossChannelPool(keras.layers.Layer):
    """The maximum, the mean, or a weighted sum by rank of `group` consecutive channels.

    Input [..., channels * group], output [..., channels]: output channel c is made of input channels
    [c * group, (c + 1) * group). Behind a convolution the device never stores its input: Condensation-Net's virtual
    feature maps (Chen et al. 2021, arXiv 2104.14124; "max" is the usual reading of its pooling, as in maxout).

    Args:
        group: consecutive channels that become one.
        pool: "max", "average" or "ordinal". Ordinal pooling has weights [channels, group], those of the greatest first.
        form: of ordinal weights: "shares", not negative and summing to one, or "free".
        initializer: of ordinal weights: "uniform", "decay", "max", "average", or any of Keras.
    """

    def __init__(
        self, group: int, pool: str = "max", form: str = "shares", initializer: Any = "uniform", **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        if group < 1:
            raise ValueError(f"group is {group}; it must be at least 1")
        if pool not in POOLS:
            raise ValueError(f"pool is {pool!r}; choose one of {', '.join(POOLS)}")
        self.group = group
        self.pool = pool
        self.form = check_form(form)
        self.initializer = ordinal_initializer(initializer)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        channels = input_shape[-1]
        if channels is None or channels % self.group:
            raise ValueError(f"{self.name} cannot cut {channels} channels into groups of {self.group}")
        if self.pool == "ordinal":
            self.ordinal = self.add_weight(
                name="ordinal",
                shape=(channels // self.group, self.group),
                initializer=self.initializer,
                constraint=Shares() if self.form == "shares" else None,
            )
        super().build(input_shape)

    def call(self, inputs: Any) -> Any:
        channels = inputs.shape[-1] // self.group
        grouped = ops.reshape(inputs, (*ops.shape(inputs)[:-1], channels, self.group))
        if self.pool == "max":
            return ops.max(grouped, axis=-1)
        if self.pool == "average":
            return ops.mean(grouped, axis=-1)
        return by_rank([grouped[..., r] for r in range(self.group)], self.weights_by_rank)

    @property
    def weights_by_rank(self) -> Any:
        """Of ordinal pooling, [channels, group] as the sums take them, the greatest value's first."""
        return shares(self.ordinal) if self.form == "shares" else self.ordinal

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        channels = input_shape[-1]
        return (*input_shape[:-1], None if channels is None else channels // self.group)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "group": self.group,
            "pool": self.pool,
            "form": self.form,
            "initializer": keras.saving.serialize_keras_object(self.initializer),
        }
