# SPDX-License-Identifier: Apache-2.0
"""Rewritings that may lower the peak: channel blocks, squeeze-excite in two passes, strips."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from edgesdk.model.graph import Graph
from edgesdk.ops import find_operator
from edgesdk.rewrite.blocks import block_chain, blocks
from edgesdk.rewrite.strips import strip_macs, strip_spans, strips
from edgesdk.rewrite.twice import pooled_chain, twice

BLOCKS = (2, 4, 8, 16)
STRIPS = (2, 3, 4, 6)
LONGEST_STRIP = 60  # nodes

Span = tuple[int, int]
"""Nodes [first, last)."""


@dataclass(frozen=True)
class Move:
    """A rewriting of nodes [first, last) of a graph.

    Args:
        macs: multiply-accumulates that it adds.
        words: what it does, for people.
    """

    first: int
    last: int
    macs: int
    words: str
    apply: Callable[[Graph], Graph | None]
    in_strips: bool = False


def total_macs(graph: Graph) -> int:
    """Multiply-accumulates of all nodes."""
    return sum(find_operator(n.op).macs(graph, n) for n in graph.nodes)


class Moves:
    """The moves of a graph, by the segments that they touch.

    Args:
        spans: nodes of each segment.
        costs: bytes at the worst call of each.
        budget: multiply-accumulates that a move may add.
        repeated: whether the input can be read again.
    """

    def __init__(
        self, graph: Graph, spans: Sequence[Span], costs: Sequence[int], budget: int, *, repeated: bool
    ) -> None:
        self.graph = graph
        self.spans = spans
        self.costs = costs
        self.budget = budget
        self.repeated = repeated
        self._found: dict[int, list[Move]] = {}
        self._everywhere = [*self._blocks(), *self._twice()]

    def of_segment(self, k: int) -> list[Move]:
        """The moves that touch a segment, cheapest first."""
        if k not in self._found:
            found = [move for move in self._everywhere if meet((move.first, move.last), self.spans[k])]
            self._found[k] = sorted([*found, *self._strips(k)], key=lambda m: m.macs)
        return self._found[k]

    def _blocks(self) -> Iterator[Move]:
        graph = self.graph
        for i in range(len(graph.nodes)):
            chain = block_chain(graph, i)
            if chain is None:
                continue
            channels = graph.tensor_out(graph.nodes[i]).shape[-1]
            for count in BLOCKS:
                if 4 * count <= channels:
                    words = f"{self._layers(i, chain[-1] + 1)} run in {count} blocks of channels"
                    yield Move(i, chain[-1] + 1, 0, words, partial(blocks, convolution=i, count=count))

    def _twice(self) -> Iterator[Move]:
        graph = self.graph
        for p in range(len(graph.nodes)):
            chain = pooled_chain(graph, p)
            macs = 0
            for length in range(1, len(chain) + 1):
                node = graph.nodes[chain[-length]]
                macs += find_operator(node.op).macs(graph, node)
                later = min(i for i in graph.consumers[graph.nodes[p].inputs[0]] if i != p)
                if macs > self.budget:
                    continue
                words = f"{self._layers(chain[-length], chain[-1] + 1)} run twice, first for the pooling alone"
                yield Move(chain[-length], later + 1, macs, words, partial(twice, pooling=p, length=length))

    def _strips(self, k: int) -> Iterator[Move]:
        graph, (low, high) = self.graph, self.spans[k]
        if self.budget <= 0:
            return
        run = [find_operator(n.op).macs(graph, n) for n in graph.nodes]
        before = {a for a, _ in self.spans[max(0, k - 6) : k + 1]} | set(range(low, high))
        for first in sorted(before):
            least = self.costs[k]
            for last in range(max(first, low) + 2, min(len(graph.nodes), first + LONGEST_STRIP) + 1):
                around = self._around(first, last)
                if around >= least:
                    continue
                least = around  # a longer run holds more rows and computes more twice
                for count in STRIPS:
                    plan = strip_spans(graph, first, last, count)
                    if plan is None:
                        break
                    macs = strip_macs(graph, first, last, plan) - sum(run[first:last])
                    if macs > self.budget:
                        break
                    words = f"{self._layers(first, last)} run in {count} strips of columns"
                    yield Move(
                        first,
                        last,
                        macs,
                        words,
                        partial(strips, first=first, last=last, count=count, repeated=self.repeated),
                        True,
                    )

    def _around(self, first: int, last: int) -> int:
        """Bytes of the maps that the strips of a run read, or make for others: they must be whole."""
        graph = self.graph
        made = {t for n in graph.nodes[first:last] for t in n.outputs}
        read = {t for n in graph.nodes[first:last] for t in n.inputs if t >= 0 and not graph.tensors[t].constant}
        read -= set(graph.inputs) if self.repeated else set()
        left = {t for t in made if t in graph.outputs or any(i >= last for i in graph.consumers.get(t, ()))}
        return sum(graph.tensors[t].bytes for t in left | (read - made))

    def _layers(self, first: int, last: int) -> str:
        """The model's operators, by their indices in the file."""
        ops = sorted(i for n in self.graph.nodes[first:last] for i in n.tflite_ops)
        return f"operators {ops[0]}-{ops[-1]}" if ops else "operators"


def meet(a: Span, b: Span) -> bool:
    """Whether two spans have a node in common."""
    return a[0] < b[1] and b[0] < a[1]
