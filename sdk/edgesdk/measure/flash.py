# SPDX-License-Identifier: Apache-2.0
"""Build, program, reset, greet, and check that the board runs this very model."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from edgesdk.boards import Board
from edgesdk.compile.build import Firmware
from edgesdk.flash.emulator import Emulator
from edgesdk.flash.programmer import find_programmer, program
from edgesdk.link.transport import open_port
from edgesdk.measure.accounts import flash_account, ram_account
from edgesdk.measure.build import build_prepared, emit_sources
from edgesdk.measure.prepare import Prepared, prepare
from edgesdk.measure.results import FlashResult
from edgesdk.measure.target import connect, greet, select, start
from edgesdk.model.plan import Options

Progress = Callable[[str, int, int], None]
STAGES = 3


def flash(
    model: Path,
    board: Board,
    options: Options,
    *,
    ram: int | None = None,
    port: str | None = None,
    keep: bool = False,
    progress: Progress | None = None,
) -> FlashResult:
    """Brings a model onto a board.

    Args:
        port: of a physical board; without one the board's emulator is started.
        keep: leave the emulator running.

    Raises:
        EdgeError: of planning and building; PORT_ABSENT and PORT_BUSY before anything is built; of the programmer;
            PORT_SILENT and DEVICE_MODEL after programming.
    """
    prepared = prepare(model, board, options, ram)
    report = progress or (lambda stage, done, total: None)
    with ExitStack() as stack:
        if port is not None:
            find_programmer(board)
            open_port(port).close()
        running = stack.enter_context(ExitStack())
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="edgesdk-")))
        report("build", 0, STAGES)
        firmware = build_prepared(prepared, emit_sources(prepared), directory)
        report("program", 1, STAGES)
        pid = None
        if port is not None:
            program(firmware, port)
            device, where = connect(port), port
        elif board.emulator is not None:
            emulator = running.enter_context(Emulator(firmware, keep=keep))
            device, where = greet(emulator), emulator.url
            pid = emulator.pid if keep else None
        else:
            device, where = start(firmware, stack), "standard input and output"
        report("greet", 2, STAGES)
        with device:
            select(device, prepared)
            if keep:
                device.text()  # as after a boot: the text commands
                running.pop_all()
        return _result(prepared, firmware, where, emulated=port is None and board.emulator is not None, pid=pid)


def _result(prepared: Prepared, firmware: Firmware, port: str, *, emulated: bool, pid: int | None) -> FlashResult:
    plan = prepared.plan
    return FlashResult(
        board=prepared.board.id,
        emulated=emulated,
        model=prepared.path.name,
        optimize=plan.options.optimize,
        input=plan.options.input,
        model_crc32=f"{plan.graph.crc32:08x}",
        plan_crc32=f"{plan.crc32:08x}",
        port=port,
        kept=pid is not None,
        pid=pid,
        ram=ram_account(prepared.board, firmware.accounts),
        flash=flash_account(prepared.board, firmware.accounts),
        stream=plan.options.stream,
        output=plan.options.output,
    )
