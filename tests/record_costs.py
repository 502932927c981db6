# SPDX-License-Identifier: Apache-2.0
"""Measures what every kernel costs on every core, in the emulator, and records it where the planner looks it up.

    python tests/record_costs.py [--missing] [BOARD...]

--missing measures the kernels alone that a table lacks.

Layers as networks have them (cost_probes.py) run on a board; what each takes is explained by the counts of
edgesdk.kernels.terms, each with the weight, 0 or more, that leaves the least sum of squares of relative errors.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from itertools import combinations, islice
from pathlib import Path

import numpy as np
from elftools.elf.constants import SH_FLAGS
from elftools.elf.elffile import ELFFile
from elftools.elf.relocation import RelocationSection

from cost_probes import probes
from edgesdk.boards import Board, load_board
from edgesdk.compile.build import library_folder
from edgesdk.compile.toolchains import binary_tool, find_compiler, tool_version
from edgesdk.kernels.costs import MEASURED
from edgesdk.kernels.palette import Palette, choose_kernel, palette_of
from edgesdk.kernels.terms import Terms, terms_of
from edgesdk.measure.profile import measure
from edgesdk.measure.target import open_device
from edgesdk.model.graph import Graph
from forced import batches, narrow, prepared_with
from single_node import side_by_side

BOARDS = (
    "microbit-v1",
    "mps2-an385",
    "mps2-an386",
    "mps2-an500",
    "mps2-an505",
    "mps3-an547",
    "riscv-virt",
)
COMMAND = "python tests/record_costs.py"
PROBES = 14  # layers a kernel
SEEN = 1_500  # layers looked at for kernels that few of them use
MANY = 8  # layers, from which on their counts are told apart
NAMES = tuple(f.name for f in fields(Terms))


@dataclass(frozen=True)
class Sample:
    """One layer: its counts, and what it took."""

    symbol: str
    terms: Terms
    instructions: int
    cycles: int | None


def samples(board: Board, known: Collection[str]) -> Iterator[Sample]:
    """Of every kernel that its families have and that is not known, where better ones are passed over too."""
    for k, family in enumerate(board.families):
        palette = palette_of(*board.families[k:])
        wanted = {kernel.symbol for kernel in palette.kernels if kernel.family == family} - set(known)
        layers = chosen(board, palette, wanted)
        yield from measured(board, palette, layers)
        passed = {symbol for symbol in wanted if len(layers[symbol]) < MANY}
        first = Palette(tuple(sorted(palette.kernels, key=lambda kernel: kernel.symbol not in passed)))
        yield from measured(board, first, chosen(board, first, passed))
        print(board.id, family, file=sys.stderr)


def chosen(board: Board, palette: Palette, wanted: Collection[str]) -> Mapping[str, list[Graph]]:
    """PROBES layers of each of these kernels, as far as there are."""
    found: dict[str, list[Graph]] = defaultdict(list)
    layers = probes(np.random.default_rng(0), 3_500 if narrow(board) else 12_000)
    for graph in islice(layers, SEEN if wanted else 0):
        symbol = choose_kernel(graph, graph.nodes[0], palette).symbol
        if symbol in wanted and len(found[symbol]) < PROBES:
            found[symbol].append(graph)
        if all(len(found[s]) >= PROBES for s in wanted):
            break
    return found


def measured(board: Board, palette: Palette, layers: Mapping[str, Sequence[Graph]]) -> Iterator[Sample]:
    """With little scratch, and with much."""
    graphs = [graph for found in layers.values() for graph in found]
    for batch in batches(graphs, board) if graphs else ():
        for optimize in ("ram", "speed"):
            yield from run(board, palette, batch, optimize)


def run(board: Board, palette: Palette, graphs: Sequence[Graph], optimize: str) -> Iterator[Sample]:
    """What the layers take in one firmware."""
    graph = side_by_side(graphs)
    prepared = prepared_with(graph, board, palette, optimize)
    with open_device(prepared, None, counted=True) as target:
        profile = measure(prepared, target, 1)
    for warning in profile.warnings:
        print(f"{board.id}: {warning}", file=sys.stderr)
    for step, layer in zip(prepared.plan.steps, profile.layers, strict=True):
        assert layer.instructions is not None
        terms = terms_of(graph, graph.nodes[step.node], step.band)
        yield Sample(step.kernel, terms, layer.instructions, layer.cycles_estimated)


def fitted(counts: np.ndarray, took: np.ndarray) -> Terms:
    """The weights, none negative, by trying every set of them: the best of those whose weights are all positive."""
    scaled, ones = counts / took[:, None], np.ones(len(took))
    best, least = np.zeros(len(NAMES)), float(len(took))
    for size in range(1, len(NAMES) + 1):
        for used in map(list, combinations(range(len(NAMES)), size)):
            weights, *_ = np.linalg.lstsq(scaled[:, used], ones, rcond=None)
            loss = float(((scaled[:, used] @ weights - ones) ** 2).sum())
            if (weights > 0).all() and loss < least * 0.99:
                best, least = np.zeros(len(NAMES)), loss
                best[used] = weights
    return Terms(**{name: float(f"{w:.4g}") for name, w in zip(NAMES, best, strict=True)})


def cost(found: Sequence[Sample]) -> dict[str, object]:
    counts = np.array([astuple(s.terms) for s in found], float)
    took = np.array([s.instructions for s in found], float)
    instructions = fitted(counts, took)
    errors = np.abs(counts @ np.array(astuple(instructions)) / took - 1)
    estimated = [s.cycles is not None for s in found]
    cycles = np.array([s.cycles for s in found if s.cycles is not None], float)
    return {
        "instructions": asdict(instructions),
        "cycles": asdict(fitted(counts[estimated], cycles)) if len(cycles) >= MANY else None,
        "error": round(float(np.median(errors)), 3),
        "worst": round(float(errors.max()), 3),
        "layers": len(found),
    }


def functions(board: Board) -> dict[str, dict[str, object]]:
    """Code and constants of the kernels' archive, by section, named after the first function that a section holds."""
    sizes: dict[str, int] = {}
    needs: dict[str, set[str]] = defaultdict(set)
    archiver = binary_tool(find_compiler(board), "ar")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([archiver, "x", library_folder(board) / "libedge_core.a"], cwd=folder, check=True)
        for path in sorted(Path(folder).iterdir()):
            with path.open("rb") as stream:
                _read_object(path.name, ELFFile(stream), sizes, needs)
    return {
        name: {"bytes": sizes[name], "needs": sorted(n for n in needs[name] if n in sizes)} for name in sorted(sizes)
    }


def _read_object(file: str, elf: ELFFile, sizes: dict[str, int], needs: dict[str, set[str]]) -> None:
    table = elf.get_section_by_name(".symtab")
    symbols = list(table.iter_symbols()) if table else []
    named: dict[int, str] = {}
    for s in symbols:
        at = s["st_shndx"]
        if isinstance(at, int) and s["st_info"]["bind"] == "STB_GLOBAL":
            if at in named:  # another entry of the same section
                sizes[s.name] = 0
                needs[s.name].add(named[at])
            named.setdefault(at, s.name)
    for k, section in enumerate(elf.iter_sections()):
        if section["sh_flags"] & SH_FLAGS.SHF_ALLOC and section["sh_size"] and not section.name.startswith(".ARM"):
            named.setdefault(k, f"{file}{section.name}")
            sizes[named[k]] = (section["sh_size"] + 3) // 4 * 4
    for section in elf.iter_sections():
        if isinstance(section, RelocationSection) and section["sh_info"] in named:
            for relocation in section.iter_relocations():
                symbol = symbols[relocation["r_info_sym"]]
                at = symbol["st_shndx"]
                name = named.get(at) if isinstance(at, int) else symbol.name
                if name and name != named[section["sh_info"]]:
                    needs[named[section["sh_info"]]].add(name)


def main(arguments: Sequence[str]) -> None:
    ids = [a for a in arguments if a != "--missing"]
    for board in map(load_board, ids or BOARDS):
        path = MEASURED / f"{board.core}.json"
        known = json.loads(path.read_text())["kernels"] if "--missing" in arguments else {}
        by_symbol: dict[str, list[Sample]] = defaultdict(list)
        for sample in samples(board, known):
            by_symbol[sample.symbol].append(sample)
        new = {s: cost(found) for s, found in by_symbol.items() if s not in known and len(found) >= MANY}
        table = {
            "command": COMMAND,
            "board": board.id,
            "compiler": tool_version(find_compiler(board)),
            "kernels": dict(sorted({**known, **new}.items())),
            "functions": functions(board),
        }
        MEASURED.mkdir(exist_ok=True)
        path.write_text(_lines(table))


def _lines(table: dict[str, object]) -> str:
    """JSON with one kernel or function a line."""
    parts = []
    for key, value in table.items():
        if isinstance(value, dict):
            rows = ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in value.items())
            parts.append(f"{json.dumps(key)}: {{\n{rows}\n}}")
        else:
            parts.append(f"{json.dumps(key)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    main(sys.argv[1:])
