# SPDX-License-Identifier: Apache-2.0
"""In-order issue with latencies: for cores whose manuals have no table of cycles."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from edgesdk.cycles.instruction import Instruction, Kind

_MULTIPLES = frozenset({Kind.LOAD_MULTIPLE, Kind.STORE_MULTIPLE})
MULTIPLIES = frozenset({Kind.MULTIPLY, Kind.ACCUMULATE, Kind.LONG_MULTIPLY, Kind.LONG_ACCUMULATE, Kind.DUAL_MULTIPLY})
LOADS = frozenset({Kind.LOAD, Kind.LOAD_DOUBLE, Kind.LOAD_MULTIPLE, Kind.VECTOR_LOAD})


def issue(
    instructions: Sequence[Instruction],
    *,
    latency: Callable[[Instruction], int],
    occupies: Callable[[Instruction, Instruction | None], int],
    pairs: Callable[[Instruction, Instruction], bool] | None = None,
) -> int:
    """Cycles from the first issue to the last, each instruction waiting for its operands.

    Args:
        latency: cycles until the result can be used.
        occupies: cycles until the next can issue, given the instruction before.
        pairs: whether a second instruction may issue with the first; None: one at a time.
    """
    ready: dict[str, int] = {}
    now = 0  # when the next may issue
    first: Instruction | None = None  # what issued in the last cycle and may still be joined
    before: Instruction | None = None
    for i in instructions:
        operands = max((ready.get(r, 0) for r in i.reads if not _forwarded(i, r, before)), default=0)
        if first is not None and pairs is not None and operands <= now - 1 and pairs(first, i):
            at, first = now - 1, None
        else:
            at = max(now, operands)
            cycles = occupies(i, before)
            now = at + cycles
            first = i if cycles == 1 else None
        for register in i.writes:
            ready[register] = at + latency(i)
        before = i
    return now


def words(i: Instruction) -> int:
    """Cycles of a multiple or double load or store at a word a cycle; 1 of all others."""
    if i.kind in _MULTIPLES:
        return max(1, i.count)
    return 2 if i.kind in (Kind.LOAD_DOUBLE, Kind.STORE_DOUBLE) else 1


def _forwarded(i: Instruction, register: str, before: Instruction | None) -> bool:
    """A sum goes from one multiply-accumulate into the next without waiting."""
    return (
        before is not None and before.kind is i.kind and i.kind in MULTIPLIES and register in i.writes & before.writes
    )
