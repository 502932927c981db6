/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_ADD_LINEAR_S8_MVE_H
#define EDGE_ADD_LINEAR_S8_MVE_H

#include "edge_add_linear_s8_dsp.h"

/* The constant is half a step less than there: the last shift rounds. */
typedef edge_add_linear_s8_dsp_params edge_add_linear_s8_mve_params;

/* As edge_add_linear_s8_dsp, four elements at a time. */
void edge_add_linear_s8_mve(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch,
                            void *state);

#endif
