# SPDX-License-Identifier: Apache-2.0
"""The integer arithmetic of TFLite Micro's reference kernels (gemmlowp's double rounding), on numpy arrays.

Source: the definitions of SaturatingRoundingDoublingHighMul and RoundingDivideByPOT in Jacob et al. 2018
(arXiv:1712.05877) and their use in TensorFlow Lite.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

Int64 = npt.NDArray[np.int64]


def quantize_multiplier(real: float) -> tuple[int, int]:
    """A non-negative real as (multiplier, shift): real = multiplier * 2^(shift - 31), multiplier in [2^30, 2^31).

    (0, 0) where the real is 0 or below 2^-32.
    """
    if real == 0.0:
        return 0, 0
    fraction, shift = math.frexp(real)
    multiplier = math.floor(fraction * (1 << 31) + 0.5)
    if multiplier == 1 << 31:
        multiplier //= 2
        shift += 1
    if shift < -31:
        return 0, 0
    if shift > 30:
        return (1 << 31) - 1, 30
    return multiplier, shift


def wrap_int32(values: Any) -> Int64:
    """Values modulo 2^32 as int32 range, in int64 arrays."""
    wide = np.asarray(values, dtype=np.int64)
    return ((wide + (1 << 31)) & 0xFFFFFFFF) - (1 << 31)


def doubling_high_multiply(a: Any, b: Any) -> Int64:
    """round(a * b / 2^31), ties upward, saturated; for int32 values held in int64."""
    product = np.asarray(a, dtype=np.int64) * np.asarray(b, dtype=np.int64)
    return np.asarray(np.minimum((product + (1 << 30)) >> 31, (1 << 31) - 1), dtype=np.int64)


def rounding_divide_by_pot(x: Any, exponent: Any) -> Int64:
    """round(x / 2^exponent), ties away from zero; exponent in [0, 31]."""
    value = np.asarray(x, dtype=np.int64)
    exponent = np.asarray(exponent, dtype=np.int64)
    mask = (np.int64(1) << exponent) - 1
    threshold = (mask >> 1) + (value < 0)
    return np.asarray((value >> exponent) + ((value & mask) > threshold), dtype=np.int64)


def multiply_by_quantized_multiplier(x: Any, multiplier: Any, shift: Any) -> Int64:
    """x * multiplier * 2^(shift - 31) with TFLite's two roundings; arguments broadcast."""
    shift = np.asarray(shift, dtype=np.int64)
    shifted = wrap_int32(np.asarray(x, dtype=np.int64) << np.maximum(shift, 0))
    return rounding_divide_by_pot(doubling_high_multiply(shifted, multiplier), np.maximum(-shift, 0))


def activation_range(activation: str, scale: float, zero_point: int) -> tuple[int, int]:
    """The int8 interval that a fused activation (TFLite's name) leaves."""

    def quantize(real: float) -> int:
        # float32 division and rounding half away from zero, as TFLite does; int8 needs no more than the bounds
        with np.errstate(over="ignore"):
            ratio = float(np.clip(np.float32(real) / np.float32(scale), -1e6, 1e6))
        return zero_point + int(math.copysign(math.floor(abs(ratio) + 0.5), ratio))

    low, high = -128, 127
    if activation == "RELU":
        low = max(low, quantize(0.0))
    elif activation == "RELU6":
        low, high = max(low, quantize(0.0)), min(high, quantize(6.0))
    elif activation == "RELU_N1_TO_1":
        low, high = max(low, quantize(-1.0)), min(high, quantize(1.0))
    return low, high
