# SPDX-License-Identifier: Apache-2.0
"""How one operator's options are read from and written to a .tflite file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flatbuffers

from edgesdk.model.tflite.flatbuffer import Table


@dataclass(frozen=True)
class Codec:
    """One builtin operator of the TFLite schema; each module here that defines one binds it to CODEC.

    Args:
        op: the operator's name in the schema's BuiltinOperator, such as "CONV_2D".
        builtin: its number there.
        options_type: the number of its options table in the union BuiltinOptions; 0 for none.
        read: options table (None where the file has none) -> the operator's frozen options dataclass.
        write: (builder, options) -> the offset of a finished options table; None where options_type is 0.
    """

    op: str
    builtin: int
    options_type: int
    read: Callable[[Table | None], Any]
    write: Callable[[flatbuffers.Builder, Any], int] | None = None
