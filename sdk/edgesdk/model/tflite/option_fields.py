# SPDX-License-Identifier: Apache-2.0
"""What the codecs of several operators ask of an options table."""

from __future__ import annotations

import math

from edgesdk.errors import MODEL_INVALID, MODEL_MALFORMED, EdgeError
from edgesdk.model.tflite.flatbuffer import Table


def required(table: Table | None) -> Table:
    """The options table of an operator that cannot do without.

    Raises:
        EdgeError: MODEL_MALFORMED.
    """
    if table is None:
        raise EdgeError(MODEL_MALFORMED, "the operator has no options")
    return table


def positive(table: Table, slot: int, what: str, default: int = 0) -> int:
    """An int32 field that must be 1 or more, such as a stride.

    Raises:
        EdgeError: MODEL_INVALID.
    """
    value = table.int32(slot, default)
    if value < 1:
        raise EdgeError(MODEL_INVALID, f"the {what} is {value}, not 1 or more")
    return value


def finite(table: Table, slot: int, what: str) -> float:
    """A float32 field that must be finite.

    Raises:
        EdgeError: MODEL_INVALID.
    """
    value = table.float32(slot)
    if not math.isfinite(value):
        raise EdgeError(MODEL_INVALID, f"the {what} is {value}")
    return value
