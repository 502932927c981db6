/* SPDX-License-Identifier: Apache-2.0 */
/* The cores of edge_depthwise_conv_2d_3x3_s8_mve.h. In assembly because VMLADAV takes even registers only, which C
 * leaves through memory: three times as many instructions. */
#if defined(__ARM_FEATURE_MVE)
	.syntax unified
	.thumb
	.arch armv8.1-m.main
	.arch_extension mve

	.equ X, 0 /* frame, from sp: inputs and outputs of the next channel */
	.equ END, 8 /* of the scales */
	.equ TILES, 12 /* but for the last */
	.equ AHEAD, 16
	.equ ALL, 20
	.equ LAST, 24
	.equ FRAME, 32

/* Four outputs to q3 as they are stored: sums in r4, r6, r8, r10, offset r5, multiplier r7. GNU as 2.40 takes VQSHRN for
 * VQRSHRN, which rounds, so the shift is apart. */
.macro REQUANTIZE
	vmov	q3[2], q3[0], r4, r8
	vmov	q3[3], q3[1], r6, r10
	vshl.i32	q3, q3, #8
	vadd.i32	q3, q3, r5
	vqdmulh.s32	q3, q3, r7
	vshr.s32	q3, q3, #11
	vqmovnb.s32	q3, q3
	vqmovnb.s16	q3, q3
.endm

/* Two outputs of two rows: all four windows are in one vector. */
.macro TILE_1
	vldrb.u8	q3, [r0, q0]
	vmladav.s8	r4, q3, q1
	vmladav.s8	r6, q3, q2
	vmladav.s8	r8, q3, q4
	vmladav.s8	r10, q3, q6
	REQUANTIZE
.endm
.macro WEIGHTS_1
	vldrb.u8	q2, [r12, #-1] /* a row further down */
	vldrb.u8	q4, [r12, #-4] /* a column to the right */
	vldrb.u8	q6, [r12, #-5]
.endm

/* Four outputs of a row, two windows in a vector. */
.macro TILE_2
	vldrb.u8	q3, [r0, q0]
	vldrb.u8	q4, [r9, q0]
	vmladav.s8	r4, q3, q1
	vmladav.s8	r6, q3, q2
	vmladav.s8	r8, q4, q1
	vmladav.s8	r10, q4, q2
	REQUANTIZE
	add	r9, r3
.endm
.macro WEIGHTS_2
	vldrb.u8	q2, [r12, #-6] /* two columns to the right */
	ldr	r9, [sp, #AHEAD]
	add	r9, r0
.endm

/* r0 x, r1 y, r2 edge_depthwise_core_s8_mve. */
.macro CORE stride
	.section .text.edge_depthwise_core_s\stride\()_s8_mve,"ax",%progbits
	.balign 4
	.global edge_depthwise_core_s\stride\()_s8_mve
	.type edge_depthwise_core_s\stride\()_s8_mve,%function
	.thumb_func
edge_depthwise_core_s\stride\()_s8_mve:
	push	{r4-r11, lr}
	vpush	{d8-d13}
	sub	sp, #FRAME
	strd	r0, r1, [sp, #X]
	vldrb.u8	q0, [r2], #16
	vldrw.u32	q5, [r2], #16
	ldrd	r12, r4, [r2] /* weights, scales */
	ldrd	r5, r6, [r2, #8] /* end of the scales, tiles */
	ldrd	r3, r11, [r2, #16] /* bytes from tile to tile, of inputs and outputs */
	ldrd	r7, r8, [r2, #24] /* bytes to the second vector, stored of a tile */
	strd	r5, r6, [sp, #END]
	strd	r7, r8, [sp, #AHEAD]
	ldr	r5, [r2, #32] /* and of the last one */
	str	r5, [sp, #LAST]
	mov	r2, r4
0:	ldrd	r0, r1, [sp, #X]
	adds	r4, r0, #1
	adds	r6, r1, #1
	strd	r4, r6, [sp, #X]
	WEIGHTS_\stride
	vldrb.u8	q1, [r12], #16
	ldrd	r5, r7, [r2], #8
	ldr	r4, [sp, #ALL]
	vmsr	p0, r4
	ldr	r4, [sp, #TILES]
	wls	lr, r4, 2f
1:	TILE_\stride
	vpst
	vstrbt.32	q3, [r1, q5]
	add	r0, r3
	add	r1, r11
	le	lr, 1b
2:	TILE_\stride
	ldr	r4, [sp, #LAST]
	vmsr	p0, r4
	vpst
	vstrbt.32	q3, [r1, q5]
	ldr	r4, [sp, #END]
	cmp	r2, r4
	bne	0b
	add	sp, #FRAME
	vpop	{d8-d13}
	pop	{r4-r11, pc}
.endm

	CORE 1
	CORE 2
#endif
