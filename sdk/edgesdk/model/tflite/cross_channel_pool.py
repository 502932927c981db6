# SPDX-License-Identifier: Apache-2.0
"""Options of edgesdk.CrossChannelPool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from edgesdk.model.tflite.codec import CustomCodec
from edgesdk.model.tflite.custom_fields import choice, natural, only
from edgesdk.model.tflite.flexbuffer import Scalar

POOLS = ("max", "average")


@dataclass(frozen=True)
class CrossChannelPoolOptions:
    """Options of edgesdk.CrossChannelPool: "max" or "average", over how many consecutive channels."""

    pool: str
    group: int


def _read(entries: Mapping[str, Scalar]) -> CrossChannelPoolOptions:
    only(entries, ("pool", "group"))
    return CrossChannelPoolOptions(choice(entries, "pool", POOLS), natural(entries, "group"))


def _write(options: CrossChannelPoolOptions) -> Mapping[str, Scalar]:
    return {"pool": options.pool, "group": options.group}


CUSTOM_CODEC = CustomCodec(op="edgesdk.CrossChannelPool", read=_read, write=_write)
