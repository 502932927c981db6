/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDGE_CRC32_H
#define EDGE_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* CRC-32 of ISO 3309 (zlib's crc32). Start with 0; pass the last result on to continue. */
uint32_t edge_crc32(uint32_t crc, const void *data, size_t length);

/* What the register `state` (a CRC's complement) becomes after so many zero bytes. */
uint32_t edge_crc32_shifted(uint32_t state, uint32_t bytes);

#endif
