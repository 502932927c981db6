# SPDX-License-Identifier: Apache-2.0
"""Measures the benchmark models on the emulated boards and records the numbers in docs/results, as JSON and as a table.

    python tests/record_bench.py

tests/e2e/test_bench_record.py holds later versions against them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
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


def measured(models: Sequence[str], boards: Sequence[str]) -> list[Row]:
    """One row per model and board."""
    loaded = [load_board(board) for board in boards]

    def show(what: str, done: int, total: int) -> None:
        print(f"{what} {done} of {total}", file=sys.stderr)

    table = bench([model_path(model) for model in models], loaded, Options(), progress=show)
    return [_row(row) for row in table.rows]


def _row(row: BenchRow) -> Row:
    if row.profile is None:
        raise SystemExit(f"{row.model} on {row.board}: {row.error}")
    p = row.profile
    model = Path(p.model).stem
    if p.output_crc32 != OUTPUT_CRCS[model]:
        raise SystemExit(f"{p.model} on {p.board} computes {p.output_crc32} instead of {OUTPUT_CRCS[model]}")
    return {
        "board": p.board,
        "model": model,
        "macs": p.macs,
        "instructions": p.latency.instructions,
        "arena": p.ram.arena,
        "runtime": p.ram.runtime,
        "stack": p.ram.stack,
        "code": p.flash.code,
        "weights": p.flash.weights,
        "app": p.flash.app,
        "compiler": p.compiler,
    }


def _table(rows: Sequence[Row]) -> str:
    lines = [
        "# Benchmark models on the emulated boards",
        "",
        f"Measured by `{COMMAND}` with edgesdk {__version__}; a test fails where a later version needs over 1% more",
        "instructions or 2% more code. Instructions are those of one inference on the default input, counted by QEMU;",
        "RAM and flash are bytes, read from the ELF. edgesdk runs its dsp kernels on the Cortex-M4, M7",
        "and M33, its mve kernels before those on the M55, its packed ones on the M3 and RV32. TFLM is",
        "TensorFlow Lite Micro on the same core: on Cortex-M with CMSIS-NN, which uses the DSP and vector instructions",
        "of the M4, M7 and M55; on RV32 with its reference kernels, where it has no others.",
        "",
        "| board | model | instructions | per MAC | TFLM | TFLM / ours | arena | runtime | stack | code | weights |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for r in rows:
        theirs = TFLM_INSTRUCTIONS.get(r["board"], {}).get(r["model"])
        versus = (f"{theirs:,}", f"{theirs / r['instructions']:.2f}") if theirs else ("", "")
        sizes = (f"{r[key]:,}" for key in ("arena", "runtime", "stack", "code", "weights"))
        cells = (
            *(r["board"], r["model"], f"{r['instructions']:,}", f"{r['instructions'] / r['macs']:.2f}"),
            *versus,
            *sizes,
        )
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "Compilers:", ""]
    lines += [f"- {compiler}" for compiler in dict.fromkeys(r["compiler"] for r in rows)]
    return "\n".join(lines) + "\n"


def main() -> None:
    rows = measured(list(OUTPUT_CRCS), EMULATED)
    rows.sort(key=lambda row: EMULATED.index(row["board"]))
    RESULTS.mkdir(parents=True, exist_ok=True)
    record = {"schema": 1, "command": COMMAND, "version": __version__, "rows": rows}
    RECORD.write_text(json.dumps(record, indent=1) + "\n")
    RECORD.with_suffix(".md").write_text(_table(rows))


if __name__ == "__main__":
    main()
