# SPDX-License-Identifier: Apache-2.0
"""Lines of objdump: their class, and the registers that make them wait for one another."""

from __future__ import annotations

import pytest

from edgesdk.cycles.instruction import Instruction, Kind, instruction, parse_disassembly


def read(line: str) -> Instruction:
    found = instruction(line)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("     7c2:	460d      	mov	r5, r1", Kind.ALU),
        ("     7d8:	b928      	cbnz	r0, 7e6 <edge_run+0x26>", Kind.BRANCH),
        ("     7e4:	d0f9      	beq.n	7da <edge_run+0x1a>", Kind.BRANCH),
        ("     7de:	f7ff fe07 	bl	3f0 <edge_step>", Kind.CALL),
        ("     10a:	4770      	bx	lr", Kind.INDIRECT),
        ("     10a:	f85d fb04 	ldr.w	pc, [sp], #4", Kind.INDIRECT),
        ("     10a:	bd38      	pop	{r3, r4, r5, pc}", Kind.LOAD_MULTIPLE),
        ("     10a:	bd38      	push	{r3, lr}", Kind.STORE_MULTIPLE),
        ("     10a:	bf1c      	itt	ne", Kind.PREDICATE),
        ("     10a:	690b      	ldrne	r3, [r1, #16]", Kind.LOAD),
        ("     10a:	f99b 5000 	ldrsb.w	r5, [fp]", Kind.LOAD),
        ("     10a:	e9d0 2302 	ldrd	r2, r3, [r0, #8]", Kind.LOAD_DOUBLE),
        ("     10a:	e9c0 2302 	strd	r2, r3, [r0, #8]", Kind.STORE_DOUBLE),
        ("     10a:	4348      	muls	r0, r1", Kind.MULTIPLY),
        ("     10a:	fb00 1002 	mla	r0, r0, r2, r1", Kind.ACCUMULATE),
        ("     10a:	fb82 0103 	smull	r0, r1, r2, r3", Kind.LONG_MULTIPLY),
        ("     10a:	fbc2 0103 	smlal	r0, r1, r2, r3", Kind.LONG_ACCUMULATE),
        ("     10a:	fbc2 01c3 	smlald	r0, r1, r2, r3", Kind.LONG_ACCUMULATE),
        ("     10a:	fb2c 3309 	smlad	r3, ip, r9, r3", Kind.DUAL_MULTIPLY),
        ("     10a:	fb50 f001 	smmul	r0, r0, r1", Kind.DUAL_MULTIPLY),
        ("     10a:	fa2f fc8c 	sxtb16	ip, ip", Kind.SIMD),
        ("     10a:	f302 021f 	ssat	r2, #32, r2", Kind.ALU),
        ("     10a:	fb92 f0f3 	sdiv	r0, r2, r3", Kind.DIVIDE),
        ("     682:	f00f c005 	le	lr, 67e <edge_step+0x18e>", Kind.LOOP),
        ("     aa8:	f002 e001 	dlstp.8	lr, r2", Kind.LOOP),
        ("     aac:	ecb3 1e10 	vldrb.u8	q0, [r3], #16", Kind.VECTOR_LOAD),
        ("     ab0:	eca6 1e10 	vstrb.8	q0, [r6], #16", Kind.VECTOR_STORE),
        ("    1388:	eef0 0f04 	vmlava.s8	r0, q0, q2", Kind.VECTOR_MULTIPLY),
        ("    14c0:	ff20 0b44 	vqrdmulh.s32	q0, q0, q2", Kind.VECTOR_MULTIPLY),
        ("    14b4:	ef20 0844 	vadd.i32	q0, q0, q2", Kind.VECTOR_ALU),
        ("    14b4:	fe31 8f4d 	vpst", Kind.PREDICATE),
        ("    18e2:	ed9f 4b57 	vldr	d4, [pc, #348]	@ 1a40 <edge_softmax+0x218>", Kind.LOAD),
    ],
)
def test_kind(line: str, kind: Kind) -> None:
    assert read(line).kind is kind


def test_registers() -> None:
    load = read("     10a:	f851 3b04 	ldr.w	r3, [r1, fp, lsl #2]")
    assert (load.bytes, load.writes, load.address, load.indexed) == (4, {"r3"}, {"r1", "r11"}, True)
    multiple = read("     10a:	e8b1 5010 	ldmia.w	r1!, {r4, ip, lr}")
    assert (multiple.count, multiple.writes, multiple.address) == (3, {"r4", "r12", "lr"}, {"r1"})
    store = read("     10a:	e92d 4ff0 	stmdb	sp!, {r4-r11, lr}")
    assert (store.count, store.writes) == (9, frozenset())
    assert read("     10a:	fb2c 3309 	smlad	r3, ip, r9, r3").reads == {"r3", "r9", "r12"}
    assert read("     10a:	1888      	adds	r0, r1").reads == {"r0", "r1"}
    assert read("     10a:	4288      	cmp	r0, r1").writes == frozenset()
    assert read("     10a:	bd38      	pop	{r3, pc}").branches
    assert read("    1388:	eef0 0f04 	vmlava.s8	r0, q0, q2").writes == {"r0"}


def test_data_and_headings_are_left_out() -> None:
    text = """
00000100 <edge_run>:
     100:	2003      	movs	r0, #3
     104:	00000010 	.word	0x00000010
     108:	4770      	bx	lr
"""
    assert list(parse_disassembly(text)) == [0x100, 0x108]
