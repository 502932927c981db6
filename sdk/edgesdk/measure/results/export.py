# SPDX-License-Identifier: Apache-2.0
"""What was written for use outside of edgesdk's own firmware."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ExportResult:
    """A model in a form for another build or runtime.

    Args:
        directory: where everything was written; `files` lie in it.
        operators: the custom operators that it brings, by their index in the model.
    """

    model: str
    format: str
    directory: Path
    files: tuple[Path, ...]
    operators: tuple[str, ...]
