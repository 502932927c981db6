# SPDX-License-Identifier: Apache-2.0
"""Packs weights for the matrix core of the packed family, as firmware/kernels/edge_gemm_s8_packed.h lays them out.

Two pixels share a 32-bit word, so one multiplication by a weight makes two products. The fields that hold their sums
are 16 bits wide and taken apart after every group of elements; until then |sum| <= 128 * (sum of |weights|) must fit.
Groups of trained networks rarely sum to more; where one does, its largest weights are cut, and what was cut is added
later.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from edgesdk.kernels.base import Member, int32_array
from edgesdk.kernels.requantize import best_fit, reachable_sums
from edgesdk.kernels.weights import clamp_members, folded_bias, narrow_member
from edgesdk.model.graph import Array
from edgesdk.ops.weights import Scales, bias_values

GROUP = 4
"""EDGE_PACKED_GROUP."""
MOST = 254
"""What the weights of a group may sum to, signs aside."""
FIELD = 128 * MOST
"""EDGE_PACKED_FIELD."""
MOST_DEPTH = 1 << 15
"""`rest` holds indices in int16."""


def padded_depth(depth: int) -> int:
    """Words of two packed pixels of so many elements."""
    return -(-depth // GROUP) * GROUP


def cut_groups(weights: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The weights [channels, depth] with every group small enough: the largest weights of the others give way."""
    groups = weights.reshape(-1, GROUP).copy()
    for _ in range(GROUP):
        excess = np.abs(groups).sum(axis=1) - MOST
        large = np.flatnonzero(excess > 0)
        if not large.size:
            break
        at = large, np.abs(groups[large]).argmax(axis=1)
        left = np.maximum(np.abs(groups[at]) - excess[large], 0)
        groups[at] = np.sign(groups[at]) * left
    return groups.reshape(weights.shape)


def gemm_members(weights: Array, bias: Array | None, zero_point: int, scales: Scales) -> dict[str, Member]:
    """The members of edge_gemm_s8_packed, of one group of channels.

    Args:
        weights: int8 [channels, depth].
        zero_point: the input's.
    """
    channels, depth = weights.shape
    fit = best_fit(scales, reachable_sums(weights, bias_values(bias, channels), zero_point))
    live = np.where(fit.constant, 0, weights.T).T.astype(np.int64)
    whole = np.pad(live, ((0, 0), (0, padded_depth(depth) - depth)))
    cut = cut_groups(whole)
    missing = whole - cut
    started = FIELD * (whole.shape[1] // GROUP + np.count_nonzero(missing, axis=1))
    folded = folded_bias(bias, weights, zero_point).astype(np.int64)
    exact = np.flatnonzero(~fit.proved)
    offset = np.where(fit.constant, 0, 256 * folded) + fit.offset - 256 * started
    offset[exact] = np.arange(len(exact))
    multiplier, shift = np.broadcast_arrays(scales.multiplier, scales.shift, folded)[:2]
    members: dict[str, Member] = {
        "weights": np.pad(cut, ((0, channels % 2), (0, 0))).astype(np.int8),
        "rest": _rest(missing),
        "scale": int32_array(np.stack([offset, np.where(fit.proved, fit.multiplier, 0)], axis=1)),
        "step": fit.step if fit.signed else None,
        "exact": int32_array(np.stack([folded - started, multiplier, shift], axis=1)[exact]) if len(exact) else None,
        "depth": whole.shape[1],
        "channels": channels,
        "base": fit.base,
        "output_shift": fit.output_shift,
        **clamp_members(scales),
        **narrow_member(scales),
    }
    return {f"gemm.{name}": value for name, value in members.items()}


def _rest(missing: npt.NDArray[np.int64]) -> npt.NDArray[np.int16] | None:
    """Of each channel: index and difference of the weights that lack something, then -1."""
    entries: list[int] = []
    for row in missing:
        at = np.flatnonzero(row)
        entries += [*np.stack([at, row[at]], axis=1).reshape(-1).tolist(), -1]
    return np.array(entries, np.int16) if missing.any() else None
