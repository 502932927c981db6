# SPDX-License-Identifier: Apache-2.0
"""Counts what edge_run executes in an emulator, with the plugin firmware/host/edge_counts.c."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from edgesdk.boards import Board
from edgesdk.boards.descriptor import FlashTiming
from edgesdk.compile.build import Firmware
from edgesdk.compile.toolchains import Tool, cache_dir, require_tool, tool_version
from edgesdk.cycles.counts import Counts, parse_counts
from edgesdk.errors import EMULATOR_FAILED, EdgeError
from edgesdk.resources import firmware_dir

_FLAGS = ("-std=c11", "-O2", "-shared", "-fPIC", "-fvisibility=hidden")


@dataclass(frozen=True)
class Counter:
    """A plugin and its orders, for one emulator.

    Args:
        plugin: its shared library.
        job: the file of orders; the counts appear beside it.
    """

    plugin: Path
    job: Path

    @property
    def arguments(self) -> tuple[str, ...]:
        """For QEMU, which takes a comma doubled for one."""
        plugin, job = (str(path).replace(",", ",,") for path in (self.plugin, self.job))
        return ("-plugin", f"file={plugin},job={job}")

    def read(self) -> Counts:
        """What the last edge_run did. Raises EdgeError EMULATOR_FAILED."""
        try:
            return parse_counts(Path(f"{self.job}.out").read_text())
        except (OSError, ValueError) as error:
            raise EdgeError(EMULATOR_FAILED, "the emulator's counts cannot be read", why=str(error)) from None


def prepare_counter(firmware: Firmware, slots: Sequence[int], folder: Path) -> Counter:
    """A counter for a firmware's emulator, whose orders and results lie in `folder`.

    Args:
        slots: of each step of edge_run, in order, the slot that counts it. One more slot counts what is in no step.

    Raises:
        EdgeError: TOOL_MISSING without a compiler for this machine; EMULATOR_FAILED where QEMU takes no such plugin.
    """
    board = firmware.board
    assert board.emulator is not None
    assert board.flash_timing is not None
    job = folder / "counts"
    job.write_text("\n".join([*_places(firmware), *_flash(board, board.flash_timing), _slots(slots)]) + "\n")
    return Counter(_plugin(require_tool(board.emulator.program)), job)


def _places(firmware: Firmware) -> list[str]:
    with firmware.elf.open("rb") as stream:
        elf = ELFFile(stream)
        symbols, app = (elf.get_section_by_name(name) for name in (".symtab", ".edge_app"))
        assert isinstance(symbols, SymbolTableSection)
        assert app is not None
        at = {s.name: s["st_value"] & ~1 for s in symbols.iter_symbols()}  # without the bit that means Thumb
        start, end = app["sh_addr"], app["sh_addr"] + app["sh_size"]
    return [f"entry {at['edge_run']:#x}", f"step {at['edge_step']:#x}", f"app {start:#x} {end:#x}"]


def _flash(board: Board, timing: FlashTiming) -> list[str]:
    regions = [f"flash {r.base:#x} {r.end:#x}" for r in board.memory if r.kind == "flash"]
    data = [] if timing.shared else [f"data {timing.data_lines} {timing.data_ways}"]
    return [*regions, f"line {timing.line_bytes}", f"code {timing.code_lines} {timing.code_ways}", *data]


def _slots(slots: Sequence[int]) -> str:
    return f"slots {len(slots)} {' '.join(map(str, slots))}"


def _plugin(emulator: Tool) -> Path:
    """The plugin, compiled once per text, compiler and emulator, and tried with it."""
    source = firmware_dir() / "host/edge_counts.c"
    compiler = require_tool("cc")
    versions = repr((str(emulator.path), tool_version(emulator), str(compiler.path), tool_version(compiler), _FLAGS))
    ready = cache_dir() / f"counts-{hashlib.sha256(versions.encode() + source.read_bytes()).hexdigest()[:24]}.so"
    if ready.is_file():
        return ready
    ready.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ready.parent) as scratch:
        built, job = Path(scratch) / "counts.so", Path(scratch) / "job"
        _try([str(compiler.path), *_FLAGS, str(source), "-o", str(built)], compiler)
        job.write_text("line 16\nslots 0\n")
        idle = ("-machine", "none", "-display", "none", "-nodefaults", "-S", "-monitor", "stdio")
        _try([str(emulator.path), *idle, *Counter(built, job).arguments], emulator)
        built.replace(ready)
    return ready


def _try(command: Sequence[str], tool: Tool) -> None:
    environment = os.environ | tool.env
    done = subprocess.run(command, env=environment, input="quit\n", capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise EdgeError(EMULATOR_FAILED, f"{tool.name} makes no counting plugin", why=done.stderr.strip()[-2000:])
