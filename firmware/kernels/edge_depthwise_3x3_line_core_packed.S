/* SPDX-License-Identifier: Apache-2.0 */
/* edge_depthwise_3x3_line_s1_packed where a register can be loaded from anywhere (edge_depthwise_3x3_line_packed.c has
 * the same in C). Weights are kept times 2^8: those of the upper row in registers, the others in the frame.
 *
 * r0  column in the row above          r3, r4, r5    weights of the upper row
 * r1  from there to the row below      r6, r7, r8    of another row; factor, way to the output, pitch
 * r2  and to the next                  r9, r10, r11  sums
 * r12 pixel                            lr            the lower row's weights */
#if defined(__thumb2__)
    .syntax unified
    .thumb

/* The frame: the middle row's weights and the bias, the channel's factor, what takes the address of a column to that of
 * the output that it completes, the pitch, the lower row's weights; then members of edge_line. */
    .equ FACTOR, 16
    .equ WAY, 20
    .equ PITCH, 24
    .equ LOWER, 28
    .equ AT, 40
    .equ LEFT, 48
    .equ PADDING, 52
    .equ ENTRY, 60
    .equ CHANNEL_END, 64
    .equ CHANNEL, 68
    .equ FRAME, 72

/* A column completes one output, adds to the next and begins a third. */
.macro COLUMN last, middle, first
    ldm sp, {r6, r7, r8, \first}
    ldrsb r12, [r0, r1]
    mla \last, r12, r8, \last
    mla \middle, r12, r7, \middle
    mla \first, r12, r6, \first
    ldm lr, {r6, r7, r8}
    ldrsb r12, [r0, r2]
    mla \last, r12, r8, \last
    mla \middle, r12, r7, \middle
    mla \first, r12, r6, \first
    ldrsb r12, [r0]
    mla \last, r12, r5, \last
    mla \middle, r12, r4, \middle
    mla \first, r12, r3, \first
    ldmdb lr, {r6, r7, r8}
    smull r12, \last, \last, r6
    ssat \last, #8, \last, asr #10
    strb \last, [r0, r7]
    add r0, r0, r8
.endm

    .section .text.edge_depthwise_3x3_line_s1_packed, "ax", %progbits
    .balign 4
    .global edge_depthwise_3x3_line_s1_packed
    .type edge_depthwise_3x3_line_s1_packed, %function
    .thumb_func

edge_depthwise_3x3_line_s1_packed:
    push {r4-r11, lr}
    sub sp, #FRAME
    ldm r0!, {r5-r12, lr}
    sub r6, r6, #1
    lsr r7, r7, #16
    sxth r9, r9
    add r4, sp, #AT
    stm r4, {r5, r6, r8, r9, r10, r11, r12, lr}
    ldm r0, {r1-r4}
    sub r3, r3, r5 /* from the column that completes an output */
    sub r3, r3, r4
    cmp r8, #0
    it eq
    subeq r3, r3, r4
    strd r3, r7, [sp, #WAY]
    add lr, sp, #LOWER
.Lchannel:
    ldr r12, [sp, #CHANNEL]
    ldm r12!, {r3, r4, r6, r8, r9}
    str r12, [sp, #CHANNEL]
    str r9, [sp, #FACTOR]
    mov r11, #0xff00ff00
    and r9, r11, r4          /* rows 1 and 0 of column 0 */
    and r10, r11, r4, lsl #8 /* of column 1 */
    and r12, r11, r6         /* of column 2 */
    and r11, r11, r6, lsl #8 /* columns 1 and 0 of row 2 */
    asr r4, r9, #16
    asr r5, r10, #16
    asr r6, r12, #16
    mov r7, r3
    stm sp, {r4-r7}
    sxth r6, r11
    asr r7, r11, #16
    sxth r8, r8
    stm lr, {r6-r8}
    sxth r3, r9
    sxth r4, r10
    sxth r5, r12
    ldrd r0, r9, [sp, #AT]
    add r8, r0, #1
    add r9, r9, #1
    strd r8, r9, [sp, #AT]
    /* The leftmost column of the first output: padding, or the row's. */
    ldrd r10, r12, [sp, #LEFT]
    ldm sp, {r6, r7, r8, r9}
    ldr r7, [lr]
    cmp r10, #0
    bne 1f
    ldrsb r12, [r0, r1]
    mla r9, r12, r6, r9
    ldrsb r12, [r0, r2]
    mla r9, r12, r7, r9
    ldrsb r12, [r0]
    mla r9, r12, r3, r9
    ldr r8, [sp, #PITCH]
    add r0, r0, r8
    b 2f
1:
    mla r9, r12, r6, r9
    mla r9, r12, r7, r9
    mla r9, r12, r3, r9
2:
    ldm sp, {r6, r7, r8, r10}
    ldrsb r12, [r0, r1]
    mla r9, r12, r7, r9
    mla r10, r12, r6, r10
    ldm lr, {r6, r7}
    ldrsb r12, [r0, r2]
    mla r9, r12, r7, r9
    mla r10, r12, r6, r10
    ldrsb r12, [r0]
    mla r9, r12, r4, r9
    mla r10, r12, r3, r10
    ldr r8, [sp, #PITCH]
    add r0, r0, r8
    ldr r12, [sp, #ENTRY]
    tbb [pc, r12]
.Lentry:
    .byte (.Lcolumn0 - .Lentry) / 2
    .byte (.Lone - .Lentry) / 2
    .byte (.Ltwo - .Lentry) / 2
    .byte (.Lcolumn0 - .Lentry) / 2
    .byte (.Lone - .Lentry) / 2
    .byte (.Ltwo - .Lentry) / 2
    .byte (.Lright - .Lentry) / 2
    .balign 2
.Lone:
    mov r11, r9
    mov r9, r10
    b .Lcolumn2
.Ltwo:
    mov r11, r10
    mov r10, r9
    b .Lcolumn1
.Lcolumn0:
    COLUMN r9, r10, r11
.Lcolumn1:
    COLUMN r10, r11, r9
.Lcolumn2:
    COLUMN r11, r9, r10
    ldr r12, [sp, #AT + 4]
    cmp r0, r12
    bne .Lcolumn0
.Lright: /* The last output's last column where it is padding. */
    ldrd r12, r7, [sp, #PADDING]
    cbz r7, 3f
    ldr r6, [sp, #8]
    ldr r7, [sp, #LOWER + 8]
    mla r9, r12, r6, r9
    mla r9, r12, r7, r9
    mla r9, r12, r5, r9
    ldrd r6, r7, [sp, #FACTOR]
    smull r12, r9, r9, r6
    ssat r9, #8, r9, asr #10
    strb r9, [r0, r7]
3:
    ldrd r9, r10, [sp, #CHANNEL_END]
    cmp r9, r10
    bne .Lchannel
    add sp, #FRAME
    pop {r4-r11, pc}
    .size edge_depthwise_3x3_line_s1_packed, . - edge_depthwise_3x3_line_s1_packed
#endif
