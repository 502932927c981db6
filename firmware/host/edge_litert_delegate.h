/* SPDX-License-Identifier: Apache-2.0 */
/* A LiteRT delegate for one model file: its custom operators, each compiled as a network of one operator. */
#ifndef EDGE_LITERT_DELEGATE_H
#define EDGE_LITERT_DELEGATE_H

#include "edge/model.h"

enum { EDGE_LITERT_INPUTS = 4 };

/* One operator of the file. */
typedef struct edge_litert_node {
    int index;        /* in the file */
    const char *name; /* its custom code */
    const edge_model *model;
    uint32_t context_bytes;
    uint8_t operand[EDGE_LITERT_INPUTS]; /* input k of the model -> which of the operator's inputs */
    uint8_t inputs, outputs;
} edge_litert_node;

/* Generated beside the models. */
extern const edge_litert_node edge_litert_nodes[];
extern const unsigned edge_litert_count;

#endif
