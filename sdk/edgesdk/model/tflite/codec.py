# SPDX-License-Identifier: Apache-2.0
"""How one operator's options are read from and written to a .tflite file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import flatbuffers

from edgesdk.model.tflite.flatbuffer import Table
from edgesdk.model.tflite.flexbuffer import Scalar


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


@dataclass(frozen=True)
class CustomCodec:
    """One custom operator, whose options are a FlexBuffer map; its module binds it to CUSTOM_CODEC.

    Args:
        op: its custom code in the file, such as "edgesdk.CrossChannelPool".
        read: the map's entries -> the operator's frozen options dataclass.
        write: options -> the map's entries.
    """

    op: str
    read: Callable[[Mapping[str, Scalar]], Any]
    write: Callable[[Any], Mapping[str, Scalar]]
