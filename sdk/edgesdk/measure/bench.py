# SPDX-License-Identifier: Apache-2.0
"""Several models on several boards, each measured as `profile` does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from edgesdk.boards import Board
from edgesdk.errors import EdgeError
from edgesdk.measure.profile import profile
from edgesdk.measure.results import BenchRow, BenchTable, ErrorInfo
from edgesdk.model.plan import Options

Progress = Callable[[str, int, int], None]


def bench(
    models: Sequence[Path], boards: Sequence[Board], options: Options, *, progress: Progress | None = None
) -> BenchTable:
    """One row per model and board; a pair that fails has its error instead of a profile."""
    pairs = [(model, board) for model in models for board in boards]
    rows = []
    for number, (model, board) in enumerate(pairs):
        rows.append(_row(model, board, options))
        if progress:
            progress("bench", number + 1, len(pairs))
    return BenchTable(tuple(rows))


def _row(model: Path, board: Board, options: Options) -> BenchRow:
    try:
        return BenchRow(board.id, model.name, profile(model, board, options), None)
    except EdgeError as error:
        return BenchRow(board.id, model.name, None, ErrorInfo.of(error))
