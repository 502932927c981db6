# SPDX-License-Identifier: Apache-2.0
"""A result back from its JSON, checked against its dataclass: what json_output wrote, an older key more or fewer."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from edgesdk.errors import RESULT_FILE, EdgeError
from edgesdk.measure.results import PlanReport, Profile
from edgesdk.report.json_output import SCHEMA_VERSION, key_of
from edgesdk.text import printable

Result = TypeVar("Result")
_MOST_BYTES = 1 << 28


def read_result(path: Path) -> Profile | PlanReport:
    """The profile or the plan that a file holds, as `--json` prints it.

    Raises:
        EdgeError: RESULT_FILE where it cannot be read, or is neither.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _error(path, f"it is larger than {_MOST_BYTES:,} bytes")
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _error(path, error.strerror or "it cannot be read") from None
    except (ValueError, RecursionError):
        raise _error(path, "it is not JSON") from None
    if not isinstance(value, dict) or value.get("schema") != SCHEMA_VERSION:
        raise _error(path, f'it is no object with "schema": {SCHEMA_VERSION}')
    if "error" in value:
        raise _error(path, "it holds an error, not a result")
    kind: type[Profile] | type[PlanReport] = Profile if "latency" in value else PlanReport
    try:
        return _dataclass(kind, value, "")
    except _MismatchError as error:
        raise _error(path, str(error)) from None


class _MismatchError(Exception):
    """Which key is wrong."""


def _error(path: Path, why: str) -> EdgeError:
    return EdgeError(
        RESULT_FILE,
        "the file holds no profile and no plan",
        where=printable(str(path), 200),
        why=why,
        tries=("edgesdk profile MODEL --board ID --json > FILE", "edgesdk plan MODEL --board ID --json > FILE"),
    )


def _dataclass(cls: type[Result], value: Any, where: str) -> Result:
    if not isinstance(value, dict):
        raise _MismatchError(f"{where or 'the whole'} is no object")
    hints = typing.get_type_hints(cls)
    given = {}
    for field in dataclasses.fields(cls):  # type: ignore[arg-type]
        key = key_of(field)
        name = f"{where}.{key}".lstrip(".")
        if key in value:
            given[field.name] = _value(hints[field.name], value[key], name)
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise _MismatchError(f"{name} is missing")
    return cls(**given)


def _value(hint: Any, value: Any, where: str) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is types.UnionType:
        if value is None and types.NoneType in arguments:
            return None
        (inner,) = [a for a in arguments if a is not types.NoneType]
        return _value(inner, value, where)
    if origin is tuple and isinstance(value, list):
        return tuple(_value(arguments[0], item, f"{where}[{i}]") for i, item in enumerate(value))
    if origin is Mapping and isinstance(value, dict):
        return {key: _value(arguments[1], item, f"{where}.{printable(key)}") for key, item in value.items()}
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _dataclass(hint, value, where)
    if hint is float and type(value) in (int, float):
        return float(value)
    if isinstance(hint, type) and type(value) is hint:
        return value
    raise _MismatchError(f"{where} has a value of the wrong type")
