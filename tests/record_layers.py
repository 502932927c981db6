# SPDX-License-Identifier: Apache-2.0
"""Records the instructions per multiply-accumulate of the benchmark models' layers in docs/results/layers.md.

    python tests/record_layers.py [FOLDER]

FOLDER holds more models (docs/results/verify.md says which).
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmark_models import OUTPUT_CRCS, model_path
from edgesdk import __version__
from edgesdk.boards import load_board
from edgesdk.measure.prepare import prepare
from edgesdk.measure.profile import measure
from edgesdk.measure.target import open_device
from edgesdk.model.graph import Graph, Node
from edgesdk.model.plan import Options

BOARDS = ("mps2-an386", "mps3-an547")
COMMAND = "python tests/record_layers.py"
PAGE = Path(__file__).parents[1] / "docs/results/layers.md"
LEAST_MACS, LEAST_ELEMENTS = 100_000, 4_096
TARGETS = {  # of the two boards
    "1x1, 128 or more input channels": (0.80, 0.15),
    "1x1, 64 to 127 input channels": (0.87, 0.18),
    "1x1, 9 to 63 input channels": None,
    "1x1, 8 input channels": (1.9, 0.45),
    "3x3 stride 1, 16 or more input channels": (0.88, 0.19),
    "3x3 stride 2, 16 or more input channels": None,
    "depthwise 3x3 stride 1": (1.9, 0.62),
    "depthwise 3x3 stride 2": (2.8, 1.0),
    "depthwise 5x5 and 7x7": None,
    "first layer, 3 input channels": (1.3, 0.42),
    "first layer, 1 input channel": None,
    "fully connected, 128 or more inputs": (0.93, 0.15),
    "ADD, per element": (7.0, 2.4),
}
HEAD = f"""# Layer by layer

Made by `{COMMAND}` with edgesdk {__version__}: instructions per executed multiply-accumulate, requantization,
copies into patches and calls included, counted by QEMU with `--optimize speed`; of ADD, per element. Layers with at
least {LEAST_MACS:,} executed multiply-accumulates, or {LEAST_ELEMENTS:,} elements; each row gives the best and the
worst of its layers. kws01, vww01, ic01 and ad01 are in tests/models; MODELS
"""


@dataclass(frozen=True)
class Layer:
    """One layer of one model on one board."""

    model: str
    kind: str
    shape: str
    rate: float
    band: int


def kind_of(graph: Graph, node: Node) -> str | None:
    """The row that a layer belongs to; None where there is none."""
    if node.op == "ADD":
        return "ADD, per element"
    if node.op not in ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED"):
        return None
    depth, weights = graph.tensor_in(node, 0).shape[-1], graph.tensor_in(node, 1).shape
    if node.op == "FULLY_CONNECTED":
        return "fully connected, 128 or more inputs" if weights[1] >= 128 else None
    kernel, stride = weights[1:3], node.options.stride_w
    if node.op == "DEPTHWISE_CONV_2D":
        return f"depthwise 3x3 stride {stride}" if kernel == (3, 3) else "depthwise 5x5 and 7x7"
    if depth in (1, 3):
        return f"first layer, {depth} input channel{'s' * (depth > 1)}"
    if kernel == (1, 1):
        limits = ((128, "128 or more"), (64, "64 to 127"), (9, "9 to 63"), (8, "8"))
        return next((f"1x1, {words} input channels" for least, words in limits if depth >= least), None)
    return f"3x3 stride {stride}, 16 or more input channels" if kernel == (3, 3) and depth >= 16 else None


def layers_of(path: Path, board: str) -> Iterator[Layer]:
    prepared = prepare(path, load_board(board), Options(optimize="speed"))
    with open_device(prepared, None) as target:
        profile = measure(prepared, target, 1)
    graph = prepared.plan.graph
    for step, layer in zip(prepared.plan.steps, profile.layers, strict=True):
        node = graph.nodes[step.node]
        kind = kind_of(graph, node)
        work = graph.tensor_out(node).elements if node.op == "ADD" else layer.macs_executed
        if kind is None or work < (LEAST_ELEMENTS if node.op == "ADD" else LEAST_MACS):
            continue
        assert layer.instructions is not None
        sizes = ("x".join(map(str, graph.tensors[t].shape[1:])) for t in (node.inputs[0], node.outputs[0]))
        yield Layer(path.stem, kind, " to ".join(sizes), layer.instructions / work, step.band)


def page(found: Mapping[str, Sequence[Layer]], more: Sequence[str]) -> str:
    models = f"{' and '.join(more)} are TinyEngine's." if more else "no others were at hand."
    lines = [
        HEAD.replace("MODELS", models),
        "| layer | target M4 | M4 best | M4 worst | target M55 | M55 best | M55 worst |",
        "| --- | ---: | --- | --- | ---: | --- | --- |",
    ]
    for kind, targets in TARGETS.items():
        cells = [kind]
        for k, board in enumerate(BOARDS):
            rates = sorted((layer for layer in found[board] if layer.kind == kind), key=lambda layer: layer.rate)
            cells.append(f"{targets[k]:g}" if targets else "")
            cells += [f"**{x.rate:.3g}** {x.model} {x.shape}" for x in (rates[0], rates[-1])] if rates else ["", ""]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main(folder: str | None) -> None:
    paths = [model_path(name) for name in OUTPUT_CRCS]
    more = sorted(Path(folder).glob("mcunet*_int8.tflite")) if folder else []
    found: dict[str, list[Layer]] = defaultdict(list)
    for board in BOARDS:
        for path in (*paths, *more):
            found[board] += layers_of(path, board)
            print(board, path.stem, file=sys.stderr)
    PAGE.write_text(page(found, [p.stem.removesuffix("_int8") for p in more]))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
