# SPDX-License-Identifier: Apache-2.0
"""What a model's kernels store and load in the emulator, counted by a plugin of QEMU (memory_counts.c)."""

from __future__ import annotations

import struct
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from edgesdk.boards import load_board
from edgesdk.flash import emulator
from edgesdk.measure.build import build_prepared, emit_sources
from edgesdk.measure.prepare import prepare
from edgesdk.measure.profile import measure
from edgesdk.measure.target import Target, select, start
from edgesdk.model.graph import Graph
from edgesdk.model.plan import Options
from edgesdk.model.tflite.writer import write_model

TESTS = Path(__file__).parent
BOARD = "mps2-an386"
THUMB = 1  # set in the address of a function
COUNTERS = 7


@dataclass(frozen=True)
class Counts:
    """What one inference takes.

    Args:
        stored, stored_in_arena: bytes.
        arena, code: bytes of RAM and of flash.
        read: bytes loaded from each of the constants that were asked for.
    """

    instructions: int
    stored: int
    stored_in_arena: int
    arena: int
    code: int
    read: tuple[int, ...]


def measured(graph: Graph, directory: Path, kernels: tuple[str, ...], read: tuple[str, ...] = ()) -> Counts:
    """Builds the graph's model, profiles it, and divides what the plugin counted by the inferences that ran.

    Args:
        kernels: what the names of the functions begin with whose accesses count.
        read: what the names of constants end with; each is one symbol.
    """
    model, plugin, out = directory / "layer.tflite", directory / "memory_counts.so", directory / "counts"
    model.write_bytes(write_model(graph))
    command = ["cc", "-shared", "-fPIC", "-O2", str(TESTS / "memory_counts.c"), "-o", str(plugin)]
    subprocess.run(command, check=True)
    out.write_bytes(bytes(8 * COUNTERS))
    prepared = prepare(model, load_board(BOARD), Options())
    firmware = build_prepared(prepared.board, emit_sources(prepared), directory)
    places = _symbols(firmware.elf, kernels)
    codes = [f"code={a:x}:{b:x}" for name, (a, b) in places.items() if name.startswith(kernels)]
    (arena,) = [f"arena={a:x}:{b:x}" for name, (a, b) in places.items() if name.startswith("edge_arena")]
    loads = [f"read={a:x}:{b:x}" for end in read for name, (a, b) in places.items() if name.endswith(end)]
    assert len(loads) == len(read)
    entry = places[prepared.plan.steps[0].kernel][0]
    options = ",".join([str(plugin), f"out={out}", f"entry={entry:x}", arena, *codes, *loads])
    plain = emulator._arguments
    with ExitStack() as stack:
        stack.enter_context(
            mock.patch.object(emulator, "_arguments", lambda *given: [*plain(*given), "-plugin", options])
        )
        device = stack.enter_context(start(firmware, stack))
        selected = select(device, prepared)
        profile = measure(prepared, Target(device, firmware, True, selected.init_ticks), 1)
        entries, stored, in_arena, *loaded = struct.unpack(f"<{COUNTERS}Q", out.read_bytes())
    calls = sum(call.step == 0 for call in prepared.plan.calls)
    inferences = entries // calls
    assert inferences > 0
    assert all(count % inferences == 0 for count in (stored, in_arena, *loaded))
    assert entries % calls == 0
    return Counts(
        profile.latency.instructions,
        stored // inferences,
        in_arena // inferences,
        profile.ram.arena,
        profile.flash.code,
        tuple(bytes_ // inferences for bytes_ in loaded[: len(read)]),
    )


def _symbols(elf: Path, functions: tuple[str, ...]) -> dict[str, tuple[int, int]]:
    """Name -> (first byte, one past the last)."""
    with elf.open("rb") as file:
        (table,) = [s for s in ELFFile(file).iter_sections() if isinstance(s, SymbolTableSection)]
        places = {s.name: (s["st_value"], s["st_size"]) for s in table.iter_symbols() if s["st_size"]}
    return {
        name: (start & ~THUMB if name.startswith(functions) else start, (start & ~THUMB) + size)
        for name, (start, size) in places.items()
    }
