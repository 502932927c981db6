# SPDX-License-Identifier: Apache-2.0
"""JSON Schema (2020-12) of every result, derived from the dataclasses, so that the two cannot drift apart.

`python -m edgesdk.report.schema DIR` writes the files of docs/schema; a test compares them with this.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from edgesdk.measure import results
from edgesdk.report.json_output import SCHEMA_VERSION, key_of

RESULTS: Mapping[str, type] = {
    "bench": results.BenchTable,
    "boards": results.BoardList,
    "build": results.BuildResult,
    "convert": results.Conversion,
    "doctor": results.DoctorReport,
    "error": results.ErrorInfo,
    "export": results.ExportResult,
    "flash": results.FlashResult,
    "inspect": results.InspectReport,
    "monitor": results.MonitorResult,
    "plan": results.PlanReport,
    "profile": results.Profile,
    "report": results.ReportResult,
    "toolchain": results.ToolList,
    "train": results.TrainResult,
    "verify": results.Verify,
}
"""Name of a verb (or "error") -> the dataclass behind its output."""

_SCALARS: Mapping[Any, str] = {int: "integer", float: "number", str: "string", bool: "boolean"}


def schema_of(name: str) -> dict[str, Any]:
    """The schema of one verb's output: known keys are required; unknown ones may be added."""
    definitions: dict[str, Any] = {}
    root = _dataclass(RESULTS[name], definitions)
    if name == "error":
        definitions["ErrorInfo"] = root
        root = {
            "type": "object",
            "properties": {"error": {"$ref": "#/$defs/ErrorInfo"}},
            "required": ["error"],
        }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"edgesdk {name}",
        **root,
        "properties": {"schema": {"const": SCHEMA_VERSION}, **root["properties"]},
        "required": ["schema", *root["required"]],
        **({"$defs": dict(sorted(definitions.items()))} if definitions else {}),
    }


def _dataclass(cls: type, definitions: dict[str, Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    properties = {}
    for field in dataclasses.fields(cls):
        entry = _type(hints[field.name], definitions)
        if field.name.endswith("crc32"):
            entry = {**entry, "pattern": "^[0-9a-f]{8}$"}
        properties[key_of(field)] = entry
    summary = (cls.__doc__ or "").strip().partition("\n")[0]
    return {"type": "object", "description": summary, "properties": properties, "required": list(properties)}


def _type(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint in _SCALARS:
        return {"type": _SCALARS[hint]}
    if hint is Path:
        return {"type": "string"}
    if origin is tuple:
        return {"type": "array", "items": _type(arguments[0], definitions)}
    if origin is Mapping:
        return {"type": "object", "additionalProperties": _type(arguments[1], definitions)}
    if origin is types.UnionType:
        return {"anyOf": [{"type": "null"} if a is types.NoneType else _type(a, definitions) for a in arguments]}
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        if hint.__name__ not in definitions:
            definitions[hint.__name__] = _dataclass(hint, definitions)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    raise TypeError(f"no schema for {hint!r}")


def write_schemas(directory: Path) -> None:
    """Writes <name>.schema.json for every result into `directory`."""
    for name in RESULTS:
        (directory / f"{name}.schema.json").write_text(json.dumps(schema_of(name), indent=2) + "\n")


if __name__ == "__main__":
    write_schemas(Path(sys.argv[1]))
