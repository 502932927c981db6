# SPDX-License-Identifier: Apache-2.0
"""Assembly under the counting plugin: an edge_run and edge_step of a test's own, on an emulated board."""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path

from edgesdk.boards import Board
from edgesdk.boards.descriptor import FlashTiming
from edgesdk.compile.accounts import Accounts, FlashBytes, RamBytes
from edgesdk.compile.build import Firmware
from edgesdk.compile.disassembly import disassemble
from edgesdk.compile.toolchains import find_compiler
from edgesdk.cycles.counts import Counts
from edgesdk.cycles.estimate import Spent, estimate
from edgesdk.cycles.instruction import parse_disassembly
from edgesdk.flash.counter import prepare_counter
from edgesdk.flash.emulator import Emulator

_NOTHING = Accounts(FlashBytes(0, 0, 0, 0, 0), RamBytes(0, 0, 0, 0, 0, 0, {}, {}))
_PROGRAM = """
    .syntax unified
    .thumb
    .section .vectors, "a"
    .word 0x20010000, start + 1
    .section .edge_app, "ax"
    .thumb_func
start:
    bl edge_run
    b .
    .thumb_func
callback:
    nop
    bx lr
    .section .edge_code, "ax"
    .balign 32
"""
_SCRIPT = """SECTIONS {
    .vectors 0 : { *(.vectors) }
    .edge_code 0x100 : { *(.edge_code) }
    .edge_app 0x8000 : { *(.edge_app) }
}"""


def counted(board: Board, code: str, folder: Path, slots: tuple[int, ...] = ()) -> tuple[Counts, tuple[Spent, ...]]:
    """Runs `code`, which defines the labels edge_run and edge_step, and counts its edge_run."""
    source, script, elf = folder / "code.s", folder / "code.ld", folder / "code.elf"
    source.write_text(f"{_PROGRAM}\n{code}\n.global edge_run, edge_step\n")
    script.write_text(_SCRIPT)
    compiler = find_compiler(board)
    command = [compiler.path, *board.build.flags, "-nostdlib", f"-Wl,-T,{script}", source, "-o", elf]
    subprocess.run(command, check=True, capture_output=True)
    firmware = Firmware(elf, board, _NOTHING, "", board.build.flags)
    counter = prepare_counter(firmware, slots, folder)
    with Emulator(firmware, more=counter.arguments) as emulator:
        connection = socket.create_connection(("127.0.0.1", emulator.port))
        done = Path(f"{counter.job}.out")
        for _ in range(600):
            if done.exists():
                break
            time.sleep(0.05)
        connection.close()
    counts = counter.read()
    return counts, estimate(board, counts, parse_disassembly(disassemble(firmware)))


def with_flash(board: Board, **timing: object) -> Board:
    """A board whose flash takes so long."""
    return board.model_copy(update={"flash_timing": FlashTiming(source="a test", **timing)})
