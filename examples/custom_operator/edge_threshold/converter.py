# SPDX-License-Identifier: Apache-2.0
"""The Keras layer, what it becomes, and what that computes on floats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from edge_threshold.codec import NAME, ThresholdOptions
from edgesdk.model.graph import Graph, Node
from edgesdk_converters.quantize.float_ops import computes
from edgesdk_converters.to_tflite import FloatBuilder, lowers


@keras.saving.register_keras_serializable("example")
class Threshold(keras.layers.Layer):
    """x where it is at least `threshold`, else 0."""

    def __init__(self, threshold: float = 0.5, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.threshold = threshold

    def call(self, inputs: Any) -> Any:
        return ops.where(inputs >= self.threshold, inputs, 0.0)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "threshold": self.threshold}


@lowers(Threshold)
def lower_threshold(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    return b.apply(NAME, inputs, ThresholdOptions(layer.threshold), layer.name)


@computes(NAME, keeps_quantization=True)
def threshold(graph: Graph, node: Node, operands: Sequence[Any]) -> Sequence[Any]:
    return (ops.where(operands[0] >= node.options.threshold, operands[0], 0.0),)
