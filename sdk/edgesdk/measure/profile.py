# SPDX-License-Identifier: Apache-2.0
"""What a model costs on a board: the whole run without hooks, and its layers with them."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from edgesdk.boards import Board
from edgesdk.errors import DEVICE_ERROR, EdgeError
from edgesdk.link.client import Device, Fill
from edgesdk.link.frames import Counter
from edgesdk.link.messages import Memory, RunResult
from edgesdk.link.messages import Profile as HookedRun
from edgesdk.measure.accounts import flash_account, ram_account
from edgesdk.measure.cycles import Estimate, cycles_model, estimate_cycles
from edgesdk.measure.inputs import default_case
from edgesdk.measure.plan import model_macs, plan_layers
from edgesdk.measure.prepare import Prepared, prepare
from edgesdk.measure.results import Init, Latency, LayerProfile, Profile
from edgesdk.measure.target import Target, open_device
from edgesdk.model.plan import Options

Progress = Callable[[str, int, int], None]
AGREEMENT = 0.01  # the layers' sum may differ from the whole run by this much
PAINTS = (0x5A, 0xA7)


def profile(
    model: Path,
    board: Board,
    options: Options,
    *,
    ram: int | None = None,
    port: str | None = None,
    runs: int = 1,
    progress: Progress | None = None,
) -> Profile:
    """Measures a model on its default input.

    Args:
        port: where the board answers; without one its emulator is started.
        runs: inferences to time.

    Raises:
        EdgeError: of planning, building, and the connection; DEVICE_ERROR where the arena's old contents change the
            results.
    """
    prepared = prepare(model, board, options, ram)
    with open_device(prepared, port, counted=True) as target:
        return measure(prepared, target, runs, progress)


def measure(prepared: Prepared, target: Target, runs: int, progress: Progress | None = None) -> Profile:
    """`profile` on a device that already runs the model."""
    device, plan = target.device, prepared.plan
    fill = _fill(prepared, device)
    timed: list[RunResult] = []
    warnings: list[str] = []
    for number in range(max(runs, len(PAINTS))):
        device.paint(PAINTS[number % len(PAINTS)])
        fill()
        timed.append(device.run())
        if number == len(PAINTS) - 1:
            memory = device.memory()
        if progress:
            progress("profile", number + 1, max(runs, len(PAINTS)))
    if len({run.output_crc32 for run in timed}) != 1:
        raise EdgeError(
            DEVICE_ERROR,
            "the outputs differ between runs over differently painted arenas",
            why="a kernel read memory that the plan had not given it: a fault in edgesdk",
        )

    counter = Counter.CYCLES if device.hello.has_cycles else Counter.TICKS
    latency = _latency(device, timed[-runs:])
    estimate, uncounted = estimate_cycles(target, len(plan.steps), latency.instructions)
    hooked = device.profile(fill, counter)
    layers = _layers(prepared, device, hooked, counter)
    _check_sum(layers, latency, warnings)
    if estimate is not None:
        latency, layers = _estimated(estimate, latency, layers)
    elif uncounted:
        warnings.append(uncounted)
    if device.hello.models > 1:
        warnings.append(f"the board holds {device.hello.models} models; RAM and flash are those of this one alone")
    clock = prepared.board.clock_hz
    return Profile(
        board=prepared.board.id,
        emulated=target.emulated,
        model=prepared.path.name,
        optimize=plan.options.optimize,
        input=plan.options.input,
        latency=latency,
        init=Init(instructions=device.hello.instructions(target.init_ticks)),
        macs=model_macs(prepared),
        macs_executed=sum(layer.macs_executed for layer in layers),
        ram=ram_account(prepared.board, target.firmware.accounts, _stack(timed), _watermark(memory)),
        flash=flash_account(prepared.board, target.firmware.accounts),
        output_crc32=f"{timed[0].output_crc32:08x}",
        layers=layers,
        runs=runs,
        clock_hz=clock,
        compiler=target.firmware.compiler,
        warnings=tuple(warnings),
        stream=plan.options.stream,
        output=plan.options.output,
        cycles_model=None if estimate is None else cycles_model(prepared.board, estimate),
    )


def _fill(prepared: Prepared, device: Device) -> Fill:
    """What brings the default input: the device itself where rows are wanted while it is timed."""
    if any(turn.input is not None for turn in prepared.plan.schedule):
        return device.default_input
    return partial(device.write_inputs, [x.tobytes() for x in default_case(prepared.plan.graph)])


def _stack(timed: Sequence[RunResult]) -> int | None:
    most = max(run.stack for run in timed)
    return most or None


def _watermark(memory: Memory) -> int | None:
    return None if memory.touched is None else sum(memory.touched)


def _latency(device: Device, timed: Sequence[RunResult]) -> Latency:
    hello = device.hello
    ticks = [run.ticks - run.callback_ticks - run.overhead_ticks for run in timed]
    if hello.has_cycles:
        cycles = [run.cycles - run.callback_cycles - run.overhead_cycles for run in timed]
        return Latency(
            instructions=None,
            cycles=round(statistics.median(cycles)),
            us=statistics.median([t * 1e6 / hello.ticks_hz for t in ticks]),
            min=min(cycles),
            max=max(cycles),
        )
    if hello.ns_per_instruction:
        callback = hello.instructions(statistics.median([run.callback_ticks for run in timed]))
        return Latency(instructions=hello.instructions(statistics.median(ticks)), callback=callback or 0)
    us = [t * 1e6 / hello.ticks_hz for t in ticks]
    return Latency(instructions=None, us=statistics.median(us), min=min(us), max=max(us))


def _layers(prepared: Prepared, device: Device, hooked: HookedRun, counter: Counter) -> tuple[LayerProfile, ...]:
    hello = device.hello
    rows = []
    for planned, op in zip(plan_layers(prepared.plan), hooked.ops, strict=True):
        spent = max(0.0, op.spent - op.calls * hooked.calibration.per_call)
        in_ticks = counter is Counter.TICKS
        instructions = hello.instructions(spent) if in_ticks else None
        timed_ticks = in_ticks and not hello.ns_per_instruction
        rows.append(
            LayerProfile(
                index=planned.index,
                op=planned.op,
                name=planned.name,
                tflite_ops=planned.tflite_ops,
                output=planned.output,
                macs=planned.macs,
                macs_executed=planned.macs_executed,
                instructions=instructions,
                cycles=None if in_ticks else round(spent),
                us=spent * 1e6 / hello.ticks_hz if timed_ticks else None,
                ram_live=planned.ram_live,
                kernel=planned.kernel,
                instructions_per_mac=_per_mac(instructions, planned.macs_executed),
            )
        )
    return tuple(rows)


def _estimated(
    estimate: Estimate, latency: Latency, layers: Sequence[LayerProfile]
) -> tuple[Latency, tuple[LayerProfile, ...]]:
    spent = zip(layers, estimate.layers, strict=True)
    return (
        replace(latency, cycles_estimated=estimate.whole.cycles),
        tuple(replace(layer, cycles_estimated=s.cycles) for layer, s in spent),
    )


def _per_mac(instructions: int | None, macs: int) -> float | None:
    return None if instructions is None or not macs else round(instructions / macs, 4)


def _check_sum(layers: Sequence[LayerProfile], latency: Latency, warnings: list[str]) -> None:
    for whole, parts in (
        (latency.instructions, [layer.instructions for layer in layers]),
        (latency.cycles, [layer.cycles for layer in layers]),
    ):
        if whole is None:
            continue
        total = sum(part or 0 for part in parts)
        if abs(total - whole) > AGREEMENT * whole:
            warnings.append(f"the layers sum to {total:,}, the whole run took {whole:,}: more than 1% apart")
