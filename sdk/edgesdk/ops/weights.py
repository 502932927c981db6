# SPDX-License-Identifier: Apache-2.0
"""What the operators with weights share: checks of weights and bias, multipliers, the way to int8.

Source: TensorFlow Lite's quantization specification; the rules for multipliers and for weight zero points are
those of TensorFlow Lite Micro's reference kernels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edgesdk.errors import MODEL_INVALID, MODEL_TYPE, OP_OPTIONS, EdgeError
from edgesdk.model.graph import Array, DType, Graph, Node, Tensor
from edgesdk.ops.fixed_point import (
    Int64,
    activation_range,
    multiply_by_quantized_multiplier,
    quantize_multiplier,
)

BIAS_SCALE_TOLERANCE = 0.02
"""TFLite's bound: a unit of bias may miss the product of the scales by this share of an output unit."""


@dataclass(frozen=True)
class Scales:
    """How sums become int8 outputs, per output channel (or one entry for all).

    Args:
        multiplier, shift: as `quantize_multiplier` gives them.
        zero_point: the output's.
        low, high: what the fused activation leaves.
    """

    multiplier: npt.NDArray[np.int32]
    shift: npt.NDArray[np.int8]
    zero_point: int
    low: int
    high: int

    def requantize(self, sums: Int64) -> Array:
        """int8 outputs of int32 sums (held in int64), channels last."""
        scaled = multiply_by_quantized_multiplier(sums, self.multiplier, self.shift)
        return np.clip(scaled + self.zero_point, self.low, self.high).astype(np.int8)


def check_weights(op: str, weights: Tensor, rank: int, channel_axis: int) -> None:
    """Constant int8 weights of `rank` axes, quantized per tensor, or per channel around zero.

    Raises:
        EdgeError: OP_OPTIONS, MODEL_TYPE or MODEL_INVALID.
    """
    if weights.data is None:
        raise EdgeError(OP_OPTIONS, f"the weights of {op} are not constant")
    quantization = weights.quantization
    if weights.dtype is not DType.INT8 or quantization is None:
        raise EdgeError(MODEL_TYPE, f"the weights of {op} must be quantized int8, not {weights.dtype.value}")
    if len(weights.shape) != rank:
        raise EdgeError(MODEL_INVALID, f"the weights of {op} have {len(weights.shape)} axes, not {rank}")
    if weights.elements == 0:
        raise EdgeError(MODEL_INVALID, f"the weights of {op} are empty")
    if not quantization.per_channel:
        return
    channels = weights.shape[channel_axis]
    if quantization.axis != channel_axis or len(quantization.scale) != channels:
        raise EdgeError(
            MODEL_TYPE,
            f"the weights of {op} have {len(quantization.scale)} scales along axis {quantization.axis}, "
            f"not {channels} along axis {channel_axis}",
        )
    if any(quantization.zero_point):
        raise EdgeError(MODEL_TYPE, f"the per-channel weights of {op} have a zero point that is not 0")


def check_bias(graph: Graph, node: Node, bias: Tensor | None, weights: Tensor, source: Tensor, channels: int) -> None:
    """A constant int32 bias per channel in units of input scale times weight scale, or none.

    Raises:
        EdgeError: OP_OPTIONS, MODEL_TYPE or MODEL_INVALID.
    """
    if bias is None:
        return
    if bias.data is None:
        raise EdgeError(OP_OPTIONS, f"the bias of {node.op} is not constant")
    if bias.dtype is not DType.INT32:
        raise EdgeError(MODEL_TYPE, f"the bias of {node.op} is {bias.dtype.value}, not int32")
    if bias.elements != channels:
        raise EdgeError(MODEL_INVALID, f"the bias of {node.op} has {bias.elements} entries, not {channels}")
    if bias.quantization is None or weights.quantization is None:
        return
    product = source.scale * np.array(weights.quantization.scale)
    given = np.array(bias.quantization.scale)
    if given.size not in (1, product.size) and product.size != 1:
        raise EdgeError(MODEL_INVALID, f"the bias of {node.op} has {given.size} scales, not {product.size}")
    if np.any(np.abs(product - given) / graph.tensor_out(node).scale > BIAS_SCALE_TOLERANCE):
        raise EdgeError(MODEL_INVALID, f"the bias of {node.op} is not in units of input scale times weight scale")


def channel_scales(graph: Graph, node: Node, source: Tensor, weights: Tensor) -> Scales:
    """The scales of a node's outputs, multiplied as doubles; one entry where the weights have one scale."""
    assert weights.quantization is not None
    target = graph.tensor_out(node)
    return _scales(node, target, [source.scale * scale / target.scale for scale in weights.quantization.scale])


def float_product_scales(graph: Graph, node: Node, source: Tensor, weights: Tensor) -> Scales:
    """As `channel_scales`, but for one scale whose product with the input's is rounded to float32 first.

    FULLY_CONNECTED with per-tensor weights does so.
    """
    target = graph.tensor_out(node)
    product = np.float32(source.scale) * np.float32(weights.scale)
    return _scales(node, target, [float(product) / target.scale])


def _scales(node: Node, target: Tensor, factors: list[float]) -> Scales:
    pairs = [quantize_multiplier(factor) for factor in factors]
    low, high = activation_range(node.options.activation, target.scale, target.zero_point)
    return Scales(
        np.array([m for m, _ in pairs], np.int32),
        np.array([s for _, s in pairs], np.int8),
        target.zero_point,
        low,
        high,
    )


def bias_values(bias: Array | None, channels: int) -> Int64:
    """The bias as int64, zeros where the node has none."""
    return np.zeros(channels, np.int64) if bias is None else bias.reshape(-1).astype(np.int64)
