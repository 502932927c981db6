# SPDX-License-Identifier: Apache-2.0
"""What `report` wrote."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ReportResult:
    """A page that was written: where, of how many builds, and its size."""

    page: Path
    builds: int
    bytes: int
