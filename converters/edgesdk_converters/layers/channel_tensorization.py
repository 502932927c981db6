# SPDX-License-Identifier: Apache-2.0
"""ChannelTensorization: convolutions over space and time, each along one sub-dimension of the channels."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import keras
from keras import ops

from edgesdk_converters.layers.tensor_excitation import TensorExcitation


def sub_dimensions(channels: int, count: int) -> tuple[int, ...]:
    """Powers of two, as equal as can be and ascending, whose product is `channels`: 64 in two is (8, 8), 128 (8, 16).

    Raises:
        ValueError: where `channels` is no power of two of at least 2 ** count.
    """
    exponent = channels.bit_length() - 1
    if channels < 1 << count or channels != 1 << exponent:
        raise ValueError(f"{channels} channels are no product of {count} powers of two; name the sub-dimensions")
    return tuple(1 << (exponent + k) // count for k in range(count))


@keras.saving.register_keras_serializable("edgesdk")
class ChannelTensorization(keras.layers.Layer):
    """CT-Net's module (Li et al. 2021, arXiv 2106.01603): K steps, each a convolution of space and one of time that mix
    the channels of one sub-dimension alone, in place of a dense 3x3x3 convolution.

    Input and output [batch, frames, height, width, channels]; channels are the product of the sub-dimensions. Step k: a
    grouped 1x3x3 and a grouped 3x1x1 convolution side by side, groups of sub_dimensions[k] channels, each with batch
    normalization and ReLU; their sum. Between two steps a dense 1x1x1 convolution, batch normalization and ReLU. The
    paper swaps sub-dimensions between steps; here the dense convolution gives its channels in the order that the next
    step wants, which is the same family of functions and costs nothing. So the output's channels are in the order of
    the last step: what follows should mix all of them, as the paper's 1x1 convolution does.

    Args:
        dimensions: K of them, or their number.
        excitation: whether each branch is excited over what it does not see (TensorExcitation), and their sum over
            channels.
        reduction: of excitation: its channels are fewer by this factor.
        causal: whether a frame depends on itself and earlier ones alone. Convolutions over time then read two frames
            back, and excitation means the last `window` frames where it would mean all.
        window: frames.
    """

    def __init__(
        self,
        dimensions: int | Sequence[int] = 2,
        excitation: bool = True,
        reduction: int = 4,
        causal: bool = False,
        window: int = 4,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        count = dimensions if isinstance(dimensions, int) else len(dimensions)
        if count < 1 or (not isinstance(dimensions, int) and min(dimensions) < 1):
            raise ValueError(f"dimensions is {dimensions!r}; give their number, or numbers of at least 1")
        if reduction < 1 or window < 1:
            raise ValueError(f"reduction is {reduction} and window {window}; both must be at least 1")
        self.dimensions = dimensions if isinstance(dimensions, int) else tuple(dimensions)
        self.excitation = excitation
        self.reduction = reduction
        self.causal = causal
        self.window = window

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        channels = input_shape[-1]
        if len(input_shape) != 5 or channels is None:
            raise ValueError(f"{self.name} needs [batch, frames, height, width, channels], not {input_shape}")
        sizes = sub_dimensions(channels, self.dimensions) if isinstance(self.dimensions, int) else self.dimensions
        if prod(sizes) != channels:
            raise ValueError(f"the sub-dimensions {sizes} of {self.name} do not make {channels} channels")
        self.steps = [
            _Step(channels // size, self.excitation, self.reduction, self.causal, self.window, name=f"step_{k}")
            for k, size in enumerate(sizes)
        ]
        self.fusions = [
            keras.layers.Conv2D(channels, 1, use_bias=False, name=f"fusion_{k}") for k in range(len(sizes) - 1)
        ]
        self.norms = [keras.layers.BatchNormalization(name=f"fusion_norm_{k}") for k in range(len(sizes) - 1)]
        for step in self.steps:
            step.build(input_shape)
        for fusion, norm in zip(self.fusions, self.norms, strict=True):
            fusion.build((None, None, None, channels))
            norm.build((None, None, None, channels))
        super().build(input_shape)

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        x = inputs
        for k, step in enumerate(self.steps):
            if k > 0:
                frames = ops.reshape(x, (-1, *x.shape[2:]))
                mixed = ops.relu(self.norms[k - 1](self.fusions[k - 1](frames), training=training))
                x = ops.reshape(mixed, (-1, *x.shape[1:]))
            x = step(x, training=training)
        return x

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "dimensions": self.dimensions,
            "excitation": self.excitation,
            "reduction": self.reduction,
            "causal": self.causal,
            "window": self.window,
        }


class _Step(keras.layers.Layer):
    """Both branches along one sub-dimension, and what excites them. Shapes as in ChannelTensorization."""

    def __init__(self, groups: int, excitation: bool, reduction: int, causal: bool, window: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.groups = groups
        self.causal = causal
        kinds = ("spatial", "temporal", "channel") if excitation else ()
        self.excitations = {
            kind: TensorExcitation(kind, groups, reduction, causal, window, name=kind) for kind in kinds
        }

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        _, frames, height, width, channels = input_shape
        if None in (frames, height, width):
            raise ValueError("ChannelTensorization must know its input's frames, height and width")
        same = {"groups": self.groups, "use_bias": False}
        self.space = keras.layers.Conv2D(channels, 3, padding="same", name="space", **same)
        padding = "valid" if self.causal else "same"
        self.time = keras.layers.Conv2D(channels, (3, 1), padding=padding, name="time", **same)
        self.space_norm = keras.layers.BatchNormalization(name="space_norm")
        self.time_norm = keras.layers.BatchNormalization(name="time_norm")
        for layer in (self.space, self.time, self.space_norm, self.time_norm):
            layer.build((None, None, None, channels))
        for excitation in self.excitations.values():
            excitation.build(input_shape)
        super().build(input_shape)

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        _, frames, height, width, channels = inputs.shape
        space = self.space(ops.reshape(inputs, (-1, height, width, channels)))
        space = ops.relu(self.space_norm(space, training=training))
        lines = ops.reshape(inputs, (-1, frames, height * width, channels))
        if self.causal:
            lines = ops.pad(lines, ((0, 0), (2, 0), (0, 0), (0, 0)))
        time = ops.relu(self.time_norm(self.time(lines), training=training))
        shape = (-1, frames, height, width, channels)
        space, time = ops.reshape(space, shape), ops.reshape(time, shape)
        if not self.excitations:
            return space + time
        space = self.excitations["spatial"](space, training=training)
        time = self.excitations["temporal"](time, training=training)
        return self.excitations["channel"](space + time, training=training)
