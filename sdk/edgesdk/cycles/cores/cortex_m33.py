# SPDX-License-Identifier: Apache-2.0
"""Cortex-M33: one instruction a cycle, results of loads and multiplications a cycle later.

Arm publishes no table. That some pairs of 16-bit instructions issue together is left out: an estimate too high.
"""

from __future__ import annotations

from collections.abc import Sequence

from edgesdk.cycles.cores.base import CoreModel, refill_if_wide_and_unaligned
from edgesdk.cycles.cores.issue import LOADS, MULTIPLIES, issue, words
from edgesdk.cycles.instruction import Instruction, Kind

_DIVIDE = 7


def _latency(i: Instruction) -> int:
    return 2 if i.kind in LOADS or i.kind in MULTIPLIES else 1


def _occupies(i: Instruction, before: Instruction | None) -> int:
    del before
    return _DIVIDE if i.kind is Kind.DIVIDE else words(i)


def _block(instructions: Sequence[Instruction]) -> int:
    return issue(instructions, latency=_latency, occupies=_occupies)


def _left(branch: Instruction) -> int:
    return 1 if branch.kind in (Kind.BRANCH, Kind.CALL) else 2


_SOURCE = "no published table; see docs/cycles.md"
CORE = CoreModel(_block, _left, refill_if_wide_and_unaligned, 1, _SOURCE, "perhaps 8% to 28% too low")
