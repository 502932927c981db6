# SPDX-License-Identifier: Apache-2.0
"""Options of edgesdk.ProductKeyMemory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from edgesdk.model.tflite.codec import CustomCodec
from edgesdk.model.tflite.custom_fields import natural, only
from edgesdk.model.tflite.flexbuffer import Scalar


@dataclass(frozen=True)
class ProductKeyMemoryOptions:
    """Options of edgesdk.ProductKeyMemory: how many slots a head reads."""

    neighbours: int


def _read(entries: Mapping[str, Scalar]) -> ProductKeyMemoryOptions:
    only(entries, ("neighbours",))
    return ProductKeyMemoryOptions(natural(entries, "neighbours"))


def _write(options: ProductKeyMemoryOptions) -> Mapping[str, Scalar]:
    return {"neighbours": options.neighbours}


CUSTOM_CODEC = CustomCodec(op="edgesdk.ProductKeyMemory", read=_read, write=_write)
