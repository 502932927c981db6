/* SPDX-License-Identifier: Apache-2.0 */
/* Small: the work is in the lines. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("Os")
#endif
#include "edge_depthwise_3x3_rows.h"

typedef edge_depthwise_3x3 params;

/* What is the same for all rows. */
static edge_line line_of(const params *p, uint32_t in_pitch, uint32_t out_pitch) {
    const uint32_t complete = (uint32_t)p->out_width - p->pad_right;
    const uint32_t zero_point = (uint32_t)p->in_zero_point & 0xffffu;
    return (edge_line){
        .in_pitch = in_pitch << 16,
        .padding = zero_point << 16 | zero_point,
        .left = p->pad_left,
        .right = p->pad_right,
        .entry = complete == 0 ? 6u : complete % (p->stride_w == 1 ? 6u : 2u),
        .out_pitch = out_pitch,
    };
}

/* Channels [from, until), all with a proof. */
static void run(const params *p, const edge_line *row, uint32_t from, uint32_t until) {
    const edge_line_channel *const channels = (const edge_line_channel *)p->packed;
    edge_line line = *row;
    line.at += from;
    line.end += from;
    line.last += from;
    line.out += from;
    line.channel = channels + from;
    line.channel_end = channels + until;
    if (p->stride_w == 2 || line.out_pitch == line.in_pitch >> 16) {
        p->line(&line);
        return;
    }
    for (; line.channel != line.channel_end; line.channel++, line.at++, line.end++, line.out++) {
        p->plain_line(&line, p->stride_w, line.channel, NULL);
    }
}

/* Channel c, the i-th without a proof. */
static void run_exact(const params *p, const edge_line *row, uint32_t c, uint32_t i) {
    const edge_line_exact exact = {.bias = p->exact_bias[i],
                                   .multiplier = p->exact_multiplier[i],
                                   .shift = p->exact_shift[i],
                                   .zero_point = p->zero_point,
                                   .low = p->low,
                                   .high = p->high};
    edge_line line = *row;
    line.at += c;
    line.end += c;
    line.out += c;
    p->plain_line(&line, p->stride_w, (const edge_line_channel *)p->packed + c, &exact);
}

/* Whether output row r and its input lie `down` bytes after those of row r - 1. */
static bool goes_on(const params *p, const edge_rows *in, const edge_rows *out, unsigned r, intptr_t down) {
    int8_t *const *const row = in->row + r * p->stride_h;
    bool same = (intptr_t)out->row[r] - (intptr_t)out->row[r - 1] == down;
    for (unsigned k = 0; k < 3; k++) {
        same = same && (intptr_t)row[k] - (intptr_t)(row - p->stride_h)[k] == down;
    }
    return same;
}

void edge_depthwise_3x3_rows(const params *p, const edge_rows *in, const edge_rows *out, edge_span span, bool runs) {
    const uint32_t complete = (uint32_t)p->out_width - p->pad_right;
    const uint32_t columns = p->stride_w * complete + 3u - p->stride_w - p->pad_left;
    edge_line line = line_of(p, in->pitch, out->pitch);
    const bool whole = p->exact[0] == p->channels && (p->stride_w == 2 || out->pitch == in->pitch);
    const bool alone = !runs || p->stride_w == 2 || !whole;
    line.channel = (const edge_line_channel *)p->packed;
    line.channel_end = line.channel + p->channels;
    for (unsigned r = 0, next; r < span.rows; r = next) {
        int8_t *const *row = in->row + r * p->stride_h;
        line.at = row[0];
        line.end = row[0] + columns * in->pitch;
        line.middle = (intptr_t)row[1] - (intptr_t)row[0];
        line.below = (intptr_t)row[2] - (intptr_t)row[0];
        line.out = out->row[r];
        line.last = line.end;
        next = r + 1;
        if (!alone && next < span.rows) {
            line.down = (intptr_t)out->row[next] - (intptr_t)out->row[r];
            for (; next < span.rows && goes_on(p, in, out, next, line.down); next++) {
                line.last += line.down;
            }
        }
        if (whole) {
            p->line(&line);
            continue;
        }
        uint32_t from = 0;
        for (uint32_t i = 0;; i++) {
            const uint32_t until = p->exact[i];
            if (from != until) {
                run(p, &line, from, until);
            }
            if (until == p->channels) {
                break;
            }
            run_exact(p, &line, until, i);
            from = until + 1u;
        }
    }
}
