/* SPDX-License-Identifier: Apache-2.0 */
/* The serial application: MLPerf Tiny text commands at boot, frames after `edge bin%` (docs/protocol.md).
 *
 * It runs on any port of firmware/ports and on the table of models that `edgesdk build` writes into edge_models.c. */
#ifndef EDGE_APP_H
#define EDGE_APP_H

#include "edge/edge.h"
#include "edge_port.h"

struct edge_app;

/* What the application does for models with streamed outputs, so that the linker keeps it for them alone. */
typedef struct edge_app_leaving {
    void (*open)(struct edge_app *app);          /* before a run: takes the rows */
    uint32_t (*crc)(const struct edge_app *app); /* after it: zlib's CRC-32 of all outputs in signature order */
} edge_app_leaving;

extern const edge_app_leaving edge_app_leaves;

/* One model of the firmware, with the memory it runs in. Models that run one after another may share arenas. */
typedef struct edge_app_model {
    const edge_model *model;
    edge_ctx *ctx;
    uint32_t ctx_bytes;
    uint8_t *const *regions;         /* arena bases, one per region of the model */
    const edge_app_leaving *leaving; /* &edge_app_leaves where outputs are streamed, else NULL */
    const char *id;                  /* MLPerf Tiny id (kws01, vww01, ic01, ic02, ad01) or a C identifier */
} edge_app_model;

/* Defined by the generated edge_models.c. */
extern const edge_app_model edge_app_models[];
extern const uint16_t edge_app_model_count;

/* Selects model 0 and prints the boot banner. The port must be initialised. */
void edge_app_start(void);

/* Takes one byte from the line; runs and answers the command or request that it completes. */
void edge_app_feed(uint8_t byte);

#endif
