# SPDX-License-Identifier: Apache-2.0
"""One file per firmware kernel: its description (accepts, bands, scratch, state, pack, ...)."""
