# SPDX-License-Identifier: Apache-2.0
"""Options of ADD."""

from __future__ import annotations

from dataclasses import dataclass

import flatbuffers

from edgesdk.model.tflite.codec import Codec
from edgesdk.model.tflite.enums import activation_code, activation_name
from edgesdk.model.tflite.flatbuffer import Table, write_table
from edgesdk.model.tflite.option_fields import required


@dataclass(frozen=True)
class AddOptions:
    """Options of ADD: the fused activation's name."""

    activation: str = "NONE"


def _read(table: Table | None) -> AddOptions:
    return AddOptions(activation_name(required(table).int8(0)))


def _write(builder: flatbuffers.Builder, options: AddOptions) -> int:
    return write_table(builder, [(0, "int8", activation_code(options.activation), 0)])


CODEC = Codec(op="ADD", builtin=0, options_type=11, read=_read, write=_write)
