# SPDX-License-Identifier: Apache-2.0
"""Options that MEAN and SUM share."""

from __future__ import annotations

from dataclasses import dataclass

import flatbuffers

from edgesdk.model.tflite.flatbuffer import Table, write_table
from edgesdk.model.tflite.option_fields import required

OPTIONS_TYPE = 27


@dataclass(frozen=True)
class ReducerOptions:
    """Options of a reduction: keep_dims keeps the reduced axes with size 1."""

    keep_dims: bool = False


def read_reducer(table: Table | None) -> ReducerOptions:
    return ReducerOptions(required(table).bool(0))


def write_reducer(builder: flatbuffers.Builder, options: ReducerOptions) -> int:
    return write_table(builder, [(0, "bool", options.keep_dims, False)])
