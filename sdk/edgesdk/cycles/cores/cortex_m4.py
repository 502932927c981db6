# SPDX-License-Identifier: Apache-2.0
"""Cortex-M4: every multiplication takes one cycle."""

from __future__ import annotations

from edgesdk.cycles.cores.armv7m import armv7m

CORE = armv7m({}, "Arm DDI 0439B, table 3-1 and 3.3.2", "perhaps 9% to 40% too low")
