# SPDX-License-Identifier: Apache-2.0
"""edge_requantize.h against the reference arithmetic, over the whole range of int32."""

from __future__ import annotations

import ctypes
import subprocess

import numpy as np
import numpy.typing as npt
import pytest

from edgesdk.ops.fixed_point import multiply_by_quantized_multiplier
from edgesdk.resources import firmware_dir

SHIM = """
#include "edge_requantize.h"
void requantize(const int32_t *x, const int32_t *multiplier, int32_t *out, int32_t n, int32_t shift) {
    for (int32_t i = 0; i < n; i++) {
        out[i] = edge_requantize(x[i], multiplier[i], shift);
    }
}
"""


@pytest.fixture(scope="module", params=[0, 1], ids=["long multiplies", "half multiplies"])
def library(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> ctypes.CDLL:
    directory = tmp_path_factory.mktemp("requantize")
    (directory / "shim.c").write_text(SHIM)
    kernels = firmware_dir() / "kernels"
    sources = [str(directory / "shim.c"), str(kernels / "edge_requantize.c")]
    target = str(directory / "requantize.so")
    flags = ["-std=c11", "-O2", "-fwrapv", "-shared", "-fPIC", f"-I{kernels}"]
    flags.append(f"-DEDGE_HALF_MULTIPLIES={request.param}")
    subprocess.run(["cc", *flags, *sources, "-o", target], check=True)
    return ctypes.CDLL(target)


def pointer(array: npt.NDArray[np.int32]) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)


@pytest.mark.parametrize("shift", range(-31, 31))
def test_every_shift(library: ctypes.CDLL, shift: int) -> None:
    rng = np.random.default_rng(shift + 31)
    edges = np.array([0, 1, -1, 2, -2, 127, -128, 2**30, -(2**30), 2**31 - 1, -(2**31), -(2**31) + 1])
    small = rng.integers(-(2**20), 2**20, 20_000)
    # sums whose product with 2^30 is a tie of the last shift, and their neighbours
    ties = (rng.integers(-500, 500, 4_000) * 2 + 1) << min(max(-shift, 0), 20)
    x = np.concatenate([edges, small, ties, ties + 1, ties - 1, rng.integers(-(2**31), 2**31, 20_000)])
    for multiplier in (
        rng.integers(2**30, 2**31, x.size),
        np.full(x.size, 2**30),
        np.full(x.size, 2**31 - 1),
        rng.integers(0, 2**30, x.size),
    ):
        a, m = x.astype(np.int32), multiplier.astype(np.int32)
        out = np.zeros_like(a)
        library.requantize(pointer(a), pointer(m), pointer(out), a.size, shift)
        want = multiply_by_quantized_multiplier(a, m, shift)
        np.testing.assert_array_equal(out, want)
