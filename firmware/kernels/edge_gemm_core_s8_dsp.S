/* SPDX-License-Identifier: Apache-2.0 */
/* The cores of edge_gemm_s8_dsp.h in assembly: compilers need a fifth more instructions, having no register to spare.
 * edge_gemm_s8_dsp.c and edge_fully_connected_s8_dsp.c have the same in C, for the host. */
#if defined(__ARM_FEATURE_DSP)
	.syntax unified
	.thumb

.macro FUNCTION name
	.global \name
	PART \name
.endm
/* Code of its own section, so that a model links what it names. */
.macro PART name
	.section .text.\name,"ax",%progbits
	.balign 4
	LABEL \name
.endm
.macro LABEL name
	.type \name,%function
	.thumb_func
\name:
.endm

/* Three pixels: sums in r3-r5 (256 * upper channel + lower) and r6-r8 (lower channel). */
.macro MULTIPLY3 w,x0=r9,x1=r10,x2=r11
	smlad r3,\w,\x0,r3
	smlad r4,\w,\x1,r4
	smlad r5,\w,\x2,r5
	sxtb16.w \w,\w
	smlad r6,\w,\x0,r6
	smlad r7,\w,\x1,r7
	smlad r8,\w,\x2,r8
.endm
/* The same from the bias in r3 on. */
.macro BEGIN3 w
	smlad r4,\w,r10,r3
	smlad r5,\w,r11,r3
	smlad r3,\w,r9,r3
	sxtb16.w \w,\w
	smuad r6,\w,r9
	smuad r7,\w,r10
	smuad r8,\w,r11
.endm
.macro FIRST3
	ldm.w r1!,{r3,r12,lr}
	ldm.w r0!,{r9-r11}
	BEGIN3 r12
	ldm.w r0!,{r9-r11}
	MULTIPLY3 lr
.endm
.macro STEP3
	ldm.w r1!,{r12,lr}
	ldm.w r0!,{r9-r11}
	MULTIPLY3 r12
	ldm.w r0!,{r9-r11}
	MULTIPLY3 lr
.endm

/* A window: three taps of three pixels, side by side in five words. */
.macro WINDOW3_END
	ldr.w r2,[r1],#4
	MULTIPLY3 r2,r10,r11,r12
	ldr.w r2,[r1],#4
	MULTIPLY3 r2,r11,r12,lr
.endm
.macro FIRST_WINDOW3
	ldr.w r3,[r1],#4
	ldm.w r0!,{r9-r12,lr}
	ldr.w r2,[r1],#4
	BEGIN3 r2
	WINDOW3_END
.endm
.macro WINDOW3
	ldm.w r0!,{r9-r12,lr}
	ldr.w r2,[r1],#4
	MULTIPLY3 r2
	WINDOW3_END
.endm

/* Two pixels: sums in r3, r4 and r6, r7. */
.macro MULTIPLY2 w,x0,x1
	smlad r3,\w,\x0,r3
	smlad r4,\w,\x1,r4
	sxtb16.w \w,\w
	smlad r6,\w,\x0,r6
	smlad r7,\w,\x1,r7
.endm
.macro BEGIN2 w,x0,x1
	smlad r4,\w,\x1,r3
	smlad r3,\w,\x0,r3
	sxtb16.w \w,\w
	smuad r6,\w,\x0
	smuad r7,\w,\x1
.endm
.macro FIRST2
	ldm.w r1!,{r3,r12,lr}
	ldm.w r0!,{r8-r11}
	BEGIN2 r12,r8,r9
	MULTIPLY2 lr,r10,r11
.endm
.macro STEP2
	ldm.w r1!,{r12,lr}
	ldm.w r0!,{r8-r11}
	MULTIPLY2 r12,r8,r9
	MULTIPLY2 lr,r10,r11
.endm
/* Three taps of two pixels, in four words. */
.macro FIRST_WINDOW2
	ldm.w r1!,{r3,r5,r12,lr}
	ldm.w r0!,{r8-r11}
	BEGIN2 r5,r8,r9
	MULTIPLY2 r12,r9,r10
	MULTIPLY2 lr,r10,r11
.endm
.macro WINDOW2
	ldm.w r1!,{r5,r12,lr}
	ldm.w r0!,{r8-r11}
	MULTIPLY2 r5,r8,r9
	MULTIPLY2 r12,r9,r10
	MULTIPLY2 lr,r10,r11
.endm

/* 256 * sum + offset to int8: the two forms of edgesdk.kernels.requantize. */
.macro PLAIN t,multiplier,shift
	smmul \t,\t,\multiplier
	ssat \t,#8,\t,asr #\shift
.endm
.macro SIGNED t,multiplier,step,base,spare,shift
	and \spare,\step,\t,asr #31
	add \spare,\spare,\base
	smmla \t,\t,\multiplier,\spare
	ssat \t,#8,\t,asr #\shift
.endm

/* A sum to int8 in TFLite's two roundings, as edge_requantize_short of edge_requantize.h does: r9 multiplier, r10 the
 * second rounding and the zero point, r11 shift. */
.macro EXACT t
	mov r0,#0x40000000
	mov lr,#0
	smlal r0,lr,\t,r9
	bic r0,lr,r0
	add lr,lr,r0,asr #31
	add lr,r10
	asr \t,lr,r11
	ssat \t,#8,\t
.endm

/* After a pair of channels: store it, and go on unless it was the last. */
.macro NEXT_PAIR pixels
	ldm.w sp,{r0,r9,r10,r12}
	bfi r7,r4,#8,#8
	strh r7,[r2,r12]
.if \pixels==3
	bfi r8,r5,#8,#8
	strh r8,[r2,r12,lsl #1]
.endif
	bfi r6,r3,#8,#8
	strh r6,[r2],#2
	cmp r2,r9
	beq 1f
	bx r10
1:	mov r0,r1
	add sp,#32
	pop {r4-r11,pc}
.endm
.macro EPILOGUE_PLAIN pixels,shift
	ldm r1!,{r9-r11}
	subs r3,r3,r6
	PLAIN r3,r9,\shift
	add r6,r11,r6,lsl #8
	PLAIN r6,r10,\shift
	subs r4,r4,r7
	PLAIN r4,r9,\shift
	add r7,r11,r7,lsl #8
	PLAIN r7,r10,\shift
.if \pixels==3
	sub r5,r5,r8
	PLAIN r5,r9,\shift
	add r8,r11,r8,lsl #8
	PLAIN r8,r10,\shift
.endif
	NEXT_PAIR \pixels
.endm
.macro EPILOGUE_SIGNED pixels,shift
	ldm r1!,{r9-r11}
	subs r3,r3,r6
	SIGNED r3,r9,r10,r11,r0,\shift
	subs r4,r4,r7
	SIGNED r4,r9,r10,r11,r0,\shift
.if \pixels==3
	sub r5,r5,r8
	SIGNED r5,r9,r10,r11,r0,\shift
.endif
	ldm r1!,{r9,r10,lr}
	add r6,lr,r6,lsl #8
	SIGNED r6,r9,r10,r11,r0,\shift
	add r7,lr,r7,lsl #8
	SIGNED r7,r9,r10,r11,r0,\shift
.if \pixels==3
	add r8,lr,r8,lsl #8
	SIGNED r8,r9,r10,r11,r0,\shift
.endif
	NEXT_PAIR \pixels
.endm
.macro EPILOGUE_EXACT pixels,shift
	ldm r1!,{r9-r11}
	subs r3,r3,r6
	asrs r3,r3,#8
	EXACT r3
	subs r4,r4,r7
	asrs r4,r4,#8
	EXACT r4
.if \pixels==3
	sub r5,r5,r8
	asrs r5,r5,#8
	EXACT r5
.endif
	ldm r1!,{r9-r12}
	add r6,r12
	EXACT r6
	add r7,r12
	EXACT r7
.if \pixels==3
	add r8,r12
	EXACT r8
.endif
	NEXT_PAIR \pixels
.endm

/* An edge_gemm_epilogue_s8_dsp and its code. */
.macro DESCRIBE name,kind,two,three
	.section .rodata.\name,"a",%progbits
	.balign 4
	.global \name
	.type \name,%object
\name:
	.word \two,\three,\kind
	.size \name,12
.endm
.macro EPILOGUES name,kind,form,shift
	PART edge_gemm_\name\()_2
	EPILOGUE_\form 2,\shift
	PART edge_gemm_\name\()_3
	EPILOGUE_\form 3,\shift
	DESCRIBE edge_gemm_\name\()_s8_dsp,\kind,edge_gemm_\name\()_2,edge_gemm_\name\()_3
.endm

/* r0 = inputs, r1 = stream, r2 = output, r3 = {steps, pairs, pitch, epilogue}; returns the end of the stream.
 * Frame: 0 begin of the inputs, 4 end of the output, 8 where a pair begins, 12 pitch, 16 entry of the unrolled loop,
 * 20 end of the inputs, 24 epilogue, 28 output (windows of three pixels have no register for it). */
.macro CORE name,pixels,first,step,input_words,step_bytes,unrolled,saved=0
FUNCTION \name
	push {r4-r11,lr}
	sub sp,#32
	ldm r3,{r4-r7}
	add r5,r2,r5,lsl #1
	adr.w r8,1f
	adds r8,#1
	str r0,[sp]
	strd r5,r8,[sp,#4]
	ldr r7,[r7,#4*(\pixels-2)]
	mov r5,#4*\input_words
	mla r5,r4,r5,r0
	negs r4,r4 /* steps left for the loop: all but one */
	and r4,#\unrolled-1
	mov r8,#\step_bytes
	mul r4,r4,r8
	adr.w r8,2f
	adds r8,#\step_bytes+1
	add r4,r8
	strd r6,r4,[sp,#12]
	strd r5,r7,[sp,#20]
	.balign 4
1:
.if \saved
	str r2,[sp,#28]
.endif
	\first
	ldr pc,[sp,#16]
	.balign 4
2:	.rept \unrolled
	\step
	.endr
	ldr lr,[sp,#20]
	cmp r0,lr
	bne.w 2b
.if \saved
	ldr r2,[sp,#28]
.endif
	ldr pc,[sp,#24]
.endm

	CORE edge_gemm_core3_s8_dsp,3,FIRST3,STEP3,6,68,8
	CORE edge_gemm_core2_s8_dsp,2,FIRST2,STEP2,4,48,8
	CORE edge_gemm_window3_s8_dsp,3,FIRST_WINDOW3,WINDOW3,5,100,4,1
	CORE edge_gemm_window2_s8_dsp,2,FIRST_WINDOW2,WINDOW2,4,68,4
	EPILOGUES plain_9,0,PLAIN,9
	EPILOGUES plain_13,1,PLAIN,13
	EPILOGUES signed_9,2,SIGNED,9
	EPILOGUES signed_13,3,SIGNED,13
	EPILOGUES exact,4,EXACT

/* One pixel, four channels: sums in r3, r4 (256 * upper + lower) and r5, r6 (lower). */
.macro STEP4
	smlad r3,r7,r11,r3
	smlad r4,r8,r11,r4
	sxtb16.w r7,r7
	sxtb16.w r8,r8
	smlad r5,r7,r11,r5
	smlad r6,r8,r11,r6
	smlad r3,r9,r12,r3
	smlad r4,r10,r12,r4
	sxtb16.w r9,r9
	sxtb16.w r10,r10
	smlad r5,r9,r12,r5
	smlad r6,r10,r12,r6
.endm
.macro STEP4_WIDE
	ldm.w r1!,{r7-r10}
	ldm.w r0!,{r11,r12}
	STEP4
.endm
.macro STEP4_BYTES
	ldr.w r12,[r0],#4
	ldm.w r1!,{r7-r10}
	sxtb16.w r11,r12
	sxtb16.w r12,r12,ror #8
	STEP4
.endm
.macro STORE_QUAD core
	bfi r5,r3,#8,#8
	bfi r6,r4,#8,#8
	bfi r5,r6,#16,#16
	str r5,[r2],#4
	ldrd r3,r0,[sp]
	cmp r2,r3
	bne.w edge_gemm_next_\core
	mov r0,r1
	add sp,#20
	pop {r4-r11,pc}
.endm
.macro QUAD_PLAIN core,shift
	ldm r1!,{r7-r12}
	subs r3,r3,r5
	PLAIN r3,r7,\shift
	add r5,r9,r5,lsl #8
	PLAIN r5,r8,\shift
	subs r4,r4,r6
	PLAIN r4,r10,\shift
	add r6,r12,r6,lsl #8
	PLAIN r6,r11,\shift
	STORE_QUAD \core
.endm
.macro QUAD_SIGNED core,shift
	ldm r1!,{r7-r9}
	ldm r1!,{r10-r12}
	subs r3,r3,r5
	SIGNED r3,r7,r8,r9,r0,\shift
	add r5,r12,r5,lsl #8
	SIGNED r5,r10,r11,r9,r0,\shift
	ldm r1!,{r7-r9}
	ldm r1!,{r10-r12}
	subs r4,r4,r6
	SIGNED r4,r7,r8,r9,r0,\shift
	add r6,r12,r6,lsl #8
	SIGNED r6,r10,r11,r9,r0,\shift
	STORE_QUAD \core
.endm

/* As above, but r3 = {steps, quads, -, epilogue}. Frame: 0 end of the output, 4 inputs, 8 turns of the loop, 12 its
 * entry, 16 epilogue. */
.macro QUAD_EPILOGUE core,name,kind,form,shift
	PART edge_gemm_quad_\core\()_\name
	QUAD_\form \core,\shift
	DESCRIBE edge_gemm_quad_\core\()_\name\()_s8_dsp,\kind,edge_gemm_quad_\core\()_\name,0
.endm
.macro QUAD_CORE core,step,step_bytes
FUNCTION edge_gemm_quad_\core\()_s8_dsp
	push {r4-r11,lr}
	sub sp,#20
	ldm r3,{r4-r7}
	add r5,r2,r5,lsl #2
	strd r5,r0,[sp]
	ldr r7,[r7]
	str r7,[sp,#16]
	negs r5,r4
	and r5,#7
	adds r4,#7
	lsrs r4,r4,#3
	mov r6,#\step_bytes
	mul r5,r5,r6
	adr.w r6,2f
	adds r6,#1
	add r5,r6
	strd r4,r5,[sp,#8]
	LABEL edge_gemm_next_\core
	ldrd lr,r7,[sp,#8]
	ldm r1!,{r3,r4}
	movs r5,#0
	movs r6,#0
	bx r7
	.balign 4
2:	.rept 8
	\step
	.endr
	subs lr,#1
	bne.w 2b
	ldr pc,[sp,#16]
	QUAD_EPILOGUE \core,plain_9,0,PLAIN,9
	QUAD_EPILOGUE \core,plain_13,1,PLAIN,13
	QUAD_EPILOGUE \core,signed_9,2,SIGNED,9
	QUAD_EPILOGUE \core,signed_13,3,SIGNED,13
.endm

	QUAD_CORE wide,STEP4_WIDE,56
	QUAD_CORE bytes,STEP4_BYTES,64
#endif
