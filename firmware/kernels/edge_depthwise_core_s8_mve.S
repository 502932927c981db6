/* SPDX-License-Identifier: Apache-2.0 */
/* The cores of edge_depthwise_conv_2d_3x3_s8_mve.h. In assembly because VMLADAV takes even registers only, which C
 * leaves through memory, and because C moves the four vectors of a VST4 about. */
#if defined(__ARM_FEATURE_MVE)
	.syntax unified
	.thumb
	.arch armv8.1-m.main
	.arch_extension mve

	.equ COLUMN, 64 /* bytes: 16 channels of four rows */

.macro FUNCTION name
	.section .text.\name,"ax",%progbits
	.balign 4
	.global \name
	.type \name,%function
	.thumb_func
\name:
.endm

/* q1 = saturate16(q1 >> 11), in the low halves: vqshrnb.s32 q1, q1, #11, for which GNU as 2.40 writes VQRSHRNB, which
 * rounds. */
.macro NARROW
	.inst.w	0xee952f42
.endm

/* r0 to, r1 edge_depthwise_core_s8_mve, r2 bytes from the rows' starts, r3 columns. r4 to r7 rows, r12 pitch. The
 * fourth row of three is what q3 has: its weights are 0. */
.macro COLUMNS rows
FUNCTION edge_depthwise_columns_\rows\()_s8_mve
	push	{r4-r7, lr}
	ldrd	r4, r5, [r1]
	ldrd	r6, r7, [r1, #8]
	ldr	r12, [r1, #16] /* from pixel to pixel */
	ldr	r1, [r1, #20]  /* channels */
	vctp.8	r1
	add	r4, r2
	add	r5, r2
	add	r6, r2
	.if \rows == 4
	add	r7, r2
	.endif
	dls	lr, r3
	.balign 4
1:	.if \rows == 4
	vpstttt
	.else
	vpsttt
	.endif
	vldrbt.u8	q0, [r4]
	vldrbt.u8	q1, [r5]
	vldrbt.u8	q2, [r6]
	.if \rows == 4
	vldrbt.u8	q3, [r7]
	add	r7, r12
	.endif
	add	r4, r12
	add	r5, r12
	add	r6, r12
	vst40.8	{q0, q1, q2, q3}, [r0]
	vst41.8	{q0, q1, q2, q3}, [r0]
	vst42.8	{q0, q1, q2, q3}, [r0]
	vst43.8	{q0, q1, q2, q3}, [r0]!
	le	lr, 1b
	pop	{r4-r7, pc}
	.size edge_depthwise_columns_\rows\()_s8_mve, . - edge_depthwise_columns_\rows\()_s8_mve
.endm

	COLUMNS 3
	COLUMNS 4

/* Four channels of an output to q1 as they are stored. q0: the columns of the output before, but the last lane has the
 * third column once more: its weights are 0. `exact` with TFLite's two roundings, for which q5 is not kept: VRSHL rounds
 * ties upward, so negative values are one less before. */
.macro OUTPUTS stride, exact
	vldrw.u32	q1, [q0, #COLUMN * \stride]!
	vmladav.s8	r4, q1, q2
	vldrw.u32	q1, [q0, #4]
	vmladav.s8	r6, q1, q3
	vldrw.u32	q1, [q0, #8]
	vmladav.s8	r8, q1, q4
	vldrw.u32	q1, [q0, #12]
	.if \exact
	vldrb.u8	q5, [r3, #-16]
	.endif
	vmladav.s8	r10, q1, q5
	vmov	q1[2], q1[0], r4, r8
	vmov	q1[3], q1[1], r6, r10
	.if \exact
	vadd.i32	q1, q1, q6
	vqrdmulh.s32	q1, q1, q7
	vshr.s32	q5, q1, #31
	vadd.i32	q1, q1, q5
	vldrw.u32	q5, [r2, #-16]
	vrshl.s32	q1, q1, q5
	vqmovnb.s32	q1, q1
	vqadd.s16	q1, q1, r12
	.else
	vshl.i32	q1, q1, #8
	vadd.i32	q1, q1, q6
	vqdmulh.s32	q1, q1, q7
	NARROW
	.endif
	vqmovnb.s16	q1, q1
.endm

/* r0 columns, r1 y, r2 edge_depthwise_core_s8_mve, r3 weights. r0 channels left, r2 scales, r5 outputs, r7 an output's
 * place, r9 to the next, r11 from the last output's columns to those that the next channels start before,
 * r12 zero point. */
.macro CORE name, stride, exact
FUNCTION \name
	push	{r4-r11, lr}
	vpush	{d8-d15}
	ldrd	r5, r9, [r2, #24]
	sub	r4, r0, #COLUMN * \stride
	add	r6, r4, #COLUMN
	add	r8, r4, #COLUMN * 2
	vmov	q0[2], q0[0], r4, r8
	vmov	q0[3], q0[1], r6, r8
	mov	r4, #COLUMN * \stride
	mul	r11, r5, r4
	sub	r11, #16
	ldr	r0, [r2, #20]
	ldrd	r2, r12, [r2, #32]
0:	vldrb.u8	q2, [r3], #16
	vldrb.u8	q3, [r3], #16
	vldrb.u8	q4, [r3], #16
	vldrb.u8	q5, [r3], #16
	vldrw.u32	q6, [r2], #16
	vldrw.u32	q7, [r2], #16
	.if \exact
	add	r2, #16
	.endif
	mov	r7, r1
	add	r1, #4
	dls	lr, r5
	subs	r0, #4
	blt	2f
	.balign 4
1:	OUTPUTS \stride, \exact
	vstrb.32	q1, [r7]
	add	r7, r9
	le	lr, 1b
	vsub.i32	q0, q0, r11
	bgt	0b /* flags of the subtraction */
	b	4f
2:	adds	r0, #4
	vctp.32	r0
3:	OUTPUTS \stride, \exact
	vpst
	vstrbt.32	q1, [r7]
	add	r7, r9
	le	lr, 3b
4:	vpop	{d8-d15}
	pop	{r4-r11, pc}
	.size \name, . - \name
.endm

	CORE edge_depthwise_core_s1_s8_mve, 1, 0
	CORE edge_depthwise_core_s2_s8_mve, 2, 0
	CORE edge_depthwise_exact_core_s1_s8_mve, 1, 1
	CORE edge_depthwise_exact_core_s2_s8_mve, 2, 1
#endif
