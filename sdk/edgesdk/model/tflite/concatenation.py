# SPDX-License-Identifier: Apache-2.0
"""Options of CONCATENATION."""

from __future__ import annotations

from dataclasses import dataclass

import flatbuffers

from edgesdk.model.tflite.codec import Codec
from edgesdk.model.tflite.enums import activation_code, activation_name
from edgesdk.model.tflite.flatbuffer import Table, write_table
from edgesdk.model.tflite.option_fields import required


@dataclass(frozen=True)
class ConcatenationOptions:
    """Options of CONCATENATION: the axis (negative from the end) and the fused activation's name."""

    axis: int
    activation: str = "NONE"


def _read(table: Table | None) -> ConcatenationOptions:
    fields = required(table)
    return ConcatenationOptions(axis=fields.int32(0), activation=activation_name(fields.int8(1)))


def _write(builder: flatbuffers.Builder, options: ConcatenationOptions) -> int:
    fields = [(0, "int32", options.axis, 0), (1, "int8", activation_code(options.activation), 0)]
    return write_table(builder, fields)


CODEC = Codec(op="CONCATENATION", builtin=2, options_type=10, read=_read, write=_write)
