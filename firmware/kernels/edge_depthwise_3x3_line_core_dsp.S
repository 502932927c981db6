/* SPDX-License-Identifier: Apache-2.0 */
/* Depthwise 3x3, one channel along the row at a time (edge_depthwise_3x3_line.h).
 *
 * Rows of the kernel are taken two and one: SMLAD multiplies a column of the upper two, SMLABB the pixel below. Nine
 * weights and the input's pitch fill five registers, so that three sums, a column and four addresses stay beside them.
 *
 * r0  column in the row above          r3          bias
 * r1  from there to the row below      r4, r5, r6  upper weights of column 0, 1, 2
 * r2  and to the next                  r7          lower weights of column 0 and 1; r8  of column 2, pitch
 * r9  upper two pixels, factor         r10         lower pixel, way to the output
 * r11, r12, lr  sums; with stride 2 lr is the output */
#if defined(__ARM_FEATURE_DSP)
    .syntax unified
    .thumb

/* The frame: edge_line up to `channel`; the channel's factor; what takes the address of a column or an output to that
 * of its output or the next one. Then with stride 2 the next channel's output; with stride 1 what takes the end of a row
 * to that of the next one and to its first column, the last row's end, and where to go from a row's end. */
    .equ AT, 0
    .equ END, 4
    .equ PITCH, 8
    .equ LEFT, 12
    .equ PADDING, 16
    .equ RIGHT, 20
    .equ ENTRY, 24
    .equ CHANNEL_END, 28
    .equ CHANNEL, 32
    .equ FACTOR, 36
    .equ WAY, 40
    .equ OUT, 44
    .equ DOWN, 44
    .equ BACK, 48
    .equ LAST, 52
    .equ DONE, 56
    .equ FRAME, 60

/* Leaves the first output's address in r3 and the output's pitch in r4, `at` in r5, `left` in r8. */
.macro ENTER
    push {r4-r11, lr}
    ldm r0!, {r5-r12, lr}
    sub r6, r6, #1
    sub sp, #FRAME
    stm sp, {r5-r12, lr}
    ldm r0, {r1-r4}
    mov r10, lr
    cmp r8, #0 /* LEFT becomes the padding, or not the padding */
    it eq
    mvneq r9, r9
    str r9, [sp, #LEFT]
.endm

.macro LEAVE
    add sp, #FRAME
    pop {r4-r11, pc}
.endm

/* Unpacks the channel that r10 points at; AT moves on to the next one, END to this one's. */
.macro UNPACK
    ldm r10!, {r3, r4, r6, r8, r9}
    strd r10, r9, [sp, #CHANNEL]
    mov r9, #0xff00ff00
    and r5, r9, r4, lsl #8
    and r7, r9, r6, lsl #8
    and r4, r4, r9
    and r6, r6, r9
    ldr r9, [sp, #PITCH]
    pkhbt r8, r8, r9
    ldrd r0, r9, [sp, #AT]
    add r10, r0, #1
    add r9, r9, #1
    strd r10, r9, [sp, #AT]
.endm

.macro NEXT_CHANNEL back
    ldrd r9, r10, [sp, #CHANNEL_END]
    cmp r9, r10
    bne \back
.endm

.macro LOAD
    ldrsb r9, [r0]
    ldrsb r10, [r0, r1]
    pkhbt r9, r9, r10, lsl #16
    ldrsb r10, [r0, r2]
.endm

.macro ADVANCE
    uxtah r0, r0, r8, ror #16
.endm

/* Adds the pixels to a sum as column 0 (from the bias on), 1 or 2 of the kernel; `upper` is r10 for padding. */
.macro BEGIN sum, upper=r9
    smlad \sum, \upper, r4, r3
    smlabb \sum, r10, r7, \sum
.endm

.macro MIDDLE sum
    smlad \sum, r9, r5, \sum
    smlabt \sum, r10, r7, \sum
.endm

.macro COMPLETE sum, upper=r9
    smlad \sum, \upper, r6, \sum
    smlabb \sum, r10, r8, \sum
.endm

.macro REQUANTIZE sum
    ldrd r9, r10, [sp, #FACTOR]
    smmul \sum, \sum, r9
    ssat \sum, #8, \sum, asr #10
.endm

/* The leftmost column of the first output: padding, or the row's. */
.macro LEFTMOST sum
    ldrd r9, r10, [sp, #LEFT]
    cmp r9, r10
    beq 1f
    LOAD
    ADVANCE
1:  BEGIN \sum
.endm

/* The last output's last column where it is padding; else goes to `none`. */
.macro RIGHTMOST none
    ldrd r10, r9, [sp, #PADDING]
    cmp r9, #0
    beq \none
.endm

    .section .text.edge_depthwise_3x3_line_s1_dsp, "ax", %progbits
    .balign 4
    .global edge_depthwise_3x3_line_s1_dsp
    .type edge_depthwise_3x3_line_s1_dsp, %function
    .thumb_func

/* A column completes one output, adds to the next and begins a third. */
.macro COLUMN last, middle, first
    LOAD
    COMPLETE \last
    MIDDLE \middle
    BEGIN \first
    REQUANTIZE \last
    strb \last, [r0, r10]
    ADVANCE
.endm

edge_depthwise_3x3_line_s1_dsp:
    ENTER
    sub r3, r3, r5 /* from the column that completes an output */
    sub r3, r3, r4
    cmp r8, #0
    it eq
    subeq r3, r3, r4
    str r3, [sp, #WAY]
    adr.w lr, .Lentry1
    ldrb r12, [lr, r11]
    add lr, lr, r12, lsl #1
    add lr, lr, #1
    str lr, [sp, #ENTRY]
    ldrd r9, r11, [r0, #16]
    add r6, r6, #1
    sub r10, r6, r5
    sub r10, r9, r10
    strd r9, r10, [sp, #DOWN]
    adr.w r12, .Lrows1
    cmp r11, r6
    it eq
    addeq r12, r12, #.Lsingle1 - .Lrows1
    add r12, r12, #1
    strd r11, r12, [sp, #LAST]
    ldr r10, [sp, #CHANNEL]
.Lchannel1:
    UNPACK
.Lrow1:
    LEFTMOST r11
    LOAD
    MIDDLE r11
    BEGIN r12
    ADVANCE
    ldr pc, [sp, #ENTRY]
.Lentry1:
    .byte (.Lcolumn0 - .Lentry1) / 2
    .byte (.Lone - .Lentry1) / 2
    .byte (.Ltwo - .Lentry1) / 2
    .byte (.Lcolumn3 - .Lentry1) / 2
    .byte (.Lfour - .Lentry1) / 2
    .byte (.Lfive - .Lentry1) / 2
    .byte (.Lright1 - .Lentry1) / 2
    .balign 2
.Lone:
    mov lr, r11
    mov r11, r12
    b .Lcolumn5
.Ltwo:
    mov lr, r12
    mov r12, r11
    b .Lcolumn4
.Lfour:
    mov lr, r11
    mov r11, r12
    b .Lcolumn2
.Lfive:
    mov lr, r12
    mov r12, r11
    b .Lcolumn1
.Lcolumn0:
    COLUMN r11, r12, lr
.Lcolumn1:
    COLUMN r12, lr, r11
.Lcolumn2:
    COLUMN lr, r11, r12
.Lcolumn3:
    COLUMN r11, r12, lr
.Lcolumn4:
    COLUMN r12, lr, r11
.Lcolumn5:
    COLUMN lr, r11, r12
    ldr r9, [sp, #END]
    cmp r0, r9
    bne .Lcolumn0
.Lright1:
    RIGHTMOST .Lend1
    COMPLETE r11, r10
    REQUANTIZE r11
    strb r11, [r0, r10]
.Lend1:
    ldr pc, [sp, #DONE]
.Lrows1:
    ldrd r9, r10, [sp, #BACK]
    cmp r0, r10
    beq .Lrewind1
    ldr r10, [sp, #DOWN]
    add r10, r10, r0
    str r10, [sp, #END]
    add r0, r0, r9
    b .Lrow1
.Lrewind1:
    add r10, r10, #1
    str r10, [sp, #LAST]
    ldr r10, [sp, #AT]
    ldr r0, [sp, #DOWN]
    add r10, r10, r0
    sub r10, r10, r9
    sub r10, r10, #1
    str r10, [sp, #END]
.Lsingle1:
    NEXT_CHANNEL .Lchannel1
    LEAVE
    .size edge_depthwise_3x3_line_s1_dsp, . - edge_depthwise_3x3_line_s1_dsp

    .section .text.edge_depthwise_3x3_line_s2_dsp, "ax", %progbits
    .balign 4
    .global edge_depthwise_3x3_line_s2_dsp
    .type edge_depthwise_3x3_line_s2_dsp, %function
    .thumb_func

/* Two columns complete an output, and the second begins the next. */
.macro PAIR this, following
    LOAD
    MIDDLE \this
    ADVANCE
    LOAD
    COMPLETE \this
    BEGIN \following
    ADVANCE
    REQUANTIZE \this
    strb \this, [lr]
    add lr, r10
.endm

edge_depthwise_3x3_line_s2_dsp:
    ENTER
    str r3, [sp, #OUT]
    str r4, [sp, #WAY]
.Lchannel2:
    UNPACK
    ldr lr, [sp, #OUT]
    add r9, lr, #1
    str r9, [sp, #OUT]
    LEFTMOST r11
    ldr r9, [sp, #ENTRY]
    tbb [pc, r9]
.Lentry2:
    .byte (.Lpairs - .Lentry2) / 2
    .byte (.Lodd - .Lentry2) / 2
    .byte 0, 0, 0, 0
    .byte (.Lright2 - .Lentry2) / 2
    .balign 2
.Lodd:
    mov r12, r11
    b .Lpair1
.Lpairs:
    PAIR r11, r12
.Lpair1:
    PAIR r12, r11
    ldr r9, [sp, #END]
    cmp r0, r9
    bne .Lpairs
.Lright2:
    ldr r9, [sp, #RIGHT]
    cmp r9, #0
    beq .Lend2
    LOAD
    MIDDLE r11
    ldr r10, [sp, #PADDING]
    COMPLETE r11, r10
    REQUANTIZE r11
    strb r11, [lr]
.Lend2:
    NEXT_CHANNEL .Lchannel2
    LEAVE
    .size edge_depthwise_3x3_line_s2_dsp, . - edge_depthwise_3x3_line_s2_dsp
#endif
