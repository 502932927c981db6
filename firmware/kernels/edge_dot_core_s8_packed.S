/* SPDX-License-Identifier: Apache-2.0 */
/* edge_dot_s8_packed (edge_dot_s8_packed.c has the same in C). Compilers spill where all registers are in use. */
#if defined(__arm__)
    .syntax unified
    .section .text.edge_dot_s8_packed, "ax", %progbits
    .thumb
    .p2align 2
    .global edge_dot_s8_packed
    .type edge_dot_s8_packed, %function
    .thumb_func

#if defined(__thumb2__)
/* r0 x, r1 w0, r2 w1, r3 weight; r4 all0, r5 upper0, r6 all1, r7 upper1; r8 r9 elements; r10 r11 fields;
 * r12 what they start from; lr end of x. On the stack: n, pairs. */
    .macro element x, from0, from1
    ldrsb r3, [r1], #1
    mla r10, \x, r3, \from0
    ldrsb r3, [r2], #1
    mla r11, \x, r3, \from1
    .endm
    .macro group
    ldrd r8, r9, [r0], #8
    element r8, r12, r12
    element r9, r10, r11
    ldrd r8, r9, [r0], #8
    element r8, r10, r11
    element r9, r10, r11
    add r4, r4, r10
    add r5, r5, r10, lsr #16
    add r6, r6, r11
    add r7, r7, r11, lsr #16
    .endm
edge_dot_s8_packed:
    push {r2-r11, lr}
    mov r12, #0x7f007f00
1:
    ldr r3, [sp]
    add r2, r1, r3
    add lr, r0, r3, lsl #2
    movs r4, #0
    movs r5, #0
    movs r6, #0
    movs r7, #0
    lsls r3, r3, #29 /* an odd number of groups */
    bmi 3f
2:
    group
3:
    group
    cmp r0, lr
    bne 2b
    ldr r3, [sp, #44]
    stm r3!, {r4-r7}
    str r3, [sp, #44]
    mov r1, r2
    ldrd r3, r4, [sp]
    sub r0, r0, r3, lsl #2
    subs r4, r4, #1
    str r4, [sp, #4]
    bne 1b
    pop {r2-r11, pc}

#else
/* r0 x, r1 w0, r2 w1, r3 index of the weight; r4 r5 elements; r6 r7 fields; r8 all0, r9 upper0, r10 all1, r11 upper1;
 * r12 what fields start from; lr n. On the stack: n, pairs. */
edge_dot_s8_packed:
    push {r4-r7, lr}
    mov r4, r8
    mov r5, r9
    mov r6, r10
    mov r7, r11
    push {r2-r7}
    movs r4, #0x7f
    lsls r4, r4, #8
    lsls r5, r4, #16
    adds r5, r5, r4
    mov r12, r5
1:
    ldr r3, [sp]
    mov lr, r3
    adds r2, r1, r3
    movs r3, #0
    mov r8, r3
    mov r9, r3
    mov r10, r3
    mov r11, r3
2:
    ldmia r0!, {r4, r5}
    ldrsb r6, [r1, r3]
    muls r6, r4, r6
    ldrsb r7, [r2, r3]
    muls r7, r4, r7
    adds r3, #1
    ldrsb r4, [r1, r3]
    muls r4, r5, r4
    adds r6, r6, r4
    ldrsb r4, [r2, r3]
    muls r4, r5, r4
    adds r7, r7, r4
    adds r3, #1
    .rept 2
    ldmia r0!, {r4}
    ldrsb r5, [r1, r3]
    muls r5, r4, r5
    adds r6, r6, r5
    ldrsb r5, [r2, r3]
    muls r5, r4, r5
    adds r7, r7, r5
    adds r3, #1
    .endr
    add r6, r12
    add r8, r6
    lsrs r6, r6, #16
    add r9, r6
    add r7, r12
    add r10, r7
    lsrs r7, r7, #16
    add r11, r7
    cmp r3, lr
    bne 2b
    adds r1, r2, r3
    lsls r3, r3, #2
    subs r0, r0, r3
    ldr r3, [sp, #44]
    mov r4, r8
    mov r5, r9
    mov r6, r10
    mov r7, r11
    stmia r3!, {r4-r7}
    str r3, [sp, #44]
    ldr r3, [sp, #4]
    subs r3, r3, #1
    str r3, [sp, #4]
    bne 1b
    pop {r2-r7}
    mov r8, r4
    mov r9, r5
    mov r10, r6
    mov r11, r7
    pop {r4-r7, pc}
#endif
    .size edge_dot_s8_packed, . - edge_dot_s8_packed
#endif
