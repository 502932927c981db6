/* SPDX-License-Identifier: Apache-2.0 */
/* The gatherers of edge_conv_2d_s8_dsp.h: four elements of each pixel in one store. */
#if defined(__ARM_FEATURE_DSP)
	.syntax unified
	.thumb

/* r0 = row pointers, r1 = output, r2 = edge_gather_s8_dsp, r3 = rows; then r3-r5 pixels, r6 end of the first,
 * lr rows left. Frame of a merged one: 0 where the row's last elements go, 4 from there to where the next row's do. */
.macro GATHER name,pixels
	.section .text.\name,"ax",%progbits
	.balign 4
	.global \name
	.type \name,%function
	.thumb_func
\name:
	push {r4-r11,lr}
	sub sp,#8
	mov lr,r3
	ldrd r7,r8,[r2,#12]
	cmp r8,#0
	beq 1f
	mul r7,r7,r3
	lsrs r7,r7,#2
.if \pixels==3
	add r7,r7,r7,lsl #1
	add r7,r1,r7,lsl #3
.else
	add r7,r1,r7,lsl #4
.endif
	mov r8,#4*\pixels
	strd r7,r8,[sp]
1:	ldr r3,[r0]
	ldm r2,{r7-r10}
	add r0,r7
	add r3,r8
	add r4,r3,r9
.if \pixels==3
	add r5,r4,r9
.endif
	add r6,r3,r10
.if \pixels==3
2:	ldr r10,[r3],#4
	ldr r11,[r4],#4
	ldr r12,[r5],#4
	sxtb16 r7,r10
	sxtb16 r8,r11
	sxtb16 r9,r12
	sxtb16 r10,r10,ror #8
	sxtb16 r11,r11,ror #8
	sxtb16 r12,r12,ror #8
	stm r1!,{r7-r12}
.else
2:	ldr r9,[r3],#4
	ldr r10,[r4],#4
	sxtb16 r7,r9
	sxtb16 r8,r10
	sxtb16 r9,r9,ror #8
	sxtb16 r10,r10,ror #8
	stm r1!,{r7-r10}
.endif
	cmp r3,r6
	bne 2b
	ldr r10,[r2,#16]
	cmp r10,#0
	beq 3f
	ldrd r7,r8,[sp]
	ldrsb r9,[r3]
	strh r9,[r7]
	ldrsb r9,[r4]
	strh r9,[r7,#4]
.if \pixels==3
	ldrsb r9,[r5]
	strh r9,[r7,#8]
.endif
	add r7,r8
	rsb r8,r8,#2
	strd r7,r8,[sp]
3:	subs lr,#1
	bne 1b
	add sp,#8
	pop {r4-r11,pc}
	.size \name, . - \name
.endm

	GATHER edge_gather2_s8_dsp,2
	GATHER edge_gather3_s8_dsp,3
#endif
