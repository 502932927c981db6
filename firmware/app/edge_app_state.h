/* SPDX-License-Identifier: Apache-2.0 */
/* The application's only mutable memory, and the functions that its files share. */
#ifndef EDGE_APP_STATE_H
#define EDGE_APP_STATE_H

#include "edge/model.h"
#include "edge_app.h"
#include "edge_frames.h"
#include "edge_hooks.h"

/* Settings of a board; the build passes them. */
#ifndef EDGE_APP_PAYLOAD
#define EDGE_APP_PAYLOAD 1024 /* longest payload of a frame */
#endif
#ifndef EDGE_APP_PROFILE_OPS
#define EDGE_APP_PROFILE_OPS 192 /* operators that one profiling run can time; 12 bytes each */
#endif
#ifndef EDGE_APP_DB_BYTES
#define EDGE_APP_DB_BYTES 0 /* copy of the input for `infer N W` with N + W > 1; ad01 needs 3200, vww01 27648 */
#endif
#ifndef EDGE_APP_MLPERF
#define EDGE_APP_MLPERF 1 /* the text commands that run a model; without them 6,000 bytes of flash are free */
#endif
#ifndef EDGE_APP_VERSION
#define EDGE_APP_VERSION ""
#endif
#ifndef EDGE_APP_BOARD
#define EDGE_APP_BOARD ""
#endif
#ifndef EDGE_APP_CORE
#define EDGE_APP_CORE ""
#endif

_Static_assert(EDGE_APP_PAYLOAD >= EDGE_PAYLOAD_MIN && EDGE_APP_PAYLOAD <= 32768, "EDGE_APP_PAYLOAD out of range");
_Static_assert(EDGE_APP_PROFILE_OPS >= 1, "EDGE_APP_PROFILE_OPS out of range");

enum {
    EDGE_COMMAND_BYTES = 80, /* EE_CMD_SIZE of the MLPerf Tiny API */
    EDGE_FRAME_BYTES = EDGE_FRAME_HEADER_BYTES + EDGE_APP_PAYLOAD + EDGE_FRAME_CRC_BYTES,
    EDGE_APP_BUFFER_BYTES = EDGE_FRAME_BYTES > EDGE_COMMAND_BYTES + 1 ? EDGE_FRAME_BYTES : EDGE_COMMAND_BYTES + 1,
    EDGE_KEPT_BYTES = 52, /* the longest answer that must not be made twice: RUN's */
};

/* The buffer that `db` fills. */
typedef struct edge_db {
    uint32_t size;   /* announced by `db load` */
    uint32_t loaded; /* bytes that have come */
    bool direct;     /* they went straight into the model's input, which one inference consumes */
    float score;     /* ad01's last result */
#if EDGE_APP_DB_BYTES > 0
    _Alignas(4) uint8_t bytes[EDGE_APP_DB_BYTES];
#endif
} edge_db;

/* Time of each operator in [first, first + count), collected by a hooked run. */
typedef struct edge_profile {
    uint64_t mark; /* when the last hook ended */
    uint64_t total;
    uint16_t first, count;
    uint8_t counter;
    uint32_t calls[EDGE_APP_PROFILE_OPS];
    uint64_t spent[EDGE_APP_PROFILE_OPS];
} edge_profile;

/* Both counters at one moment. */
typedef struct edge_stamp {
    uint64_t ticks, cycles;
} edge_stamp;

/* What two stamps in a row differ by. */
typedef struct edge_overhead {
    uint32_t ticks, cycles;
} edge_overhead;

/* Time in the callbacks that serve the default input to a streamed one and that take rows of streamed outputs, within
 * the run that opened them. */
typedef struct edge_callback {
    uint64_t ticks, cycles;
    uint32_t extra_ticks, extra_cycles; /* of a call, outside its own readings */
} edge_callback;

typedef struct edge_run_result {
    edge_status status;
    uint32_t output_crc, stack;
    uint64_t ticks, cycles;                   /* edge_run, from entry to exit */
    uint64_t callback_ticks, callback_cycles; /* of them, in the source of rows */
    edge_overhead overhead;                   /* of reading the counters; not subtracted */
} edge_run_result;

/* The DATA frames of one run. */
typedef struct edge_data {
    uint8_t seq;
    uint16_t fill;        /* payload bytes waiting */
    uint32_t frames, crc; /* sent; the CRC runs over their payloads behind the numbers */
} edge_data;

/* A hooked run that sends what operators write while it is there. */
typedef struct edge_stream {
    bool dump; /* the rows of map `map`; else the CRC of every row of every map */
    uint16_t map;
    uint32_t records;
    edge_status status;
} edge_stream;

/* A run that waits for a row of the host's. Between two requests this, the context and the arenas are all there is. */
typedef struct edge_waiting {
    bool waits;
    uint8_t kind;    /* the request that began it: RUN, TRACE or DUMP */
    uint32_t offset; /* bytes of the wanted row that have come */
    union {
        edge_run_result run;
        edge_stream stream;
    };
} edge_waiting;

typedef struct edge_app {
    const edge_app_model *selected; /* NULL until a model is initialised */
    edge_frame_rx rx;
    bool framed;  /* frames, not text */
    bool faulted; /* `fault` holds a report; only a reset leaves this state */
    bool ran;     /* the outputs are those of a run */
    bool painted; /* arenas painted with `seed` since the model was selected */
    bool sends;   /* the run sends rows of streamed outputs */
    bool serves;  /* the next run's streamed inputs are the default input; else the host pushes their rows */
    uint8_t seed;
    bool command_too_long;
    uint16_t command_length;
    uint32_t stack_used;

    /* The last request that must not run twice, and its answer. */
    bool kept;
    uint8_t kept_type, kept_length;
    uint32_t kept_crc; /* of the request frame, seq included */
    uint8_t kept_answer[EDGE_KEPT_BYTES];

    edge_fault fault;
    edge_db db;
    edge_callback callback;
    uint32_t output_crc; /* what rows of streamed outputs have added to it in this run */
    edge_data data;
    edge_waiting waiting;
    edge_profile profile;
    uint8_t buffer[EDGE_APP_BUFFER_BYTES]; /* the command or frame that arrives, then the frame that leaves */
} edge_app;

/* edge_app.c: ties the application to model `index` and starts it afresh; false where that fails. */
bool edge_app_select(edge_app *app, uint16_t index);

/* edge_measure.c */
edge_stamp edge_app_stamp_before(void);
edge_stamp edge_app_stamp_after(void);
uint64_t edge_app_counter(uint8_t counter);
uint64_t edge_app_counted(uint8_t counter, uint64_t from, uint64_t to);
/* Begins the run app->waiting.run, or goes on with it after its wanted row has come. Status EDGE_ROW: it wants a row.
 */
void edge_app_run(edge_app *app, bool begin);
/* zlib's CRC-32 of all outputs in signature order, after a run. */
uint32_t edge_app_output_crc(const edge_app *app);
edge_status edge_app_profile(edge_app *app, uint16_t first, uint16_t count, uint8_t counter);
/* The hook pair round nothing, `calls` times: what the layers are charged, and what it takes in all. Forgets the
 * profile. */
void edge_app_calibrate(edge_app *app, uint32_t calls, uint8_t counter, uint64_t *inner, uint64_t *outer);
/* Fills the model's arenas with a pattern; then the bytes up to the last one that no longer holds it. */
void edge_app_paint(edge_app *app, uint8_t seed);
uint32_t edge_app_touched(const edge_app *app, unsigned region);

/* edge_source.c */
bool edge_app_streams(const edge_model *model); /* whether rows of an input arrive one by one */
uint32_t edge_app_row_bytes(const edge_model *model, unsigned input);
/* Makes the default input that of the next run; false where it is not defined for the inputs' types. */
bool edge_app_default_input(edge_app *app);
/* Before a run: who serves the rows of its streamed inputs and takes those of its outputs, and what the callbacks' time
 * starts from. */
void edge_app_open(edge_app *app, edge_overhead overhead);
/* Ends a callback that began at `from`: its time is not the model's. */
void edge_app_charge(edge_app *app, edge_stamp from);

/* edge_data.c */
void edge_app_data_open(edge_app *app, uint8_t seq, bool begin);
void edge_app_data_flush(edge_app *app);
uint8_t *edge_app_data_room(edge_app *app, uint16_t bytes); /* for so many more in one piece */
/* A row of map or output `of` in pieces, each with the row and the offset that it starts at; a piece never spans two
 * frames. */
void edge_app_data_row(edge_app *app, uint16_t row, uint16_t of, const edge_map *map, const int8_t *bytes);

/* edge_stream.c: the same for the hooked run app->waiting.stream. */
void edge_app_stream(edge_app *app, bool begin);

/* edge_requests.c: answers the frame in app->buffer. */
void edge_app_request(edge_app *app);
/* Sends the fault as a frame with this seq. */
void edge_app_fault_frame(edge_app *app, uint8_t seq);

/* edge_commands.c: answers the command of app->command_length characters in app->buffer. */
void edge_app_command(edge_app *app);
void edge_app_fault_line(const edge_app *app);

/* edge_mlperf.c: the commands that touch a model. Arguments are NULL where absent. */
void edge_app_db(edge_app *app, const char *verb, const char *argument);
void edge_app_infer(edge_app *app, const char *n, const char *warmup);
void edge_app_results(edge_app *app);

#endif
