/* SPDX-License-Identifier: Apache-2.0 */
/* A QEMU TCG plugin (API version 1): bytes stored and loaded by some functions, and how often one address is executed.
 *
 * Arguments: out=FILE entry=ADDRESS arena=FROM:TO code=FROM:TO ... read=FROM:TO ... (hexadecimal). FILE is mapped and
 * holds seven uint64: executions of the entry, bytes that the code stores, those of them that lie in the arena, and the
 * bytes that it loads from each of at most four ranges. It is true at all times, so the emulator may be killed. Debian
 * ships no header for plugins: what is needed of it is declared here.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef uint64_t qemu_plugin_id_t;
typedef uint32_t qemu_plugin_meminfo_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum { NO_REGISTERS = 0, READS_AND_WRITES = 3, ADD = 0, CODES = 32, READS = 4, COUNTERS = 3 + READS };
typedef void on_block(qemu_plugin_id_t, struct qemu_plugin_tb *);
typedef void on_access(unsigned cpu, qemu_plugin_meminfo_t info, uint64_t address, void *user);
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, on_block *callback);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn, int op, void *counter, uint64_t add);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *insn, on_access *callback, int flags, int access,
                                      void *user);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *block, size_t index);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
unsigned qemu_plugin_mem_size_shift(qemu_plugin_meminfo_t info);
bool qemu_plugin_mem_is_store(qemu_plugin_meminfo_t info);

int qemu_plugin_version = 1;
int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc, char **argv);

typedef struct range {
    uint64_t from, to;
} range;

static range arena, codes[CODES], reads[READS];
static unsigned n_codes, n_reads;
static uint64_t entry;
static uint64_t *counters;

static bool inside(range r, uint64_t address) {
    return address >= r.from && address < r.to;
}

static void on_memory(unsigned cpu, qemu_plugin_meminfo_t info, uint64_t address, void *user) {
    (void)cpu;
    (void)user;
    const uint64_t bytes = 1ull << qemu_plugin_mem_size_shift(info);
    if (!qemu_plugin_mem_is_store(info)) {
        for (unsigned k = 0; k < n_reads; k++) {
            counters[3 + k] += inside(reads[k], address) ? bytes : 0;
        }
        return;
    }
    counters[1] += bytes;
    counters[2] += inside(arena, address) ? bytes : 0;
}

static void on_translated(qemu_plugin_id_t id, struct qemu_plugin_tb *block) {
    (void)id;
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(block, i);
        const uint64_t address = qemu_plugin_insn_vaddr(insn);
        if (address == entry) {
            qemu_plugin_register_vcpu_insn_exec_inline(insn, ADD, &counters[0], 1);
        }
        for (unsigned k = 0; k < n_codes; k++) {
            if (inside(codes[k], address)) {
                qemu_plugin_register_vcpu_mem_cb(insn, on_memory, NO_REGISTERS, READS_AND_WRITES, NULL);
            }
        }
    }
}

int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc, char **argv) {
    (void)info;
    for (int i = 0; i < argc; i++) {
        range r = {0, 0};
        if (strncmp(argv[i], "out=", 4) == 0) {
            const int file = open(argv[i] + 4, O_RDWR);
            void *mapped = mmap(NULL, COUNTERS * sizeof *counters, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
            close(file);
            counters = mapped == MAP_FAILED ? NULL : mapped;
        } else if (sscanf(argv[i], "arena=%lx:%lx", &r.from, &r.to) == 2) {
            arena = r;
        } else if (sscanf(argv[i], "code=%lx:%lx", &r.from, &r.to) == 2 && n_codes < CODES) {
            codes[n_codes++] = r;
        } else if (sscanf(argv[i], "read=%lx:%lx", &r.from, &r.to) == 2 && n_reads < READS) {
            reads[n_reads++] = r;
        } else if (sscanf(argv[i], "entry=%lx", &entry) != 1) {
            return -1;
        }
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translated);
    return counters == NULL ? -1 : 0;
}
