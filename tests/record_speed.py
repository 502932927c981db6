# SPDX-License-Identifier: Apache-2.0
"""Estimates cycles on the chips of the published records and puts them beside these in docs/results/speed.md.

python tests/record_speed.py
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmark_models import OUTPUT_CRCS, TFLM_INSTRUCTIONS, model_path
from counted_code import counted
from edgesdk import __version__
from edgesdk.boards import load_board
from edgesdk.cycles.cores.cortex_m4 import CORE
from edgesdk.cycles.estimate import Spent
from edgesdk.measure.profile import profile
from edgesdk.model.plan import Options
from published_results import CHIPS, CMSIS_NN_MS, Chip

PAGE = Path(__file__).parents[1] / "docs/results/speed.md"
COMMAND = "python tests/record_speed.py"
STREAMED = "microbit-v1"  # its RAM holds no image

HEAD = f"""# Estimated cycles beside the published records

Made by `{COMMAND}` with edgesdk {__version__}. **Our cycles are estimates**: instructions counted in QEMU,
weighed by a table per core and by the flash's wait states ([docs/cycles.md](../cycles.md)); nothing ran on these
chips. The records were measured on them: MLPerf Tiny, closed division, rounds 1.0 to 1.3, the fastest engine of each
model. Ours are planned with `--optimize speed`. *Core* are cycles as if memory answered at once, *code* and *data
waits* those for flash. Wait states and caches are from the manuals named, written down by hand; none was tried."""

TRUST = """
On the M0+ the table is the M0's, whose taken branches take a cycle more, the input is streamed, and ad01 is left out:
the emulated board's flash does not hold it. Left out too: the nRF5340 (the records do not say its clock) and the
RA8D1 (its M85 has no table here).

## How far to trust this

Only for the M4 is there a comparison, and a loose one. microTVM with CMSIS-NN was measured on the STM32L4R5;
instructions are known of TensorFlow Lite Micro with CMSIS-NN, a sister engine with the same kernels. The first table
has estimates for the inner loops of these kernels on the same chip, the second what was published.
"""

TRUST_END = """
The fully connected network ad01, which reads each weight once, takes more cycles per instruction than the
convolutions; so do the loops: the data waits are of the right size. But the published ratios are above the loops', by
{low} for ad01, which is little but this loop, and by {high} for the worst of the others, whose depthwise convolutions
and copies into columns are not in the loop. That is code outside the loops, more instructions in the engine that was
measured, or an estimate too low; nobody can tell which. So the M4's are perhaps {low} to {high} too low, and all others
are unvalidated. Only where estimate / record is below {clear:.2f} would the record fall even if all of the difference
were the estimate's.
"""

# The inner loops of CMSIS-NN on cores with DSP, instruction by instruction: two rows of a fully connected layer, and
# two rows by two pixels of a 1x1 convolution. r0: inputs in RAM, r1 and r2: weights in flash, the same few again and
# again in the convolution, which uses them for every pixel, ever new ones in the fully connected layer.
_WIDEN = "sxtb16 {1}, {0}, ror #8\n sxtb16 {0}, {0}\n"
_FULLY_CONNECTED = f"""
    ldr r6, [r0], #4
    sxtab16 r7, r11, r6, ror #8
    sxtab16 r6, r11, r6
    ldr r8, [r1], #4
    {_WIDEN.format("r8", "r9")}
    smlad r4, r9, r7, r4
    smlad r4, r8, r6, r4
    ldr r8, [r2], #4
    {_WIDEN.format("r8", "r9")}
    smlad r5, r9, r7, r5
    smlad r5, r8, r6, r5
    subs r3, #1
    bne again
"""
_QUARTER = f"""
    ldr r6, [r1], #4
    ldr r8, [r0], #4
    ldr r10, [r2], #4
    {_WIDEN.format("r6", "r7")}
    {_WIDEN.format("r8", "r9")}
    {_WIDEN.format("r10", "r11")}
    smlad r4, r8, r6, r4
    smlad r4, r9, r7, r4
    smlad r5, r8, r10, r5
    smlad r5, r9, r11, r5
    ldr r8, [r0, #60]
    {_WIDEN.format("r8", "r9")}
    smlad r12, r8, r6, r12
    smlad r12, r9, r7, r12
    smlad lr, r8, r10, lr
    smlad lr, r9, r11, lr
"""
_CONVOLUTION = f"""
    {_QUARTER * 4}
    subs r3, #1
    sub r1, r1, #16
    sub r2, r2, #16
    bne.w again
"""


def _program(loop: str) -> str:
    return f"""
    .thumb_func
edge_run:
    push {{r4-r11, lr}}
    movs r0, #1
    lsls r0, r0, #29
    movs r1, #1
    lsls r1, r1, #16
    add r2, r1, #1024
    mov r3, #256
    .balign 8
again:
    {loop}
    pop {{r4-r11, pc}}
    .thumb_func
edge_step:
    bx lr
"""


def _calibration() -> tuple[list[str], float, float]:
    """The tables, and how much more than the loops' the published ratios are: of fully connected, of convolutions."""
    board = load_board("mps2-an386")
    wide = board.model_copy(update={"flash_timing": CHIPS[0].flash})
    loops: dict[str, float] = {}
    lines = ["| loop | instructions | cycles by estimate | per instruction |", "| --- | ---: | ---: | ---: |"]
    for name, loop in (("1x1 convolution", _CONVOLUTION), ("fully connected", _FULLY_CONNECTED)):
        with tempfile.TemporaryDirectory() as folder:
            spent = sum(counted(wide, _program(loop), Path(folder))[1], Spent())
        loops[name] = spent.cycles / spent.instructions
        cells = (name, f"{spent.instructions:,}", f"{spent.cycles:,}", f"{loops[name]:.2f}")
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "| model | ms | cycles | instructions of TFLM | ratio |", "| --- | ---: | ---: | ---: | ---: |"]
    ratios: dict[str, float] = {}
    for model, ms in CMSIS_NN_MS.items():
        cycles, instructions = ms * CHIPS[0].clock_mhz * 1000, TFLM_INSTRUCTIONS["mps2-an386"][model]
        ratios[model] = cycles / instructions
        lines.append(f"| {model} | {ms} | {cycles:,.0f} | {instructions:,} | {ratios[model]:.2f} |")
    connected = ratios.pop("ad01") / loops["fully connected"] - 1
    return lines, connected, max(ratios.values()) / loops["1x1 convolution"] - 1


def _row(chip: Chip, model: str) -> str:
    board = load_board(chip.board).model_copy(update={"flash_timing": chip.flash})
    options = Options(input="streamed" if chip.board == STREAMED else "resident", optimize="speed")
    p = profile(model_path(model), board, options)
    made, record = p.cycles_model, chip.cycles(model)
    if made is None or p.latency.cycles_estimated is None or p.output_crc32 != OUTPUT_CRCS[model]:
        raise SystemExit(f"{model} for {chip.name}: {p.warnings or p.output_crc32}")
    estimate = p.latency.cycles_estimated
    parts = (p.latency.instructions, made.core_cycles, made.code_waits, made.data_waits, estimate)
    cells = [model, *(f"{part:,}" for part in parts), f"{chip.best[model]:g}", f"{record:,.0f}"]
    print(f"{chip.name} {model} {estimate:,} {estimate / record:.2f}", file=sys.stderr)
    return f"| {' | '.join([*cells, f'{estimate / record:.2f}'])} |"


def _table(chip: Chip) -> list[str]:
    head = "| model | instructions | core | code waits | data waits | **estimate** | record, ms | record, cycles |"
    return [
        "",
        f"## {chip.name}, {chip.clock_mhz} MHz",
        "",
        f"Flash: {chip.flash.source}.",
        "",
        f"{head} estimate / record |",
        "| --- |" + " ---: |" * 8,
        *(_row(chip, model) for model in chip.best),
    ]


def _page() -> str:
    comparison, connected, convolutions = _calibration()
    low, high = f"{connected:.0%}", f"{convolutions:.0%}"
    if CORE.error != f"perhaps {low} to {high} too low":
        raise SystemExit(f"cores/cortex_m4.py says {CORE.error!r}, the comparison {low} to {high}")
    tables = [line for chip in CHIPS for line in _table(chip)]
    trust = TRUST_END.format(low=low, high=high, clear=1 / (1 + convolutions))
    return "\n".join([HEAD, *tables, TRUST, *comparison, trust])


if __name__ == "__main__":
    PAGE.write_text(_page())
