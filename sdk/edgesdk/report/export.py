# SPDX-License-Identifier: Apache-2.0
"""An export as a few lines."""

from __future__ import annotations

from edgesdk.measure.results import ExportResult
from edgesdk.report.document import Document, Facts


def render_export(result: ExportResult) -> Document:
    """What was written."""
    return [
        Facts(
            (
                ("model", result.model),
                ("format", result.format),
                ("files", ", ".join(str(path) for path in result.files)),
                ("operators", ", ".join(result.operators)),
            )
        )
    ]
