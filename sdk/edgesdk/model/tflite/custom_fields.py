# SPDX-License-Identifier: Apache-2.0
"""What the codecs of custom operators ask of their options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from edgesdk.errors import MODEL_INVALID, MODEL_MALFORMED, OP_OPTIONS, EdgeError
from edgesdk.model.tflite.flexbuffer import Scalar
from edgesdk.text import printable


def only(entries: Mapping[str, Scalar], known: Sequence[str]) -> None:
    """Raise OP_OPTIONS where there is an option that the operator does not have."""
    for key in entries:
        if key not in known:
            raise EdgeError(OP_OPTIONS, f"option '{printable(key)}' is unknown", why=f"it knows {', '.join(known)}")


def natural(entries: Mapping[str, Scalar], key: str) -> int:
    """An option that must be an integer of 1 or more.

    Raises:
        EdgeError: MODEL_MALFORMED where it is missing, MODEL_INVALID where it is something else.
    """
    value = _present(entries, key)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise EdgeError(MODEL_INVALID, f"option '{key}' is {_shown(value)}, not an integer of 1 or more")
    return value


def choice(entries: Mapping[str, Scalar], key: str, values: Sequence[str]) -> str:
    """An option that must be one of these strings.

    Raises:
        EdgeError: MODEL_MALFORMED where it is missing, MODEL_INVALID where it is no string, OP_OPTIONS where it is
            another.
    """
    value = _present(entries, key)
    if not isinstance(value, str):
        raise EdgeError(MODEL_INVALID, f"option '{key}' is {_shown(value)}, not a string")
    if value not in values:
        raise EdgeError(OP_OPTIONS, f"option '{key}' is {_shown(value)}, not {' or '.join(values)}")
    return value


def _present(entries: Mapping[str, Scalar], key: str) -> Scalar:
    if key not in entries:
        raise EdgeError(MODEL_MALFORMED, f"option '{key}' is missing")
    return entries[key]


def _shown(value: Scalar) -> str:
    return f"'{printable(value)}'" if isinstance(value, str) else str(value)
