/* SPDX-License-Identifier: Apache-2.0 */
/* A QEMU plugin (TCG plugin API 1) that counts what one edge_run executes: how often each block of instructions ran,
 * how often a branch left or reached it, and what it read from flash and missed in the chip's caches. QEMU's header is
 * not needed: Debian ships none, so the functions are declared here.
 *
 *     -plugin file=edge_counts.so,job=FILE
 *
 * FILE says, a key and its numbers a line:
 *     entry A        edge_run; counting stops where it returns to
 *     step A         edge_step: each call takes the next of the slots
 *     app A B        code from A up to B is the application's: what it calls is not counted
 *     flash A B      the flash, once a region
 *     line N         bytes that one read of the flash array brings, a power of two
 *     code N W       lines and ways of the instruction cache, 0 0: none; it has the line fetched last at least
 *     data N W       the same for data; left out where one cache serves both
 *     slots N ...    of each step, in order, the slot that counts it
 * After each edge_run FILE.out holds the counts of that run, see report() below. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
typedef uint32_t qemu_plugin_meminfo_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef void (*translated_cb)(qemu_plugin_id_t, struct qemu_plugin_tb *);
typedef void (*executed_cb)(unsigned, void *);
typedef void (*accessed_cb)(unsigned, qemu_plugin_meminfo_t, uint64_t, void *);
enum { NO_REGS = 0, READS_AND_WRITES = 3 };

extern void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t, translated_cb);
extern void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *, executed_cb, int, void *);
extern void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *, accessed_cb, int, int, void *);
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
extern struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
extern uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);
extern size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *);
extern unsigned qemu_plugin_mem_size_shift(qemu_plugin_meminfo_t);
extern bool qemu_plugin_mem_is_store(qemu_plugin_meminfo_t);

#define EXPORT __attribute__((visibility("default")))
EXPORT extern int qemu_plugin_version;
EXPORT int qemu_plugin_version = 1;
EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc, char **argv);

enum { MAX_LINES = 4096, MAX_FLASH = 8 };

typedef struct { /* set-associative, least recently used */
    uint64_t tag[MAX_LINES], used[MAX_LINES];
    uint64_t clock, last; /* last: the line read last */
    unsigned sets, ways;
} cache;

typedef struct { /* how often */
    uint64_t ran, left, reached;
} times;

typedef struct {
    uint64_t line_misses, next_misses; /* next: of the line after the one read last */
} misses;

typedef struct {
    uint64_t accesses, unaligned, flash_reads;
    misses code, data;
} traffic;

typedef struct block {
    struct block *next;
    uint64_t start, end;
    times in[]; /* by slot */
} block;

static struct {
    uint64_t entry, step, app_from, app_to, flash_from[MAX_FLASH], flash_to[MAX_FLASH], line;
    unsigned flashes, steps, slots; /* the last slot counts what is before the first step and beyond the last */
    unsigned *slot_of;
    char out[4096], unfinished[4096];
} job;

static cache code_cache, data_cache;
static cache *data_from = &code_cache;
static block *blocks;
static traffic *traffics;

static bool active;        /* in edge_run, but not in the application's code that it calls */
static bool in_run;        /* in edge_run */
static uint64_t return_to; /* where edge_run returns to */
static uint64_t resume_at; /* where the application's code returns to */
static block *previous;    /* the block that ran last */
static unsigned slot, steps_done;

static bool in_flash(uint64_t address) {
    for (unsigned i = 0; i < job.flashes; i++) {
        if (address >= job.flash_from[i] && address < job.flash_to[i]) {
            return true;
        }
    }
    return false;
}

static void look_up(cache *c, uint64_t address, misses *m) {
    const uint64_t line = address / job.line;
    const uint64_t before = c->last;
    c->last = line;
    if (line == before) {
        return;
    }
    unsigned oldest = 0;
    if (c->ways > 0) {
        const unsigned first = (unsigned)(line % c->sets) * c->ways;
        oldest = first;
        for (unsigned i = first; i < first + c->ways; i++) {
            if (c->tag[i] == line + 1) { /* 0: empty */
                c->used[i] = ++c->clock;
                return;
            }
            oldest = c->used[i] < c->used[oldest] ? i : oldest;
        }
        c->tag[oldest] = line + 1;
        c->used[oldest] = ++c->clock;
    }
    m->line_misses++;
    m->next_misses += line == before + 1;
}

static void on_access(unsigned cpu, qemu_plugin_meminfo_t info, uint64_t address, void *unused) {
    (void)cpu;
    (void)unused;
    if (!active) {
        return;
    }
    traffic *t = &traffics[slot];
    t->accesses++;
    t->unaligned += (address & ((1ull << qemu_plugin_mem_size_shift(info)) - 1)) != 0;
    if (!qemu_plugin_mem_is_store(info) && in_flash(address)) {
        t->flash_reads++;
        look_up(data_from, address, &t->data);
    }
}

/* What the last edge_run did:
 *     run STEPS                                        steps made
 *     block SLOT START END RAN LEFT REACHED            addresses in hexadecimal; LEFT and REACHED by taken branches
 *     traffic SLOT ACCESSES UNALIGNED FLASH_READS CODE_MISSES OF_THEM_NEXT DATA_MISSES OF_THEM_NEXT */
static void report(void) {
    FILE *file = fopen(job.unfinished, "w");
    if (file == NULL) {
        return;
    }
    fprintf(file, "run %u\n", steps_done);
    for (const block *b = blocks; b != NULL; b = b->next) {
        for (unsigned s = 0; s < job.slots; s++) {
            const times *t = &b->in[s];
            if (t->ran > 0) {
                fprintf(file, "block %u %" PRIx64 " %" PRIx64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", s, b->start,
                        b->end, t->ran, t->left, t->reached);
            }
        }
    }
    for (unsigned s = 0; s < job.slots; s++) {
        const traffic *t = &traffics[s];
        fprintf(file,
                "traffic %u %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", s,
                t->accesses, t->unaligned, t->flash_reads, t->code.line_misses, t->code.next_misses,
                t->data.line_misses, t->data.next_misses);
    }
    if (fclose(file) == 0) {
        rename(job.unfinished, job.out);
    }
}

static void begin(void) {
    return_to = previous == NULL ? 0 : previous->end;
    for (block *b = blocks; b != NULL; b = b->next) {
        memset(b->in, 0, job.slots * sizeof(times));
    }
    memset(traffics, 0, job.slots * sizeof(traffic));
    in_run = active = true;
    steps_done = 0;
    slot = job.slots - 1;
}

static void count(block *b, bool reached) {
    if (b->start == job.step) {
        slot = steps_done < job.steps ? job.slot_of[steps_done] : job.slots - 1;
        steps_done++;
    }
    b->in[slot].ran++;
    b->in[slot].reached += reached;
    for (uint64_t a = b->start; a < b->end; a = (a / job.line + 1) * job.line) {
        if (in_flash(a)) {
            look_up(&code_cache, a, &traffics[slot].code);
        }
    }
}

static void on_block(unsigned cpu, void *user) {
    (void)cpu;
    block *b = user;
    bool reached = active && previous != NULL && previous->end != b->start;
    if (reached) {
        previous->in[slot].left++;
    }
    if (b->start == job.entry) {
        begin();
    } else if (in_run && b->start == return_to) {
        in_run = active = false;
        report();
    } else if (active && b->start >= job.app_from && b->start < job.app_to) {
        active = false;
        resume_at = previous->end;
    } else if (in_run && !active && b->start == resume_at) {
        active = true;
        reached = true;
    }
    if (active) {
        count(b, reached);
    }
    previous = b;
}

static void on_translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb) {
    (void)id;
    const size_t n = qemu_plugin_tb_n_insns(tb);
    block *b = calloc(1, sizeof(block) + job.slots * sizeof(times));
    if (b == NULL || n == 0) {
        abort();
    }
    const struct qemu_plugin_insn *last = qemu_plugin_tb_get_insn(tb, n - 1);
    b->start = qemu_plugin_insn_vaddr(qemu_plugin_tb_get_insn(tb, 0));
    b->end = qemu_plugin_insn_vaddr(last) + qemu_plugin_insn_size(last);
    b->next = blocks;
    blocks = b;
    qemu_plugin_register_vcpu_tb_exec_cb(tb, on_block, NO_REGS, b);
    for (size_t i = 0; i < n; i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        qemu_plugin_register_vcpu_mem_cb(insn, on_access, NO_REGS, READS_AND_WRITES, NULL);
    }
}

static bool read_cache(FILE *file, cache *c) {
    unsigned lines;
    if (fscanf(file, "%u %u", &lines, &c->ways) != 2 || lines > MAX_LINES || (c->ways > 0 && lines % c->ways != 0)) {
        return false;
    }
    c->sets = c->ways > 0 ? lines / c->ways : 0;
    return true;
}

static bool read_slots(FILE *file) {
    if (fscanf(file, "%u", &job.steps) != 1 || job.steps > 1u << 24) {
        return false;
    }
    job.slot_of = calloc(job.steps + 1u, sizeof *job.slot_of);
    for (unsigned i = 0; i < job.steps; i++) {
        if (fscanf(file, "%u", &job.slot_of[i]) != 1) {
            return false;
        }
        job.slots = job.slot_of[i] >= job.slots ? job.slot_of[i] + 1 : job.slots;
    }
    job.slots++;
    return true;
}

static bool read_key(FILE *file, const char *key) {
    if (strcmp(key, "entry") == 0) {
        return fscanf(file, "%" SCNi64, (int64_t *)&job.entry) == 1;
    }
    if (strcmp(key, "step") == 0) {
        return fscanf(file, "%" SCNi64, (int64_t *)&job.step) == 1;
    }
    if (strcmp(key, "app") == 0) {
        return fscanf(file, "%" SCNi64 " %" SCNi64, (int64_t *)&job.app_from, (int64_t *)&job.app_to) == 2;
    }
    if (strcmp(key, "flash") == 0 && job.flashes < MAX_FLASH) {
        const unsigned i = job.flashes++;
        return fscanf(file, "%" SCNi64 " %" SCNi64, (int64_t *)&job.flash_from[i], (int64_t *)&job.flash_to[i]) == 2;
    }
    if (strcmp(key, "line") == 0) {
        return fscanf(file, "%" SCNi64, (int64_t *)&job.line) == 1;
    }
    if (strcmp(key, "code") == 0) {
        return read_cache(file, &code_cache);
    }
    if (strcmp(key, "data") == 0) {
        data_from = &data_cache;
        return read_cache(file, &data_cache);
    }
    return strcmp(key, "slots") == 0 && read_slots(file);
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc, char **argv) {
    (void)info;
    char key[16];
    if (argc != 1 || strncmp(argv[0], "job=", 4) != 0) {
        return -1;
    }
    FILE *file = fopen(argv[0] + 4, "r");
    const int size = (int)sizeof job.out;
    if (file == NULL || snprintf(job.unfinished, sizeof job.unfinished, "%s.new", argv[0] + 4) >= size ||
        snprintf(job.out, sizeof job.out, "%s.out", argv[0] + 4) >= size) {
        return -1;
    }
    while (fscanf(file, "%15s", key) == 1) {
        if (!read_key(file, key)) {
            return -1;
        }
    }
    fclose(file);
    traffics = calloc(job.slots + 1u, sizeof *traffics);
    if (traffics == NULL || job.line == 0 || job.slots == 0) {
        return -1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translated);
    return 0;
}
