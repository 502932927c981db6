# SPDX-License-Identifier: Apache-2.0
"""What every operator can say about itself, before any kernel is chosen."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from edgesdk.model.graph import Array, Graph, Node, Shape


@dataclass(frozen=True)
class Window:
    """Which rows of one map belong to the operator rows [y, y+n) of a frame.

    first = floor((y * num + offset) / den), last = floor(((y + n - 1) * num + offset) / den) + rows - 1,
    counted from the frame's first row. Rows outside [0, frame_rows) are padding (or not the map's business,
    as in a concatenation along rows). A frame is one index of the leading axis.

    Args:
        num, den, offset: the affine row map above.
        rows: rows that one operator row touches.
        frame_rows: the map's rows in one frame; 0 for a map that every frame reads from its first row
            (a broadcast operand).
    """

    num: int
    den: int
    offset: int
    rows: int
    frame_rows: int


@dataclass(frozen=True)
class Geometry:
    """The rows an operator runs over and the windows it reads and writes.

    Args:
        rows: operator rows in all, over all frames; usually the output's rows, the input's for reductions and splits.
        frame_rows: operator rows in one frame (rows is a multiple of it); a band never crosses a frame.
        inputs: window by input position; only the positions the kernel reads as rows.
        outputs: one window per output.
    """

    rows: int
    frame_rows: int
    inputs: Mapping[int, Window]
    outputs: tuple[Window, ...]


@dataclass(frozen=True)
class Part:
    """Tensor `part` is the rectangle of tensor `whole` that begins at this row, column and channel of its map."""

    part: int
    whole: int
    row: int
    column: int
    channel: int


class Operator(ABC):
    """One TFLite operator: checks, shapes, exact integer reference, rows needed, work.

    Subclasses are stateless; each module of `edgesdk.ops` that defines one binds an instance to `OPERATOR`.
    """

    name: ClassVar[str]
    """TFLite's name, such as "CONV_2D"."""

    view: ClassVar[bool] = False
    """True where the output is the input's bytes under another shape (RESHAPE): nothing runs."""

    zero_point_rows: ClassVar[bool] = False
    """True where the kernels read rows outside the input's frame as rows of its zero point (convolutions)."""

    @abstractmethod
    def check(self, graph: Graph, node: Node) -> None:
        """Raise EdgeError (OP_OPTIONS, OP_UNSUPPORTED, MODEL_TYPE, MODEL_INVALID) where the node is not supported.

        After it returns, every other method of the class may rely on what it checked; output shapes in the
        file equal `output_shapes`.
        """

    @abstractmethod
    def output_shapes(self, graph: Graph, node: Node) -> tuple[Shape, ...]:
        """The outputs' shapes, from the inputs' shapes and the options."""

    @abstractmethod
    def reference(self, graph: Graph, node: Node, inputs: Sequence[Array | None]) -> tuple[Array, ...]:
        """The outputs for these inputs (node.inputs order; constants included, None where omitted), exactly as the
        TFLite Micro reference kernels compute them, int32 sums wrapping modulo 2^32."""

    @abstractmethod
    def geometry(self, graph: Graph, node: Node) -> Geometry:
        """The operator's rows and what each touches."""

    def parts(self, graph: Graph, node: Node) -> tuple[Part, ...]:
        """What it does, where that is only to name rectangles of one tensor by other tensors; else nothing."""
        return ()

    def macs(self, graph: Graph, node: Node) -> int:
        """Multiply-accumulates of the node; 0 for operators that do none."""
        return 0


def plain_rows(graph: Graph, node: Node, positions: Sequence[int]) -> Geometry:
    """The geometry of an operator that makes output row y from row y of each listed input (no broadcast)."""
    rows, _, _ = graph.tensor_out(node).rows_shape
    one = Window(num=1, den=1, offset=0, rows=1, frame_rows=rows)
    return Geometry(rows=rows, frame_rows=rows, inputs=dict.fromkeys(positions, one), outputs=(one,))
