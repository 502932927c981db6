# SPDX-License-Identifier: Apache-2.0
"""Cortex-M7: two instructions a cycle where they go together, taken branches predicted.

Arm publishes no table; the rules are those that others measured, see docs/cycles.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from edgesdk.cycles.cores.base import CoreModel, at_once
from edgesdk.cycles.cores.issue import LOADS, MULTIPLIES, issue, words
from edgesdk.cycles.instruction import Instruction, Kind

_DIVIDE = 7
_SINGLE = frozenset({Kind.LOAD, Kind.STORE})
_ALONE = frozenset(
    {Kind.LOAD_MULTIPLE, Kind.STORE_MULTIPLE, Kind.LOAD_DOUBLE, Kind.STORE_DOUBLE, Kind.DIVIDE, Kind.PREDICATE}
)


def _latency(i: Instruction) -> int:
    return 2 if i.kind in LOADS or i.kind in MULTIPLIES else 1


def _occupies(i: Instruction, before: Instruction | None) -> int:
    del before
    if i.kind is Kind.DIVIDE:
        return _DIVIDE
    return (words(i) + 1) // 2  # the data bus is 64 bits wide


def _pairs(first: Instruction, second: Instruction) -> bool:
    if first.kind in _ALONE or second.kind in _ALONE or first.branches or first.writes & second.writes:
        return False
    if second.kind in MULTIPLIES or second.kind is Kind.SIMD:
        return False  # these are for the first of two
    if first.kind in _SINGLE and second.kind in _SINGLE:
        return first.kind is Kind.LOAD and second.kind is Kind.LOAD
    return not (first.shifts and second.shifts)


def _block(instructions: Sequence[Instruction]) -> int:
    return issue(instructions, latency=_latency, occupies=_occupies, pairs=_pairs)


def _left(branch: Instruction) -> int:
    return 1 if branch.kind in (Kind.BRANCH, Kind.CALL) else 3


CORE = CoreModel(_block, _left, at_once, 1, "no published table; see docs/cycles.md")
