# SPDX-License-Identifier: Apache-2.0
"""Options that AVERAGE_POOL_2D and MAX_POOL_2D share."""

from __future__ import annotations

from dataclasses import dataclass

import flatbuffers

from edgesdk.model.tflite.enums import activation_code, activation_name, padding_code, padding_name
from edgesdk.model.tflite.flatbuffer import Table, write_table
from edgesdk.model.tflite.option_fields import positive, required

OPTIONS_TYPE = 5


@dataclass(frozen=True)
class Pool2DOptions:
    """Options of a pooling over windows of filter_h rows and filter_w columns; padding is SAME or VALID."""

    padding: str
    stride_h: int
    stride_w: int
    filter_h: int
    filter_w: int
    activation: str = "NONE"


def read_pool_2d(table: Table | None) -> Pool2DOptions:
    fields = required(table)
    return Pool2DOptions(
        padding=padding_name(fields.int8(0)),
        stride_w=positive(fields, 1, "stride"),
        stride_h=positive(fields, 2, "stride"),
        filter_w=positive(fields, 3, "window"),
        filter_h=positive(fields, 4, "window"),
        activation=activation_name(fields.int8(5)),
    )


def write_pool_2d(builder: flatbuffers.Builder, options: Pool2DOptions) -> int:
    return write_table(
        builder,
        [
            (0, "int8", padding_code(options.padding), 0),
            (1, "int32", options.stride_w, 0),
            (2, "int32", options.stride_h, 0),
            (3, "int32", options.filter_w, 0),
            (4, "int32", options.filter_h, 0),
            (5, "int8", activation_code(options.activation), 0),
        ],
    )
