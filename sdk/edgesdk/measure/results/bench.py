# SPDX-License-Identifier: Apache-2.0
"""Many models on many boards."""

from __future__ import annotations

from dataclasses import dataclass, field

from edgesdk.errors import EdgeError
from edgesdk.measure.results.profile import Profile


@dataclass(frozen=True)
class ErrorInfo:
    """An EdgeError as data."""

    id: str
    what: str
    where: str
    why: str
    tries: tuple[str, ...] = field(metadata={"key": "try"})
    exit_code: int

    @classmethod
    def of(cls, error: EdgeError) -> ErrorInfo:
        """The error as data."""
        return cls(error.kind.id, error.what, error.where, error.why, error.tries, error.kind.exit_code)


@dataclass(frozen=True)
class BenchRow:
    """One model on one board: a profile, or the error that prevented it."""

    board: str
    model: str
    profile: Profile | None
    error: ErrorInfo | None


@dataclass(frozen=True)
class BenchTable:
    """Every model on every board, boards varying fastest."""

    rows: tuple[BenchRow, ...]
