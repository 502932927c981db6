# SPDX-License-Identifier: Apache-2.0
"""Estimates of small assembly loops whose cycles can be counted by hand from Arm's tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from counted_code import counted, with_flash
from edgesdk.boards import load_board

N = 100
# Once: MOVS, and BX LR, whose branch is 1 + P.
COUNT_DOWN = f"""
    .thumb_func
edge_run:
    movs r0, #{N}
again:
    subs r0, #1
    bne again
    .thumb_func
edge_step:
    bx lr
"""
# LDR, LDR, STR: two cycles, one (pipelined), one (pipelined or by the write buffer); then as above.
MOVE = f"""
    .thumb_func
edge_run:
    movs r0, #{N}
    movs r1, #1
    lsls r1, r1, #29
    nop
again:
    ldr r2, [r1]
    ldr r3, [r1, #4]
    str r2, [r1, #8]
    subs r0, #1
    bne again
    .thumb_func
edge_step:
    bx lr
"""
# A multiplication long and with addition, a division, an address that was computed just before, registers by the list.
SLOW = """
    .thumb_func
edge_run:
    push {r4, r5, lr}
    movs r0, #1
    lsls r0, r0, #29
    movs r1, #3
    mla r2, r1, r1, r1
    umull r2, r3, r1, r1
    udiv r4, r1, r1
    add r0, r0, #4
    ldr r5, [r0]
    pop {r4, r5, pc}
    .thumb_func
edge_step:
    bx lr
"""


@pytest.mark.emulator
@pytest.mark.parametrize(
    ("board", "code", "cycles"),
    [
        ("microbit-v1", COUNT_DOWN, 1 + N * (1 + 3) - 2 + 3),
        ("mps2-an385", COUNT_DOWN, 1 + N * (1 + 2) - 1 + 3),
        ("mps2-an386", COUNT_DOWN, 1 + N * (1 + 2) - 1 + 3),
        ("microbit-v1", MOVE, 4 + N * (2 + 2 + 2 + 1 + 3) - 2 + 3),
        ("mps2-an386", MOVE, 4 + N * (2 + 1 + 1 + 1 + 2) - 1 + 3),
        ("mps2-an385", SLOW, 4 + 3 + 2 + 4 + 7 + 1 + (2 + 1) + (4 + 2)),
        ("mps2-an386", SLOW, 4 + 3 + 1 + 1 + 7 + 1 + (2 + 1) + (4 + 2)),
    ],
)
def test_loops_of_known_cycles(board: str, code: str, cycles: int, tmp_path: Path) -> None:
    _, spent = counted(load_board(board), code, tmp_path)
    assert sum(s.cycles for s in spent) == cycles


@pytest.mark.emulator
def test_waits_for_flash(tmp_path: Path) -> None:
    """Six halfwords of code in two lines of 8 bytes, four constants in two more."""
    code = """
    .thumb_func
edge_run:
    adr r1, constants
    ldr r2, [r1]
    ldr r2, [r1, #4]
    ldr r2, [r1, #8]
    ldr r2, [r1, #12]
    .thumb_func
edge_step:
    bx lr
    .balign 32
constants:
    .word 1, 2, 3, 4
"""
    board = with_flash(load_board("mps2-an386"), wait_states=3, line_bytes=8, code_lines=4, code_ways=4)
    counts, spent = counted(board, code, tmp_path)
    assert (sum(s.code for s in spent), sum(s.data for s in spent)) == (2 * 3, 2 * 3)
    assert sum(t.flash_reads for t in counts.traffic) == 4
    ahead = with_flash(board, wait_states=3, line_bytes=8, prefetch=True)
    assert sum(s.code for s in counted(ahead, code, tmp_path)[1]) == 3 + (3 + 1 - 8 // 4)


@pytest.mark.emulator
@pytest.mark.parametrize(("lines", "misses"), [(0, 2 * N), (2, 2)])
def test_a_cache_keeps_lines(lines: int, misses: int, tmp_path: Path) -> None:
    """A loop over two lines misses both each time where nothing keeps them."""
    code = f"""
    .thumb_func
edge_run:
    movs r0, #{N}
    nop
    nop
again:
    subs r0, #1
    bne again
    .thumb_func
edge_step:
    bx lr
"""
    board = with_flash(load_board("mps2-an386"), wait_states=1, line_bytes=8, code_lines=lines, code_ways=lines)
    assert sum(t.code_misses for t in counted(board, code, tmp_path)[0].traffic) == misses


@pytest.mark.emulator
def test_steps_go_to_their_slots_and_the_application_to_none(tmp_path: Path) -> None:
    code = """
    .thumb_func
edge_run:
    push {r4, lr}
    bl edge_step
    bl edge_step
    bl callback
    pop {r4, pc}
    .thumb_func
edge_step:
    nop
    bx lr
"""
    counts, spent = counted(load_board("mps2-an386"), code, tmp_path, slots=(1, 0))
    assert counts.steps == 2
    # NOP and BX of each step, and what follows it until the next one; PUSH and the first BL are in no step
    assert [s.instructions for s in spent] == [2 + 1 + 1, 2 + 1, 2]
