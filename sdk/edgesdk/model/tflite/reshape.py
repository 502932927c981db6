# SPDX-License-Identifier: Apache-2.0
"""Options of RESHAPE."""

from __future__ import annotations

from dataclasses import dataclass

import flatbuffers

from edgesdk.model.tflite.codec import Codec
from edgesdk.model.tflite.flatbuffer import Table, write_int32_vector, write_table


@dataclass(frozen=True)
class ReshapeOptions:
    """Options of RESHAPE: the new shape where the second input does not give it."""

    new_shape: tuple[int, ...] | None = None


def _read(table: Table | None) -> ReshapeOptions:
    return ReshapeOptions(table.vector_int32(0) if table is not None else None)


def _write(builder: flatbuffers.Builder, options: ReshapeOptions) -> int:
    shape = 0 if options.new_shape is None else write_int32_vector(builder, options.new_shape)
    return write_table(builder, [(0, "offset", shape, 0)])


CODEC = Codec(op="RESHAPE", builtin=22, options_type=17, read=_read, write=_write)
