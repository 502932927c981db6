# SPDX-License-Identifier: Apache-2.0
"""What operators ask of their operands' quantization."""

from __future__ import annotations

WEIGHTS = {"CONV_2D": 1, "DEPTHWISE_CONV_2D": 1, "FULLY_CONNECTED": 1, "TRANSPOSE_CONV": 1}
"""Linear operator -> which input its weights are."""
BIAS = {"CONV_2D": 2, "DEPTHWISE_CONV_2D": 2, "FULLY_CONNECTED": 2, "TRANSPOSE_CONV": 3}
SOURCE = {"CONV_2D": 0, "DEPTHWISE_CONV_2D": 0, "FULLY_CONNECTED": 0, "TRANSPOSE_CONV": 2}
LINEAR = tuple(WEIGHTS)
CHANNEL_AXIS = {"CONV_2D": 0, "DEPTHWISE_CONV_2D": 3, "FULLY_CONNECTED": 0, "TRANSPOSE_CONV": 0}
"""Of the weights: a scale for each index along it."""

FIXED = {"SOFTMAX": (1 / 256, -128), "LOGISTIC": (1 / 256, -128), "TANH": (1 / 128, 0)}
"""Operator -> scale and zero point of its output, whatever comes in."""

KEEPING = (
    "AVERAGE_POOL_2D",
    "EXPAND_DIMS",
    "MAX_POOL_2D",
    "PAD",
    "RESHAPE",
    "RESIZE_NEAREST_NEIGHBOR",
    "SPLIT",
    "SQUEEZE",
    "STRIDED_SLICE",
    "TRANSPOSE",
    "edgesdk.CrossChannelPool",
)
"""Operators whose outputs have the quantization of the data that they read."""
JOINING = ("CONCATENATION", "MAXIMUM", "MINIMUM")
"""Operators whose inputs and output have one quantization."""
DATA = {"SPLIT": 1}
"""Where the data of a keeping operator is not input 0."""
