/* SPDX-License-Identifier: Apache-2.0 */
/* A plan that wants rows of its input again: pulled, and pushed where they are wanted; pushed from elsewhere it is
 * refused. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edge/model.h"
#include "model_again.h"

#define EXPECT(condition)                                                                                              \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "line %d: %s\n", __LINE__, #condition);                                                    \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

static const edge_model *const model = &again_model;
static unsigned asked;

static void serve(void *user, unsigned input, unsigned row, void *to) {
    (void)user;
    EXPECT(input == 0);
    const edge_map *map = &model->maps[model->inputs[0].map];
    for (unsigned i = 0; i < (unsigned)map->pixels * map->pixel_bytes; i++) {
        ((uint8_t *)to)[i] = (uint8_t)(row * 29 + i * 7);
    }
    asked++;
}

int main(void) {
    uint8_t *regions[EDGE_REGIONS] = {aligned_alloc(16, (model->region_bytes[0] + 15) / 16 * 16)};
    const uint32_t bytes = (uint32_t)EDGE_CTX_BYTES(model->ports, model->rows);
    edge_ctx *ctx = malloc(bytes);
    EXPECT(edge_init(model, ctx, bytes, regions) == EDGE_OK);

    edge_set_source(model, ctx, serve, NULL);
    EXPECT(edge_run(model, ctx) == EDGE_OK);
    EXPECT(asked > model->maps[model->inputs[0].map].rows);
    const uint32_t size = model->outputs[0].bytes;
    uint8_t *want = malloc(size);
    memcpy(want, edge_output(model, ctx, 0), size);

    edge_set_source(model, ctx, NULL, NULL);
    uint8_t row[1024] = {0};
    unsigned input = 9, y = 9, pushed = 0;
    EXPECT(edge_run(model, ctx) == EDGE_ROW);
    EXPECT(edge_push_row(model, ctx, row) == EDGE_ERR_AGAIN);
    edge_status status = EDGE_ROW;
    for (; status == EDGE_ROW; pushed++) {
        void *place = edge_wanted(model, ctx, &input, &y);
        serve(NULL, input, y, place);
        status = edge_push_row(model, ctx, place);
    }
    EXPECT(status == EDGE_OK && 2 * pushed == asked);
    EXPECT(memcmp(want, edge_output(model, ctx, 0), size) == 0);
    return 0;
}
