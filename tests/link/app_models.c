/* SPDX-License-Identifier: Apache-2.0 */
/* Small models with kernels of their own, for tests of the application: views, frames, bands, two inputs, a fault,
 * streamed inputs and outputs. */
#include "app_models.h"

#include "edge/model.h"
#include "edge_app.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

typedef struct test_params {
    uint16_t pixels, pixel_bytes;
    int8_t add;
    uint8_t flip;
} test_params;

/* out = (in + add) ^ flip, byte by byte, whatever the pitches. */
static void change(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                   void *state) {
    (void)scratch;
    (void)state;
    const test_params *p = op->params;
    test_kernel_called();
    for (unsigned i = 0; i < span.rows; i++) {
        for (unsigned x = 0; x < p->pixels; x++) {
            for (unsigned c = 0; c < p->pixel_bytes; c++) {
                const int8_t value = in->row[i][x * in->pitch + c];
                out->row[i][x * out->pitch + c] = (int8_t)((uint8_t)(value + p->add) ^ p->flip);
            }
        }
    }
}

const edge_fault test_fault = {.kind = EDGE_FAULT_HARD,
                               .pc = 0x1234,
                               .lr_or_ra = 0x5678,
                               .sp = 0x20001000,
                               .status = 3,
                               .cause = 0x8200,
                               .address = 0xdeadbeef};

/* out = a - b; a first byte of 0x7f is the fault that tests ask for. */
static void subtract(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                     void *state) {
    (void)span;
    (void)scratch;
    (void)state;
    const test_params *p = op->params;
    test_kernel_called();
    if (in[0].row[0][0] == 0x7f) {
        edge_app_fault(&test_fault);
    }
    for (unsigned c = 0; c < p->pixel_bytes; c++) {
        out->row[0][c] = (int8_t)(in[0].row[0][c] - in[1].row[0][c]);
    }
}

/* Rows of frames of 1 to 4 rows, one by one, and a single row for all. */
enum { ONES, TWOS, THREES, FOURS, SAME };
static const edge_window windows[] = {
    {1, 1, 0, 1, 1}, {1, 1, 0, 1, 2}, {1, 1, 0, 1, 3}, {1, 1, 0, 1, 4}, {0, 1, 0, 1, 1}};

enum { KWS_PORTS = 0, ROW_PORTS = 4, PAIR_PORTS = 6, ROWS_PORTS = 9 };
static const edge_port ports[] = {
    {0, THREES}, {1, THREES}, {1, THREES}, {2, THREES},            /* kws01 */
    {0, ONES},   {1, ONES},                                        /* vww01 and ad01 */
    {0, ONES},   {1, ONES},   {2, ONES},                           /* pair */
    {0, FOURS},  {3, FOURS},  {1, TWOS},   {2, SAME},   {4, TWOS}, /* rows */
};

/* kws01: two frames of three rows of four pixels of three bytes; the middle map is a view of pitch 5. */
static const edge_map kws_maps[] = {
    {.offset = 0, .row_stride = 12, .rows = 6, .pitch = 3, .pixels = 4, .pixel_bytes = 3},
    {.offset = 80, .row_stride = 20, .rows = 6, .pitch = 5, .pixels = 4, .pixel_bytes = 3},
    {.offset = 208, .row_stride = 12, .rows = 6, .pitch = 3, .pixels = 4, .pixel_bytes = 3},
};
static const test_params kws_params[] = {{4, 3, 1, 0}, {4, 3, 0, 0x55}};
static const edge_op kws_ops[] = {
    {.kernel = change,
     .params = &kws_params[0],
     .port = KWS_PORTS,
     .frame_rows = 3,
     .band = 2,
     .inputs = 1,
     .outputs = 1,
     .scratch = {0, EDGE_NONE},
     .state = {0, EDGE_NONE}},
    {.kernel = change,
     .params = &kws_params[1],
     .port = KWS_PORTS + 2,
     .frame_rows = 3,
     .band = 1,
     .inputs = 1,
     .outputs = 1,
     .scratch = {0, EDGE_NONE},
     .state = {0, EDGE_NONE}},
};
static const edge_turn kws_schedule[] = {{0, 0, 6, 0}, {1, 0, 6, 0}};
static const edge_io kws_inputs[] = {{.map = 0, .dtype = EDGE_INT8, .zero_point = 0, .scale = 1.0f, .bytes = 72}};
static const edge_io kws_outputs[] = {{.map = 2, .dtype = EDGE_INT8, .zero_point = -3, .scale = 0.3f, .bytes = 72}};

/* vww01 and ad01: one row, copied. */
static const edge_map row_maps[] = {
    {.offset = 0, .row_stride = 9, .rows = 1, .pitch = 9, .pixels = 1, .pixel_bytes = 9},
    {.offset = 16, .row_stride = 9, .rows = 1, .pitch = 9, .pixels = 1, .pixel_bytes = 9},
};
static const test_params row_params = {1, 9, 0, 0};
static const edge_op row_ops[] = {{.kernel = change,
                                   .params = &row_params,
                                   .port = ROW_PORTS,
                                   .frame_rows = 1,
                                   .band = 1,
                                   .inputs = 1,
                                   .outputs = 1,
                                   .scratch = {0, EDGE_NONE},
                                   .state = {0, EDGE_NONE}}};
static const edge_turn row_schedule[] = {{0, 0, 1, 0}};
static const edge_io vww_inputs[] = {{.map = 0, .dtype = EDGE_INT8, .zero_point = -128, .scale = 1.0f, .bytes = 9}};
static const edge_io vww_outputs[] = {
    {.map = 1, .dtype = EDGE_INT8, .zero_point = -128, .scale = 0.00390625f, .bytes = 9}};
static const edge_io ad_inputs[] = {{.map = 0, .dtype = EDGE_INT8, .zero_point = 10, .scale = 0.5f, .bytes = 9}};
static const edge_io ad_outputs[] = {{.map = 1, .dtype = EDGE_INT8, .zero_point = 5, .scale = 0.25f, .bytes = 9}};

/* pair: uint8 and int8 inputs, in two regions. */
static const edge_map pair_maps[] = {
    {.offset = 0, .row_stride = 5, .rows = 1, .pitch = 5, .pixels = 1, .pixel_bytes = 5},
    {.offset = 0, .row_stride = 5, .rows = 1, .pitch = 5, .pixels = 1, .pixel_bytes = 5, .region = 1},
    {.offset = 8, .row_stride = 5, .rows = 1, .pitch = 5, .pixels = 1, .pixel_bytes = 5, .region = 1},
};
static const test_params pair_params = {1, 5, 0, 0};
static const edge_op pair_ops[] = {{.kernel = subtract,
                                    .params = &pair_params,
                                    .port = PAIR_PORTS,
                                    .frame_rows = 1,
                                    .band = 1,
                                    .inputs = 2,
                                    .outputs = 1,
                                    .scratch = {0, EDGE_NONE},
                                    .state = {0, EDGE_NONE}}};
static const edge_io pair_inputs[] = {{.map = 0, .dtype = EDGE_UINT8, .scale = 1.0f, .bytes = 5},
                                      {.map = 1, .dtype = EDGE_INT8, .scale = 1.0f, .bytes = 5}};
static const edge_io pair_outputs[] = {{.map = 2, .dtype = EDGE_INT8, .scale = 1.0f, .bytes = 5}};

/* rows: two streamed inputs, the first with two places for its four rows of 60 bytes, and a resident one. */
static const uint16_t rows_places[] = {0, 15, 0, 15};
static const edge_map rows_maps[] = {
    {.halfwords = rows_places,
     .kind = EDGE_HALFWORDS,
     .offset = 0,
     .row_stride = 4,
     .rows = 4,
     .pitch = 3,
     .pixels = 20,
     .pixel_bytes = 3},
    {.offset = 120, .row_stride = 8, .rows = 2, .pitch = 8, .pixels = 1, .pixel_bytes = 8},
    {.offset = 136, .row_stride = 8, .rows = 1, .pitch = 8, .pixels = 1, .pixel_bytes = 8},
    {.offset = 144, .row_stride = 60, .rows = 4, .pitch = 3, .pixels = 20, .pixel_bytes = 3},
    {.offset = 384, .row_stride = 8, .rows = 2, .pitch = 8, .pixels = 1, .pixel_bytes = 8},
};
static const test_params rows_params[] = {{20, 3, 5, 0x33}, {1, 8, 0, 0}};
static const edge_op rows_ops[] = {
    {.kernel = change,
     .params = &rows_params[0],
     .port = ROWS_PORTS,
     .frame_rows = 4,
     .band = 1,
     .inputs = 1,
     .outputs = 1,
     .scratch = {0, EDGE_NONE},
     .state = {0, EDGE_NONE}},
    {.kernel = subtract,
     .params = &rows_params[1],
     .port = ROWS_PORTS + 2,
     .frame_rows = 2,
     .band = 1,
     .inputs = 2,
     .outputs = 1,
     .scratch = {0, EDGE_NONE},
     .state = {0, EDGE_NONE}},
};
static const edge_turn rows_schedule[] = {
    {EDGE_ARRIVAL, 0, 1, 0},     {0, 0, 1, 0}, {EDGE_ARRIVAL, 1, 1, 0},
    {EDGE_ARRIVAL + 1, 0, 2, 0}, {0, 1, 1, 0}, {1, 0, 2, 0},
    {EDGE_ARRIVAL, 2, 2, 0},     {0, 2, 2, 0},
};
static const edge_io rows_inputs[] = {
    {.map = 0, .dtype = EDGE_INT8, .streamed = true, .scale = 1.0f, .bytes = 240},
    {.map = 1, .dtype = EDGE_UINT8, .streamed = true, .scale = 1.0f, .bytes = 16},
    {.map = 2, .dtype = EDGE_INT8, .scale = 1.0f, .bytes = 8},
};
static const edge_io rows_outputs[] = {{.map = 3, .dtype = EDGE_INT8, .scale = 1.0f, .bytes = 240},
                                       {.map = 4, .dtype = EDGE_INT8, .scale = 1.0f, .bytes = 16}};

/* mixed and leaves: the same, the first output or both streamed, their rows in one place each. */
static const uint8_t leaving_places[] = {0, 0, 0, 0};
static const edge_map leaving_maps[] = {
    {.halfwords = rows_places,
     .kind = EDGE_HALFWORDS,
     .offset = 0,
     .row_stride = 4,
     .rows = 4,
     .pitch = 3,
     .pixels = 20,
     .pixel_bytes = 3},
    {.offset = 120, .row_stride = 8, .rows = 2, .pitch = 8, .pixels = 1, .pixel_bytes = 8},
    {.offset = 136, .row_stride = 8, .rows = 1, .pitch = 8, .pixels = 1, .pixel_bytes = 8},
    {.bytes = leaving_places,
     .kind = EDGE_BYTES,
     .offset = 144,
     .row_stride = 4,
     .rows = 4,
     .pitch = 3,
     .pixels = 20,
     .pixel_bytes = 3},
    {.offset = 204, .row_stride = 8, .rows = 2, .pitch = 8, .pixels = 1, .pixel_bytes = 8},
};
static const edge_io mixed_outputs[] = {
    {.map = 3, .dtype = EDGE_INT8, .streamed = true, .scale = 1.0f, .bytes = 240},
    {.map = 4, .dtype = EDGE_INT8, .scale = 1.0f, .bytes = 16},
};
static const edge_io leaving_outputs[] = {
    {.map = 3, .dtype = EDGE_INT8, .streamed = true, .scale = 1.0f, .bytes = 240},
    {.map = 4, .dtype = EDGE_INT8, .streamed = true, .scale = 1.0f, .bytes = 16},
};

#define MODEL(id, crc, maps_, ops_, schedule_, inputs_, outputs_, leave_, ports_, regions_, ...)                       \
    static const edge_model id = {.name = #id,                                                                         \
                                  .model_crc = crc,                                                                    \
                                  .plan_crc = ~(crc),                                                                  \
                                  .maps = maps_,                                                                       \
                                  .ops = ops_,                                                                         \
                                  .op_ports = ports,                                                                   \
                                  .windows = windows,                                                                  \
                                  .schedule = schedule_,                                                               \
                                  .inputs = inputs_,                                                                   \
                                  .outputs = outputs_,                                                                 \
                                  .leave = leave_,                                                                     \
                                  .n_maps = COUNT(maps_),                                                              \
                                  .n_ops = COUNT(ops_),                                                                \
                                  .n_turns = COUNT(schedule_),                                                         \
                                  .ports = ports_,                                                                     \
                                  .rows = 4 + 2, /* two for a sink */                                                  \
                                  .n_inputs = COUNT(inputs_),                                                          \
                                  .n_outputs = COUNT(outputs_),                                                        \
                                  .n_regions = regions_,                                                               \
                                  .region_bytes = __VA_ARGS__}

MODEL(kws01, 0x11111111u, kws_maps, kws_ops, kws_schedule, kws_inputs, kws_outputs, NULL, 2, 1, {288});
MODEL(vww01, 0x22222222u, row_maps, row_ops, row_schedule, vww_inputs, vww_outputs, NULL, 2, 1, {32});
MODEL(ad01, 0x33333333u, row_maps, row_ops, row_schedule, ad_inputs, ad_outputs, NULL, 2, 1, {32});
MODEL(pair, 0x44444444u, pair_maps, pair_ops, row_schedule, pair_inputs, pair_outputs, NULL, 3, 2, {16, 16});
MODEL(rows, 0x55555555u, rows_maps, rows_ops, rows_schedule, rows_inputs, rows_outputs, NULL, 3, 1, {400});
MODEL(mixed, 0x66666666u, leaving_maps, rows_ops, rows_schedule, rows_inputs, mixed_outputs, edge_rows_leave, 3, 1,
      {220});
MODEL(leaves, 0x77777777u, leaving_maps, rows_ops, rows_schedule, rows_inputs, leaving_outputs, edge_rows_leave, 3, 1,
      {220});

EDGE_CTX(context, 3, 6);
EDGE_ARENA(arena, 400);
EDGE_ARENA(second, 16);
static uint8_t *const regions[] = {arena, second};

#define ENTRY(m) {.model = &(m), .ctx = &context.ctx, .ctx_bytes = sizeof context, .regions = regions, .id = #m}
#define LEAVING(m)                                                                                                     \
    {.model = &(m),                                                                                                    \
     .ctx = &context.ctx,                                                                                              \
     .ctx_bytes = sizeof context,                                                                                      \
     .regions = regions,                                                                                               \
     .leaving = &edge_app_leaves,                                                                                      \
     .id = #m}
const edge_app_model edge_app_models[] = {ENTRY(kws01), ENTRY(vww01),   ENTRY(ad01),    ENTRY(pair),
                                          ENTRY(rows),  LEAVING(mixed), LEAVING(leaves)};
const uint16_t edge_app_model_count = COUNT(edge_app_models);
