# SPDX-License-Identifier: Apache-2.0
"""The cycle models of M4 and M33 beside a published engine whose instructions are known, more or less: CMSIS-NN.

microTVM with CMSIS-NN was measured; the instructions are those of TensorFlow Lite Micro with CMSIS-NN, by emulation.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmark_models import TFLM_INSTRUCTIONS
from counted_code import counted
from edgesdk.boards import Board, load_board
from edgesdk.cycles.estimate import Spent, core_model
from published_results import CHIPS, CMSIS_NN

INSTRUCTIONS = TFLM_INSTRUCTIONS["mps2-an386"]
CONNECTED = "ad01"  # nothing but fully connected layers

HEAD = """## How far to trust this

For M4 and M33 there is a comparison, and a loose one. microTVM with CMSIS-NN was measured on the STM32L4R5 and the
nRF5340 (round 1.0); instructions are known of TensorFlow Lite Micro with CMSIS-NN, a sister engine with the same
kernels. The nRF5340's clock is taken as 128 MHz: at its other one, 64 MHz, the engine would run more than one
instruction a cycle. What was published, with the cycles per instruction that follow:
"""

LOOPS = """
And estimates for the inner loops of these kernels, on the nRF5340 without waits for flash, which are not known:
"""

TAIL = """
ad01 is little but the second loop; of the others the first is a part, with depthwise convolutions and copies into
columns beside it. The published figures are above the loops': on the M4 by {m4}, on the M33 by {m33}, the
lower number for ad01, the higher for the worst of the others. That is code outside the loops, more instructions in the
engine that was measured, or an estimate too low; nobody can tell which. What both chips have in common points to the
first two; what the M4 has more of, to an estimate for convolutions that is some 10% lower on the M4 than on the M33.
That ad01 takes more cycles per instruction than the others, which use a weight many times, shows in the estimates too,
and more than it should: the waits for weights are rather too many than too few.

So read the M4's estimates as perhaps {m4} too low, the M33's as perhaps {m33} too low, and all others as
unvalidated. On the STM32L4R5 the record would fall even if all of the difference were the estimate's where estimate /
record is below {clear:.2f}.
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


def _loop(board: Board, loop: str) -> Spent:
    with tempfile.TemporaryDirectory() as folder:
        return sum(counted(board, _program(loop), Path(folder))[1], Spent())


def _boards() -> dict[str, Board]:
    """The M33 runs what the M4 runs, so it is counted there."""
    board = load_board("mps2-an386")  # without wait states
    m4 = board.model_copy(update={"flash_timing": CHIPS[0].flash})
    return {"cortex-m4": m4, "cortex-m33": board.model_copy(update={"core": "cortex-m33"})}


def comparison() -> list[str]:
    """The page's part on it; raises SystemExit where the models state another error."""
    loops = {
        core: [_loop(board, loop) for loop in (_CONVOLUTION, _FULLY_CONNECTED)] for core, board in _boards().items()
    }
    lines = [HEAD, "| model | instructions | " + " | ".join(f"{e.chip}, ms | cycles | ratio" for e in CMSIS_NN) + " |"]
    lines.append("| --- |" + " ---: |" * (1 + 3 * len(CMSIS_NN)))
    for model, instructions in INSTRUCTIONS.items():
        cells = [f"{e.ms[model]:g} | {e.cycles(model):,.0f} | {e.cycles(model) / instructions:.2f}" for e in CMSIS_NN]
        lines.append(f"| {model} | {instructions:,} | {' | '.join(cells)} |")
    lines += [LOOPS, "| core | 1x1 convolution | fully connected |", "| --- | ---: | ---: |"]
    errors = {}
    for engine in CMSIS_NN:
        convolution, connected = (spent.cycles / spent.instructions for spent in loops[engine.core])
        lines.append(f"| {engine.core} | {convolution:.2f} | {connected:.2f} |")
        ratios = {model: engine.cycles(model) / instructions for model, instructions in INSTRUCTIONS.items()}
        low = ratios.pop(CONNECTED) / connected - 1
        high = max(ratios.values()) / convolution - 1
        errors[engine.core] = f"{low:.0%} to {high:.0%}"
        if core_model(engine.core).error != f"perhaps {errors[engine.core]} too low":
            raise SystemExit(f"{engine.core}: the comparison says {errors[engine.core]}, its file does not")
        if engine.core == "cortex-m4":
            clear = 1 / (1 + high)
    return [*lines, TAIL.format(m4=errors["cortex-m4"], m33=errors["cortex-m33"], clear=clear)]
