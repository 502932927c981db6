# SPDX-License-Identifier: Apache-2.0
"""Build, program, reset, greet, and check that the board runs these very models."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from edgesdk.boards import Board
from edgesdk.flash.emulator import Emulator
from edgesdk.flash.programmer import find_programmer, program
from edgesdk.link.transport import open_port
from edgesdk.measure.accounts import flash_account, ram_account
from edgesdk.measure.build import build_prepared, emit_sources, firmware_models
from edgesdk.measure.prepare import prepare_all
from edgesdk.measure.results import FlashResult
from edgesdk.measure.target import connect, greet, select, start
from edgesdk.model.plan import Options

Progress = Callable[[str, int, int], None]
STAGES = 3


def flash(
    models: Sequence[Path],
    board: Board,
    options: Options,
    *,
    ram: int | None = None,
    port: str | None = None,
    keep: bool = False,
    progress: Progress | None = None,
) -> FlashResult:
    """Brings models onto a board; the first is the one that its text commands run.

    Args:
        port: of a physical board; without one the board's emulator is started.
        keep: leave the emulator running.

    Raises:
        EdgeError: of planning and building; PORT_ABSENT and PORT_BUSY before anything is built; of the programmer;
            PORT_SILENT and DEVICE_MODEL after programming.
    """
    prepared = prepare_all(models, board, options, ram)
    report = progress or (lambda stage, done, total: None)
    with ExitStack() as stack:
        if port is not None:
            find_programmer(board)
            open_port(port).close()
        running = stack.enter_context(ExitStack())
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="edgesdk-")))
        report("build", 0, STAGES)
        firmware = build_prepared(board, emit_sources(*prepared), directory)
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
            for model in reversed(prepared):
                select(device, model)
            if keep:
                device.text()  # as after a boot: the text commands
                running.pop_all()
        return FlashResult(
            board=board.id,
            emulated=port is None and board.emulator is not None,
            models=firmware_models(prepared),
            optimize=options.optimize,
            input=options.input,
            port=where,
            kept=pid is not None,
            pid=pid,
            ram=ram_account(board, firmware.accounts),
            flash=flash_account(board, firmware.accounts),
            stream=options.stream,
            output=options.output,
        )
