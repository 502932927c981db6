/* SPDX-License-Identifier: Apache-2.0 */
/* The DSP extension's instructions as functions: one instruction each on cores that have it, the same result in plain C
 * elsewhere, so that the kernels of the dsp family run under the host's sanitizers too. Sums wrap modulo 2^32. */
#ifndef EDGE_DSP_H
#define EDGE_DSP_H

#include <stdint.h>
#include <string.h>

#define EDGE_DSP_INLINE static inline __attribute__((always_inline))

/* Four bytes from any address. */
EDGE_DSP_INLINE uint32_t edge_load_word(const int8_t *p) {
    uint32_t word;
    memcpy(&word, p, 4);
    return word;
}

/* Four bytes to any address. */
EDGE_DSP_INLINE void edge_store_word(int8_t *p, uint32_t word) {
    memcpy(p, &word, 4);
}

#if defined(__ARM_FEATURE_DSP)

#define EDGE_DSP_MULTIPLY(name, instruction, a_type, b_type)                                                           \
    EDGE_DSP_INLINE int32_t name(a_type a, b_type b, int32_t c) {                                                      \
        int32_t result;                                                                                                \
        __asm__(instruction " %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(c));                                \
        return result;                                                                                                 \
    }
#define EDGE_DSP_UNARY(name, instruction, suffix)                                                                      \
    EDGE_DSP_INLINE uint32_t name(uint32_t a) {                                                                        \
        uint32_t result;                                                                                               \
        __asm__(instruction " %0, %1" suffix : "=r"(result) : "r"(a));                                                 \
        return result;                                                                                                 \
    }
#define EDGE_DSP_BINARY(name, instruction, suffix)                                                                     \
    EDGE_DSP_INLINE uint32_t name(uint32_t a, uint32_t b) {                                                            \
        uint32_t result;                                                                                               \
        __asm__(instruction " %0, %1, %2" suffix : "=r"(result) : "r"(a), "r"(b));                                     \
        return result;                                                                                                 \
    }

#define EDGE_DSP_SSAT8_ASR(x, n)                                                                                       \
    __extension__({                                                                                                    \
        int32_t edge_ssat_;                                                                                            \
        __asm__("ssat %0, #8, %1, asr %2" : "=r"(edge_ssat_) : "r"(x), "I"(n));                                        \
        edge_ssat_;                                                                                                    \
    })

#else

EDGE_DSP_INLINE int32_t edge_low_half(uint32_t a) {
    return (int16_t)a;
}

EDGE_DSP_INLINE int32_t edge_high_half(uint32_t a) {
    return (int16_t)(a >> 16);
}

EDGE_DSP_INLINE uint32_t edge_halves(int32_t low, int32_t high) {
    return ((uint32_t)low & 0xffff) | (uint32_t)high << 16;
}

EDGE_DSP_INLINE int32_t edge_saturate_s8(int32_t x) {
    return x < -128 ? -128 : x > 127 ? 127 : x;
}

#define EDGE_DSP_SSAT8_ASR(x, n) edge_saturate_s8((x) >> (n))

#define EDGE_DSP_SUM(name, a_type, b_type, sum)                                                                        \
    EDGE_DSP_INLINE int32_t name(a_type a, b_type b, int32_t c) {                                                      \
        return (int32_t)((uint32_t)c + (uint32_t)(sum));                                                               \
    }
#define EDGE_DSP_HALVES(name, low, high)                                                                               \
    EDGE_DSP_INLINE uint32_t name(uint32_t a, uint32_t b) {                                                            \
        return edge_halves(low, high);                                                                                 \
    }

#endif

#if defined(__ARM_FEATURE_DSP)
#define EDGE_DSP_MAC(name, instruction, a_type, b_type, sum) EDGE_DSP_MULTIPLY(name, instruction, a_type, b_type)
#define EDGE_DSP_PAIR(name, instruction, suffix, low, high) EDGE_DSP_BINARY(name, instruction, suffix)
#else
#define EDGE_DSP_MAC(name, instruction, a_type, b_type, sum) EDGE_DSP_SUM(name, a_type, b_type, sum)
#define EDGE_DSP_PAIR(name, instruction, suffix, low, high) EDGE_DSP_HALVES(name, low, high)
#endif

/* c + the products of the low halves and of the high halves */
EDGE_DSP_MAC(edge_smlad, "smlad", uint32_t, uint32_t,
             edge_low_half(a) * edge_low_half(b) + (int64_t)edge_high_half(a) * edge_high_half(b))
/* c + the product of one half of a (first letter) and one of b; bottom or top */
EDGE_DSP_MAC(edge_smlabb, "smlabb", uint32_t, uint32_t, edge_low_half(a) * edge_low_half(b))
EDGE_DSP_MAC(edge_smlabt, "smlabt", uint32_t, uint32_t, edge_low_half(a) * edge_high_half(b))
EDGE_DSP_MAC(edge_smlatb, "smlatb", uint32_t, uint32_t, edge_high_half(a) * edge_low_half(b))
EDGE_DSP_MAC(edge_smlatt, "smlatt", uint32_t, uint32_t, edge_high_half(a) * edge_high_half(b))
/* c + the high word of a * b */
EDGE_DSP_MAC(edge_smmla, "smmla", int32_t, int32_t, ((int64_t)a * b) >> 32)

/* halves: low half of a, low half of b */
EDGE_DSP_PAIR(edge_pkhbt, "pkhbt", ", lsl #16", edge_low_half(a), edge_low_half(b))
/* halves: high half of b, high half of a */
EDGE_DSP_PAIR(edge_pkhtb, "pkhtb", ", asr #16", edge_high_half(b), edge_high_half(a))
/* halves: a's plus bytes 0 and 2 of b, sign-extended; then plus bytes 1 and 3 */
EDGE_DSP_PAIR(edge_sxtab16, "sxtab16", "", edge_low_half(a) + (int8_t)b, edge_high_half(a) + (int8_t)(b >> 16))
EDGE_DSP_PAIR(edge_sxtab16_ror8, "sxtab16", ", ror #8", edge_low_half(a) + (int8_t)(b >> 8),
              edge_high_half(a) + (int8_t)(b >> 24))
/* halves: a's minus b's, modulo 2^16 */
EDGE_DSP_PAIR(edge_ssub16, "ssub16", "", edge_low_half(a) - edge_low_half(b), edge_high_half(a) - edge_high_half(b))

#if defined(__ARM_FEATURE_DSP)
EDGE_DSP_UNARY(edge_sxtb16, "sxtb16", "")
EDGE_DSP_UNARY(edge_sxtb16_ror8, "sxtb16", ", ror #8")
#else
/* halves: bytes 0 and 2 of a, sign-extended */
EDGE_DSP_INLINE uint32_t edge_sxtb16(uint32_t a) {
    return edge_sxtab16(0, a);
}

/* halves: bytes 1 and 3 of a, sign-extended */
EDGE_DSP_INLINE uint32_t edge_sxtb16_ror8(uint32_t a) {
    return edge_sxtab16_ror8(0, a);
}
#endif

#if defined(__ARM_FEATURE_DSP)
EDGE_DSP_INLINE int32_t edge_smmul(int32_t a, int32_t b) {
    int32_t result;
    __asm__("smmul %0, %1, %2" : "=r"(result) : "r"(a), "r"(b));
    return result;
}
#else
/* the high word of a * b */
EDGE_DSP_INLINE int32_t edge_smmul(int32_t a, int32_t b) {
    return (int32_t)(((int64_t)a * b) >> 32);
}
#endif

/* The larger, or the smaller, of each pair of bytes, as signed numbers. The condition flags tie the two instructions
 * together. */
#if defined(__ARM_FEATURE_DSP)
EDGE_DSP_INLINE uint32_t edge_larger_bytes(uint32_t a, uint32_t b) {
    uint32_t result;
    __asm__("ssub8 %0, %1, %2\n\tsel %0, %1, %2" : "=&r"(result) : "r"(a), "r"(b) : "cc");
    return result;
}

EDGE_DSP_INLINE uint32_t edge_smaller_bytes(uint32_t a, uint32_t b) {
    uint32_t result;
    __asm__("ssub8 %0, %1, %2\n\tsel %0, %2, %1" : "=&r"(result) : "r"(a), "r"(b) : "cc");
    return result;
}
#else
EDGE_DSP_INLINE uint32_t edge_larger_bytes(uint32_t a, uint32_t b) {
    uint32_t result = 0;
    for (unsigned i = 0; i < 32u; i += 8u) {
        const uint32_t byte = (int8_t)(a >> i) >= (int8_t)(b >> i) ? a >> i : b >> i;
        result |= (byte & 0xffu) << i;
    }
    return result;
}

EDGE_DSP_INLINE uint32_t edge_smaller_bytes(uint32_t a, uint32_t b) {
    return ~edge_larger_bytes(~a, ~b);
}
#endif

/* The larger of each pair of bytes to a, the smaller to b. */
EDGE_DSP_INLINE void edge_order_bytes(uint32_t *a, uint32_t *b) {
#if defined(__ARM_FEATURE_DSP)
    uint32_t larger, smaller;
    __asm__("ssub8 %0, %2, %3\n\tsel %0, %2, %3\n\tsel %1, %3, %2"
            : "=&r"(larger), "=&r"(smaller)
            : "r"(*a), "r"(*b)
            : "cc");
    *a = larger;
    *b = smaller;
#else
    const uint32_t larger = edge_larger_bytes(*a, *b);
    *b = edge_smaller_bytes(*a, *b);
    *a = larger;
#endif
}

/* An output from 256 * sum + offset, by constants that edgesdk.kernels.requantize has proved; `shift` is a constant. */
#define EDGE_DSP_REQUANTIZE(scaled, multiplier, shift) EDGE_DSP_SSAT8_ASR(edge_smmul(scaled, multiplier), shift)

#endif
