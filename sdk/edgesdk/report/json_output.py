# SPDX-License-Identifier: Apache-2.0
"""Results as JSON: one versioned object per invocation."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from edgesdk.measure.results import ErrorInfo

SCHEMA_VERSION = 1


def json_text(result: Any) -> str:
    """A result (or an ErrorInfo, under "error") as one line of JSON, behind a leading "schema" key."""
    body = {"error": plain(result)} if isinstance(result, ErrorInfo) else plain(result)
    # ASCII only: strings of a model cannot reach a terminal unescaped even when the object is printed to one.
    return json.dumps({"schema": SCHEMA_VERSION, **body}, ensure_ascii=True, allow_nan=False)


def key_of(field: dataclasses.Field[Any]) -> str:
    """The JSON key of a result's field: its name, unless that is a Python keyword."""
    return str(field.metadata.get("key", field.name))


def plain(value: Any) -> Any:
    """A result as dicts, lists and scalars."""
    if dataclasses.is_dataclass(value):
        return {key_of(f): plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, tuple | list):
        return [plain(v) for v in value]
    return str(value) if isinstance(value, Path) else value
