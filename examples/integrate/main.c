/* SPDX-License-Identifier: Apache-2.0 */
/* A model in a program of your own, without edgesdk's serial application. README.md beside this file builds it. */
#include <stdio.h>

#include "edge/edge.h"
#include "model_kws01.h"

/* All memory is yours: a context, and one arena per RAM region. Place them with your linker script if you like. */
EDGE_CTX(context, KWS01_PORTS, KWS01_ROWS);
EDGE_ARENA(arena, KWS01_ARENA_0);

int main(void) {
    uint8_t *const regions[] = {arena};
    if (edge_init(&kws01_model, &context.ctx, sizeof context, regions) != EDGE_OK) {
        return 1;
    }

    /* An inference consumes its input: fill it before every run. Quantize as q = real / SCALE + ZERO_POINT. */
    int8_t *input = edge_input(&kws01_model, &context.ctx, 0);
    for (int i = 0; i < KWS01_INPUT_0_BYTES; i++) {
        input[i] = (int8_t)((i * 37 + 11) & 0xff);
    }
    if (edge_run(&kws01_model, &context.ctx) != EDGE_OK) {
        return 1;
    }

    const int8_t *output = edge_output(&kws01_model, &context.ctx, 0);
    int best = 0;
    for (int i = 1; i < KWS01_OUTPUT_0_BYTES; i++) {
        best = output[i] > output[best] ? i : best;
    }
    printf("class %d, %.3f\n", best, (output[best] - KWS01_OUTPUT_0_ZERO_POINT) * (double)KWS01_OUTPUT_0_SCALE);
    return 0;
}
