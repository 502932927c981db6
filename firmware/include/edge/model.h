/* SPDX-License-Identifier: Apache-2.0 */
/* The constant tables that `edgesdk build` writes into model.c, and the contract between runtime and kernels. */
#ifndef EDGE_MODEL_H
#define EDGE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "edge/edge.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Rows of one map, as a kernel sees them: row[0..count) top to bottom, consecutive rows of the map.
 * Row i is row (y + i) of its frame. Rows outside [valid_from, valid_to) of the array lie outside the frame: for maps
 * with a pad row they point at it (one row of zero points, read-only), else they are NULL. */
typedef struct edge_rows {
    int8_t **row;
    int16_t y;           /* row of the frame that row[0] is; negative in the top padding */
    uint16_t count;      /* rows in the array */
    uint16_t valid_from; /* first row in the frame */
    uint16_t valid_to;   /* one past the last row in the frame */
    uint16_t pitch;      /* bytes from one pixel to the next, >= channels * element size */
} edge_rows;

/* What one call makes: operator rows [y, y + rows) of frame `frame`, columns [x0, x1) (all of them: x1 = 0xffff). */
typedef struct edge_span {
    uint16_t y; /* first row, counted from the frame's first */
    uint16_t rows;
    uint16_t x0, x1;
    uint16_t frame;
} edge_span;

typedef struct edge_op edge_op;

/* A row kernel. `in` and `out` have one entry per port, in the order of the operator's description. scratch and state
 * are 4-byte aligned, NULL where the description asks for none. A kernel never blocks, allocates or keeps pointers. */
typedef void edge_kernel(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                         void *state);

/* The rows of a map that an operator touches: for its rows [y, y + n) of a frame
 * floor((y * num + offset) / den) up to floor(((y + n - 1) * num + offset) / den) + rows - 1. */
typedef struct edge_window {
    int16_t num, den, offset;
    uint16_t rows;
    uint16_t frame_rows; /* the map's rows in one frame; 0: every frame reads the map from its first row */
} edge_window;

/* One map that an operator touches, and which of its rows: an index into the model's windows, of which it has few. */
typedef struct edge_port {
    uint16_t map, window;
} edge_port;

/* Of a model over time: a map whose rows are still read in later calls. */
typedef struct edge_ring {
    uint16_t slots;
    uint16_t head; /* its place in the table of heads */
} edge_ring;

/* Where row y of a map lies, base being the map's offset in its region:
 *   EDGE_STRIDED    base + y * row_stride
 *   EDGE_BYTES      base + bytes[y] * row_stride: the planner gave every row its own place
 *   EDGE_HALFWORDS  base + halfwords[y] * row_stride
 *   EDGE_RING       base + ((heads[head] + y) mod slots) * row_stride; y is negative for rows of the calls before
 *   EDGE_CONSTANT   constant + y * row_stride, in flash
 * Rows that are never needed together may share bytes. */
enum { EDGE_STRIDED, EDGE_BYTES, EDGE_HALFWORDS, EDGE_RING, EDGE_CONSTANT };

/* A feature map. */
typedef struct edge_map {
    union {
        const uint8_t *bytes;
        const uint16_t *halfwords;
        const edge_ring *ring;
        const int8_t *constant;
    };
    const int8_t *pad_row; /* a row of zero points as wide as the map's, one byte for rings; NULL: no reader pads */
    uint32_t offset : 27;
    uint32_t region : 2;
    uint32_t kind : 3;   /* EDGE_STRIDED to EDGE_CONSTANT */
    uint32_t row_stride; /* bytes */
    uint16_t rows;
    uint16_t pitch;
    uint16_t pixels, pixel_bytes; /* of a row: its NHWC bytes, whatever the pitch; for checks and dumps */
} edge_map;

/* Where scratch or state lies. */
enum { EDGE_NONE = 15 }; /* region of what is not there */
typedef struct edge_place {
    uint32_t offset : 28;
    uint32_t region : 4;
} edge_place;

struct edge_op {
    edge_kernel *kernel;
    const void *params; /* the kernel's own struct, <symbol>_params in <symbol>.h */
    edge_place scratch, state;
    uint16_t port; /* the first of its ports in the model's: inputs, then outputs */
    uint16_t frame_rows, band;
    uint8_t inputs, outputs;
};

/* Operator `op` makes its rows [row, row + rows), band by band; or, where op is EDGE_ARRIVAL + k, rows of streamed
 * input k arrive; k from n_inputs on: those of input 0 once more. The schedule is a list of these. Where op is
 * EDGE_AGAIN the `row` entries before it run `rows` times more, each time `step` rows further down; no loop holds
 * another. */
enum { EDGE_ARRIVAL = 0xff00, EDGE_AGAIN = 0xffff };
typedef struct edge_turn {
    uint16_t op, row, rows, step;
} edge_turn;

typedef enum edge_dtype { EDGE_INT8, EDGE_UINT8, EDGE_INT32, EDGE_FLOAT32 } edge_dtype;

/* An input or output of the model. real = scale * (q - zero_point). */
typedef struct edge_io {
    uint16_t map;
    uint8_t dtype;
    bool streamed; /* its rows arrive, or leave, one by one and do not stay */
    int32_t zero_point;
    float scale;
    uint32_t bytes;
} edge_io;

/* What the runtime does with rings. A model without any does not name it, so it is not linked. */
typedef struct edge_history {
    /* Every kept row becomes a row of its zero point. */
    void (*clear)(const edge_model *model, const edge_ctx *ctx);
    /* A call has ended. */
    void (*advance)(const edge_model *model, const edge_ctx *ctx);
    /* Where rows [y, y + count) of a ring lie, y >= -ring; returns the row pointers' new end. */
    int8_t **(*rows)(const edge_model *model, const edge_ctx *ctx, const edge_map *map, int32_t y, int32_t count,
                     int8_t **pointers);
} edge_history;
extern const edge_history edge_rings; /* edge_history.c */

/* Gives the rows of streamed outputs that the kernel call just made to the sink; false where there is none. */
typedef bool edge_leave(const edge_model *model, edge_ctx *ctx);
edge_leave edge_rows_leave;

struct edge_model {
    const char *name; /* a C identifier */
    uint32_t model_crc, plan_crc;
    const edge_map *maps;
    const edge_op *ops;
    const edge_port *op_ports;
    const edge_window *windows;
    const edge_turn *schedule;
    const edge_io *inputs, *outputs; /* behind the inputs: where rows of input 0 go that are asked for again */
    const edge_history *history;     /* &edge_rings; NULL where no map is a ring */
    edge_leave *leave; /* edge_rows_leave where outputs are streamed, so that only such models link it; else NULL */
    uint16_t n_maps, n_ops, n_turns;
    uint16_t ports, rows; /* the largest operator's: they size the context; two rows more where outputs are streamed */
    uint8_t n_inputs, n_again, n_outputs, n_regions; /* n_again: times that rows of input 0 start over */
    uint8_t rings, heads_region; /* maps that are rings, and where their heads lie, a uint16_t each */
    uint32_t heads;
    uint32_t region_bytes[EDGE_REGIONS];
};

#ifdef __cplusplus
}
#endif
#endif
