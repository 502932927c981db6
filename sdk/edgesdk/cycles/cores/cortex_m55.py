# SPDX-License-Identifier: Apache-2.0
"""Cortex-M55: scalar instructions as on the M33; a vector of 16 bytes takes two cycles of its unit.

Loads, products and the rest are units of their own, so that an instruction overlaps the second half of one for another
unit. Arm publishes no table; see docs/cycles.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from edgesdk.cycles.cores.base import CoreModel, refill_if_wide_and_unaligned
from edgesdk.cycles.cores.issue import LOADS, MULTIPLIES, issue, words
from edgesdk.cycles.instruction import Instruction, Kind

_DIVIDE = 7
_UNITS = {
    Kind.VECTOR_LOAD: "memory",
    Kind.VECTOR_STORE: "memory",
    Kind.VECTOR_MULTIPLY: "multiply",
    Kind.VECTOR_ALU: "alu",
}


def _latency(i: Instruction) -> int:
    if i.kind is Kind.VECTOR_MULTIPLY and any(r.startswith("r") for r in i.writes):
        return 3  # a sum over the vector
    return 2 if i.kind in LOADS or i.kind in MULTIPLIES else 1


def _occupies(i: Instruction, before: Instruction | None) -> int:
    unit = _UNITS.get(i.kind)
    if unit is None:
        return _DIVIDE if i.kind is Kind.DIVIDE else words(i)
    return 2 if before is not None and _UNITS.get(before.kind) == unit else 1


def _block(instructions: Sequence[Instruction]) -> int:
    return issue(instructions, latency=_latency, occupies=_occupies)


def _left(branch: Instruction) -> int:
    if branch.kind is Kind.LOOP:
        return 0
    return 1 if branch.kind in (Kind.BRANCH, Kind.CALL) else 2


CORE = CoreModel(_block, _left, refill_if_wide_and_unaligned, 0, "no published table; see docs/cycles.md")
