# SPDX-License-Identifier: Apache-2.0
"""Measures product-key memories on the emulated Cortex-M4 and records the numbers in docs/results/key_memory.md.

python tests/record_key_memory.py
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from edgesdk.model.graph import Graph
from edgesdk.model.tflite.product_key_memory import ProductKeyMemoryOptions
from edgesdk.ops.registry import find_operator
from memory_counts import BOARD, Counts, measured
from movement_graphs import completed
from single_node import tensor

RECORD = Path(__file__).parents[1] / "docs/results/key_memory.md"
KERNELS = ("edge_product_key_memory", "edge_dot", "edge_requantize", "insert", "find_", "weigh", "add_values")


@dataclass(frozen=True)
class Memory:
    """heads, elements of a query (both halves), keys of each half, slots read, elements of a value."""

    heads: int
    key_dim: int
    sub_keys: int
    neighbours: int
    units: int

    @property
    def slots(self) -> int:
        return self.sub_keys**2

    @property
    def key_bytes(self) -> int:
        """Of all keys, each read once a query."""
        return self.heads * self.sub_keys * self.key_dim

    @property
    def value_bytes(self) -> int:
        """Of the values that are read."""
        return self.heads * self.neighbours * self.units

    @property
    def macs(self) -> int:
        return self.key_bytes + self.value_bytes


MEMORIES = (
    Memory(1, 16, 16, 4, 32),
    Memory(1, 16, 32, 4, 64),
    Memory(1, 32, 32, 8, 64),
    Memory(2, 32, 32, 8, 64),
    Memory(2, 32, 64, 8, 64),
    Memory(2, 32, 128, 8, 64),
)
"""Those of the sizes that a microcontroller holds, and one memory with 1,024, 4,096 and 16,384 slots."""
HEAD = f"""# Product-key memories

Measured by `python tests/record_key_memory.py` on {BOARD} (Cortex-M4): one query, random keys and values. A query costs
heads * sub-keys * key elements multiply-accumulates for the scores and heads * slots read * value elements for the
sum, and reads as many bytes of keys and of values, whatever the number of slots (*should*). *loaded* are the bytes that
QEMU saw the kernel load from the two constants; a byte that is loaded twice counts twice. The linear layer that makes
the query is not part of it. A memory is: heads, key elements, sub-keys, slots read, value elements.

Four times the slots are twice the keys, so the work on keys doubles: the last three rows.

| memory | slots | flash | MACs | keys: should | loaded | values: should | loaded | instructions | arena |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
"""


def memory(m: Memory) -> Graph:
    """A memory whose scores differ enough that the softmax reads several slots."""
    rng = np.random.default_rng(0)
    source = tensor((1, m.heads * m.key_dim), scale=0.05, zero_point=3)
    keys = rng.integers(-127, 128, (m.heads, 2, m.sub_keys, m.key_dim // 2))
    values = rng.integers(-127, 128, (m.slots, m.units))
    operands = [source, tensor(keys.shape, scale=1e-4, data=keys), tensor(values.shape, scale=0.02, data=values)]
    target = tensor((1,), scale=0.03)
    return completed("edgesdk.ProductKeyMemory", operands, ProductKeyMemoryOptions(m.neighbours), target)


def counts(m: Memory) -> Counts:
    """What one query costs, held against the formulas."""
    graph = memory(m)
    (node,) = graph.nodes
    assert find_operator(node.op).macs(graph, node) == m.macs
    with tempfile.TemporaryDirectory() as directory:
        return measured(graph, Path(directory), KERNELS, ("_op0_keys", "_op0_values"))


def rows() -> list[str]:
    """The table's lines."""
    found = []
    for m in MEMORIES:
        c = counts(m)
        numbers = (
            m.slots,
            m.key_bytes + m.slots * m.units,
            m.macs,
            m.key_bytes,
            c.read[0],
            m.value_bytes,
            c.read[1],
            c.instructions,
            c.arena,
        )
        name = f"{m.heads}, {m.key_dim}, {m.sub_keys}, {m.neighbours}, {m.units}"
        found.append(f"| {name} | " + " | ".join(f"{n:,}" for n in numbers) + " |")
        print(found[-1], flush=True)
    return found


if __name__ == "__main__":
    RECORD.write_text(HEAD + "\n".join(rows()) + "\n")
