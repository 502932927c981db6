/* SPDX-License-Identifier: Apache-2.0 */
/* The gatherers of edge_conv_2d_3x3_s8_dsp.h: four elements of each column in one store. */
#if defined(__ARM_FEATURE_DSP)
	.syntax unified
	.thumb

/* r0 = row pointers, r1 = output, r2 = edge_gather_columns_s8_dsp; then r0 column 0, r2 column 3, r3 pitch.
 * Frame: 0 row pointer, 4 edge_gather_columns_s8_dsp, 8 rows left, 12 end of column 0. */
.macro GATHER name,columns
	.section .text.\name,"ax",%progbits
	.balign 4
	.global \name
	.type \name,%function
	.thumb_func
\name:
	push {r4-r11,lr}
	sub sp,#16
	mov r12,#3
	str r12,[sp,#8]
1:	ldm r2,{r4-r7}
	add r4,r0
	strd r4,r2,[sp]
	ldr r0,[r0]
	mov r3,r6
	add r0,r5
	add r7,r0
	str r7,[sp,#12]
	add r2,r3,r3,lsl #1
	add r2,r0
.if \columns==5
2:	ldr r8,[r0,r3,lsl #2]
	ldr r6,[r0,r3,lsl #1]
	ldr r5,[r0,r3]
	ldr r4,[r0],#4
	ldr r7,[r2],#4
	sxtb16 r9,r4,ror #8
	sxtb16 r10,r5,ror #8
	sxtb16 r11,r6,ror #8
	sxtb16 r12,r7,ror #8
	sxtb16 lr,r8,ror #8
	sxtb16 r4,r4
	sxtb16 r5,r5
	sxtb16 r6,r6
	sxtb16 r7,r7
	sxtb16 r8,r8
	stm r1!,{r4-r12,lr}
.else
2:	ldr r6,[r0,r3,lsl #1]
	ldr r5,[r0,r3]
	ldr r4,[r0],#4
	ldr r7,[r2],#4
	sxtb16 r8,r4,ror #8
	sxtb16 r9,r5,ror #8
	sxtb16 r10,r6,ror #8
	sxtb16 r11,r7,ror #8
	sxtb16 r4,r4
	sxtb16 r5,r5
	sxtb16 r6,r6
	sxtb16 r7,r7
	stm r1!,{r4-r11}
.endif
	ldr r4,[sp,#12]
	cmp r0,r4
	bne 2b
	ldrd r0,r2,[sp]
	ldr r4,[sp,#8]
	subs r4,#1
	str r4,[sp,#8]
	bne 1b
	add sp,#16
	pop {r4-r11,pc}
	.size \name, . - \name
.endm

	GATHER edge_gather_columns4_s8_dsp,4
	GATHER edge_gather_columns5_s8_dsp,5
#endif
