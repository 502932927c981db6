/* SPDX-License-Identifier: Apache-2.0 */
/* The cores of edge_gemm_s8_mve.h. In assembly because VMLADAV takes even registers only: eight sums need all of them,
 * the link register included, which no compiler does; C takes half as many instructions again, or twice as many. */
#if defined(__ARM_FEATURE_MVE)
	.syntax unified
	.thumb
	.arch armv8.1-m.main
	.arch_extension mve

.macro FUNCTION name
	.section .text.\name,"ax",%progbits
	.balign 4
	.global \name
	.type \name,%function
	.thumb_func
\name:
.endm

/* Frame, from sp: what a block starts from. */
	.equ X0, 0
	.equ X1, 4
	.equ ROUNDS, 8    /* passes through the unrolled steps after the first */
	.equ ENTRY, 12    /* where the first pass starts */
	.equ START, 16    /* the first step: whole or predicated */
	.equ FIRST, 20
	.equ ZERO_POINT, 24
	.equ CHANNELS, 28 /* still to do */
	.equ Y0, 32
	.equ X_STEP, 36
	.equ STREAM, 40
	.equ ALL_CHANNELS, 44
	.equ PAIRS, 48
	.equ FRAME, 56
	.equ ARGUMENTS, FRAME + 36

/* Rounds, entry and start for `steps` in r4 and `first` in r5; `size` is that of a step. Uses r6, r7. */
.macro PLAN size, whole, part, loop, end
	strd	r5, r6, [sp, #FIRST]
	adr.w	r6, \whole
	adr.w	r7, \part
	cmp	r5, #16
	it	ne
	movne	r6, r7
	adds	r6, #1
	str	r6, [sp, #START]
	subs	r4, #1
	adds	r6, r4, #3
	lsrs	r6, #2
	negs	r5, r4
	and	r5, r5, #3
	movs	r7, #\size
	muls	r5, r7
	adr.w	r7, \loop
	add	r5, r7
	adr.w	r7, \end
	cmp	r4, #0
	it	eq
	moveq	r5, r7
	adds	r5, #1
	strd	r6, r5, [sp, #ROUNDS]
.endm

/* The sums of q0 and q1 with their bias, times the multipliers. */
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

/* r0 x, r1 y, r2 g, r3 x_step; y_step, pairs on the stack.
 * r1, r11 columns; r3 stream; r5 y of the first pixel; r9 y_step; r0, r2, r4, r6 its sums, r8, r10, r12, lr the other's */
FUNCTION edge_gemm_core_s8_mve
	push	{r4-r11, lr}
	sub	sp, #FRAME
	str	r0, [sp, #X0]
	str	r3, [sp, #X_STEP]
	adds	r3, r0
	str	r3, [sp, #X1]
	ldrd	r9, r7, [sp, #ARGUMENTS]
	str	r7, [sp, #PAIRS]
	ldrd	r3, r4, [r2]
	ldrd	r5, r0, [r2, #8]
	ldr	r6, [r2, #16]
	str	r3, [sp, #STREAM]
	str	r0, [sp, #ALL_CHANNELS]
	str	r0, [sp, #CHANNELS]
	str	r1, [sp, #Y0]
	mov	r2, r1
	PLAN	56, 1f, 4f, 2f, 3f
	mov	r5, r2
0:	ldrd	r1, r11, [sp, #X0]
	ldr	r7, [sp, #ROUNDS]
	ldr	pc, [sp, #START]
	.balign 4
1:	STEP	vmladav.s8
	ldr	pc, [sp, #ENTRY]
	.balign 4
2:	.rept 4
	STEP	vmladava.s8
	.endr
	subs	r7, #1
	bne.w	2b
	.balign 4
3:	SUMS
	vldrw.u32	q2, [r3], #16
	vadd.i32	q0, q0, q2
	vadd.i32	q1, q1, q2
	vldrw.u32	q2, [r3], #16
	vqrdmulh.s32	q0, q0, q2
	vqrdmulh.s32	q1, q1, q2
	ROUND_AWAY
	vldrw.u32	q2, [r3], #16
	vrshl.s32	q0, q0, q2
	vrshl.s32	q1, q1, q2
	ldrd	r0, r2, [sp, #ZERO_POINT]
	NARROW	r0
	vshr.u32	q1, q0, #16
	vctp.32	r2
	add.w	r7, r5, r9
	vpstt
	vstrbt.32	q1, [r7]
	vstrbt.32	q0, [r5], #4
	subs	r2, #4
	str	r2, [sp, #CHANNELS]
	bgt.w	0b
	ldr	r7, [sp, #PAIRS]
	subs	r7, #1
	beq	5f
	str	r7, [sp, #PAIRS]
	ldr	r2, [sp, #X_STEP]
	ldrd	r0, r1, [sp, #X0]
	add.w	r0, r0, r2, lsl #1
	add.w	r1, r1, r2, lsl #1
	strd	r0, r1, [sp, #X0]
	ldr	r5, [sp, #Y0]
	add.w	r5, r5, r9, lsl #1
	str	r5, [sp, #Y0]
	ldrd	r3, r2, [sp, #STREAM]
	str	r2, [sp, #CHANNELS]
	b.w	0b
	.balign 4
4:	ldr	r0, [sp, #FIRST]
	vctp.8	r0
	vpstt
	vldrbt.u8	q0, [r1]
	vldrbt.u8	q1, [r11]
	add	r1, r0
	add	r11, r0
	CHANNELS_OF_TWO vmladav.s8
	ldr	pc, [sp, #ENTRY]
5:	add	sp, #FRAME
	pop	{r4-r11, pc}
	.size edge_gemm_core_s8_mve, . - edge_gemm_core_s8_mve

.macro ONE op, w, a
	vldrw.u32	\w, [r3], #16
	\op	\a, q0, \w
.endm

.macro CHANNELS_OF_ONE op
	ONE	\op, q1, r0
	ONE	\op, q2, r2
	ONE	\op, q3, r4
	ONE	\op, q1, r6
	ONE	\op, q2, r8
	ONE	\op, q3, r10
	ONE	\op, q1, r12
	ONE	\op, q2, lr
.endm

.macro DOT_STEP op /* 68 bytes */
	vldrb.u8	q0, [r1], #16
	CHANNELS_OF_ONE \op
.endm

/* r0 x, r1 y, r2 g. r1 column; r3 stream; r5 y */
FUNCTION edge_dot_core_s8_mve
	push	{r4-r11, lr}
	sub	sp, #FRAME
	str	r0, [sp, #X0]
	mov	r8, r1
	ldrd	r3, r4, [r2]
	ldrd	r5, r0, [r2, #8]
	ldr	r6, [r2, #16]
	str	r0, [sp, #CHANNELS]
	PLAN	68, 1f, 4f, 2f, 3f
	mov	r5, r8
0:	ldr	r1, [sp, #X0]
	ldr	r7, [sp, #ROUNDS]
	ldr	pc, [sp, #START]
	.balign 4
1:	DOT_STEP vmladav.s8
	ldr	pc, [sp, #ENTRY]
	.balign 4
2:	.rept 4
	DOT_STEP vmladava.s8
	.endr
	subs	r7, #1
	bne.w	2b
	.balign 4
3:	SUMS
	vldrw.u32	q2, [r3], #16
	vldrw.u32	q3, [r3], #16
	vadd.i32	q0, q0, q2
	vadd.i32	q1, q1, q3
	vldrw.u32	q2, [r3], #16
	vldrw.u32	q3, [r3], #16
	vqrdmulh.s32	q0, q0, q2
	vqrdmulh.s32	q1, q1, q3
	ROUND_AWAY
	vldrw.u32	q2, [r3], #16
	vldrw.u32	q3, [r3], #16
	vrshl.s32	q0, q0, q2
	vrshl.s32	q1, q1, q3
	ldrd	r0, r2, [sp, #ZERO_POINT]
	NARROW	r0
	vctp.16	r2
	vpst
	vstrbt.16	q0, [r5], #8
	subs	r2, #8
	str	r2, [sp, #CHANNELS]
	bgt.w	0b
	add	sp, #FRAME
	pop	{r4-r11, pc}
	.balign 4
4:	ldr	r0, [sp, #FIRST]
	vctp.8	r0
	vpst
	vldrbt.u8	q0, [r1]
	add	r1, r0
	CHANNELS_OF_ONE vmladav.s8
	ldr	pc, [sp, #ENTRY]
	.size edge_dot_core_s8_mve, . - edge_dot_core_s8_mve
#endif
