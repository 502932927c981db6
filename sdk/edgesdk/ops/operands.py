# SPDX-License-Identifier: Apache-2.0
"""What checks of pooling, reduction and data movement share: operands, constant operands, axes and shapes."""

from __future__ import annotations

from collections.abc import Sequence

from edgesdk.errors import MODEL_INVALID, MODEL_TYPE, OP_OPTIONS, EdgeError
from edgesdk.model.graph import DType, Graph, Node, Shape, Tensor

LARGEST_AXIS = 32767
"""Largest axis length, stride or window: the firmware's tables hold these numbers in int16."""


def check_arity(node: Node, inputs: Sequence[int], outputs: int = 1) -> None:
    """Raise MODEL_INVALID unless the node has one of these numbers of inputs, none omitted, and outputs."""
    if len(node.inputs) not in inputs or min(node.inputs, default=-1) < 0 or len(node.outputs) != outputs:
        wanted = " or ".join(str(n) for n in inputs)
        raise EdgeError(
            MODEL_INVALID,
            f"{node.op} needs {wanted} inputs and {outputs} outputs",
            why=f"it has {len(node.inputs)} and {len(node.outputs)}",
        )


def check_int8(op: str, tensors: Sequence[Tensor]) -> None:
    """Raise MODEL_TYPE unless all are int8 with one scale, MODEL_INVALID where one is empty."""
    for tensor in tensors:
        quantization = tensor.quantization
        if tensor.dtype is not DType.INT8 or quantization is None or quantization.per_channel:
            raise EdgeError(MODEL_TYPE, f"{op} needs int8 tensors with one scale")
        if tensor.elements == 0:
            raise EdgeError(MODEL_INVALID, f"{op} has a tensor without elements")
        if max(tensor.rows_shape) > LARGEST_AXIS:
            raise EdgeError(OP_OPTIONS, f"{op} has a tensor of shape {list(tensor.shape)}: an axis is too long")


def constant_integers(graph: Graph, node: Node, k: int, what: str) -> tuple[int, ...]:
    """The k-th input, which must be a constant int32 tensor, as a flat tuple.

    Raises:
        EdgeError: OP_OPTIONS where the model computes it, MODEL_TYPE where it holds something else.
    """
    tensor = graph.tensor_in(node, k)
    if tensor.data is None:
        raise EdgeError(OP_OPTIONS, f"the {what} of {node.op} is not a constant")
    if tensor.dtype is not DType.INT32:
        raise EdgeError(MODEL_TYPE, f"the {what} of {node.op} is {tensor.dtype.value}, not int32")
    return tuple(int(v) for v in tensor.data.reshape(-1))


def resolve_axis(op: str, axis: int, rank: int) -> int:
    """An axis counted from the front.

    Raises:
        EdgeError: MODEL_INVALID where the tensor has no such axis.
    """
    if not -rank <= axis < rank:
        raise EdgeError(MODEL_INVALID, f"{op} has axis {axis} on a tensor of {rank} axes")
    return axis % rank


def check_shapes(graph: Graph, node: Node, shapes: Sequence[Shape]) -> None:
    """Raise MODEL_INVALID unless the file's output shapes are these."""
    for k, shape in enumerate(shapes):
        given = graph.tensor_out(node, k).shape
        if given != shape:
            raise EdgeError(MODEL_INVALID, f"{node.op} makes the shape {list(shape)} but the file says {list(given)}")


def map_shape(shape: Shape) -> Shape:
    """The shape with at least three axes, the last two the map's width and channels (Tensor.rows_shape)."""
    if len(shape) >= 3:
        return shape
    return (shape[0], 1, shape[1]) if len(shape) == 2 else (1, 1, *(shape or (1,)))


def map_axis(axis: int, rank: int) -> int:
    """Where an axis of a tensor lies in its `map_shape`."""
    if rank >= 3:
        return axis
    return 2 * axis if rank == 2 else 2
