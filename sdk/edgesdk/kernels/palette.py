# SPDX-License-Identifier: Apache-2.0
"""The kernels that a core runs, and the choice among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from edgesdk.errors import OP_UNSUPPORTED, EdgeError
from edgesdk.kernels.base import Kernel
from edgesdk.kernels.costs import CostTable, cost_table
from edgesdk.kernels.registry import kernels
from edgesdk.kernels.terms import terms_of
from edgesdk.model.graph import Graph, Node
from edgesdk.ops import find_operator

ENOUGH = 1.02  # times the fewest instructions: what is within it counts as fast


@dataclass(frozen=True)
class Estimate:
    """Instructions by a table, and its error as a share."""

    instructions: float
    error: float

    @property
    def least(self) -> float:
        """What it may be, if the table says too much."""
        return self.instructions * (1 - self.error)

    @property
    def most(self) -> float:
        """What it may be, if the table says too little."""
        return self.instructions * (1 + self.error)


@dataclass(frozen=True)
class Palette:
    """What a planner chooses from.

    Args:
        kernels: the preferred ones first.
        costs: what they cost on the core; None: the order alone decides.
    """

    kernels: tuple[Kernel, ...]
    costs: CostTable | None = None

    def able(self, graph: Graph, node: Node) -> list[Kernel]:
        """The kernels that compute this node, the preferred ones first; where any has an epilogue those alone, since
        the map between is then never stored."""
        able = [kernel for kernel in self.kernels if node.op in kernel.ops and kernel.accepts(graph, node)]
        return [kernel for kernel in able if kernel.fuses(graph, node) is not None] or able

    def cost(self, graph: Graph, node: Node, kernel: Kernel, band: int) -> Estimate | None:
        """What the node takes in calls of `band` rows, by the table; None where it knows nothing of the kernel."""
        found = None if self.costs is None else self.costs.kernels.get(kernel.symbol)
        return None if found is None else Estimate(found.instructions.of(terms_of(graph, node, band)), found.error)

    def favourite(self, graph: Graph, node: Node, kernel: Kernel) -> int:
        """The band to run fastest with: of those about as fast as the fastest the narrowest, which needs least RAM;
        without a table the one that the kernel names first."""
        bands = bands_of(graph, node, kernel)
        costs = {band: self.cost(graph, node, kernel, band) for band in bands}
        known = {band: cost.instructions for band, cost in costs.items() if cost is not None}
        if len(known) < len(bands):
            return bands[0]
        enough = ENOUGH * min(known.values())
        return min(band for band, instructions in known.items() if instructions <= enough)


def bands_of(graph: Graph, node: Node, kernel: Kernel) -> tuple[int, ...]:
    """The kernel's bands in rows, in its order, none twice and none longer than a frame."""
    frame = find_operator(node.op).geometry(graph, node).frame_rows
    return tuple(dict.fromkeys(min(band or frame, frame) for band in kernel.bands(graph, node)))


def palette_of(*families: str, core: str | None = None) -> Palette:
    """The kernels of these families, best first, with what they cost on a core if that was measured."""
    return Palette(
        tuple(kernel for family in families for kernel in kernels() if kernel.family == family),
        None if core is None else cost_table(core),
    )


def choose_kernel(graph: Graph, node: Node, palette: Palette) -> Kernel:
    """The preferred kernel that computes the node, or one that is cheaper by more than the table may be wrong.

    Raises:
        EdgeError: OP_UNSUPPORTED where none does.
    """
    able = palette.able(graph, node)
    if able:
        return _cheapest(graph, node, palette, able) if len(able) > 1 and palette.costs is not None else able[0]
    shapes = [list(graph.tensor_out(node, k).shape) for k in range(len(node.outputs))]
    types = [graph.tensors[t].dtype.value for t in node.inputs if t >= 0]
    raise EdgeError(
        OP_UNSUPPORTED,
        f"no kernel runs this {node.op}",
        where=f"layer {node.tflite_ops[0] if node.tflite_ops else '?'}, output shape {shapes}",
        why=f"its input types are {', '.join(types)}",
    )


def _cheapest(graph: Graph, node: Node, palette: Palette, able: Sequence[Kernel]) -> Kernel:
    best, least = able[0], palette.cost(graph, node, able[0], palette.favourite(graph, node, able[0]))
    for kernel in able[1:] if least is not None else ():
        cost = palette.cost(graph, node, kernel, palette.favourite(graph, node, kernel))
        if cost is not None and least is not None and cost.most < least.least:
            best, least = kernel, cost
    return best
