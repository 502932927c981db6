/* SPDX-License-Identifier: Apache-2.0 */
/* The cores of edge_gemm_s8_mve.h. In assembly because VMLADAV takes even registers only: eight sums need all of them,
 * the link register included, which no compiler does; C takes half as many instructions again, or twice as many. */
#if defined(__ARM_FEATURE_MVE)
	.syntax unified
	.thumb
	.arch armv8.1-m.main
	.arch_extension mve

.macro SECTION name
	.section .text.\name,"ax",%progbits
	.balign 4
.endm

.macro FUNCTION name
	.global \name
	.type \name,%function
	.thumb_func
\name:
.endm

/* For `steps` in r4: r6 passes through the unrolled steps of `size` bytes between a block's first step and its
 * last, r5 where the first pass starts, r7 where a block does: `one` if it has one step only. Uses r4, r12. */
.macro PLAN unrolled, size, one, more, loop, final
	adr.w	r5, \final
	adr.w	r7, \one
	movs	r6, #0
	subs	r4, #2
	blt	8f
	adr.w	r7, \more
	beq	8f
	add	r6, r4, #\unrolled - 1
	lsrs	r6, r6, #2 + (\unrolled / 8)
	negs	r4, r4
	and	r4, #\unrolled - 1
	mov	r12, #\size
	mul	r4, r12
	adr.w	r5, \loop
	add	r5, r4
8:	adds	r5, #1
	adds	r7, #1
.endm

/* r12: where a block goes on after the multiplication. Where the zero point is -128, what is negative is cut off: how
 * its ties round is no matter. */
.macro ROUNDING zero_point, away, next
	adr.w	r12, \away
	cmn	\zero_point, #128
	it	eq
	adreq.w	r12, \next
	orr	r12, #1
.endm

.macro ROUND_AWAY /* VRSHL rounds ties upward */
	vshr.s32	q2, q0, #31
	vshr.s32	q3, q1, #31
	vadd.i32	q0, q0, q2
	vadd.i32	q1, q1, q3
.endm

/* To int8 in the even bytes of q0: q0 in bytes 0, 4, ... and q1 in bytes 2, 6, ... */
.macro NARROW zero_point
	vqmovnb.s32	q0, q0
	vqmovnt.s32	q0, q1
	vqadd.s16	q0, q0, \zero_point
	vqmovnb.s16	q0, q0
.endm

.macro SUMS
	vmov	q0[2], q0[0], r0, r4
	vmov	q1[2], q1[0], r8, r12
	vmov	q0[3], q0[1], r2, r6
	vmov	q1[3], q1[1], r10, lr
.endm

/* ---- Two columns, four channels ---- */

.macro TWO op, w, a, b
	vldrw.u32	\w, [r3], #16
	\op	\a, q0, \w
	\op	\b, q1, \w
.endm

.macro CHANNELS_OF_TWO op
	TWO	\op, q2, r0, r8
	TWO	\op, q3, r2, r10
	TWO	\op, q2, r4, r12
	TWO	\op, q3, r6, lr
.endm

.macro STEP op /* 56 bytes */
	vldrb.u8	q0, [r1], #16
	vldrb.u8	q1, [r11], #16
	CHANNELS_OF_TWO \op
.endm

.macro LAST_STEP op
	vpstt
	vldrbt.u8	q0, [r1]
	vldrbt.u8	q1, [r11]
	CHANNELS_OF_TWO \op
.endm

/* Frame, from sp. What one LDM brings to start a block: */
	.equ X0, 0
	.equ ROUNDS, 4
	.equ X1, 8
	.equ START, 12
/* as in the plan: */
	.equ ENTRY, 16
	.equ AWAY, 20
	.equ ZERO_POINT, 24
	.equ Y_LAST, 28 /* first pixel's last block */
	.equ STREAM, 32
	.equ TAIL, 36   /* channels of the last block */
	.equ LAST, 40   /* elements of the last step */
	.equ SPAN, 44   /* from a pixel's first block to its last */
	.equ X_STEP, 48 /* to the next pair */
	.equ Y_STEP, 52 /* from a pixel's last block to the first of the next pair's */
	.equ PAIRS, 56
	.equ FRAME, 60
	.equ ARGUMENTS, FRAME + 36

	SECTION	edge_gemm_core_s8_mve
/* r0 plan, r1 g */
FUNCTION edge_gemm_make_plan_s8_mve
	push	{r4-r7, lr}
	ldr	r4, [r1, #4]
	PLAN	4, 56, 1f, 2f, 3f, 4f
	str	r5, [r0]
	str	r7, [r0, #12]
	str	r6, [r0, #32]
	ldr	r2, [r1, #16]
	ROUNDING r2, 6f, 7f
	strd	r12, r2, [r0, #4]
	ldr	r3, [r1]
	ldrd	r4, r5, [r1, #8]
	subs	r5, #1
	and	r6, r5, #3
	adds	r6, #1
	bic	r7, r5, #3
	strd	r3, r6, [r0, #16]
	strd	r4, r7, [r0, #24]
	pop	{r4-r7, pc}
	.size edge_gemm_make_plan_s8_mve, . - edge_gemm_make_plan_s8_mve

/* r0 x, r1 y, r2 plan, r3 x_step; y_step, pairs on the stack.
 * r1, r11 columns; r3 stream; r5, r7 pixels of y; r9 rounds; r0, r2, r4, r6 the first pixel's sums, r8, r10, r12, lr the
 * other's */
FUNCTION edge_gemm_core_s8_mve
	push	{r4-r11, lr}
	sub	sp, #FRAME
	vldrw.u32	q0, [r2]
	vldrw.u32	q1, [r2, #16]
	vstrw.32	q0, [sp, #ENTRY]
	vstrw.32	q1, [sp, #STREAM]
	ldr	r4, [r2, #32]
	ldr	r7, [r2, #12]
	adds	r6, r0, r3
	stm	sp, {r0, r4, r6, r7}
	mov	r5, r1
	ldrd	r10, r11, [sp, #ARGUMENTS]
	add	r7, r5, r10
	ldr	r4, [sp, #SPAN]
	lsls	r3, r3, #1
	rsb	r4, r4, r10, lsl #1
	strd	r3, r4, [sp, #X_STEP]
	str	r11, [sp, #PAIRS]
	b	0f
	.balign 4
8:	ldr	r0, [sp, #TAIL]
	vctp.32	r0
	vpstt
	vstrbt.32	q1, [r7]
	vstrbt.32	q0, [r5]
	ldr	r9, [sp, #PAIRS]
	subs	r9, #1
	beq.w	9f
	str	r9, [sp, #PAIRS]
	ldm	sp, {r0, r8, r9}
	ldrd	r2, r4, [sp, #X_STEP]
	add	r0, r2
	add	r9, r2
	stm	sp, {r0, r8, r9}
	add	r5, r4
	add	r7, r4
0:	ldrd	r0, r2, [sp, #LAST]
	add	r2, r5
	str	r2, [sp, #Y_LAST]
	vctp.8	r0
	ldr	r3, [sp, #STREAM]
	ldm	sp, {r1, r9, r11, pc}
	.balign 4
1:	LAST_STEP vmladav.s8
	b.w	5f
	.balign 4
2:	STEP	vmladav.s8
	ldr	pc, [sp, #ENTRY]
	.balign 4
3:	.rept 4
	STEP	vmladava.s8
	.endr
	subs	r9, #1
	bne.w	3b
	.balign 4
4:	LAST_STEP vmladava.s8
5:	SUMS
	vldrw.u32	q2, [r3], #16
	vldrw.u32	q3, [r3], #16
	vadd.i32	q0, q0, q2
	vadd.i32	q1, q1, q2
	vqrdmulh.s32	q0, q0, q3
	vqrdmulh.s32	q1, q1, q3
	ldr	pc, [sp, #AWAY]
	.balign 4
6:	ROUND_AWAY
	.balign 4
7:	vldrw.u32	q2, [r3], #16
	vrshl.s32	q0, q0, q2
	vrshl.s32	q1, q1, q2
	ldrd	r0, r2, [sp, #ZERO_POINT]
	NARROW	r0
	vshr.u32	q1, q0, #16
	cmp	r5, r2
	bhs.w	8b
	vstrb.32	q1, [r7], #4
	vstrb.32	q0, [r5], #4
	ldm	sp, {r1, r9, r11, pc}
9:	add	sp, #FRAME
	pop	{r4-r11, pc}
	.size edge_gemm_core_s8_mve, . - edge_gemm_core_s8_mve

/* ---- One column, eight channels ---- */

.macro ONE op, w, from, a
	vldrw.u32	\w, [\from], #16
	\op	\a, q0, \w
.endm

.macro CHANNELS_OF_ONE op, second
	ONE	\op, q1, r3, r0
	ONE	\op, q2, r3, r2
	ONE	\op, q3, r3, r4
	ONE	\op, q1, r3, r6
	ONE	\op, q2, \second, r8
	ONE	\op, q3, \second, r10
	ONE	\op, q1, \second, r12
	ONE	\op, q2, \second, lr
.endm

.macro ONE_STEP op, second /* 68 bytes */
	vldrb.u8	q0, [r1], #16
	CHANNELS_OF_ONE \op, \second
.endm

.macro LAST_OF_ONE op, second
	vpst
	vldrbt.u8	q0, [r1]
	CHANNELS_OF_ONE \op, \second
.endm

/* Frame, from sp. X0, ROUNDS as above, then: */
	.equ ONE_START, 8
	.equ ONE_ENTRY, 12
	.equ ONE_AWAY, 16
	.equ ONE_ZERO_POINT, 20
	.equ LEFT, 24 /* channels */
	.equ ONE_LAST, 28
	.equ ONE_FRAME, 36

	SECTION	edge_gemm_one_s8_mve
/* r0 x, r1 y, r2 g. r1 column; r3, r11 streams of two blocks; r5 y; r7 rounds; r9 bytes of a block's stream */
FUNCTION edge_gemm_one_s8_mve
	push	{r4-r11, lr}
	sub	sp, #ONE_FRAME
	mov	r8, r1
	ldrd	r3, r4, [r2]
	lsls	r9, r4, #6
	add	r9, #48
	PLAN	4, 68, 1f, 2f, 3f, 4f
	ldr	r1, [r2, #16]
	ROUNDING r1, 6f, 7f
	stm	sp, {r0, r6, r7}
	strd	r5, r12, [sp, #ONE_ENTRY]
	ldrd	r4, r2, [r2, #8]
	strd	r1, r2, [sp, #ONE_ZERO_POINT]
	str	r4, [sp, #ONE_LAST]
	mov	r5, r8
0:	ldr	r0, [sp, #ONE_LAST]
	cmp	r2, #4
	add	r11, r3, r9
	it	le
	movle	r11, r3 /* no other block: this one twice */
	vctp.8	r0
	ldm	sp, {r1, r7, pc}
	.balign 4
1:	LAST_OF_ONE vmladav.s8, r11
	b.w	5f
	.balign 4
2:	ONE_STEP vmladav.s8, r11
	ldr	pc, [sp, #ONE_ENTRY]
	.balign 4
3:	.rept 4
	ONE_STEP vmladava.s8, r11
	.endr
	subs	r7, #1
	bne.w	3b
	.balign 4
4:	LAST_OF_ONE vmladava.s8, r11
5:	SUMS
	vldrw.u32	q2, [r3], #16
	vldrw.u32	q3, [r11], #16
	vadd.i32	q0, q0, q2
	vadd.i32	q1, q1, q3
	vldrw.u32	q2, [r3], #16
	vldrw.u32	q3, [r11], #16
	vqrdmulh.s32	q0, q0, q2
	vqrdmulh.s32	q1, q1, q3
	ldr	pc, [sp, #ONE_AWAY]
	.balign 4
6:	ROUND_AWAY
	.balign 4
7:	vldrw.u32	q2, [r3], #16
	vldrw.u32	q3, [r11], #16
	vrshl.s32	q0, q0, q2
	vrshl.s32	q1, q1, q3
	ldrd	r0, r2, [sp, #ONE_ZERO_POINT]
	NARROW	r0
	vshr.u32	q1, q0, #16
	vctp.32	r2
	vpst
	vstrbt.32	q0, [r5], #4
	subs	r2, #4
	ble	8f
	vctp.32	r2
	vpst
	vstrbt.32	q1, [r5], #4
	subs	r2, #4
	str	r2, [sp, #LEFT]
	mov	r3, r11
	bgt.w	0b
8:	add	sp, #ONE_FRAME
	pop	{r4-r11, pc}
	.size edge_gemm_one_s8_mve, . - edge_gemm_one_s8_mve

/* Frame, from sp. X0, ROUNDS, ONE_START, ONE_ENTRY as above, then what one LDM brings after the sums: */
	.equ DOT_CONSTANTS, 16 /* zero point, right */
	.equ DOT_Y_LAST, 24
	.equ SCALE, 28
	.equ DOT_TAIL, 32
	.equ DOT_FRAME, 36

	SECTION	edge_dot_core_s8_mve
/* r0 x, r1 y, r2 g. r1 column; r3 stream; r5 y; r7 rounds; r9 multiplier; r11 DOT_CONSTANTS */
FUNCTION edge_dot_core_s8_mve
	push	{r4-r11, lr}
	sub	sp, #DOT_FRAME
	mov	r8, r1
	ldrd	r3, r4, [r2]
	PLAN	8, 68, 1f, 2f, 3f, 4f
	stm	sp, {r0, r6, r7}
	ldr	r1, [r2, #16]
	ldrd	r6, r7, [r2, #20]
	ROUNDING r1, 7f, 8f
	adr.w	r0, 6f
	cmp	r6, #0
	it	eq
	orreq	r12, r0, #1
	str	r5, [sp, #ONE_ENTRY]
	mov	r9, r6
	ldrd	r0, r4, [r2, #8]
	subs	r4, #1
	bic	r6, r4, #7
	add	r6, r8
	and	r4, #7
	adds	r4, #1
	str	r4, [sp, #DOT_TAIL]
	strd	r1, r7, [sp, #DOT_CONSTANTS]
	strd	r6, r12, [sp, #DOT_Y_LAST]
	add	r11, sp, #DOT_CONSTANTS
	mov	r5, r8
	vctp.8	r0
	ldm	sp, {r1, r7, pc}
	.balign 4
1:	LAST_OF_ONE vmladav.s8, r3
	b.w	5f
	.balign 4
2:	ONE_STEP vmladav.s8, r3
	ldr	pc, [sp, #ONE_ENTRY]
	.balign 4
3:	.rept 8
	ONE_STEP vmladava.s8, r3
	.endr
	subs	r7, #1
	bne.w	3b
	.balign 4
4:	LAST_OF_ONE vmladava.s8, r3
5:	SUMS
	vldrw.u32	q2, [r3], #16
	vldrw.u32	q3, [r3], #16
	vadd.i32	q0, q0, q2
	vadd.i32	q1, q1, q3
	ldm	r11, {r0, r2, r4, pc}
	.balign 4
6:	vldrw.u32	q2, [r3], #16
	vldrw.u32	q3, [r3], #16
	vqrdmulh.s32	q0, q0, q2
	vqrdmulh.s32	q1, q1, q3
	ROUND_AWAY
	vldrw.u32	q2, [r3], #16
	vldrw.u32	q3, [r3], #16
	vrshl.s32	q0, q0, q2
	vrshl.s32	q1, q1, q3
	b	9f
	.balign 4
7:	vqrdmulh.s32	q0, q0, r9
	vqrdmulh.s32	q1, q1, r9
	ROUND_AWAY
	vrshl.s32	q0, r2
	vrshl.s32	q1, r2
	b	9f
	.balign 4
8:	vqrdmulh.s32	q0, q0, r9
	vqrdmulh.s32	q1, q1, r9
	vrshl.s32	q0, r2
	vrshl.s32	q1, r2
9:	NARROW	r0
	cmp	r5, r4
	bhs	8f
	vstrb.16	q0, [r5], #8
	ldm	sp, {r1, r7, pc}
8:	ldr	r0, [sp, #DOT_TAIL]
	vctp.16	r0
	vpst
	vstrbt.16	q0, [r5]
	add	sp, #DOT_FRAME
	pop	{r4-r11, pc}
	.size edge_dot_core_s8_mve, . - edge_dot_core_s8_mve
#endif
