# SPDX-License-Identifier: Apache-2.0
"""From the graph of a clip to the graph of the next few of its frames.

A clip is [1, N, W, C]; its rows are frames. A network in which no frame depends on a later one can take them as they
come, if the rows that its convolutions read above the first new one are kept: `Graph.history`. Rows before the clip's
first are the convolutions' padding, that is, rows of the zero point.
"""

from __future__ import annotations

from dataclasses import replace

from edgesdk.errors import PLAN_STREAM, EdgeError
from edgesdk.model.graph import Graph, Node, Shape, Tensor
from edgesdk.model.tflite.reshape import ReshapeOptions
from edgesdk.ops import find_operator
from edgesdk.ops.base import Geometry, Operator, Window
from edgesdk.text import printable


def frames_of(graph: Graph, frames: int) -> Graph:
    """The rewritten graph of a clip as the graph of `frames` frames: the same nodes and tensors, fewer rows.

    Raises:
        EdgeError: PLAN_STREAM where the inputs are no clip, its length is no multiple of `frames`, or a layer needs
            frames that have not come.
    """
    clip = _clip_length(graph, frames)
    tensors = dict(graph.tensors)
    for t in graph.inputs:
        tensors[t] = _shortened(graph.tensors[t], frames, clip, f"input {printable(graph.tensors[t].name)}")
    history: dict[int, int] = {}
    nodes = []
    for number, node in enumerate(graph.nodes):
        where = f"layer {number} ({node.op})"
        operator = find_operator(node.op)
        try:
            _check_order(graph, node, operator, frames, clip, where)
            for t in node.outputs:
                tensors[t] = _shortened(graph.tensors[t], frames, clip, where)
        except EdgeError:
            _refuse_convolution(graph, node, operator, where)
            raise
        if operator.view:
            shape = tensors[node.outputs[0]].shape
            node = replace(node, op="RESHAPE", inputs=node.inputs[:1], options=ReshapeOptions(shape))
        nodes.append(node)
        short = graph.with_nodes(tuple(nodes), tensors=tensors)
        _check_shapes(short, node, operator, where)
        geometry = operator.geometry(short, node)
        for k, window in geometry.inputs.items():
            t = node.inputs[k]
            above = -min(0, _first(window, geometry, 0))
            if above > 0:
                history[t] = max(history.get(t, 0), above)
    _check_paddings(graph, history)
    return graph.with_nodes(tuple(nodes), tensors=tensors, history=history)


def _clip_length(graph: Graph, frames: int) -> int:
    """Frames of the clip."""
    lengths = set()
    for t in graph.inputs:
        shape = graph.tensors[t].shape
        if len(shape) != 4 or shape[0] != 1:
            raise EdgeError(
                PLAN_STREAM,
                f"an input of shape {list(shape)} is no clip: frames are the second axis of [1, N, W, C]",
                where=printable(graph.tensors[t].name),
                tries=("convert the model with time as the second of four axes",),
            )
        lengths.add(shape[1])
    if len(lengths) != 1:
        raise EdgeError(PLAN_STREAM, f"the inputs are clips of different lengths: {sorted(lengths)}")
    clip = lengths.pop()
    if clip % frames:
        fitting = [str(n) for n in range(1, clip + 1) if clip % n == 0]
        raise EdgeError(
            PLAN_STREAM,
            f"a clip of {clip} frames cannot be cut into calls of {frames}",
            tries=(f"choose one of {', '.join(fitting)}",),
        )
    return clip


def _shortened(tensor: Tensor, frames: int, clip: int, where: str) -> Tensor:
    """The tensor with as many rows as `frames` frames make; time is its first axis that is longer than 1."""
    shape, rows = tensor.shape, tensor.rows_shape[0]
    axis = next((a for a, n in enumerate(shape) if n > 1), len(shape) - 1)
    length = shape[axis] * frames
    found: Shape = (*shape[:axis], length // clip, *shape[axis + 1 :])
    short = replace(tensor, shape=found)
    if length % clip or short.rows_shape[0] * clip != rows * frames or short.rows_shape[1:] != tensor.rows_shape[1:]:
        raise EdgeError(
            PLAN_STREAM,
            f"{frames} of {clip} frames make no whole rows of {list(shape)}",
            where=where,
            tries=(
                "give more frames per call: as many as all strides over time multiply to, or a multiple",
                "keep time the first axis longer than 1, outside width and channels",
            ),
        )
    return short


def _first(window: Window, geometry: Geometry, row: int) -> int:
    """The first row of a map that an operator row reads, padding above included."""
    frame, y = divmod(row, geometry.frame_rows)
    return frame * window.frame_rows + (y * window.num + window.offset) // window.den


def _check_order(graph: Graph, node: Node, operator: Operator, frames: int, clip: int, where: str) -> None:
    """Raise PLAN_STREAM unless every call's rows need its own frames and earlier ones only, in every call the same."""
    geometry = operator.geometry(graph, node)
    step, left = divmod(geometry.rows * frames, clip)
    if left:
        raise _mixing(where)
    ports = [(node.inputs[k], w) for k, w in geometry.inputs.items()] + list(
        zip(node.outputs, geometry.outputs, strict=True)
    )
    for t, window in ports:
        tensor = graph.tensors[t]
        rows = tensor.rows_shape[0]
        height = window.frame_rows or rows
        shift = 0 if tensor.constant else rows * frames // clip
        last = rows if tensor.constant else shift
        for row in range(geometry.rows):
            first = _first(window, geometry, row)
            if row >= step:
                if first != _first(window, geometry, row - step) + shift:
                    raise _mixing(where)
                continue
            y = first - row // geometry.frame_rows * window.frame_rows
            inside = y + window.rows <= height and (y >= 0 or geometry.rows == geometry.frame_rows)
            if first + window.rows > last or not inside or (y < 0 and not operator.zero_point_rows):
                raise _mixing(where)


def _mixing(where: str) -> EdgeError:
    return EdgeError(
        PLAN_STREAM,
        "the layer needs frames that have not come, or does not treat all frames alike",
        where=where,
        tries=(
            "pool over time in windows as long as their stride, and reduce and reshape inside a frame only",
            "pad with the zero point directly before a VALID convolution: other paddings over time stay layers",
        ),
    )


def _refuse_convolution(graph: Graph, node: Node, operator: Operator, where: str) -> None:
    """What a convolution over time lacks, in its own words; nothing where it is none or is causal."""
    if not operator.zero_point_rows:
        return
    geometry = operator.geometry(graph, node)
    window = geometry.inputs[0]
    below = window.offset + window.rows - window.num
    if below > 0:
        raise EdgeError(
            PLAN_STREAM,
            f"a convolution of {window.rows} rows is not causal: it reads {below} below the newest",
            where=where,
            tries=(f"pad {window.rows - 1} rows above and none below, and make the convolution VALID",),
        )


def _check_shapes(graph: Graph, node: Node, operator: Operator, where: str) -> None:
    """Raise PLAN_STREAM unless the node makes the shortened outputs of the shortened inputs."""
    try:
        shapes = operator.output_shapes(graph, node)
    except EdgeError:
        raise _mixing(where) from None
    if shapes != tuple(graph.tensors[t].shape for t in node.outputs):
        raise _mixing(where)


def _check_paddings(graph: Graph, history: dict[int, int]) -> None:
    """Raise PLAN_STREAM where two names of the same bytes stand for different paddings."""
    points: dict[int, int] = {}
    for t in history:
        root = t
        while root in graph.producer and find_operator(graph.nodes[graph.producer[root]].op).view:
            root = graph.nodes[graph.producer[root]].inputs[0]
        zero_point = graph.tensors[t].zero_point
        if points.setdefault(root, zero_point) != zero_point:
            raise EdgeError(
                PLAN_STREAM,
                "two convolutions pad the same rows with different zero points",
                where=f"tensor {t} ({printable(graph.tensors[t].name)})",
            )
