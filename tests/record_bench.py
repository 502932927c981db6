# SPDX-License-Identifier: Apache-2.0
"""Measures the benchmark models on the emulated boards and records the numbers in docs/results, as JSON and as a table.

    python tests/record_bench.py

tests/e2e/test_bench_record.py holds later versions against them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmark_models import EMULATED, OUTPUT_CRCS, TFLM_INSTRUCTIONS, model_path
from edgesdk import __version__
from edgesdk.boards import load_board
from edgesdk.measure.bench import bench
from edgesdk.measure.results import BenchRow
from edgesdk.model.plan import Options

RESULTS = Path(__file__).parents[1] / "docs/results"
RECORD = RESULTS / "bench.json"
COMMAND = "python tests/record_bench.py"

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Run:
    """What a row of the record is of."""

    board: str
    model: str
    input: str = "resident"
    optimize: str = "ram"


PLANNED = "mps2-an386"  # where the default plan is held against the fastest
NARROW = "microbit-v1"  # whose RAM holds no image of vww01, and whose flash no weights of ad01
OTHERS = ("mps2-an385", "mps3-an547", "riscv-virt")  # cores with other kernels

RUNS = (
    *(Run(board, model) for board in EMULATED for model in OUTPUT_CRCS),
    *(
        Run(PLANNED, model, input, optimize)
        for input, optimize in (("resident", "speed"), ("streamed", "ram"), ("streamed", "speed"))
        for model in OUTPUT_CRCS
    ),
    *(Run(NARROW, model, "streamed") for model in OUTPUT_CRCS if model != "ad01"),
    *(Run(board, model, optimize="speed") for board in OTHERS for model in OUTPUT_CRCS),
    *(Run(NARROW, model, "streamed", "speed") for model in OUTPUT_CRCS if model != "ad01"),
)


def run_of(row: Row) -> Run:
    return Run(row["board"], row["model"], row["input"], row["optimize"])


def measured(run: Run) -> Row:
    """The row of a run."""
    options = Options(input=run.input, optimize=run.optimize)
    (row,) = bench([model_path(run.model)], [load_board(run.board)], options).rows
    return {**vars(run), **_figures(row)}


def _figures(row: BenchRow) -> Row:
    if row.profile is None:
        raise SystemExit(f"{row.model} on {row.board}: {row.error}")
    p = row.profile
    model = Path(p.model).stem
    if p.output_crc32 != OUTPUT_CRCS[model]:
        raise SystemExit(f"{p.model} on {p.board} computes {p.output_crc32} instead of {OUTPUT_CRCS[model]}")
    return {
        "macs_executed": p.macs_executed,
        "instructions": p.latency.instructions,
        "arena": p.ram.arena,
        "runtime": p.ram.runtime,
        "stack": p.ram.stack,
        "code": p.flash.code,
        "weights": p.flash.weights,
        "app": p.flash.app,
        "compiler": p.compiler,
    }


def _default_plans(rows: Sequence[Row]) -> list[str]:
    lines = [
        "| board | model | instructions | per executed MAC | TFLM | TFLM / ours "
        "| arena | runtime | stack | code | weights |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for r in rows:
        theirs = TFLM_INSTRUCTIONS.get(r["board"], {}).get(r["model"])
        versus = (f"{theirs:,}", f"{theirs / r['instructions']:.2f}") if theirs else ("", "")
        sizes = (f"{r[key]:,}" for key in ("arena", "runtime", "stack", "code", "weights"))
        cells = (
            *(r["board"], r["model"], f"{r['instructions']:,}", f"{r['instructions'] / r['macs_executed']:.2f}"),
            *versus,
            *sizes,
        )
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _beside_the_fastest(rows: Mapping[Run, Row]) -> list[str]:
    lines = [
        "| board | model | input | arena | instructions | fastest: arena | fastest: instructions | default / fastest |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for run in rows:
        if run.optimize != "ram" or replace(run, optimize="speed") not in rows:
            continue
        small, fast = rows[run], rows[replace(run, optimize="speed")]
        figures = [f"{r[key]:,}" for r in (small, fast) for key in ("arena", "instructions")]
        more = f"{small['instructions'] / fast['instructions']:.3f}"
        lines.append(f"| {' | '.join((run.board, run.model, run.input, *figures, more))} |")
    return lines


def _page(rows: Mapping[Run, Row]) -> str:
    lines = [
        "# Benchmark models on the emulated boards",
        "",
        f"Measured by `{COMMAND}` with edgesdk {__version__}; a test fails where a later version needs over 1% more",
        "instructions or 2% more code. Instructions are those of one inference on the default input, counted by QEMU;",
        "RAM and flash are bytes, read from the ELF. edgesdk runs its dsp kernels on the Cortex-M4, M7",
        "and M33, its mve kernels before those on the M55, its packed ones on the M0, M3 and RV32. TFLM is",
        "TensorFlow Lite Micro on the same core: on Cortex-M with CMSIS-NN, which uses the DSP and vector instructions",
        "of the M4, M7 and M55; on RV32 with its reference kernels, where it has no others. It computes all of a",
        "model; edgesdk leaves out what cannot reach an output, half of vww01.",
        "",
        *_default_plans([r for run, r in rows.items() if run == Run(run.board, run.model)]),
        "",
        "## On 16 kB of RAM",
        "",
        "The same with the input streamed, row by row as the board asks.",
        "",
        *_default_plans([r for run, r in rows.items() if run.board == NARROW]),
        "",
        "## The default plan beside the fastest",
        "",
        "The default spends least RAM, `--optimize speed` least instructions within the board's RAM. Helium is fastest",
        "on several rows at a time, so there the two are further apart.",
        "",
        *_beside_the_fastest(rows),
        "",
        "Compilers:",
        "",
        *(f"- {compiler}" for compiler in dict.fromkeys(r["compiler"] for r in rows.values())),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    rows: dict[Run, Row] = {}
    for run in RUNS:
        rows[run] = measured(run)
        print(f"bench {len(rows)} of {len(RUNS)}", file=sys.stderr)
    RESULTS.mkdir(parents=True, exist_ok=True)
    record = {"schema": 1, "command": COMMAND, "version": __version__, "rows": list(rows.values())}
    RECORD.write_text(json.dumps(record, indent=1) + "\n")
    RECORD.with_suffix(".md").write_text(_page(rows))


if __name__ == "__main__":
    main()
