# SPDX-License-Identifier: Apache-2.0
"""Copies whose source index is affine in the output index: TRANSPOSE and STRIDED_SLICE."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from edgesdk.model.graph import Array, Shape
from edgesdk.ops.base import Geometry, Window
from edgesdk.ops.operands import map_axis, map_shape


class Step(NamedTuple):
    """A distance in the input map, in rows, pixels and channels."""

    rows: int
    pixels: int
    channels: int


@dataclass(frozen=True)
class OutputAxis:
    """An axis of the output tensor: its index i is begin + i * stride on one axis of the input tensor."""

    length: int
    axis: int
    stride: int


@dataclass(frozen=True)
class Layout:
    """A copy by rows. Each index of the leading axes that stay as they are is a frame.

    Output row y of a frame (in mixed radix row_sizes), pixel x, channel c copies the input element at
    base + sum(digit_k(y) * row_steps[k]) + x * x_step + c * c_step.

    Args:
        frames: frames in all.
        in_rows: input rows of one frame.
        width, channels: the output's.
    """

    frames: int
    in_rows: int
    row_sizes: tuple[int, ...]
    row_steps: tuple[Step, ...]
    base: Step
    width: int
    x_step: Step
    channels: int
    c_step: Step

    @property
    def out_rows(self) -> int:
        return math.prod(self.row_sizes)


def layout(source: Shape, begin: Sequence[int], axes: Sequence[OutputAxis]) -> Layout:
    """The layout of a copy from index `begin` of a tensor of shape `source` into these output axes."""
    rank = len(source)
    shape = map_shape(source)
    row_count = len(shape) - 2

    def distance(axis: int, amount: int) -> Step:
        if axis < row_count:
            return Step(amount * math.prod(shape[axis + 1 : row_count]), 0, 0)
        return Step(0, amount, 0) if axis == row_count else Step(0, 0, amount)

    lengths = map_shape(tuple(a.length for a in axes))
    steps = [Step(0, 0, 0)] * len(lengths)
    whole = [False] * len(lengths)
    for position, a in enumerate(axes):
        at, axis = map_axis(position, len(axes)), map_axis(a.axis, rank)
        steps[at] = distance(axis, a.stride if a.length > 1 else 0)
        whole[at] = axis == at and a.length == shape[axis] and (a.length == 1 or a.stride == 1)

    # the last row axis stays inside the frame, so that a frame is worth a band
    last = min(row_count, len(lengths) - 2) - 1
    leading = next((k for k in range(last) if not whole[k]), last)
    frames = math.prod(shape[:leading])
    base = Step(*map(sum, zip(*(distance(map_axis(a, rank), b) for a, b in enumerate(begin)), strict=True)))
    return Layout(
        frames=frames,
        in_rows=math.prod(shape[leading:row_count]),
        row_sizes=lengths[leading:-2],
        row_steps=tuple(steps[leading:-2]),
        base=base,
        width=lengths[-2],
        x_step=steps[-2],
        channels=lengths[-1],
        c_step=steps[-1],
    )


def geometry(p: Layout) -> Geometry:
    """The rows that each output row reads: an affine window where there is one, else all of the frame's."""
    starts = np.zeros((1,), np.int64)
    for size, step in zip(p.row_sizes, p.row_steps, strict=True):
        starts = (starts[:, None] + step.rows * np.arange(size)).reshape(-1)
    num = int(starts[1]) if len(starts) > 1 else 0
    if np.array_equal(starts, num * np.arange(len(starts))):
        reach = [p.x_step.rows * (p.width - 1), p.c_step.rows * (p.channels - 1)]
        lowest = p.base.rows + sum(min(0, r) for r in reach)
        window = Window(num=num, den=1, offset=lowest, rows=1 + sum(map(abs, reach)), frame_rows=p.in_rows)
    else:
        window = Window(num=0, den=1, offset=0, rows=p.in_rows, frame_rows=p.in_rows)
    return Geometry(
        rows=p.frames * p.out_rows,
        frame_rows=p.out_rows,
        inputs={0: window},
        outputs=(Window(num=1, den=1, offset=0, rows=1, frame_rows=p.out_rows),),
    )


def copy(x: Array, begin: Sequence[int], axes: Sequence[OutputAxis]) -> Array:
    """The copy itself, on a tensor."""
    index: list[Array | int] = list(begin)
    for position, a in enumerate(axes):
        places = begin[a.axis] + a.stride * np.arange(a.length)
        index[a.axis] = places.reshape((-1,) + (1,) * (len(axes) - position - 1))
    return np.asarray(x[tuple(index)]).reshape(tuple(a.length for a in axes))
