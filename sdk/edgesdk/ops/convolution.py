# SPDX-License-Identifier: Apache-2.0
"""What CONV_2D, DEPTHWISE_CONV_2D and TRANSPOSE_CONV share: the geometry of a kernel over a map.

Source: TensorFlow Lite's padding rules (the odd padding element goes to the bottom and the right).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from edgesdk.errors import MODEL_INVALID, OP_OPTIONS, EdgeError
from edgesdk.model.graph import Array, Tensor
from edgesdk.ops.base import Geometry, Window
from edgesdk.ops.fixed_point import Int64
from edgesdk.ops.operands import LARGEST_AXIS


class ConvolutionOptions(Protocol):
    """What the options of CONV_2D and DEPTHWISE_CONV_2D have in common."""

    @property
    def padding(self) -> str: ...
    @property
    def stride_h(self) -> int: ...
    @property
    def stride_w(self) -> int: ...
    @property
    def dilation_h(self) -> int: ...
    @property
    def dilation_w(self) -> int: ...
    @property
    def pads(self) -> tuple[int, int, int, int] | None: ...


@dataclass(frozen=True)
class Axis:
    """One spatial axis: output o reads inputs o * stride - before + k * dilation, k in [0, kernel)."""

    inputs: int
    outputs: int
    kernel: int
    stride: int
    dilation: int
    before: int
    after: int

    @property
    def extent(self) -> int:
        """Input positions from the first tap to the last."""
        return (self.kernel - 1) * self.dilation + 1

    def taps(self) -> Iterator[slice]:
        """For each tap, the inputs it reads, as a slice of the axis padded by `before` and `after`."""
        for k in range(self.kernel):
            first = k * self.dilation
            yield slice(first, first + (self.outputs - 1) * self.stride + 1, self.stride)


def output_size(inputs: int, kernel: int, stride: int, dilation: int, padding: str) -> int:
    """Outputs along one axis under SAME or VALID; 0 or less where the kernel does not fit."""
    if padding == "SAME":
        return -(-inputs // stride)
    return (inputs - (kernel - 1) * dilation - 1) // stride + 1


def same_padding(inputs: int, outputs: int, kernel: int, stride: int, dilation: int) -> tuple[int, int]:
    """Padding before and after an axis under SAME."""
    total = max(0, (outputs - 1) * stride + (kernel - 1) * dilation + 1 - inputs)
    return total // 2, total - total // 2


def axis_of(inputs: int, kernel: int, stride: int, dilation: int, padding: str, pads: tuple[int, int] | None) -> Axis:
    """An axis of a convolution; `pads` (before, after), where given, replaces `padding`."""
    before, after = pads or (0, 0)
    if pads is None and padding == "SAME":
        outputs = output_size(inputs, kernel, stride, dilation, "SAME")
        before, after = same_padding(inputs, outputs, kernel, stride, dilation)
    else:
        outputs = output_size(inputs + before + after, kernel, stride, dilation, "VALID")
    return Axis(inputs, outputs, kernel, stride, dilation, before, after)


def convolution_axes(source: Tensor, kernel_h: int, kernel_w: int, options: ConvolutionOptions) -> tuple[Axis, Axis]:
    """The vertical and the horizontal axis of a convolution of an [N, H, W, C] tensor."""
    _, height, width, _ = source.shape
    rows, columns = (options.pads[:2], options.pads[2:]) if options.pads else (None, None)
    return (
        axis_of(height, kernel_h, options.stride_h, options.dilation_h, options.padding, rows),
        axis_of(width, kernel_w, options.stride_w, options.dilation_w, options.padding, columns),
    )


def check_axes(op: str, axes: tuple[Axis, Axis]) -> None:
    """Raise OP_OPTIONS where a number exceeds the firmware's tables, MODEL_INVALID where nothing is left."""
    for axis in axes:
        if max(axis.extent, axis.stride, axis.dilation, axis.before, axis.after, axis.outputs) > LARGEST_AXIS:
            raise EdgeError(OP_OPTIONS, f"{op} has a kernel, stride, dilation or padding above {LARGEST_AXIS}")
        if axis.outputs < 1:
            raise EdgeError(MODEL_INVALID, f"{op} has a kernel larger than its input")


def check_four_axes(op: str, source: Tensor) -> None:
    """Raise OP_OPTIONS unless the input is [N, H, W, C]."""
    if len(source.shape) != 4:
        raise EdgeError(OP_OPTIONS, f"{op} needs an input of four axes, not {len(source.shape)}")


def convolution_geometry(frames: int, vertical: Axis) -> Geometry:
    """Rows of a convolution whose input is at position 0; each frame has its own padding."""
    return Geometry(
        rows=frames * vertical.outputs,
        frame_rows=vertical.outputs,
        inputs={0: Window(vertical.stride, 1, -vertical.before, vertical.extent, vertical.inputs)},
        outputs=(Window(1, 1, 0, 1, vertical.outputs),),
    )


def padded_minus_zero_point(x: Array, zero_point: int, axes: tuple[Axis, Axis]) -> Int64:
    """[N, H, W, C] int8 as int64 less the zero point, with a frame of zeros as wide as the padding."""
    vertical, horizontal = axes
    centred = x.astype(np.int64) - zero_point
    return np.pad(centred, ((0, 0), (vertical.before, vertical.after), (horizontal.before, horizontal.after), (0, 0)))
