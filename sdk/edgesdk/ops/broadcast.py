# SPDX-License-Identifier: Apache-2.0
"""Broadcasting of element-wise operands, row by row.

Shapes are right-aligned and axes of length 1 repeated, as numpy does. A kernel makes one output row at a
time, so an operand must offer one row of its own for each: the same one within a frame, or the next one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from edgesdk.errors import MODEL_INVALID, OP_OPTIONS, EdgeError
from edgesdk.model.graph import Graph, Node, Shape
from edgesdk.ops.base import Geometry, Window


@dataclass(frozen=True)
class Steps:
    """Whether an operand moves on with the output's next row of a band, next pixel and next channel."""

    row: bool
    pixel: bool
    channel: bool


def broadcast_shape(a: Shape, b: Shape) -> Shape:
    """The common shape of two operands.

    Raises:
        EdgeError: MODEL_INVALID where there is none.
    """
    rank = max(len(a), len(b))
    pairs = list(zip(_padded(a, rank), _padded(b, rank), strict=True))
    if any(m != n and 1 not in (m, n) for m, n in pairs):
        raise EdgeError(MODEL_INVALID, f"shapes {list(a)} and {list(b)} do not broadcast")
    return tuple(n if m == 1 else m for m, n in pairs)


def broadcast_geometry(graph: Graph, node: Node) -> Geometry:
    """The rows that inputs 0 and 1 give to each output row.

    Raises:
        EdgeError: OP_OPTIONS where one affine row map per operand cannot say it.
    """
    shapes = {k: graph.tensor_in(node, k).shape for k in (0, 1)}
    output = broadcast_shape(shapes[0], shapes[1])
    rank = len(output)
    for k, shape in shapes.items():
        # A [W, C] tensor is a map of W rows. Under [..., W, C] those rows are the pixels of one row; they are
        # a row in memory only where the whole tensor is surely contiguous, as constants are.
        if rank > 2 and len(shape) == 2 and shape[0] > 1 and not graph.tensor_in(node, k).constant:
            raise _inexpressible(node, shapes, "an operand of rank 2 that is not constant")
    axes = _row_axes(output, rank)
    operands = {k: _row_axes(_padded(shape, rank), rank) for k, shape in shapes.items()}
    split = next((s for s in range(len(axes) + 1) if all(_splits(o, axes, s) for o in operands.values())), None)
    if split is None:
        raise _inexpressible(node, shapes, "leading axes broadcast in more than one block")
    frames, frame_rows = math.prod(axes[:split]), math.prod(axes[split:])
    return Geometry(
        rows=frames * frame_rows,
        frame_rows=frame_rows,
        inputs={k: _window(o, axes, split) for k, o in operands.items()},
        outputs=(Window(num=1, den=1, offset=0, rows=1, frame_rows=frame_rows),),
    )


def operand_steps(graph: Graph, node: Node, k: int) -> Steps:
    """How operand k (0 or 1) of a checked node moves."""
    a, b = (graph.tensor_in(node, i).shape for i in (0, 1))
    output = broadcast_shape(a, b)
    rank = len(output)
    shape = _padded((a, b)[k], rank)
    return Steps(
        row=broadcast_geometry(graph, node).inputs[k].num == 1,
        pixel=rank > 2 and shape[-2] == output[-2],
        channel=rank > 0 and shape[-1] == output[-1],
    )


def _padded(shape: Shape, rank: int) -> Shape:
    return (1,) * (rank - len(shape)) + shape


def _row_axes(shape: Shape, rank: int) -> Shape:
    """The axes that make up the rows of a map (Tensor.rows_shape) whose rank is that of the output."""
    return shape[:-2] if rank > 2 else shape[:-1]


def _splits(operand: Shape, axes: Shape, split: int) -> bool:
    """Whether the operand is whole or repeated on the axes before `split`, and on those from it on."""
    return all(
        part == whole or set(part) == {1}
        for part, whole in ((operand[:split], axes[:split]), (operand[split:], axes[split:]))
    )


def _window(operand: Shape, axes: Shape, split: int) -> Window:
    by_row = operand[split:] == axes[split:]
    by_frame = split > 0 and operand[:split] == axes[:split]
    frame_rows = math.prod(operand[split:]) if by_frame or (by_row and split == 0) else 0
    return Window(num=int(by_row), den=1, offset=0, rows=1, frame_rows=frame_rows)


def _inexpressible(node: Node, shapes: Mapping[int, Shape], why: str) -> EdgeError:
    return EdgeError(
        OP_OPTIONS,
        f"{node.op} of shapes {list(shapes[0])} and {list(shapes[1])} cannot run row by row",
        why=why,
        tries=("give both operands the same rank and shape",),
    )
