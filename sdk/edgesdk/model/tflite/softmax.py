# SPDX-License-Identifier: Apache-2.0
"""Options of SOFTMAX."""

from __future__ import annotations

from dataclasses import dataclass

import flatbuffers

from edgesdk.model.tflite.codec import Codec
from edgesdk.model.tflite.flatbuffer import Table, write_table
from edgesdk.model.tflite.option_fields import finite, required


@dataclass(frozen=True)
class SoftmaxOptions:
    """Options of SOFTMAX: beta is the factor on the input, a float32 value."""

    beta: float


def _read(table: Table | None) -> SoftmaxOptions:
    return SoftmaxOptions(finite(required(table), 0, "beta"))


def _write(builder: flatbuffers.Builder, options: SoftmaxOptions) -> int:
    return write_table(builder, [(0, "float32", options.beta, 0.0)])


CODEC = Codec(op="SOFTMAX", builtin=25, options_type=9, read=_read, write=_write)
