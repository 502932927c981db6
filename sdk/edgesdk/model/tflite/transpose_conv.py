# SPDX-License-Identifier: Apache-2.0
"""Options of TRANSPOSE_CONV."""

from __future__ import annotations

from dataclasses import dataclass

import flatbuffers

from edgesdk.model.tflite.codec import Codec
from edgesdk.model.tflite.enums import activation_code, activation_name, padding_code, padding_name
from edgesdk.model.tflite.flatbuffer import Table, write_table
from edgesdk.model.tflite.option_fields import positive, required


@dataclass(frozen=True)
class TransposeConvOptions:
    """Options of TRANSPOSE_CONV: padding is SAME or VALID of the forward convolution."""

    padding: str
    stride_h: int
    stride_w: int
    activation: str = "NONE"


def _read(table: Table | None) -> TransposeConvOptions:
    fields = required(table)
    return TransposeConvOptions(
        padding=padding_name(fields.int8(0)),
        stride_w=positive(fields, 1, "stride"),
        stride_h=positive(fields, 2, "stride"),
        activation=activation_name(fields.int8(3)),
    )


def _write(builder: flatbuffers.Builder, options: TransposeConvOptions) -> int:
    return write_table(
        builder,
        [
            (0, "int8", padding_code(options.padding), 0),
            (1, "int32", options.stride_w, 0),
            (2, "int32", options.stride_h, 0),
            (3, "int8", activation_code(options.activation), 0),
        ],
    )


CODEC = Codec(op="TRANSPOSE_CONV", builtin=67, options_type=49, read=_read, write=_write)
