# SPDX-License-Identifier: Apache-2.0
"""The estimate of cycles of a run in an emulator."""

from __future__ import annotations

from dataclasses import dataclass

from edgesdk.boards import Board
from edgesdk.compile.disassembly import disassemble
from edgesdk.cycles.estimate import Spent, core_model, estimate
from edgesdk.cycles.instruction import parse_disassembly
from edgesdk.errors import EdgeError
from edgesdk.measure.results import CyclesModel
from edgesdk.measure.target import Target

AGREEMENT = 0.01  # the plugin's count of instructions and the emulator's may differ by this much


@dataclass(frozen=True)
class Estimate:
    """Estimated cycles of one inference: of its layers in the plan's order, and of the whole."""

    layers: tuple[Spent, ...]
    whole: Spent


def estimate_cycles(target: Target, layers: int, instructions: int | None) -> tuple[Estimate | None, str]:
    """The estimate of the last run on a counted target, or None and why there is none.

    Args:
        layers: of the plan, the counter's first slots; the rest of the slots are the whole's alone.
        instructions: of the run, by the emulator's clock.
    """
    if target.counter is None or instructions is None:
        return None, target.uncounted
    try:
        counts = target.counter.read()
        spent = estimate(target.firmware.board, counts, parse_disassembly(disassemble(target.firmware)))
    except EdgeError as error:
        return None, f"cycles are not estimated: {error.what}"
    except ValueError as error:  # the counts and the code do not belong together
        return None, f"cycles are not estimated: {error}"
    whole = sum(spent, Spent())
    if abs(whole.instructions - instructions) > AGREEMENT * instructions:
        return None, f"cycles are not estimated: {whole.instructions:,} of {instructions:,} instructions were counted"
    return Estimate(spent[:layers], whole), ""


def cycles_model(board: Board, estimate: Estimate) -> CyclesModel:
    """What to tell with an estimate."""
    assert board.flash_timing is not None
    table = core_model(board.core)
    whole = estimate.whole
    return CyclesModel(
        core=board.core,
        validated=table.error is not None,
        error=table.error or "unvalidated",
        source=table.source,
        flash=board.flash_timing.source,
        core_cycles=whole.core,
        code_waits=whole.code,
        data_waits=whole.data,
    )
