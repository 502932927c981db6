# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgesdk.errors import MODEL_INVALID, EdgeError
from edgesdk.model.graph import Shape
from edgesdk.ops.broadcast import Steps, broadcast_geometry, broadcast_shape, operand_steps
from elementwise import broadcast, operands
from single_node import single_node_graph, tensor


@given(st.lists(st.integers(1, 3), max_size=5), st.lists(st.integers(1, 3), max_size=5))
def test_shapes_broadcast_as_in_numpy(a: list[int], b: list[int]) -> None:
    try:
        want = broadcast(tuple(a), tuple(b))
    except ValueError:
        with pytest.raises(EdgeError) as caught:
            broadcast_shape(tuple(a), tuple(b))
        assert caught.value.kind is MODEL_INVALID
    else:
        assert broadcast_shape(tuple(a), tuple(b)) == want


def rows_read(a: Shape, b: Shape) -> list[list[int]]:
    """For either operand, the row that each output row reads, by the geometry."""
    tensors = [tensor(s, data=np.zeros(s)) for s in (a, b)]
    graph = single_node_graph("ADD", tensors, [tensor(broadcast(a, b))])
    geometry = broadcast_geometry(graph, graph.nodes[0])
    found = []
    for k in (0, 1):
        window = geometry.inputs[k]
        rows = (divmod(y, geometry.frame_rows) for y in range(geometry.rows))
        found.append([frame * window.frame_rows + y * window.num for frame, y in rows])
    return found


@given(st.data())
def test_rows_are_those_that_numpy_reads(data: st.DataObject) -> None:
    """Row numbers, broadcast by numpy, arrive where the geometry says."""
    a, b = operands(data.draw)
    output = broadcast(a, b)
    leading = len(output) - 2 if len(output) > 2 else max(len(output) - 1, 0)
    try:
        read = rows_read(a, b)
    except EdgeError:
        return
    for shape, rows in zip((a, b), read, strict=True):
        padded = (1,) * (len(output) - len(shape)) + shape
        axes = padded[:leading]
        numbers = np.arange(int(np.prod(axes))).reshape(axes)
        np.testing.assert_array_equal(rows, np.broadcast_to(numbers, output[:leading]).reshape(-1))


@pytest.mark.parametrize(
    ("a", "b", "rows"),
    [
        ((2, 3, 4, 5), (2, 1, 1, 5), [0, 0, 0, 1, 1, 1]),
        ((2, 3, 4, 5), (1, 3, 1, 1), [0, 1, 2, 0, 1, 2]),
        ((2, 3, 4, 5), (1, 1, 4, 1), [0, 0, 0, 0, 0, 0]),
        ((2, 3, 4, 5), (5,), [0, 0, 0, 0, 0, 0]),
        ((3, 4), (4,), [0, 0, 0]),
        ((3, 4), (3, 1), [0, 1, 2]),
    ],
)
def test_frames_and_broadcast_rows(a: Shape, b: Shape, rows: list[int]) -> None:
    assert rows_read(a, b) == [list(range(len(rows))), rows]


@pytest.mark.parametrize(
    ("a", "b", "steps"),
    [
        ((1, 3, 4, 5), (1, 3, 4, 5), Steps(True, True, True)),
        ((1, 3, 4, 5), (1, 1, 4, 1), Steps(False, True, False)),
        ((1, 3, 4, 5), (4, 5), Steps(False, True, True)),
        ((1, 3, 4, 5), (), Steps(False, False, False)),
        ((3, 5), (5,), Steps(False, False, True)),
    ],
)
def test_steps(a: Shape, b: Shape, steps: Steps) -> None:
    tensors = [tensor(s, data=np.zeros(s)) for s in (a, b)]
    graph = single_node_graph("ADD", tensors, [tensor(broadcast(a, b))])
    assert operand_steps(graph, graph.nodes[0], 1) == steps
