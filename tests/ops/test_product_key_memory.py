# SPDX-License-Identifier: Apache-2.0
"""edgesdk.ProductKeyMemory against a search of all slots in real numbers, and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from edgesdk.errors import MODEL_INVALID, MODEL_TYPE, OP_OPTIONS, ErrorKind
from edgesdk.model.graph import Array, DType, Graph, Quantization
from edgesdk.model.tflite.product_key_memory import ProductKeyMemoryOptions
from edgesdk.ops.check import check_graph
from edgesdk.ops.product_key_memory import OPERATOR, exponential_table
from edgesdk.ops.reference import run_reference
from memory_nodes import random_memory
from movement_checks import assert_refused
from single_node import random_input, single_node_graph, tensor


def memory(
    keys: Array, values: Array, neighbours: int = 2, *, scale: float = 0.01, shape: tuple[int, ...] = (1, 8)
) -> Graph:
    """Values in steps of 1, output alike."""
    return single_node_graph(
        "edgesdk.ProductKeyMemory",
        [tensor(shape, scale=scale), tensor(keys.shape, data=keys), tensor(values.shape, data=values)],
        [tensor((*shape[:-1], values.shape[1]))],
        ProductKeyMemoryOptions(neighbours),
    )


def run(graph: Graph, x: Array) -> Array:
    check_graph(graph)
    return run_reference(graph, [x])[graph.outputs[0]]


@pytest.mark.parametrize("seed", range(30))
def test_equals_a_search_of_all_slots(seed: int) -> None:
    """To what the table and shares of 1/256 round."""
    rng = np.random.default_rng(seed)
    graph = random_memory(rng)
    (node,) = graph.nodes
    source, keys, values, target = *(graph.tensor_in(node, k) for k in range(3)), graph.tensor_out(node)
    x = random_input(rng, source.shape)
    assert keys.data is not None
    assert values.data is not None
    sizes = OPERATOR.sizes(graph, node)
    q = (x.astype(float) - source.zero_point).reshape(-1, sizes.heads, 2, sizes.half)
    got = run(graph, x).reshape(len(q), -1).astype(float)
    for n in range(len(q)):
        exact = np.zeros(sizes.units)
        for head in range(sizes.heads):
            s1, s2 = (keys.data[head, k].astype(float) @ q[n, head, k] for k in (0, 1))
            scores = (s1[:, None] + s2[None, :]).reshape(-1)
            best = np.sort(-scores)[: node.options.neighbours]
            if len(scores) > node.options.neighbours and np.sum(scores == -best[-1]) > np.sum(best == best[-1]):
                break  # which of equal ones are read is a rule of its own
            slots = np.argsort(-scores, kind="stable")[: node.options.neighbours]
            w = np.exp((scores[slots] - scores[slots].max()) * source.scale * keys.scale)
            exact += (w / w.sum()) @ values.data[slots] * values.scale
        else:
            bound = 128 * values.scale * sizes.heads * (1 / 16 + node.options.neighbours / 256)
            limited = np.clip(exact / target.scale + target.zero_point, -128, 127)
            assert np.abs(got[n] - limited).max() <= bound / target.scale + 1


def test_reads_one_slot_exactly() -> None:
    keys = np.zeros((1, 2, 3, 4), np.int8)
    keys[0, 0, 2, 0] = keys[0, 1, 1, 0] = 100
    values = np.arange(18, dtype=np.int8).reshape(9, 2)
    x = np.array([[50, 0, 0, 0, 50, 0, 0, 0]], np.int8)
    assert run(memory(keys, values, 1), x).tolist() == [values[2 * 3 + 1].tolist()]
    assert run(memory(keys, values, 3), x).tolist() == [values[7].tolist()]  # the others are too far to weigh


def test_of_equal_scores_the_lowest_slots_are_read() -> None:
    values = np.arange(0, 64, 4, dtype=np.int8).reshape(16, 1)
    graph = memory(np.zeros((1, 2, 4, 4), np.int8), values, 2)
    assert run(graph, np.zeros((1, 8), np.int8)).item() == (int(values[0, 0]) + int(values[1, 0])) // 2


@pytest.mark.parametrize("seed", range(20))
def test_shares_sum_to_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    graph = random_memory(rng)
    scores = -np.sort(rng.integers(0, 10 ** rng.integers(1, 9), rng.integers(1, 40)))
    shares = OPERATOR.shares(graph, graph.nodes[0], scores)
    assert shares.sum() == 256
    assert (shares >= 0).all()
    assert (np.diff(shares) <= 0).all()


def test_the_table() -> None:
    table = exponential_table()
    assert table[0] == 65_535
    assert (np.diff(table.astype(int)) <= 0).all()
    assert table[255] == 0


KEYS, VALUES = np.zeros((1, 2, 3, 4), np.int8), np.zeros((9, 2), np.int8)


@pytest.mark.parametrize(
    ("graph", "kind"),
    [
        (memory(KEYS, VALUES[:8]), MODEL_INVALID),
        (memory(KEYS[:, :1], VALUES), MODEL_INVALID),
        (memory(KEYS[0], VALUES), MODEL_INVALID),
        (memory(KEYS, VALUES, shape=(1, 7)), MODEL_INVALID),
        (memory(KEYS, VALUES, 4), OP_OPTIONS),
        (memory(np.zeros((1, 2, 80, 4), np.int8), np.zeros((6400, 1), np.int8), 65), OP_OPTIONS),
    ],
)
def test_impossible_shapes(graph: Graph, kind: ErrorKind) -> None:
    assert_refused(graph, kind)


@pytest.mark.parametrize("which", [1, 2])
def test_constants_of_other_kinds(which: int) -> None:
    graph = memory(KEYS, VALUES)
    t = graph.nodes[0].inputs[which]
    for other, kind in (
        (replace(graph.tensors[t], data=None), OP_OPTIONS),
        (replace(graph.tensors[t], dtype=DType.INT16), MODEL_TYPE),
        (replace(graph.tensors[t], quantization=Quantization((1.0,), (3,))), MODEL_TYPE),
    ):
        assert_refused(replace(graph, tensors={**graph.tensors, t: other}), kind)
