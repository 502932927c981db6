# SPDX-License-Identifier: Apache-2.0
"""Counts, a core's table and the flash's wait states make cycles."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass

from edgesdk.boards import Board
from edgesdk.boards.descriptor import FlashTiming
from edgesdk.cycles.cores.base import CoreModel
from edgesdk.cycles.counts import Block, Counts, Traffic
from edgesdk.cycles.instruction import Instruction, Kind

_CORES = ("cortex-m0", "cortex-m3", "cortex-m4", "cortex-m7", "cortex-m33", "cortex-m55")


@dataclass(frozen=True)
class Spent:
    """Estimated cycles, and what they are made of.

    Args:
        instructions: executed, counted from the same blocks.
        core: cycles were memory without wait states; branches among them.
        code, data: waits for flash, of fetches and of loads.
    """

    instructions: int = 0
    core: int = 0
    code: int = 0
    data: int = 0

    @property
    def cycles(self) -> int:
        """All of them."""
        return self.core + self.code + self.data

    def __add__(self, other: Spent) -> Spent:
        return Spent(
            self.instructions + other.instructions,
            self.core + other.core,
            self.code + other.code,
            self.data + other.data,
        )


def has_model(board: Board) -> bool:
    """Whether cycles of this board can be estimated: its core has a table, its file says what its flash takes."""
    return board.core in _CORES and board.flash_timing is not None


def core_model(core: str) -> CoreModel:
    """The table of a core that has one."""
    model: CoreModel = importlib.import_module(f"edgesdk.cycles.cores.{core.replace('-', '_')}").CORE
    return model


def estimate(board: Board, counts: Counts, code: Mapping[int, Instruction]) -> tuple[Spent, ...]:
    """What each slot spends.

    Raises:
        ValueError: where blocks hold what the disassembly has not.
    """
    assert board.flash_timing is not None
    model = core_model(board.core)
    spent = [_waits(board.flash_timing, t, model) for t in counts.traffic]
    for block in counts.blocks:
        spent[block.slot] += _block(model, block, code)
    return tuple(spent)


def _block(model: CoreModel, block: Block, code: Mapping[int, Instruction]) -> Spent:
    instructions = []
    at = block.start
    while at < block.end:
        if at not in code:
            raise ValueError(f"no instruction at {at:#x}")
        instructions.append(code[at])
        at += code[at].bytes
    cycles = block.ran * model.block(instructions)
    if instructions[-1].branches or instructions[-1].kind is Kind.LOOP:
        cycles += block.left * model.left(instructions[-1])
    cycles += block.reached * model.reached(instructions[0])
    return Spent(block.ran * len(instructions), cycles)


def _waits(flash: FlashTiming, t: Traffic, model: CoreModel) -> Spent:
    """A miss waits for the array. With prefetch the next line is read while this one runs, a cycle a word."""
    next_line = max(0, flash.wait_states + 1 - flash.line_bytes // 4) if flash.prefetch else flash.wait_states
    code = (t.code_misses - t.code_next) * flash.wait_states + t.code_next * next_line
    return Spent(core=t.unaligned * model.unaligned, code=code, data=t.data_misses * flash.wait_states)
