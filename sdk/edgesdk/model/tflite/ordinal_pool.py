# SPDX-License-Identifier: Apache-2.0
"""Options of edgesdk.OrdinalPool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from edgesdk.model.tflite.codec import CustomCodec
from edgesdk.model.tflite.custom_fields import choice, natural, only
from edgesdk.model.tflite.flexbuffer import Scalar

PADDINGS = ("SAME", "VALID")
_NUMBERS = ("filter_h", "filter_w", "stride_h", "stride_w")


@dataclass(frozen=True)
class OrdinalPoolOptions:
    """Options of edgesdk.OrdinalPool: the window, its strides, and SAME or VALID padding."""

    padding: str
    stride_h: int
    stride_w: int
    filter_h: int
    filter_w: int
    activation: ClassVar[str] = "NONE"


def _read(entries: Mapping[str, Scalar]) -> OrdinalPoolOptions:
    only(entries, ("padding", *_NUMBERS))
    numbers = {name: natural(entries, name) for name in _NUMBERS}
    return OrdinalPoolOptions(padding=choice(entries, "padding", PADDINGS), **numbers)


def _write(options: OrdinalPoolOptions) -> Mapping[str, Scalar]:
    return {"padding": options.padding, **{name: getattr(options, name) for name in _NUMBERS}}


CUSTOM_CODEC = CustomCodec(op="edgesdk.OrdinalPool", read=_read, write=_write)
