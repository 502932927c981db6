# SPDX-License-Identifier: Apache-2.0
"""Measures condensation layers on the emulated Cortex-M4 and records the numbers in docs/results/condensation.md.

    python tests/record_condensation.py

A layer is measured in four forms: fused (the wide map is virtual), stored (the wide map is an output too, so both
kernels run and it is stored), wide (the convolution alone) and plain (a convolution to as many channels as the pool
leaves).
"""

from __future__ import annotations

import struct
import subprocess
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from condensation_models import CHANNELS, DEPTH, GROUP, SIZE, condensation
from edgesdk.boards import load_board
from edgesdk.flash import emulator
from edgesdk.measure.build import build_prepared, emit_sources
from edgesdk.measure.prepare import prepare
from edgesdk.measure.profile import measure
from edgesdk.measure.target import Target, select, start
from edgesdk.model.graph import Graph
from edgesdk.model.plan import Options
from edgesdk.model.tflite.writer import write_model
from pooled_convolutions import unfused

TESTS = Path(__file__).parent
RECORD = TESTS.parent / "docs/results/condensation.md"
BOARD = "mps2-an386"
KERNELS = ("edge_conv_2d", "edge_gemm", "edge_cross_channel_pool", "edge_requantize")
THUMB = 1  # set in the address of a function

HEAD = f"""# Condensation layers

Measured by `python tests/record_condensation.py` on {BOARD} (Cortex-M4): a 1x1 convolution of
{SIZE}x{SIZE}x{DEPTH} to {CHANNELS * GROUP} channels and the maximum or average over groups of {GROUP}, which leaves
{CHANNELS}. *fused*: the pool is the convolution's epilogue, and the wide map never exists. *stored*: both kernels run,
and the wide map is in RAM. *wide*: the convolution alone. *plain*: a convolution to {CHANNELS} channels, with a quarter
of the multiplications. A scale is that of the weights, one per group or one per channel.

Instructions and bytes are those of one inference, counted by QEMU; bytes are what the kernels store, in all and in the
arena: the rest goes to the stack, where the epilogue holds up to 32 channels of three pixels. Code is the whole
firmware's without its application.

The fused layer takes the arena of the plain one. What the epilogue adds in code is *fused* less *plain*; in
instructions it adds less than it saves, for *wide* has to cut four times as many outputs at the activation's bounds.

| pool | scale | form | instructions | bytes stored | in the arena | arena | code |
| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |
"""


@dataclass(frozen=True)
class Counts:
    """What one form of a layer takes."""

    instructions: int
    stored: int
    stored_in_arena: int
    arena: int
    code: int


def measured(graph: Graph, directory: Path) -> Counts:
    """Builds the graph's model, profiles it, and divides what the plugin counted by the inferences that ran."""
    model, plugin, out = directory / "layer.tflite", directory / "store_counts.so", directory / "counts"
    model.write_bytes(write_model(graph))
    command = ["cc", "-shared", "-fPIC", "-O2", str(TESTS / "store_counts.c"), "-o", str(plugin)]
    subprocess.run(command, check=True)
    out.write_bytes(bytes(24))
    prepared = prepare(model, load_board(BOARD), Options())
    firmware = build_prepared(prepared.board, emit_sources(prepared), directory)
    places = _symbols(firmware.elf)
    codes = [f"code={a:x}:{b:x}" for name, (a, b) in places.items() if name.startswith(KERNELS)]
    (arena,) = [f"arena={a:x}:{b:x}" for name, (a, b) in places.items() if name.startswith("edge_arena")]
    entry = places[prepared.plan.steps[0].kernel][0]
    options = ",".join([str(plugin), f"out={out}", f"entry={entry:x}", arena, *codes])
    plain = emulator._arguments
    with ExitStack() as stack:
        stack.enter_context(
            mock.patch.object(emulator, "_arguments", lambda *given: [*plain(*given), "-plugin", options])
        )
        device = stack.enter_context(start(firmware, stack))
        selected = select(device, prepared)
        profile = measure(prepared, Target(device, firmware, True, selected.init_ticks), 1)
        entries, stored, in_arena = struct.unpack("<3Q", out.read_bytes())
    calls = sum(call.step == 0 for call in prepared.plan.calls)
    inferences = entries // calls
    assert inferences > 0
    assert entries % calls == stored % inferences == in_arena % inferences == 0
    return Counts(
        profile.latency.instructions,
        stored // inferences,
        in_arena // inferences,
        profile.ram.arena,
        profile.flash.code,
    )


def _symbols(elf: Path) -> dict[str, tuple[int, int]]:
    """Name -> (first byte, one past the last)."""
    with elf.open("rb") as file:
        (table,) = [s for s in ELFFile(file).iter_sections() if isinstance(s, SymbolTableSection)]
        places = {s.name: (s["st_value"], s["st_size"]) for s in table.iter_symbols() if s["st_size"]}
    functions = KERNELS
    return {
        name: (start & ~THUMB if name.startswith(functions) else start, (start & ~THUMB) + size)
        for name, (start, size) in places.items()
    }


def rows() -> list[str]:
    """The table's lines."""
    found = []
    for pool in ("max", "average"):
        for shared in (True, False):
            layer = condensation(pool=pool, shared=shared)
            forms = {"fused": layer, "stored": unfused(layer)}
            if pool == "max":
                forms["wide"] = condensation(pool=None, shared=shared)
            if not found:
                forms["plain"] = condensation(group=1)
            for form, graph in forms.items():
                with tempfile.TemporaryDirectory() as directory:
                    c = measured(graph, Path(directory))
                numbers = (c.instructions, c.stored, c.stored_in_arena, c.arena, c.code)
                scale = "group" if shared else "channel"
                with_pool = pool if form in ("fused", "stored") else ""
                found.append(f"| {with_pool} | {scale} | {form} | " + " | ".join(f"{n:,}" for n in numbers) + " |")
                print(found[-1], flush=True)
    return found


if __name__ == "__main__":
    RECORD.write_text(HEAD + "\n".join(rows()) + "\n")
