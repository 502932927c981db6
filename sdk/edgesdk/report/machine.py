# SPDX-License-Identifier: Apache-2.0
"""Boards, tools and settings as tables."""

from __future__ import annotations

from edgesdk.measure.results import BoardInfo, BoardList, DoctorReport, ToolList
from edgesdk.report.document import Column, Document, Facts, Table


def render_boards(result: BoardList) -> Document:
    """One row per board."""
    columns = (
        Column("id"),
        Column("chip", drop=2),
        Column("core"),
        Column("RAM", right=True),
        Column("flash", right=True),
        Column("emulator", drop=1),
        Column("status", limit=100, drop=3),
    )
    rows = tuple(
        (
            b.id,
            b.chip,
            b.core,
            _size(sum(b.ram.values())),
            _size(sum(b.flash.values())),
            b.emulator or "",
            b.status,
        )
        for b in result.boards
    )
    return [Table(columns, rows)]


def render_board(board: BoardInfo) -> Document:
    """Everything about one board."""
    facts = (
        ("id", board.id),
        ("name", board.name),
        ("chip", board.chip),
        ("core", board.core),
        *((f"{region} (RAM)", f"{size:,} bytes") for region, size in board.ram.items()),
        *((f"{region} (flash)", f"{size:,} bytes") for region, size in board.flash.items()),
        ("arenas", ", then ".join(board.arena)),
        *(("reserve", f"{size:,} bytes of {region}") for region, size in board.reserve.items()),
        ("UART", board.uart),
        ("emulator", board.emulator or "none"),
        ("programmers", ", ".join(board.programmers) or "none"),
        ("status", board.status),
    )
    return [Facts(facts)]


def render_tools(result: ToolList) -> Document:
    """One row per tool."""
    columns = (
        Column("tool"),
        Column("version"),
        Column("path", limit=100, drop=1),
        Column("serves", limit=100, drop=2),
    )
    rows = tuple((t.name, t.version or "missing", t.path or "", ", ".join(t.serves)) for t in result.tools)
    return [Table(columns, rows)]


def render_doctor(report: DoctorReport) -> Document:
    """What is there, what is missing and how to get it, and which settings are in force."""
    checks = Table(
        (Column("check"), Column("status"), Column("detail", limit=100, drop=1), Column("fix", limit=100, drop=2)),
        tuple((c.name, c.status, c.detail, c.fix) for c in report.checks),
    )
    settings = Table(
        (Column("setting"), Column("value"), Column("from", limit=100)),
        tuple((s.name, s.value or "not set", s.source) for s in report.settings),
    )
    order = f"a setting is taken from: {', then '.join(report.precedence)}"
    return [f"edgesdk {report.version}", "", checks, "", settings, "", order]


def _size(size: int) -> str:
    for unit, name in ((1 << 20, "MiB"), (1 << 10, "KiB")):
        if size and size % unit == 0:
            return f"{size // unit:,} {name}"
    return f"{size:,} B"
