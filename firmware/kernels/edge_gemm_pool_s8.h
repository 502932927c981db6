/* SPDX-License-Identifier: Apache-2.0 */
/* The matrix core with edgesdk.CrossChannelPool as its epilogue: channels are pooled in registers, and only the pooled
 * ones are stored. */
#ifndef EDGE_GEMM_POOL_S8_H
#define EDGE_GEMM_POOL_S8_H

#include "edge_divide.h"
#include "edge_gemm_s8.h"

/* What is pooled. The maximum of the sums is that of the outputs where a group shares its multiplier and right >= 0:
 * then requantizing never decreases, and is done once per group. */
enum { EDGE_POOL_MAX_OF_SUMS, EDGE_POOL_MAX, EDGE_POOL_AVERAGE };

typedef struct edge_gemm_pool_s8 {
    edge_gemm_s8 gemm;   /* first: what walks over the pixels knows of no more */
    edge_divisor pooled; /* channels in a group of the pool; divides gemm.channels */
    uint8_t mode;
} edge_gemm_pool_s8;

/* One output per group of the pool. g is the gemm of an edge_gemm_pool_s8. */
edge_gemm_s8_of_two edge_gemm_pool_s8_pair;
edge_gemm_s8_of_one edge_gemm_pool_s8_single;

#endif
