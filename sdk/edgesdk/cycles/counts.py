# SPDX-License-Identifier: Apache-2.0
"""What one inference executed, as firmware/host/edge_counts.c counts it in the emulator."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """Code from `start` up to `end` that runs in one piece.

    Args:
        slot: the operator it ran for, or whatever the slots were.
        ran: how often; left: how often a taken branch ended it; reached: how often one led to it.
    """

    slot: int
    start: int
    end: int
    ran: int
    left: int
    reached: int


@dataclass(frozen=True)
class Traffic:
    """Memory accesses of one slot.

    Args:
        accesses: loads and stores, one for each word of a multiple one; `unaligned` of them are.
        flash_reads: loads from flash, those of literals too.
        code_misses: lines of code that the cache had not; `code_next` of them follow the line fetched before.
        data_misses, data_next: the same for loads from flash.
    """

    accesses: int = 0
    unaligned: int = 0
    flash_reads: int = 0
    code_misses: int = 0
    code_next: int = 0
    data_misses: int = 0
    data_next: int = 0


@dataclass(frozen=True)
class Counts:
    """One call of edge_run: `steps` calls of edge_step, and by slot what they executed."""

    steps: int
    blocks: tuple[Block, ...]
    traffic: tuple[Traffic, ...]


def parse_counts(text: str) -> Counts:
    """The file that the plugin writes. Raises ValueError where it is not one."""
    steps = None
    blocks: list[Block] = []
    traffic: list[Traffic] = []
    for line in text.splitlines():
        match line.split():
            case ["run", number]:
                steps = int(number)
            case ["block", slot, start, end, *times]:
                ran, left, reached = map(int, times)
                blocks.append(Block(int(slot), int(start, 16), int(end, 16), ran, left, reached))
            case ["traffic", slot, *numbers] if int(slot) == len(traffic):
                traffic.append(Traffic(*map(int, numbers)))
            case _:
                raise ValueError(f"not a line of counts: {line}")
    if steps is None:
        raise ValueError("no run was counted")
    return Counts(steps, tuple(sorted(blocks, key=lambda b: (b.slot, b.start, b.end))), tuple(traffic))
