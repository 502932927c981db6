# SPDX-License-Identifier: Apache-2.0
"""What a model costs on a board."""

from __future__ import annotations

from dataclasses import dataclass

from edgesdk.measure.results.accounts import FlashAccount, RamAccount


@dataclass(frozen=True)
class Latency:
    """What one inference costs, entry to exit of edge_run.

    Args:
        instructions: counted by the emulator, less `callback`; None on silicon and on the host.
        callback: instructions of the callbacks that serve a streamed input and take the rows of a streamed output.
        cycles: median of the core's counter on silicon; None in an emulator.
        cycles_estimated: of the cycle model; an estimate, never measured.
        us: median in microseconds, on silicon and on the host only.
        min, max: of the runs, in cycles where there is a counter, else in microseconds.
    """

    instructions: int | None
    callback: int = 0
    cycles: int | None = None
    cycles_estimated: int | None = None
    us: float | None = None
    min: float | None = None
    max: float | None = None


@dataclass(frozen=True)
class CyclesModel:
    """What estimated cycles come from; docs/cycles.md describes it.

    Args:
        core: whose table of instructions.
        validated: whether it was held against published measurements.
        error: what that showed, in words; "unvalidated" where it was not.
        source: of the table.
        flash: where the flash's wait states are from.
        core_cycles, code_waits, data_waits: what the whole run's estimate is the sum of: instructions as if memory
            answered at once, and waits for flash, of fetches and of loads.
    """

    core: str
    validated: bool
    error: str
    source: str
    flash: str
    core_cycles: int
    code_waits: int
    data_waits: int


@dataclass(frozen=True)
class Init:
    """What edge_init costs, once."""

    instructions: int | None


@dataclass(frozen=True)
class LayerProfile:
    """One operator of the plan, in execution order.

    Args:
        index: its place in the plan.
        op, name: TFLite's operator, and the name of its output tensor.
        tflite_ops: the file's operators that it stands for.
        output: shape of its (first) output.
        macs, macs_executed: the model's multiply-accumulates, and those left after rewriting.
        instructions, cycles, us: as in Latency, hooks subtracted.
        ram_live: arena bytes live while it runs.
        kernel: the C function.
        cycles_estimated: as in Latency.
        instructions_per_mac: per executed multiply-accumulate; None where either is not known or none runs.
    """

    index: int
    op: str
    name: str
    tflite_ops: tuple[int, ...]
    output: tuple[int, ...]
    macs: int
    macs_executed: int
    instructions: int | None
    cycles: int | None
    us: float | None
    ram_live: int
    kernel: str
    instructions_per_mac: float | None = None
    cycles_estimated: int | None = None


@dataclass(frozen=True)
class Profile:
    """What a model costs on a board.

    Args:
        board: its id; `emulated` says whether an emulator ran it.
        model: the file's name, without its folder.
        optimize, input, output: the plan's options.
        macs, macs_executed: of the whole model.
        output_crc32: zlib CRC-32 of all outputs' raw little-endian bytes in signature order, 8 hex digits.
        runs: inferences measured.
        clock_hz: the core's clock as the board file gives it, None on the host.
        compiler: compiler and version that built the firmware.
        warnings: what the reader of the numbers should know; empty when all is well.
        cycles_model: of the estimated cycles, None where there are none.
        stream: frames of a call, and all numbers are of one call; None: a call is a whole inference.
    """

    board: str
    emulated: bool
    model: str
    optimize: str
    input: str
    latency: Latency
    init: Init
    macs: int
    macs_executed: int
    ram: RamAccount
    flash: FlashAccount
    output_crc32: str
    layers: tuple[LayerProfile, ...]
    runs: int = 1
    clock_hz: int | None = None
    compiler: str = ""
    warnings: tuple[str, ...] = ()
    stream: int | None = None
    output: str = "resident"
    cycles_model: CyclesModel | None = None
