# SPDX-License-Identifier: Apache-2.0
"""exp, reciprocal, logistic and tanh as TFLite Micro's kernels compute them, on int32 fixed point.

A format Qm.n has m integer bits besides the sign and n = 31 - m fractional ones. Values are raw integers in
int64 arrays. Source: the algorithms of gemmlowp's fixedpoint library (exponential by a Taylor series around
-1/8 and a product of tabulated powers; division by three Newton-Raphson steps from 48/17 - 32/17 d).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from edgesdk.ops.fixed_point import Int64, doubling_high_multiply, rounding_divide_by_pot, wrap_int32

ONE = (1 << 31) - 1  # 1.0 in Q0.31, saturated

EXP_MINUS_EIGHTH = 1895147668  # exp(-1/8), 1/3 in Q0.31
THIRD = 715827883
# exp(-2^k) in Q0.31 for k = -2, -1, ...
EXP_POWERS = {-2: 1672461947, -1: 1302514674, 0: 790015084, 1: 290630308, 2: 39332535, 3: 720401, 4: 242}

FORTY_EIGHT_17THS = 1515870810  # in Q2.29
MINUS_THIRTY_TWO_17THS = -1010580540


def exp_of_negative(raw: Any, integer_bits: int) -> Int64:
    """exp(a) in Q0.31 for a <= 0 in Q<integer_bits>; integer_bits in [1, 5]."""
    a = np.asarray(raw, dtype=np.int64)
    fractional_bits = 31 - integer_bits
    quarter = 1 << (fractional_bits - 2)
    # a = fraction - remainder, fraction in [-1/4, 0), remainder a multiple of 1/4
    fraction = (a & (quarter - 1)) - quarter
    remainder = fraction - a
    result = _exp_near_zero(fraction << integer_bits)
    for power, factor in EXP_POWERS.items():
        if power < integer_bits:
            bit = 1 << (fractional_bits + power)
            result = np.where(remainder & bit, doubling_high_multiply(result, factor), result)
    return np.where(a == 0, ONE, result)


def _exp_near_zero(a: Int64) -> Int64:
    """exp(a) in Q0.31 for a in [-1/4, 0) in Q0.31."""
    x = a + (1 << 28)
    x2 = doubling_high_multiply(x, x)
    x3 = doubling_high_multiply(x2, x)
    x4 = doubling_high_multiply(x2, x2)
    cubic = doubling_high_multiply(rounding_divide_by_pot(x4, 2) + x3, THIRD) + x2
    series = x + rounding_divide_by_pot(cubic, 1)
    return EXP_MINUS_EIGHTH + doubling_high_multiply(EXP_MINUS_EIGHTH, series)


def _double_reciprocal(half_denominator: Int64) -> Int64:
    """1 / d in Q2.29 for d in [1/2, 1] in Q0.31."""
    x = FORTY_EIGHT_17THS + doubling_high_multiply(half_denominator, MINUS_THIRTY_TWO_17THS)
    for _ in range(3):
        error = (1 << 29) - doubling_high_multiply(half_denominator, x)
        # The product is in Q4.27; |error| <= 1/17, so that the shift back to Q2.29 never saturates.
        x = x + (doubling_high_multiply(x, error) << 2)
    return wrap_int32(x)


def _half_of_one_plus(a: Int64) -> Int64:
    return (a + ONE + 1) >> 1


def reciprocal_of_one_plus(raw: Any) -> Int64:
    """1 / (1 + a) in Q0.31 for a in [0, 1] in Q0.31."""
    x = _double_reciprocal(_half_of_one_plus(np.asarray(raw, dtype=np.int64)))
    saturated: Int64 = np.minimum(x << 1, ONE)
    return saturated


def logistic(raw: Any, integer_bits: int) -> Int64:
    """1 / (1 + exp(-a)) in Q0.31 for a in Q<integer_bits>."""
    a = np.asarray(raw, dtype=np.int64)
    positive = reciprocal_of_one_plus(exp_of_negative(-np.abs(a), integer_bits))
    return np.where(a == 0, 1 << 30, np.where(a > 0, positive, ONE - positive))


def tanh(raw: Any, integer_bits: int) -> Int64:
    """tanh(a) in Q0.31 for a in Q<integer_bits>, by (1 - e) / (1 + e) with e = exp(-2 |a|)."""
    a = np.asarray(raw, dtype=np.int64)
    e = exp_of_negative(-np.abs(a), integer_bits + 1)  # the same raw value with one integer bit more is 2 a
    magnitude = (_double_reciprocal(_half_of_one_plus(e)) - (1 << 29)) << 2
    magnitude = np.clip(magnitude, -ONE - 1, ONE)
    return np.where(a == 0, 0, np.where(a < 0, -magnitude, magnitude))
