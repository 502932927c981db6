# SPDX-License-Identifier: Apache-2.0
"""Cortex-M0, with the multiplier of one cycle: the summary of its instruction set in Arm DDI 0432C, 3.3."""

from __future__ import annotations

from collections.abc import Sequence

from edgesdk.cycles.cores.base import CoreModel, at_once
from edgesdk.cycles.instruction import Instruction, Kind

_CYCLES = {Kind.LOAD: 2, Kind.STORE: 2}


def _cycles(i: Instruction) -> int:
    if i.kind in (Kind.LOAD_MULTIPLE, Kind.STORE_MULTIPLE):
        return 1 + i.count
    return _CYCLES.get(i.kind, 1)


def _block(instructions: Sequence[Instruction]) -> int:
    return sum(_cycles(i) for i in instructions)


def _left(branch: Instruction) -> int:
    """B and BX take 3 cycles, BL 4, POP with the program counter 4 + N."""
    return 3 if branch.kind in (Kind.CALL, Kind.LOAD_MULTIPLE) else 2


CORE = CoreModel(_block, _left, at_once, 0, "Arm DDI 0432C, table 3-1")
