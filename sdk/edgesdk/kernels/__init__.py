# SPDX-License-Identifier: Apache-2.0
"""One file per firmware kernel: its description (accepts, bands, scratch, state, pack, ...)."""

from edgesdk.kernels.registry import choose_kernel, kernels

__all__ = ["choose_kernel", "kernels"]
