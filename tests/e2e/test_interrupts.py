# SPDX-License-Identifier: Apache-2.0
"""In the emulator: an inference is the same to the bit while a timer interrupt overwrites every caller-saved register,
and while another model runs in between, band by band."""

from __future__ import annotations

import zlib
from contextlib import ExitStack
from pathlib import Path

import pytest

from edgesdk.boards import load_board
from edgesdk.compile.build import build_firmware
from edgesdk.emit import emit_model
from edgesdk.measure.build import emit_sources
from edgesdk.measure.inputs import default_case
from edgesdk.measure.prepare import Prepared, prepare
from edgesdk.measure.target import select, start
from edgesdk.model.plan import Options
from edgesdk.ops.reference import run_reference
from model_files import MODELS
from wrapped_kernels import wrap_kernels

pytestmark = pytest.mark.emulator

TIMER_HEADER = "void test_timer_start(uint32_t period); uint32_t test_timer_stop(void);"
TIMER = """
#include "edge_port.h"
void test_timer_start(uint32_t period);
uint32_t test_timer_stop(void);
static volatile uint32_t test_interrupts;
static void test_handler(void) {
    test_interrupts++;
#if defined(__arm__)
    __asm__ volatile("mvn r0, #0\\n mov r1, r0\\n mov r2, r0\\n mov r3, r0\\n mov r12, r0"
                     ::: "r0", "r1", "r2", "r3", "r12");
#if defined(__ARM_FP)
    __asm__ volatile("vmov s0, r0\\n vmov s1, s0\\n vmov s2, s0\\n vmov s3, s0\\n vmov s4, s0\\n vmov s5, s0\\n"
                     "vmov s6, s0\\n vmov s7, s0\\n vmov s8, s0\\n vmov s9, s0\\n vmov s10, s0\\n vmov s11, s0\\n"
                     "vmov s12, s0\\n vmov s13, s0\\n vmov s14, s0\\n vmov s15, s0"
                     ::: "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "s12", "s13",
                     "s14", "s15");
#endif
#elif defined(__riscv)
    __asm__ volatile("li t0, -1\\n li t1, -1\\n li t2, -1\\n li t3, -1\\n li t4, -1\\n li t5, -1\\n li t6, -1\\n"
                     "li a0, -1\\n li a1, -1\\n li a2, -1\\n li a3, -1\\n li a4, -1\\n li a5, -1\\n"
                     "li a6, -1\\n li a7, -1"
                     ::: "t0", "t1", "t2", "t3", "t4", "t5", "t6", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7");
#endif
}
void test_timer_start(uint32_t period) {
    test_interrupts = 0;
    edge_port_timer_irq_start(period, test_handler);
}
uint32_t test_timer_stop(void) {
    edge_port_timer_irq_stop();
    return test_interrupts;
}
"""
START = "if (span.y == 0) { test_timer_start(%d); } ORIGINAL;"
# Too few interrupts spoil the result, so that a timer that never fires fails the test.
STOP = "ORIGINAL; if (test_timer_stop() < 1000) { out->row[0][0] ^= 1; }"

SECOND_HEADER = "void second_begin(void); void second_step(void); int second_is_right(void);"
SECOND = """
#include "edge_crc32.h"
#include "model_second.h"
void second_begin(void);
void second_step(void);
int second_is_right(void);
EDGE_CTX(second_ctx, SECOND_PORTS, SECOND_ROWS);
static _Alignas(16) uint8_t second_arena[SECOND_ARENA_0];
static edge_status second_status;
void second_begin(void) {
    uint8_t *const regions[] = {second_arena};
    edge_init(&second_model, &second_ctx.ctx, sizeof second_ctx, regions);
    int8_t *input = edge_input(&second_model, &second_ctx.ctx, 0);
    for (uint32_t i = 0; i < SECOND_INPUT_0_BYTES; i++) {
        input[i] = (int8_t)(i * 37u + 11u);
    }
    second_status = EDGE_MORE;
}
void second_step(void) {
    if (second_status == EDGE_MORE) {
        second_status = edge_step(&second_model, &second_ctx.ctx);
    }
}
int second_is_right(void) {
    while (second_status == EDGE_MORE) {
        second_step();
    }
    const void *output = edge_output(&second_model, &second_ctx.ctx, 0);
    return edge_crc32(0, output, SECOND_OUTPUT_0_BYTES) == 0x%08xu;
}
"""


def expected_crc(prepared: Prepared) -> int:
    graph = prepared.plan.graph
    values = run_reference(graph, default_case(graph))
    return zlib.crc32(b"".join(values[t].tobytes() for t in graph.outputs))


def run_wrapped(
    prepared: Prepared, bodies: dict[int, str], declarations: str, extra: dict[str, str], tmp_path: Path
) -> int:
    """CRC-32 of the outputs of one run on the default input."""
    sources = dict(emit_sources(prepared))
    name = f"model_{prepared.prefix}.c"
    sources[name] = wrap_kernels(sources[name], bodies, declarations)
    firmware = build_firmware(prepared.board, sources | extra, tmp_path, test_defines=("EDGE_PORT_TEST_TIMER=1",))
    with ExitStack() as stack:
        device = stack.enter_context(start(firmware, stack))
        select(device, prepared)
        device.default_input()
        return device.run().output_crc32


@pytest.mark.parametrize(
    ("board", "period"), [("mps2-an386", 2000), ("mps2-an385", 2000), ("mps3-an547", 2000), ("riscv-virt", 2000)]
)
def test_a_timer_interrupt_changes_nothing(board: str, period: int, tmp_path: Path) -> None:
    prepared = prepare(MODELS / "kws01.tflite", load_board(board), Options())
    last = len(prepared.plan.steps) - 1
    bodies = {0: START % period, last: STOP}
    assert (
        run_wrapped(prepared, bodies, TIMER_HEADER, {"timer.c": TIMER}, tmp_path)
        == expected_crc(prepared)
        == 0x4A3130DA
    )


@pytest.mark.parametrize("board", ["mps2-an386", "riscv-virt"])
def test_another_model_in_between_changes_nothing(board: str, tmp_path: Path) -> None:
    first = prepare(MODELS / "kws01.tflite", load_board(board), Options())
    second = prepare(MODELS / "ad01.tflite", load_board(board), Options())
    last = len(first.plan.steps) - 1
    bodies = dict.fromkeys(range(1, last), "ORIGINAL; second_step();")
    bodies[0] = "if (span.y == 0) { second_begin(); } ORIGINAL; second_step();"
    bodies[last] = "ORIGINAL; if (!second_is_right()) { out->row[0][0] ^= 1; }"
    extra = emit_model(second.plan, "second") | {"second.c": SECOND % expected_crc(second)}
    assert run_wrapped(first, bodies, SECOND_HEADER, extra, tmp_path) == expected_crc(first)
