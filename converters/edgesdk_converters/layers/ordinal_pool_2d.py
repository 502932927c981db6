# SPDX-License-Identifier: Apache-2.0
"""OrdinalPool2D and GlobalOrdinalPool2D: sums of a window's values, weighted by their ranks."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from edgesdk_converters.layers.ordinal_weights import Shares, by_rank, check_form, ordinal_initializer, shares


class _OrdinalPool(keras.layers.Layer):
    """Weights [channels, ranks] and what both layers do with them."""

    def __init__(self, form: str, initializer: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.form = check_form(form)
        self.initializer = ordinal_initializer(initializer)

    def add_ordinal(self, channels: int | None, ranks: int) -> None:
        if channels is None:
            raise ValueError(f"{self.name} must know its input's channels")
        self.ordinal = self.add_weight(
            name="ordinal",
            shape=(channels, ranks),
            initializer=self.initializer,
            constraint=Shares() if self.form == "shares" else None,
        )

    @property
    def weights_by_rank(self) -> Any:
        """[channels, ranks] as the sums take them, the greatest value's first."""
        return shares(self.ordinal) if self.form == "shares" else self.ordinal

    def get_config(self) -> dict[str, Any]:
        initializer = keras.saving.serialize_keras_object(self.initializer)
        return {**super().get_config(), "form": self.form, "initializer": initializer}


@keras.saving.register_keras_serializable("edgesdk")
class OrdinalPool2D(_OrdinalPool):
    """Sorts the values of every window of a channel and sums them with a weight for each rank.

    Input [batch, height, width, channels], output as of MaxPooling2D; weights [channels, pool height * pool width], the
    greatest value's first. (1, 0, ...) is the maximum, equal weights the average. Padding is with zeros, which are
    sorted as the others are.

    Args:
        pool_size, strides: one number or (vertical, horizontal); strides default to the window.
        padding: "valid" or "same".
        form: "shares": weights that are not negative and sum to one (Deliège et al. 2021, arXiv 2109.01561); "free":
            any (Kumar 2018, arXiv 1804.02702).
        initializer: "uniform" (2021), "decay" (2018), "max", "average", or any of Keras.
    """

    def __init__(
        self,
        pool_size: int | tuple[int, int] = 2,
        strides: int | tuple[int, int] | None = None,
        padding: str = "valid",
        form: str = "shares",
        initializer: Any = "uniform",
        **kwargs: Any,
    ) -> None:
        super().__init__(form, initializer, **kwargs)
        self.pool_size = _pair(pool_size, "pool_size")
        self.strides = self.pool_size if strides is None else _pair(strides, "strides")
        if padding not in ("valid", "same"):
            raise ValueError(f"padding is {padding!r}; choose valid or same")
        self.padding = padding

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.add_ordinal(input_shape[-1], self.pool_size[0] * self.pool_size[1])
        super().build(input_shape)

    def call(self, inputs: Any) -> Any:
        _, height, width, _ = inputs.shape
        (rows, above, below), (columns, left, right) = (
            _axis(size, self.pool_size[k], self.strides[k], self.padding) for k, size in enumerate((height, width))
        )
        padded = ops.pad(inputs, ((0, 0), (above, below), (left, right), (0, 0)))
        (sy, sx), values = self.strides, []
        if self.strides == self.pool_size:
            # Cut instead of sliced: the gradient of slices with strides is several times slower.
            whole = padded[:, : rows * sy, : columns * sx]
            tiles = ops.reshape(whole, (-1, rows, sy, columns, sx, whole.shape[-1]))
            values = [place for line in ops.unstack(tiles, axis=2) for place in ops.unstack(line, axis=3)]
            return by_rank(values, self.weights_by_rank)
        for dy in range(self.pool_size[0]):
            for dx in range(self.pool_size[1]):
                values.append(padded[:, dy : dy + (rows - 1) * sy + 1 : sy, dx : dx + (columns - 1) * sx + 1 : sx, :])
        return by_rank(values, self.weights_by_rank)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        batch, height, width, channels = input_shape
        sizes = (_axis(n, self.pool_size[k], self.strides[k], self.padding)[0] for k, n in enumerate((height, width)))
        return (batch, *sizes, channels)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "pool_size": self.pool_size,
            "strides": self.strides,
            "padding": self.padding,
        }


@keras.saving.register_keras_serializable("edgesdk")
class GlobalOrdinalPool2D(_OrdinalPool):
    """Sorts all values of a channel and sums them with a weight for each rank.

    Input [batch, height, width, channels] of a fixed size, output [batch, channels]; weights [channels, height *
    width]. `form` and `initializer` are as in OrdinalPool2D.
    """

    def __init__(self, form: str = "shares", initializer: Any = "uniform", **kwargs: Any) -> None:
        super().__init__(form, initializer, **kwargs)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        _, height, width, channels = input_shape
        if height is None or width is None:
            raise ValueError(f"{self.name} must know its input's height and width: each rank has a weight")
        self.add_ordinal(channels, height * width)
        super().build(input_shape)

    def call(self, inputs: Any) -> Any:
        _, height, width, _ = inputs.shape
        values = [inputs[:, y, x, :] for y in range(height) for x in range(width)]
        return by_rank(values, self.weights_by_rank)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (input_shape[0], input_shape[-1])


def _pair(value: Any, name: str) -> tuple[int, int]:
    pair = (value, value) if isinstance(value, int) else tuple(value)
    if len(pair) != 2 or any(not isinstance(n, int) or n < 1 for n in pair):
        raise ValueError(f"{name} is {value!r}; give one number of at least 1, or two")
    return pair


def _axis(size: int | None, window: int, stride: int, padding: str) -> tuple[int, int, int]:
    """Outputs along an axis, and the padding before and behind it, as TensorFlow pads."""
    if size is None:
        raise ValueError("OrdinalPool2D must know its input's height and width")
    if padding == "valid":
        if size < window:
            raise ValueError(f"a window of {window} does not fit {size} rows or columns; pad with 'same'")
        return (size - window) // stride + 1, 0, 0
    outputs = -(-size // stride)
    missing = max(0, (outputs - 1) * stride + window - size)
    return outputs, missing // 2, missing - missing // 2
