# SPDX-License-Identifier: Apache-2.0
"""Plans the benchmark models and the comparison networks and records their RAM in docs/results/memory.md.

    python -m edgesdk_converters.networks FOLDER
    EDGESDK_MODELS=MODELS python tests/record_memory.py FOLDER

The first needs TensorFlow (the extra `keras`); MODELS holds mcunet_vww1_int8.tflite and mcunetv2_large_int8.tflite.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmark_models import OUTPUT_CRCS, TFLM_ARENAS, model_path
from edgesdk import __version__
from edgesdk.boards import load_board
from edgesdk.measure.prepare import Prepared, prepare
from edgesdk.model.plan import Options
from edgesdk.plan.candidate import placed
from edgesdk.plan.planner import needs_of

PAGE = Path(__file__).parents[1] / "docs/results/memory.md"
BOARD = "mps2-an386"
INPUTS = ("resident", "streamed")
LARGE = ("mcunet_vww1", "mcunetv2_large")
# msf-CNN's published RAM at most at this much computation; kB, and in brackets the computation where it differs.
OVERHEADS = ("1.0", "1.1", "1.3", "2.0")
OURS = ("1.0", "1.1", "1.12", "1.21", "1.3", "2.0")
MSF_CNN = {
    "mobilenet_v2_035_144": ("181", "no figure", "21.3", "7.9 (1.68)"),
    "mcunet_v2_vww_5fps_80": ("90", "no figure", "17.8", "12.0 (1.96)"),
    "mcunet_320kb_176": ("248", "no figure", "186 (1.25)", "94 (1.45)"),
}

HEAD = f"""# The RAM that a model needs

Planned by edgesdk {__version__} for {BOARD}, `--optimize ram`; bytes unless it says kB. Made by

    python -m edgesdk_converters.networks FOLDER
    EDGESDK_MODELS=MODELS python tests/record_memory.py FOLDER

The arena holds maps, scratch, state, the output, and the input where it is resident. No plan with these
kernels that recomputes nothing can go below the bound. Layer by layer is the plan of one operator after the other,
each map in one piece.
"""
NETWORKS = """
## Beside msf-CNN

The three networks on which msf-CNN publishes its RAM, rebuilt from its layer tables with random weights, residuals and
the classifier included, int8. msf-CNN's figures come from its own model of memory: they leave out the input
image and ignore residual branches, so the column to hold them against is the arena of the streamed input. The first
table recomputes nothing. In the second, `--max-recompute` allows more: the arena, and in brackets the
multiply-accumulates that run, as a multiple of the network's, where they are more than 1.
"""
MODELS = """
## Benchmark models

TFLM is the arena of TensorFlow Lite Micro with CMSIS-NN on the same core, where it was measured; its interpreter and
resolver, 256 to 436 bytes, come on top.
"""


def layer_by_layer(prepared: Prepared) -> int:
    """Arena bytes of the plan that runs one operator after the other, each map in one piece."""
    plan = prepared.plan
    needs = needs_of(plan.graph, prepared.palette, plan.options, apart=False)
    works = needs.flow.works
    return placed(needs, range(1, len(works) + 1), [w.bands[0] for w in works], 0).bytes


def planned(path: Path) -> list[str]:
    """Cells: arena, bound and layer-by-layer arena, input resident, then streamed."""
    cells = []
    for source in INPUTS:
        prepared = prepare(path, load_board(BOARD), Options(input=source), fit=False)
        cells += [prepared.plan.peak, prepared.plan.lower_bound, layer_by_layer(prepared)]
        print(path.name, source, *cells[-3:], file=sys.stderr)
    return [f"{cell:,}" for cell in cells]


def recomputing(path: Path) -> list[str]:
    """Cells: the arena at every overhead of OURS, input resident, then streamed."""
    cells = []
    for source in INPUTS:
        for overhead in OURS:
            options = Options(input=source, max_recompute=float(overhead))
            plan = prepare(path, load_board(BOARD), options, fit=False).plan
            cells.append(f"{plan.peak:,}" + (f" ({plan.recompute:.3f})" if plan.recompute > 1 else ""))
            print(path.name, source, overhead, cells[-1], file=sys.stderr)
    return cells


def recompute_table(rows: Sequence[Sequence[str]]) -> str:
    """Markdown: a name and what `recomputing` says."""
    columns = [f"{source}: {overhead}" for source in INPUTS for overhead in OURS]
    lines = [["network", *columns], ["---", *["---:"] * len(columns)], *rows]
    return "\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def table(first: str, last: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Markdown: a name, what `planned` says, and more columns."""
    columns = [f"{source}: {what}" for source in INPUTS for what in ("arena", "bound", "layer by layer")]
    lines = [[first, *columns, *last], ["---", *["---:"] * (len(columns) + len(last))], *rows]
    return "\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def page(networks: Path, models: Path) -> str:
    """The whole of docs/results/memory.md."""
    theirs = [f"msf-CNN at {overhead}, kB" for overhead in OVERHEADS]
    compared = [[name, *planned(networks / f"{name}.tflite"), *figures] for name, figures in MSF_CNN.items()]
    paths = {name: model_path(name) for name in OUTPUT_CRCS} | {name: models / f"{name}_int8.tflite" for name in LARGE}
    arenas = {name: f"{arena:,}" for name, arena in TFLM_ARENAS.items()}
    ours = [[name, *planned(path), arenas.get(name, "not measured")] for name, path in paths.items()]
    more = [networks / f"{name}.tflite" for name in MSF_CNN] + [models / f"{name}_int8.tflite" for name in LARGE]
    recomputed = recompute_table([[path.stem, *recomputing(path)] for path in more])
    beside = NETWORKS + table("network", theirs, compared) + recomputed
    return HEAD + beside + MODELS + table("model", ["TFLM"], ours)


def main() -> None:
    if len(sys.argv) != 2 or not os.environ.get("EDGESDK_MODELS"):
        raise SystemExit(__doc__)
    PAGE.write_text(page(Path(sys.argv[1]), Path(os.environ["EDGESDK_MODELS"])))


if __name__ == "__main__":
    main()
