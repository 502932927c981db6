/* SPDX-License-Identifier: Apache-2.0 */
/* Text on the line, without printf. */
#ifndef EDGE_TEXT_H
#define EDGE_TEXT_H

#include <stdbool.h>
#include <stdint.h>

void edge_text(const char *text);
void edge_text_u64(uint64_t value);
void edge_text_hex(uint32_t value, unsigned digits);

/* As printf's %0.3f writes it: the float's exact value, ties to even. Magnitudes of 2^53 and more are cut. */
void edge_text_milli(float value);

/* The lap line of the MLPerf Tiny API. */
void edge_text_timestamp(void);

/* "e-[" text "]" and the line's end. */
void edge_text_error(const char *text);

bool edge_text_equal(const char *a, const char *b);

/* The number that leads `text`, as atoi reads it, cut to +-999,999,999. */
int32_t edge_text_number(const char *text);

#endif
