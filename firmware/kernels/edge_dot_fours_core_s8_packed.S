/* SPDX-License-Identifier: Apache-2.0 */
/* edge_dot_fours_s8_packed (edge_dot_fours_s8_packed.c has the same in C). Compilers spill where all registers are in
 * use. */
#if defined(__thumb2__)
    .syntax unified
    .section .text.edge_dot_fours_s8_packed, "ax", %progbits
    .thumb
    .p2align 2
    .global edge_dot_fours_s8_packed
    .type edge_dot_fours_s8_packed, %function
    .thumb_func

/* r0 x, r1 w; r2 sum, r3-r6 elements; r7 r8 weights, r9 two of them; r10 all, r11 upper; r12 mask; lr end of x.
 * On the stack: x, w, n, pairs, the saved registers, sums, apart. */
    .macro group
    ldm r0!, {r2-r6}
    ldrd r7, r8, [r1], #16
    and r9, r7, r12
    mla r2, r3, r9, r2
    and r7, r12, r7, lsr #8
    mla r2, r4, r7, r2
    and r9, r8, r12
    mla r2, r5, r9, r2
    and r8, r12, r8, lsr #8
    mla r2, r6, r8, r2
    add r10, r10, r2
    add r11, r11, r2, lsr #16
    .endm
edge_dot_fours_s8_packed:
    push {r0-r11, lr}
    mov r12, #0x00ff00ff
    add r2, r2, r2, lsl #2
    add lr, r0, r2, lsl #2
1:
    ldr r2, [sp, #52]
    ldrd r10, r11, [r2]
    ldr r2, [sp, #8]
    lsls r2, r2, #31 /* an odd number of groups */
    bmi 3f
2:
    group
3:
    group
    cmp r0, lr
    bne 2b
    ldr r2, [sp, #52]
    strd r10, r11, [r2], #8
    str r2, [sp, #52]
    ldrd r0, r1, [sp]
    ldr r3, [sp, #12]
    subs r3, r3, #1
    beq 4f
    str r3, [sp, #12]
    tst r3, #1
    iteee ne
    addne r1, r1, #8 /* the second pair of a four */
    ldreq r2, [sp, #56]
    addeq r1, r1, r2
    streq r1, [sp, #4]
    b 1b
4:
    pop {r0-r11, pc}
    .size edge_dot_fours_s8_packed, . - edge_dot_fours_s8_packed
#endif
