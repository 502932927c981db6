# SPDX-License-Identifier: Apache-2.0
"""Options of example.Threshold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from edgesdk.errors import MODEL_INVALID, EdgeError
from edgesdk.model.tflite.codec import CustomCodec
from edgesdk.model.tflite.custom_fields import only
from edgesdk.model.tflite.flexbuffer import Scalar

NAME = "example.Threshold"


@dataclass(frozen=True)
class ThresholdOptions:
    """The least real value that stays."""

    threshold: float


def _read(entries: Mapping[str, Scalar]) -> ThresholdOptions:
    only(entries, ("threshold",))
    value = entries.get("threshold")
    if not isinstance(value, float) or not isfinite(value):
        raise EdgeError(MODEL_INVALID, f"option 'threshold' of {NAME} is no finite number")
    return ThresholdOptions(value)


def _write(options: ThresholdOptions) -> Mapping[str, Scalar]:
    return {"threshold": float(options.threshold)}


CODEC = CustomCodec(op=NAME, read=_read, write=_write)
