# SPDX-License-Identifier: Apache-2.0
"""TensorExcitation: squeeze and excitation of clips in three flavours."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

KINDS = ("spatial", "temporal", "channel")


@keras.saving.register_keras_serializable("edgesdk")
class TensorExcitation(keras.layers.Layer):
    """Weighs a clip by gates between 0 and 1 that come from means of it (CT-Net, Li et al. 2021, arXiv 2106.01603).

    Input and output [batch, frames, height, width, channels].

    | kind | mean over | gates by convolutions of | gates for |
    | --- | --- | --- | --- |
    | spatial | frames | 3x3 in space | each place, all frames |
    | temporal | height and width | 3 in time | each frame, all places |
    | channel | height and width | 1 | each frame, all places |

    A grouped convolution to channels / reduction, batch normalization, ReLU, one back to all channels (grouped, but
    dense for "channel"), sigmoid.

    Args:
        groups: of the convolutions.
        reduction: by what factor the channels between the two are fewer.
        causal: whether a frame's gates depend on itself and earlier frames alone: "spatial" then means the last
            `window` frames, those before the clip as zeros.
        window: frames.
    """

    def __init__(
        self, kind: str, groups: int = 1, reduction: int = 4, causal: bool = False, window: int = 4, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        if kind not in KINDS:
            raise ValueError(f"kind is {kind!r}; choose one of {', '.join(KINDS)}")
        if min(groups, reduction, window) < 1:
            raise ValueError(f"groups is {groups}, reduction {reduction}, window {window}; all must be at least 1")
        self.kind = kind
        self.groups = groups
        self.reduction = reduction
        self.causal = causal
        self.window = window

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        channels = input_shape[-1]
        if channels is None or channels % (self.reduction * self.groups) or channels % self.groups:
            raise ValueError(
                f"{self.name} cannot reduce {channels} channels by {self.reduction} in {self.groups} groups; "
                "choose more channels, a smaller reduction, or no excitation"
            )
        kernel = {"spatial": (3, 3), "temporal": (3, 1), "channel": (1, 1)}[self.kind]
        timed = self.causal and self.kind == "temporal"
        padding = "valid" if timed else "same"
        fewer = channels // self.reduction
        back = 1 if self.kind == "channel" else self.groups
        self.squeeze = keras.layers.Conv2D(
            fewer, kernel, padding=padding, groups=self.groups, use_bias=False, name="squeeze"
        )
        self.norm = keras.layers.BatchNormalization(name="norm")
        self.excite = keras.layers.Conv2D(channels, kernel, padding=padding, groups=back, name="excite")
        self.squeeze.build((None, None, None, channels))
        self.norm.build((None, None, None, fewer))
        self.excite.build((None, None, None, fewer))
        super().build(input_shape)

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        _, frames, height, width, channels = inputs.shape
        if self.kind != "spatial":
            means = ops.mean(inputs, axis=(2, 3))[:, :, None, :]  # [batch, frames, 1, channels]
            return inputs * ops.reshape(self._gates(means, training), (-1, frames, 1, 1, channels))
        if not self.causal:
            return inputs * self._gates(ops.mean(inputs, axis=1), training)[:, None]
        padded = ops.pad(inputs, ((0, 0), (self.window - 1, 0), (0, 0), (0, 0), (0, 0)))
        trailing = sum(padded[:, k : k + frames] for k in range(self.window)) / self.window
        gates = self._gates(ops.reshape(trailing, (-1, height, width, channels)), training)
        return inputs * ops.reshape(gates, (-1, frames, height, width, channels))

    def _gates(self, means: Any, training: bool | None) -> Any:
        fewer = ops.relu(self.norm(self.squeeze(self._before(means)), training=training))
        return ops.sigmoid(self.excite(self._before(fewer)))

    def _before(self, x: Any) -> Any:
        """With the two frames of zeros that a causal convolution over time reads before the first."""
        if self.causal and self.kind == "temporal":
            return ops.pad(x, ((0, 0), (2, 0), (0, 0), (0, 0)))
        return x

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "kind": self.kind,
            "groups": self.groups,
            "reduction": self.reduction,
            "causal": self.causal,
            "window": self.window,
        }
