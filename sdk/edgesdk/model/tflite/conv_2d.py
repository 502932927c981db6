# SPDX-License-Identifier: Apache-2.0
"""Options of CONV_2D."""

from __future__ import annotations

from dataclasses import dataclass

import flatbuffers

from edgesdk.model.tflite.codec import Codec
from edgesdk.model.tflite.enums import activation_code, activation_name, padding_code, padding_name
from edgesdk.model.tflite.flatbuffer import Table, write_table
from edgesdk.model.tflite.option_fields import positive, required


@dataclass(frozen=True)
class Conv2DOptions:
    """Options of CONV_2D.

    Args:
        padding: SAME or VALID.
        activation: the fused activation's name.
        pads: (top, bottom, left, right), which then replace `padding`; None as read from a file.
    """

    padding: str
    stride_h: int
    stride_w: int
    dilation_h: int = 1
    dilation_w: int = 1
    activation: str = "NONE"
    pads: tuple[int, int, int, int] | None = None


def _read(table: Table | None) -> Conv2DOptions:
    fields = required(table)
    return Conv2DOptions(
        padding=padding_name(fields.int8(0)),
        stride_w=positive(fields, 1, "stride"),
        stride_h=positive(fields, 2, "stride"),
        activation=activation_name(fields.int8(3)),
        dilation_w=positive(fields, 4, "dilation", 1),
        dilation_h=positive(fields, 5, "dilation", 1),
    )


def _write(builder: flatbuffers.Builder, options: Conv2DOptions) -> int:
    if options.pads is not None:
        raise ValueError("a .tflite file cannot hold explicit padding")
    return write_table(
        builder,
        [
            (0, "int8", padding_code(options.padding), 0),
            (1, "int32", options.stride_w, 0),
            (2, "int32", options.stride_h, 0),
            (3, "int8", activation_code(options.activation), 0),
            (4, "int32", options.dilation_w, 1),
            (5, "int32", options.dilation_h, 1),
        ],
    )


CODEC = Codec(op="CONV_2D", builtin=3, options_type=1, read=_read, write=_write)
