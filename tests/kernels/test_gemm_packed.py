# SPDX-License-Identifier: Apache-2.0
"""What the packed family's weights promise: fields that hold every group's sums, and nothing lost."""

from __future__ import annotations

import numpy as np
import pytest

from edgesdk.kernels.gemm_packed import FIELD, GROUP, MOST, cut_groups


@pytest.mark.parametrize("extreme", [False, True])
def test_every_group_fits_its_field(extreme: bool) -> None:
    rng = np.random.default_rng(0)
    shape = (64, 5 * GROUP)
    weights = rng.choice([-128, 127], shape) if extreme else rng.integers(-128, 128, shape)
    cut = cut_groups(weights.astype(np.int64))
    groups = cut.reshape(-1, GROUP)
    assert np.abs(groups).sum(axis=1).max() == MOST
    least = np.minimum(groups * -128, groups * 127).sum(axis=1)
    most = np.maximum(groups * -128, groups * 127).sum(axis=1)
    assert least.min() + FIELD >= 0
    assert most.max() + FIELD < 1 << 16
    assert np.abs(weights - cut).max() <= 128
    assert np.all(np.abs(cut) <= np.abs(weights))


def test_groups_that_fit_stay_as_they_are() -> None:
    weights = np.array([[127, -127, 0, 0, 64, 64, 63, -63]])
    assert np.array_equal(cut_groups(weights), weights)
