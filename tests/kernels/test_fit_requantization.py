# SPDX-License-Identifier: Apache-2.0
"""edgesdk.kernels.requantize: what it proves equals TFLite's two roundings for every sum in range."""

from __future__ import annotations

import numpy as np
import pytest

from edgesdk.kernels.requantize import (
    OUTPUT_SHIFTS,
    Sums,
    best_fit,
    fit_requantization,
    reachable_sums,
    requantized,
)
from edgesdk.ops.weights import Scales

CHANNELS = 12


def scales(rng: np.random.Generator, right: int, zero_point: int) -> Scales:
    multiplier = rng.integers(1 << 30, 1 << 31, CHANNELS)
    multiplier[:2] = 1 << 30, (1 << 31) - 1
    return Scales(multiplier.astype(np.int32), np.full(CHANNELS, -right, np.int8), zero_point, -128, 127)


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("output_shift", OUTPUT_SHIFTS)
@pytest.mark.parametrize("right", range(14))
def test_proved_channels_are_exact(right: int, output_shift: int, signed: bool) -> None:
    rng = np.random.default_rng(right)
    for zero_point in (-128, 127, int(rng.integers(-128, 128))):
        s = scales(rng, right, zero_point)
        reach = 1 << min(right + 9, 16)
        least, most = -rng.integers(reach // 2, reach, CHANNELS), rng.integers(reach // 2, reach, CHANNELS)
        fit = fit_requantization(s, Sums(least, most), output_shift, signed=signed)
        if right <= output_shift <= right + 7 and (signed or zero_point == -128):
            assert fit.proved.mean() > 0.7
        if output_shift > right + 7:
            assert not fit.proved.any()
        sums = np.arange(-reach, reach)[:, None]
        inside = (sums >= least) & (sums <= most) & fit.proved
        wrong = (requantized(fit, sums) != s.requantize(np.broadcast_to(sums, inside.shape))) & inside
        assert not wrong.any()


def test_no_proof_where_the_scaled_sum_overflows() -> None:
    s = scales(np.random.default_rng(1), 7, -128)
    assert not best_fit(s, Sums(np.full(CHANNELS, -(1 << 23)), np.full(CHANNELS, 1 << 23))).proved.any()


def test_left_shifts_are_never_proved() -> None:
    s = Scales(np.full(2, 1 << 30, np.int32), np.array([1, 3], np.int8), 0, -128, 127)
    assert not best_fit(s, Sums(np.full(2, -500), np.full(2, 500))).proved.any()


def test_constant_channels() -> None:
    s = Scales(np.full(3, 1 << 30, np.int32), np.array([-7, -30, 0], np.int8), -5, -128, 127)
    fit = best_fit(s, Sums(np.array([-(1 << 28), 3, 7]), np.array([-(1 << 24), 9, 7])))
    assert fit.constant.all()
    np.testing.assert_array_equal(requantized(fit, np.array([-(1 << 26), 5, 7])), [-128, -5, -1])


def test_reachable_sums() -> None:
    weights = np.array([[3, -2], [0, 0]], np.int8)
    sums = reachable_sums(weights, np.array([10, -4]), -128)
    np.testing.assert_array_equal(sums.least, [10 - 2 * 255, -4])
    np.testing.assert_array_equal(sums.most, [10 + 3 * 255, -4])
