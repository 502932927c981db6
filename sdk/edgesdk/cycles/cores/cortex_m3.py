# SPDX-License-Identifier: Apache-2.0
"""Cortex-M3: multiplications with addition take two cycles, long ones three to seven."""

from __future__ import annotations

from edgesdk.cycles.cores.armv7m import armv7m
from edgesdk.cycles.instruction import Kind

_MULTIPLIES = {Kind.ACCUMULATE: 2, Kind.LONG_MULTIPLY: 4, Kind.LONG_ACCUMULATE: 5}

CORE = armv7m(_MULTIPLIES, "Arm DDI 0337I, table 3-1 and 3.3.2; 3 to 5 and 4 to 7 cycles taken as 4 and 5")
