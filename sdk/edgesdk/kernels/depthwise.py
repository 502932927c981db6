# SPDX-License-Identifier: Apache-2.0
"""What the depthwise kernels of the dsp and packed families share: constants per channel, proofs of their scales."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from edgesdk.kernels.base import int32_array
from edgesdk.kernels.requantize import fit_requantization, reachable_sums
from edgesdk.model.graph import Array, DType, Graph, Node, Quantization, Tensor
from edgesdk.ops.fixed_point import Int64
from edgesdk.ops.weights import Scales, bias_values, channel_scales

OUTPUT_SHIFT = 10
"""Of all channels; it serves right shifts from 3 on, which trained networks do not go below."""


@dataclass(frozen=True)
class Channels:
    """A node's constants, channel by channel.

    Args:
        weights: int8 [channels, taps]; of channels with only one output: zeros.
        bias: with the weights and zero points that TFLite has, of all channels.
        scales: what channels without a proof are requantized with.
        multiplier, offset: int32 [channels]; y = saturate((256 * sum + offset) * multiplier >> (32 + OUTPUT_SHIFT)),
            where the sum has no bias and the input is taken minus its zero point; 0 where there is no proof.
        proved: bool [channels].
    """

    weights: Array
    bias: Int64
    scales: Scales
    multiplier: npt.NDArray[np.int32]
    offset: npt.NDArray[np.int32]
    proved: npt.NDArray[np.bool_]


def depthwise_channels(graph: Graph, node: Node) -> Channels:
    """The channels of a DEPTHWISE_CONV_2D with one output channel per input channel."""
    source, made = graph.tensor_in(node, 0), graph.tensor_out(node)
    return _channels(
        replace(node, inputs=(-1, *node.inputs[1:]), outputs=(-2,), options=replace(node.options, pads=None)),
        tuple(graph.tensors[t] for t in node.inputs[1:] if t >= 0),
        source.quantization,
        made.quantization,
    )


@lru_cache(maxsize=1024)
def _channels(
    node: Node, constants: tuple[Tensor, ...], read: Quantization | None, made: Quantization | None
) -> Channels:
    """Proved once for weights and scales, whatever the map's size: a planner asks again for every graph that it tries,
    and for every strip."""
    tensors = (*constants, Tensor(-1, "", (), DType.INT8, read), Tensor(-2, "", (), DType.INT8, made))
    graph = Graph("", 0, {t.index: t for t in tensors}, (node,), (), ())
    source, weights, given = graph.tensor_in(node, 0), graph.tensor_in(node, 1), graph.input(node, 2)
    assert weights.data is not None
    channels = weights.shape[3]
    planar = weights.data.reshape(-1, channels).T
    bias = bias_values(None if given is None else given.data, channels)
    scales = channel_scales(graph, node, source, weights)
    sums = reachable_sums(planar, bias, source.zero_point)
    fit = fit_requantization(scales, sums, OUTPUT_SHIFT, signed=False)
    # SSAT limits to int8 alone; narrower activations need what the sums can reach to stay inside.
    proved = fit.proved & _within(scales, sums.least) & _within(scales, sums.most)
    constant = fit.constant & proved
    return Channels(
        np.where(constant[:, None], np.int8(0), planar),
        bias,
        Scales(
            np.array(np.broadcast_to(scales.multiplier, channels)),
            np.array(np.broadcast_to(scales.shift, channels)),
            scales.zero_point,
            scales.low,
            scales.high,
        ),
        np.where(proved, fit.multiplier, np.int32(0)),
        int32_array(np.where(proved, np.where(constant, 0, bias << 8) + fit.offset, 0)),
        proved,
    )


def _within(scales: Scales, sums: Int64) -> npt.NDArray[np.bool_]:
    """Whether the fused activation leaves the sums' outputs as they are."""
    free = Scales(scales.multiplier, scales.shift, scales.zero_point, -128, 127).requantize(sums)
    return (free >= scales.low) & (free <= scales.high)
