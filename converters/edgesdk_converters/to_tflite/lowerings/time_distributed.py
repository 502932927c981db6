# SPDX-License-Identifier: Apache-2.0
"""TimeDistributed: time becomes the axis of samples, of which operators have any number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from keras import layers

from edgesdk_converters.to_tflite.builder import FloatBuilder
from edgesdk_converters.to_tflite.lowering import lower, lowers


@lowers(layers.TimeDistributed)
def time_distributed(b: FloatBuilder, layer: Any, inputs: Sequence[int]) -> int:
    _, frames, *rest = b.shape(inputs[0])
    y = lower(b, layer.layer, (b.reshape(inputs[0], (frames, *rest)),))
    return b.reshape(y, (1, *b.shape(y)), layer.name)
