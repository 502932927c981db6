# SPDX-License-Identifier: Apache-2.0
"""Options of STRIDED_SLICE."""

from __future__ import annotations

from dataclasses import dataclass

import flatbuffers

from edgesdk.model.tflite.codec import Codec
from edgesdk.model.tflite.flatbuffer import Table, write_table
from edgesdk.model.tflite.option_fields import required


@dataclass(frozen=True)
class StridedSliceOptions:
    """Options of STRIDED_SLICE: bit k of a mask concerns entry k of begin, end and strides.

    Args:
        begin_mask, end_mask: the bound is ignored and the slice reaches the axis's edge.
        ellipsis_mask: the entry stands for as many whole axes as are missing.
        new_axis_mask: the entry inserts an axis of size 1.
        shrink_axis_mask: the entry takes one index and drops the axis.
        offset: end counts from begin.
    """

    begin_mask: int = 0
    end_mask: int = 0
    ellipsis_mask: int = 0
    new_axis_mask: int = 0
    shrink_axis_mask: int = 0
    offset: bool = False


def _read(table: Table | None) -> StridedSliceOptions:
    fields = required(table)
    return StridedSliceOptions(
        begin_mask=fields.int32(0),
        end_mask=fields.int32(1),
        ellipsis_mask=fields.int32(2),
        new_axis_mask=fields.int32(3),
        shrink_axis_mask=fields.int32(4),
        offset=fields.bool(5),
    )


def _write(builder: flatbuffers.Builder, options: StridedSliceOptions) -> int:
    return write_table(
        builder,
        [
            (0, "int32", options.begin_mask, 0),
            (1, "int32", options.end_mask, 0),
            (2, "int32", options.ellipsis_mask, 0),
            (3, "int32", options.new_axis_mask, 0),
            (4, "int32", options.shrink_axis_mask, 0),
            (5, "bool", options.offset, False),
        ],
    )


CODEC = Codec(op="STRIDED_SLICE", builtin=45, options_type=32, read=_read, write=_write)
