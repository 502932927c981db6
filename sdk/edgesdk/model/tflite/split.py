# SPDX-License-Identifier: Apache-2.0
"""Options of SPLIT."""

from __future__ import annotations

from dataclasses import dataclass

import flatbuffers

from edgesdk.model.tflite.codec import Codec
from edgesdk.model.tflite.flatbuffer import Table, write_table
from edgesdk.model.tflite.option_fields import positive, required


@dataclass(frozen=True)
class SplitOptions:
    """Options of SPLIT: the number of equal parts."""

    num_splits: int


def _read(table: Table | None) -> SplitOptions:
    return SplitOptions(positive(required(table), 0, "number of splits"))


def _write(builder: flatbuffers.Builder, options: SplitOptions) -> int:
    return write_table(builder, [(0, "int32", options.num_splits, 0)])


CODEC = Codec(op="SPLIT", builtin=49, options_type=35, read=_read, write=_write)
