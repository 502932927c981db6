# SPDX-License-Identifier: Apache-2.0
"""Many models on many boards as one table."""

from __future__ import annotations

from edgesdk.measure.results import BenchRow, BenchTable
from edgesdk.report.document import Column, Document, Table, count, ratio


def render_bench(result: BenchTable) -> Document:
    """One row per model and board; an error stands where its numbers would."""
    columns = (
        Column("model", limit=32),
        Column("board"),
        Column("MACs", right=True, drop=6),
        Column("instr", right=True),
        Column("instr/MAC", right=True),
        Column("cycles", right=True, drop=8),
        Column("us", right=True, drop=8),
        Column("arena", right=True),
        Column("runtime", right=True, drop=5),
        Column("stack", right=True, drop=5),
        Column("code", right=True, drop=4),
        Column("weights", right=True, drop=4),
        Column("output CRC", drop=3),
        Column("error", limit=100, drop=1),
    )
    return [Table(columns, tuple(_row(row) for row in result.rows))]


def _row(row: BenchRow) -> tuple[str, ...]:
    p = row.profile
    if p is None:
        error = "" if row.error is None else f"{row.error.id}: {row.error.what}"
        return (row.model, row.board, *[""] * 11, error)
    return (
        row.model,
        row.board,
        count(p.macs_executed),
        count(p.latency.instructions),
        ratio(p.latency.instructions, p.macs_executed),
        count(p.latency.cycles),
        "" if p.latency.us is None else f"{p.latency.us:,.1f}",
        count(p.ram.arena),
        count(p.ram.runtime),
        count(p.ram.stack),
        count(p.flash.code),
        count(p.flash.weights),
        p.output_crc32,
        "",
    )
