# SPDX-License-Identifier: Apache-2.0
"""Options of SQUEEZE."""

from __future__ import annotations

from dataclasses import dataclass

import flatbuffers

from edgesdk.model.tflite.codec import Codec
from edgesdk.model.tflite.flatbuffer import Table, write_int32_vector, write_table


@dataclass(frozen=True)
class SqueezeOptions:
    """Options of SQUEEZE: the axes to drop, negative from the end; empty for all of size 1."""

    squeeze_dims: tuple[int, ...] = ()


def _read(table: Table | None) -> SqueezeOptions:
    return SqueezeOptions((table.vector_int32(0) if table is not None else None) or ())


def _write(builder: flatbuffers.Builder, options: SqueezeOptions) -> int:
    return write_table(builder, [(0, "offset", write_int32_vector(builder, options.squeeze_dims), 0)])


CODEC = Codec(op="SQUEEZE", builtin=43, options_type=30, read=_read, write=_write)
