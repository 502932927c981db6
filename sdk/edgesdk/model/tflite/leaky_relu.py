# SPDX-License-Identifier: Apache-2.0
"""Options of LEAKY_RELU."""

from __future__ import annotations

from dataclasses import dataclass

import flatbuffers

from edgesdk.model.tflite.codec import Codec
from edgesdk.model.tflite.flatbuffer import Table, write_table
from edgesdk.model.tflite.option_fields import finite, required


@dataclass(frozen=True)
class LeakyReluOptions:
    """Options of LEAKY_RELU: alpha is the slope of negative inputs, a float32 value."""

    alpha: float


def _read(table: Table | None) -> LeakyReluOptions:
    return LeakyReluOptions(finite(required(table), 0, "alpha"))


def _write(builder: flatbuffers.Builder, options: LeakyReluOptions) -> int:
    return write_table(builder, [(0, "float32", options.alpha, 0.0)])


CODEC = Codec(op="LEAKY_RELU", builtin=98, options_type=75, read=_read, write=_write)
