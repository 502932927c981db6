# SPDX-License-Identifier: Apache-2.0
"""What a core's table says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from edgesdk.cycles.instruction import Instruction


@dataclass(frozen=True)
class CoreModel:
    """Cycles of code in memory without wait states.

    Args:
        block: of instructions one after the other, none of which branches.
        left: more, where this instruction, the last of a block, branches.
        reached: more, where a branch leads to this instruction.
        unaligned: more for each access that is not aligned to its size.
        source: where the numbers are from, in words.
        error: what holding estimates against published measurements showed (docs/results/speed.md); None: nobody has.
    """

    block: Callable[[Sequence[Instruction]], int]
    left: Callable[[Instruction], int]
    reached: Callable[[Instruction], int]
    unaligned: int
    source: str
    error: str | None = None


def refill_if_wide_and_unaligned(target: Instruction) -> int:
    """A cycle where the target's halves lie in two words: they take two fetches."""
    return int(target.bytes == 4 and target.at % 4 != 0)


def at_once(target: Instruction) -> int:
    """No cycle, wherever the target lies."""
    del target
    return 0
