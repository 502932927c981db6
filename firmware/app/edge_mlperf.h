/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the MLPerf Tiny commands share. */
#ifndef EDGE_MLPERF_H
#define EDGE_MLPERF_H

#include "edge_app_state.h"

/* What the runner sends for the benchmarks' data sets: kws int8 as the model takes it, images as uint8, ad01 a window
 * of float32 (mlcommons/tiny, benchmark/training and benchmark/reference_submissions). */
typedef enum edge_task { EDGE_TASK_RAW, EDGE_TASK_IMAGE, EDGE_TASK_ANOMALY } edge_task;

edge_task edge_task_of(const edge_app_model *m);
uint32_t edge_input_bytes(const edge_model *model); /* of all inputs */
uint32_t edge_db_expected(const edge_app_model *m); /* bytes that `db` must bring for one inference */
uint8_t *edge_db_bytes(edge_db *db);                /* the copy; NULL where the board has none */

#endif
