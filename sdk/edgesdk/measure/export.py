# SPDX-License-Identifier: Apache-2.0
"""Models for other runtimes."""

from __future__ import annotations

from pathlib import Path

from edgesdk.compile.delegate import build_delegate, custom_nodes
from edgesdk.errors import FILE_WRITE, EdgeError
from edgesdk.measure.results import ExportResult
from edgesdk.rewrite.load import load_model
from edgesdk.text import printable


def export_litert(model: Path, directory: Path) -> ExportResult:
    """Writes the delegate that stock LiteRT and TensorFlow Lite on this machine need for the model's custom operators.

    Raises:
        EdgeError: of the model; OP_UNSUPPORTED where it has no custom operator; TOOL_MISSING, BUILD_FAILED, FILE_WRITE.
    """
    graph = load_model(model)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        built = build_delegate(graph, directory)
    except OSError as error:
        shown = printable(str(directory))
        raise EdgeError(FILE_WRITE, f"{shown} cannot be written", why=error.strerror or "") from None
    operators = tuple(f"{index}: {node.op}" for index, node in custom_nodes(graph).items())
    return ExportResult(model.name, "litert", directory, (built,), operators)
