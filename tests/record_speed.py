# SPDX-License-Identifier: Apache-2.0
"""Estimates cycles on the chips of the published records and puts them beside these in docs/results/speed.md.

python tests/record_speed.py
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmark_models import OUTPUT_CRCS, model_path
from compared_engine import comparison
from edgesdk import __version__
from edgesdk.boards import load_board
from edgesdk.measure.profile import profile
from edgesdk.model.plan import Options
from published_results import CHIPS, Chip

PAGE = Path(__file__).parents[1] / "docs/results/speed.md"
COMMAND = "python tests/record_speed.py"
STREAMED = "microbit-v1"  # its RAM holds no image

HEAD = f"""# Estimated cycles beside the published records

Made by `{COMMAND}` with edgesdk {__version__}. **Our cycles are estimates**: instructions counted in QEMU,
weighed by a table per core and by the flash's wait states ([docs/cycles.md](../cycles.md)); nothing ran on these
chips. The records were measured on them: MLPerf Tiny, closed division, rounds 1.0 to 1.3, the fastest engine of each
model. Ours are planned with `--optimize speed`. *Core* are cycles as if memory answered at once, *code* and *data
waits* those for flash. Wait states and caches are what the manuals named are known to say; they were written down
without the manuals at hand, and no chip was tried: check them before quoting a row."""

TRUST = """
On the M0+ the table is the M0's, whose taken branches take a cycle more, the input is streamed, and ad01 is left out:
the emulated board's flash does not hold it. Left out too is the RA8D1: its M85 has no table here.
"""


def _row(chip: Chip, model: str) -> str:
    board = load_board(chip.board).model_copy(update={"flash_timing": chip.flash})
    options = Options(input="streamed" if chip.board == STREAMED else "resident", optimize="speed")
    p = profile(model_path(model), board, options)
    made, record = p.cycles_model, chip.cycles(model)
    if made is None or p.latency.cycles_estimated is None or p.output_crc32 != OUTPUT_CRCS[model]:
        raise SystemExit(f"{model} for {chip.name}: {p.warnings or p.output_crc32}")
    estimate = p.latency.cycles_estimated
    parts = (p.latency.instructions, made.core_cycles, made.code_waits, made.data_waits, estimate)
    cells = [model, *(f"{part:,}" for part in parts), f"{chip.best[model]:g}", f"{record:,.0f}"]
    print(f"{chip.name} {model} {estimate:,} {estimate / record:.2f}", file=sys.stderr)
    return f"| {' | '.join([*cells, f'{estimate / record:.2f}'])} |"


def _table(chip: Chip) -> list[str]:
    head = "| model | instructions | core | code waits | data waits | **estimate** | record, ms | record, cycles |"
    return [
        "",
        f"## {chip.name}, {chip.clock_mhz} MHz",
        "",
        f"Flash: {chip.flash.source}.",
        "",
        f"{head} estimate / record |",
        "| --- |" + " ---: |" * 8,
        *(_row(chip, model) for model in chip.best),
    ]


if __name__ == "__main__":
    tables = [line for chip in CHIPS for line in _table(chip)]
    PAGE.write_text("\n".join([HEAD, *tables, TRUST, *comparison()]))
