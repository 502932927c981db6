# SPDX-License-Identifier: Apache-2.0
"""A device that runs a planned model: the board at a port, its emulator, or a program on this machine."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from edgesdk.boards import Board
from edgesdk.compile.build import Firmware
from edgesdk.cycles.estimate import has_model
from edgesdk.errors import BOARD_NO_EMULATOR, DEVICE_BOARD, EdgeError
from edgesdk.flash.counter import Counter, prepare_counter
from edgesdk.flash.emulator import Emulator
from edgesdk.link.client import Device
from edgesdk.link.messages import Selected
from edgesdk.link.session import Timing
from edgesdk.link.transport import PipeTransport, open_port
from edgesdk.measure.build import build_prepared, emit_sources
from edgesdk.measure.prepare import Prepared
from edgesdk.text import printable

# A silent port is reported within 10 s of the start of the process; an emulator comes up when this machine lets it.
_ON_PORT = Timing(connect=5)
_STARTED_HERE = Timing(connect=60)


@dataclass(frozen=True)
class Target:
    """A greeted device whose current model is the prepared one.

    Args:
        firmware: as it would be built; on a board at a port, what it runs has the same model and plan.
        init_ticks: what edge_init took.
        counter: of what its edge_run executes, where cycles are to be estimated and can be; else None, and
            `uncounted` says why not where that can be helped.
    """

    device: Device
    firmware: Firmware
    emulated: bool
    init_ticks: int
    counter: Counter | None = None
    uncounted: str = ""


@contextmanager
def open_device(prepared: Prepared, port: str | None, *, counted: bool = False) -> Iterator[Target]:
    """The device at `port`, which is never programmed here; without a port, a freshly built firmware in the board's
    emulator, which ends with the `with`.

    Args:
        counted: for an estimate of cycles, where the board has one.

    Raises:
        EdgeError: of building and of the connection; as `select` does; BOARD_NO_EMULATOR.
    """
    with ExitStack() as stack:
        if port is not None:
            # Port and model are checked before the build, which takes seconds.
            device = stack.enter_context(connect(port))
            selected = select(device, prepared)
            yield Target(device, _build(prepared, stack), device.hello.ns_per_instruction != 0, selected.init_ticks)
            return
        check_startable(prepared.board)
        firmware = _build(prepared, stack)
        counter, uncounted = _counter(prepared, firmware) if counted else (None, "")
        device = stack.enter_context(start(firmware, stack, counter.arguments if counter else ()))
        selected = select(device, prepared)
        emulated = device.hello.ns_per_instruction != 0
        yield Target(device, firmware, emulated, selected.init_ticks, counter, uncounted)


def connect(port: str) -> Device:
    """Greets the board at a port. Raises EdgeError as open_port and Device.connect do."""
    return Device.connect(open_port(port), _ON_PORT)


def select(device: Device, prepared: Prepared) -> Selected:
    """Makes the prepared model the device's current one.

    Raises:
        EdgeError: DEVICE_BOARD where the firmware is another board's, DEVICE_MODEL where it does not have the model.
    """
    runs, board = printable(device.hello.board), prepared.board.id
    if device.hello.board != board:
        raise EdgeError(
            DEVICE_BOARD,
            f"the device runs firmware for {runs}, not for {board}",
            tries=(f"name its board: --board {runs}", "choose another --port", "flash it with `edgesdk flash`"),
        )
    return device.select(prepared.plan.graph.crc32, prepared.plan.crc32)


def start(firmware: Firmware, stack: ExitStack, more: Sequence[str] = ()) -> Device:
    """Runs a firmware without a board: the host's as a program, any other in its emulator, ended by `stack`.

    Args:
        more: arguments for the emulator.
    """
    if firmware.board.build.arch == "host":
        return Device.connect(PipeTransport([str(firmware.elf)]), _STARTED_HERE)
    check_startable(firmware.board)
    emulator = stack.enter_context(Emulator(firmware, more=more))
    return greet(emulator)


def check_startable(board: Board) -> None:
    """Raise EdgeError BOARD_NO_EMULATOR where the board runs neither here nor in an emulator."""
    if board.build.arch != "host" and board.emulator is None:
        raise EdgeError(
            BOARD_NO_EMULATOR,
            f"{board.id} has no emulator",
            tries=("connect the board and add --port", "choose a board that has one: edgesdk boards"),
        )


def greet(emulator: Emulator) -> Device:
    """Greets the firmware in an emulator."""
    try:
        return Device.connect(open_port(emulator.url), _STARTED_HERE)
    except EdgeError:
        emulator.check()  # its own complaint says more, where it has one
        raise


def _counter(prepared: Prepared, firmware: Firmware) -> tuple[Counter | None, str]:
    """A counter whose slots are the plan's steps, in the firmware's folder; None, and why, where there can be none."""
    if firmware.board.emulator is None or not has_model(firmware.board):
        return None, ""
    steps = len(prepared.plan.steps)
    slots = [steps if call.step < 0 else call.step for call in prepared.plan.calls]
    try:
        return prepare_counter(firmware, slots, firmware.elf.parent), ""
    except EdgeError as error:
        return None, f"cycles are not estimated: {error.what}"


def _build(prepared: Prepared, stack: ExitStack) -> Firmware:
    directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="edgesdk-")))
    return build_prepared(prepared.board, emit_sources(prepared), directory)
