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
 * to that of the next one, and that of the first to the last one's; what takes it to the next row's first column; the
 * last row's end; the code of a row's begin, of what follows six columns, of a long row's end and of what comes
 * after it; what a row's first sum
 * begins with where padding stands on the left, and what padding on the right adds to its last. */
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
    .equ ROWS_ON, 48
    .equ BACK, 52
    .equ LAST, 56
    .equ ROW, 60
    .equ NEXT, 64
    .equ LONG_END, 68
    .equ DONE, 72
    .equ LEFT_SUM, 76
    .equ RIGHT_SUM, 80
    .equ FRAME, 84

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

/* The first two columns of a row; entered at its `ldr` where padding stands on the left. */
.macro BEGIN_ROW last, middle
    LOAD
    ADVANCE
    BEGIN \last
    b 1f
    ldr \last, [sp, #LEFT_SUM]
1:  LOAD
    MIDDLE \last
    BEGIN \middle
    ADVANCE
    ldr pc, [sp, #ENTRY]
.endm

/* The last output, where its last column is padding. */
.macro FINISH_ROW
    ldr r9, [sp, #RIGHT_SUM]
    add r11, r11, r9
    REQUANTIZE r11
    strb r11, [r0, r10]
.endm

.macro ENTRY_OF row, column
    .hword \row - .Ltable1 + 1, \column - .Ltable1 + 1
.endm

edge_depthwise_3x3_line_s1_dsp:
    ENTER
    sub r3, r3, r5 /* from the column that completes an output */
    sub r3, r3, r4
    cmp r8, #0
    it eq
    subeq r3, r3, r4
    str r3, [sp, #WAY]
    ldrd r9, r12, [r0, #16]
    add r6, r6, #1
    sub lr, r12, r6
    strd r9, lr, [sp, #DOWN]
    sub r10, r6, r5
    sub r9, r9, r10
    strd r9, r12, [sp, #BACK]
    adr.w r3, .Ltable1
    add r12, r3, r11, lsl #2
    ldrh r6, [r12]
    ldrh r12, [r12, #2]
    add r6, r6, r3
    add r12, r12, r3
    cmp r8, #0
    itt ne
    addne r6, r6, #.Lpadded1 - .Lrow1
    addne r10, r10, r4
    ldr r5, [sp, #RIGHT]
    add r5, r3, r5, lsl #2
    cmp r10, r4, lsl #3 /* a long row: more than six columns that complete an output */
    it hi
    addhi r5, r5, #2
    ldrh r5, [r5, #.Lends1 - .Ltable1]
    add r5, r5, r3
    mov lr, r5
    it hi
    addhi lr, r3, #.Llong1 - .Ltable1 + 1
    cmp r11, #6
    it eq
    moveq r12, lr
    str r12, [sp, #ENTRY]
    strd r6, lr, [sp, #ROW]
    addw r9, r3, #.Llong_next1 - .Ltable1 + 1
    ldr r10, [sp, #ROWS_ON]
    cmp r10, #0
    it eq
    addeq r9, r3, #.Lsingle1 - .Ltable1 + 1
    strd r5, r9, [sp, #LONG_END]
    ldr r10, [sp, #CHANNEL]
.Lchannel1:
    UNPACK
    ldr r9, [sp, #PADDING]
    smlad r10, r9, r4, r3
    smlabb r10, r9, r7, r10
    smuad r11, r9, r6
    smlabb r11, r9, r8, r11
    strd r10, r11, [sp, #LEFT_SUM]
    ldr pc, [sp, #ROW]
    .balign 2
.Ltable1: /* for 6, 1 to 5 and no columns in the first turn */
    ENTRY_OF .Lrow1, .Lcolumn0
    ENTRY_OF .Lrow3, .Lcolumn5
    ENTRY_OF .Lrow2, .Lcolumn4
    ENTRY_OF .Lrow1, .Lcolumn3
    ENTRY_OF .Lrow3, .Lcolumn2
    ENTRY_OF .Lrow2, .Lcolumn1
    ENTRY_OF .Lrow1, .Lcolumn0
.Lends1: /* short and long rows, without padding on the right and with it */
    ENTRY_OF .Lnext1, .Llong_next1
    ENTRY_OF .Lright1, .Llong_right1
.Lrow1:
    BEGIN_ROW r11, r12
    .equ .Lpadded1, .Lrow1 + 30
.Lrow2:
    BEGIN_ROW r12, lr
.Lrow3:
    BEGIN_ROW lr, r11
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
    ldr pc, [sp, #NEXT]
.Lright1:
    FINISH_ROW
.Lnext1:
    ldrd r9, r10, [sp, #BACK]
    cmp r0, r10
    beq .Lrewind1
    add r0, r0, r9
    ldr pc, [sp, #ROW]
.Llong1:
    ldr r9, [sp, #END]
    cmp r0, r9
    bne .Lcolumn0
    ldr pc, [sp, #LONG_END]
.Llong_right1:
    FINISH_ROW
    ldr pc, [sp, #DONE]
.Llong_next1:
    ldrd r9, r10, [sp, #BACK]
    cmp r0, r10
    beq .Llong_rewind1
    ldr r10, [sp, #DOWN]
    add r10, r10, r0
    str r10, [sp, #END]
    add r0, r0, r9
    ldr pc, [sp, #ROW]
.Llong_rewind1:
    ldr r9, [sp, #ROWS_ON]
    sub r9, r10, r9
    str r9, [sp, #END]
.Lrewind1:
    add r10, r10, #1
    str r10, [sp, #LAST]
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
