# SPDX-License-Identifier: Apache-2.0
"""Pairs and waits of the cores without a published table: the rules that docs/cycles.md states."""

from __future__ import annotations

import pytest

from edgesdk.cycles.estimate import core_model
from edgesdk.cycles.instruction import instruction

ADD = "fb00 1002 \tadd.w\tr0, r1, r2"
ADD_NEEDS = "fb00 1002 \tadd.w\tr3, r0, r2"
ADD_OTHER = "fb00 1002 \tadd.w\tr3, r4, r5"
LOAD = "fb00 1002 \tldr.w\tr6, [r7]"
LOAD_OTHER = "fb00 1002 \tldr.w\tr8, [r7, #4]"
STORE = "fb00 1002 \tstr.w\tr8, [r7]"
USE = "fb00 1002 \tadd.w\tr3, r6, r5"
MAC = "fb00 1002 \tsmlad\tr0, r1, r2, r0"
MAC_ON = "fb00 1002 \tsmlad\tr0, r3, r4, r0"
FOUR = "fb00 1002 \tldmia.w\tr7!, {r0, r1, r2, r3}"
VECTOR_LOAD = "ecb3 1e10 \tvldrb.u8\tq0, [r3], #16"
VECTOR_LOAD_OTHER = "ecb3 1e10 \tvldrb.u8\tq3, [r4], #16"
VECTOR_MAC = "eef0 0f04 \tvmlava.s8\tr0, q1, q2"


@pytest.mark.parametrize(
    ("core", "lines", "cycles"),
    [
        ("cortex-m33", (ADD, ADD_NEEDS), 2),
        ("cortex-m33", (LOAD, USE), 3),
        ("cortex-m33", (LOAD, ADD, USE), 3),
        ("cortex-m33", (MAC, MAC_ON), 2),
        ("cortex-m33", (MAC, ADD_NEEDS), 3),
        ("cortex-m33", (FOUR,), 4),
        ("cortex-m7", (ADD, ADD_OTHER), 1),
        ("cortex-m7", (ADD, ADD_NEEDS), 2),
        ("cortex-m7", (ADD, ADD_OTHER, LOAD), 2),
        ("cortex-m7", (LOAD, LOAD_OTHER), 1),
        ("cortex-m7", (LOAD, STORE), 2),
        ("cortex-m7", (LOAD, USE), 3),
        ("cortex-m7", (MAC, LOAD), 1),
        ("cortex-m7", (LOAD, MAC), 2),
        ("cortex-m7", (FOUR,), 2),
        ("cortex-m55", (VECTOR_LOAD, VECTOR_MAC, VECTOR_LOAD_OTHER), 3),
        ("cortex-m55", (VECTOR_LOAD, VECTOR_LOAD_OTHER), 3),
        ("cortex-m55", (LOAD, USE), 3),
    ],
)
def test_cycles(core: str, lines: tuple[str, ...], cycles: int) -> None:
    found = [instruction(f"     {4 * n:x}:\t{line}") for n, line in enumerate(lines)]
    assert core_model(core).block([i for i in found if i is not None]) == cycles
