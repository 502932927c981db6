# SPDX-License-Identifier: Apache-2.0
"""Cortex-M3 and M4: three stages, one instruction at a time, loads that overlap (Arm DDI 0337I and DDI 0439B, 3.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from edgesdk.cycles.cores.base import CoreModel, refill_if_wide_and_unaligned
from edgesdk.cycles.instruction import Instruction, Kind

_DIVIDE = 7  # 2 to 12, by the operands
_DIRECT = 1  # refill after a branch to a fixed address: SUBS and BNE loop in 3 cycles
_INDIRECT = 2  # the target is known later
_MULTIPLE = frozenset({Kind.LOAD_DOUBLE, Kind.STORE_DOUBLE, Kind.LOAD_MULTIPLE, Kind.STORE_MULTIPLE})
_MEMORY = _MULTIPLE | {Kind.LOAD, Kind.STORE}


def armv7m(multiplies: Mapping[Kind, int], source: str, error: str | None = None) -> CoreModel:
    """The model of a core whose multiplications take so many cycles; those left out take one."""
    cycles = {Kind.DIVIDE: _DIVIDE, **multiplies}

    def block(instructions: Sequence[Instruction]) -> int:
        before: Instruction | None = None
        total = 0
        for i in instructions:
            total += _memory(i, before) if i.kind in _MEMORY else cycles.get(i.kind, 1) + bool(i.address)
            if i.kind is Kind.PREDICATE and before is not None and before.bytes == 2:
                total -= 1  # IT is folded into a 16-bit instruction before it
            before = i
        return total

    return CoreModel(block, _left, refill_if_wide_and_unaligned, 1, source, error)


def _memory(i: Instruction, before: Instruction | None) -> int:
    """A load or store has an address phase and a data phase; after a load, the former is in that one's data phase."""
    if i.kind in _MULTIPLE:
        cycles = 1 + (i.count or 2)
    else:
        pipelined = before is not None and before.kind is Kind.LOAD and not before.writes & i.address
        buffered = i.kind is Kind.STORE and not i.indexed
        cycles = 1 if pipelined or buffered else 2
    computed = before is not None and before.kind not in _MEMORY and before.writes & i.address
    return cycles + bool(computed)  # there is no forwarding into an address


def _left(branch: Instruction) -> int:
    return _DIRECT if branch.kind in (Kind.BRANCH, Kind.CALL) else _INDIRECT
