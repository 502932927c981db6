# SPDX-License-Identifier: Apache-2.0
"""Options of FULLY_CONNECTED."""

from __future__ import annotations

from dataclasses import dataclass

import flatbuffers

from edgesdk.errors import OP_OPTIONS, EdgeError
from edgesdk.model.tflite.codec import Codec
from edgesdk.model.tflite.enums import activation_code, activation_name
from edgesdk.model.tflite.flatbuffer import Table, write_table
from edgesdk.model.tflite.option_fields import required


@dataclass(frozen=True)
class FullyConnectedOptions:
    """Options of FULLY_CONNECTED: keep_num_dims keeps the input's leading axes in the output."""

    activation: str = "NONE"
    keep_num_dims: bool = False


def _read(table: Table | None) -> FullyConnectedOptions:
    fields = required(table)
    if fields.int8(1) != 0:
        raise EdgeError(OP_OPTIONS, "FULLY_CONNECTED with shuffled weights is not supported")
    if fields.bool(3):
        raise EdgeError(OP_OPTIONS, "FULLY_CONNECTED that quantizes its inputs when it runs is not supported")
    return FullyConnectedOptions(activation=activation_name(fields.int8(0)), keep_num_dims=fields.bool(2))


def _write(builder: flatbuffers.Builder, options: FullyConnectedOptions) -> int:
    return write_table(
        builder,
        [
            (0, "int8", activation_code(options.activation), 0),
            (2, "bool", options.keep_num_dims, False),
        ],
    )


CODEC = Codec(op="FULLY_CONNECTED", builtin=9, options_type=8, read=_read, write=_write)
