/* SPDX-License-Identifier: Apache-2.0 */
/* edgesdk firmware: the public API.
 *
 * All mutable memory is the caller's: an edge_ctx and one arena per RAM region. No static mutable data, no malloc,
 * no recursion, no libc beyond string.h. Two contexts may run from two tasks; kernels may be interrupted. */
#ifndef EDGE_EDGE_H
#define EDGE_EDGE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum edge_status {
    EDGE_OK = 0,        /* done */
    EDGE_MORE = 1,      /* edge_step: work is left */
    EDGE_ROW = 2,       /* the next row of a streamed input is wanted: edge_wanted says which, edge_push_row takes it */
    EDGE_ERR_ARG = -1,  /* a null or misaligned pointer, or a context too small or not initialised for this model */
    EDGE_ERR_SINK = -2, /* nobody took a row of a streamed output, see edge_set_sink; the run is given up */
    EDGE_ERR_AGAIN = -3, /* the plan wants rows of its input again, see edge_push_row */
} edge_status;

typedef struct edge_model edge_model; /* constant, in flash; see edge/model.h */

enum { EDGE_REGIONS = 4 }; /* RAM regions one model may use at most */

/* Writes row `row` of streamed input `input` to `to`, dense NHWC. */
typedef void edge_row_source(void *user, unsigned input, unsigned row, void *to);

/* Takes row `row` of streamed output `output`, dense NHWC. `data` is valid during the call only: a later row may be
 * written there. */
typedef void edge_row_sink(void *user, unsigned output, unsigned row, const void *data);

/* The state of one model's run. Declare it with EDGE_CTX, which adds the tail that edge/model.h describes. */
typedef struct edge_ctx {
    uint8_t *region[EDGE_REGIONS]; /* arena base per region, 16-byte aligned */
    const edge_model *model;       /* the model it was initialised for */
    edge_row_source *source;       /* where rows of streamed inputs come from; NULL: they are pushed */
    void *user;                    /* for the source */
    uint16_t turn;                 /* entry of the schedule that runs */
    uint16_t row;                  /* operator rows of that entry already made */
    uint16_t round;                /* of the loop that the entry is in */
} edge_ctx;

/* Bytes of a context whose largest operator has `ports` maps and touches `rows` rows in one call
 * (model.h gives both numbers as <PREFIX>_PORTS and <PREFIX>_ROWS). */
#define EDGE_CTX_BYTES(ports, rows) (sizeof(edge_ctx) + (ports) * (2u * sizeof(void *) + 8u) + (rows) * sizeof(void *))

/* Declares a context. The alignment serves the row pointers of the tail. */
#define EDGE_CTX(name, ports, rows)                                                                                    \
    static union {                                                                                                     \
        edge_ctx ctx;                                                                                                  \
        uint8_t bytes[EDGE_CTX_BYTES(ports, rows)];                                                                    \
    } name

/* Declares an arena of `bytes` bytes for one region. */
#ifdef __cplusplus
#define EDGE_ARENA(name, bytes) alignas(16) static uint8_t name[bytes]
#else
#define EDGE_ARENA(name, bytes) static _Alignas(16) uint8_t name[bytes]
#endif

/* Ties a context of `ctx_bytes` bytes to a model and to its arenas (one per region of the model, in its order). */
edge_status edge_init(const edge_model *model, edge_ctx *ctx, uint32_t ctx_bytes, uint8_t *const regions[]);

/* Back to the start: gives up a run begun with edge_step or edge_push_row. A model over time (`--stream`) takes a clip
 * a few frames a call and keeps what later calls need: this is the start of a new clip, the frames before it forgotten.
 */
edge_status edge_reset(const edge_model *model, edge_ctx *ctx);

/* Runs one inference, or the next frames of a clip. It consumes the input: fill edge_input before every call. EDGE_ROW:
 * an input is streamed and has no source. A run begun otherwise and not ended is given up, as edge_reset does; a model
 * over time then forgets an input already filled: reset before filling it. */
edge_status edge_run(const edge_model *model, edge_ctx *ctx);

/* Runs one band of one operator: EDGE_MORE while work is left, EDGE_OK with the last. */
edge_status edge_step(const edge_model *model, edge_ctx *ctx);

/* Pull: from now on rows of streamed inputs are asked of `source` as the run needs them. NULL: they are pushed. */
edge_status edge_set_source(const edge_model *model, edge_ctx *ctx, edge_row_source *source, void *user);

/* From now on every row of a streamed output goes to `sink` in the edge_step that makes it, top to bottom; rows of
 * different outputs may alternate. NULL, as after edge_init: nobody takes them, and a run ends with EDGE_ERR_SINK at
 * the first. EDGE_ERR_ARG where the model has no streamed output. */
edge_status edge_set_sink(const edge_model *model, edge_ctx *ctx, edge_row_sink *sink, void *user);

/* Push: takes the wanted row (dense NHWC) and runs on. EDGE_ROW: the next one is wanted; EDGE_OK: the outputs are
 * ready, and the next row starts a new inference. A plan with strips over its input (`--max-recompute`) wants rows
 * again, out of order: EDGE_ERR_AGAIN where `row` is not what edge_wanted returned, so ask it which row to write there.
 */
edge_status edge_push_row(const edge_model *model, edge_ctx *ctx, const void *row);

/* Where the wanted row of a streamed input goes, and which it is; NULL while none is wanted. */
void *edge_wanted(const edge_model *model, const edge_ctx *ctx, unsigned *input, unsigned *row);

/* The k-th input or output tensor, dense NHWC; NULL past the last and for streamed ones. Outputs are valid until the
 * next run starts. Of a model over time they may lie elsewhere in every call: ask between the calls. */
void *edge_input(const edge_model *model, edge_ctx *ctx, unsigned k);
void *edge_output(const edge_model *model, edge_ctx *ctx, unsigned k);

#ifdef __cplusplus
}
#endif
#endif
