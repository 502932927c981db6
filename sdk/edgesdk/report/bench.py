# SPDX-License-Identifier: Apache-2.0
"""Many models on many boards as one table."""

from __future__ import annotations

from edgesdk.measure.results import BenchRow, BenchTable, Profile
from edgesdk.report.document import Column, Document, Table, count, ratio


def render_bench(result: BenchTable) -> Document:
    """One row per model and board that was measured, then one line per pair that failed."""
    columns: tuple[Column, ...] = (
        Column("model", limit=32),
        Column("board"),
        Column("MACs", right=True, drop=6),
        Column("instr", right=True),
        Column("instr/MAC", right=True),
        Column("cycles", right=True, drop=8),
        Column("us", right=True, drop=7),
        Column("arena", right=True),
        Column("runtime", right=True, drop=5),
        Column("stack", right=True, drop=5),
        Column("code", right=True, drop=4),
        Column("weights", right=True, drop=4),
        Column("output CRC", drop=3),
    )
    rows = [_row(row.profile) for row in result.rows if row.profile is not None]
    # cycles and microseconds are counted on some boards only
    shown = [i for i, c in enumerate(columns) if c.title not in ("cycles", "us") or any(row[i] for row in rows)]
    table = Table(tuple(columns[i] for i in shown), tuple(tuple(row[i] for i in shown) for row in rows))
    return [*([table] if rows else []), *(_failure(row) for row in result.rows if row.error is not None)]


def _failure(row: BenchRow) -> str:
    return f"{row.model} on {row.board}: {row.error.id}: {row.error.what}" if row.error else ""


def _row(p: Profile) -> tuple[str, ...]:
    return (
        p.model,
        p.board,
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
    )
