# SPDX-License-Identifier: Apache-2.0
"""The memory timeline as characters: time to the right, the arena's bytes upwards."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from string import ascii_letters

from edgesdk.measure.results import PlanReport
from edgesdk.report.document import Line
from edgesdk.report.timeline import Owner, owners, peak_text, spans

_LINES = 20
_LEAST_COLUMNS = 20
_COLOURS = (39, 208, 77, 170, 220, 44, 203, 105, 148, 216, 30, 132)  # of the terminal's 256; neighbours differ
_EXTRA = ("#", "color(250)")  # scratch and state: letter, colour
_FREE = -1

Grid = list[list[int]]
"""From top to bottom, by column: index of the owner that holds most of the cell, or _FREE."""


def draw(report: PlanReport, region: str, arena: int, width: int, coloured: bool) -> Sequence[Line]:
    """A region's arena over time: half blocks in colour, or a letter per owner.

    Args:
        arena: its bytes.
        width: characters in a line.
    """
    found = [o for o in owners(report) if any(p.region == region for p in o.places)]
    calls = len(report.calls)
    if arena == 0 or calls == 0:
        return []
    margin = len(f"{arena:,}") + 2
    room = max(_LEAST_COLUMNS, width - margin - 1)
    columns = calls * (room // calls) if calls <= room else room
    grid = raster(found, region, calls, arena, columns, _LINES * (2 if coloured else 1))
    marks = [_mark(o, coloured) for o in found]
    lines: list[Line] = [_peak_line(report, columns, margin, coloured)]
    for y in range(_LINES):
        value = f"{arena * (_LINES - y) // _LINES:,}" if y % (_LINES // 4) == 0 else ""
        edge = f"{value:>{margin - 2}} {'┤' if value else '│'}" if coloured else f"{value:>{margin - 2}} |"
        cells = _blocks(grid[2 * y], grid[2 * y + 1], marks) if coloured else _letters(grid[y], marks)
        lines.append([(edge, ""), *cells])
    return [*lines, *_axis(report, columns, margin, coloured), *_legend(found, marks, width, coloured)]


def raster(found: Sequence[Owner], region: str, calls: int, arena: int, columns: int, lines: int) -> Grid:
    """The owners on a grid. Of a cell that several share, who holds most of it shows; half empty is empty."""
    area: list[list[dict[int, int]]] = [[{} for _ in range(columns)] for _ in range(lines)]
    for k, owner in enumerate(found):
        for p in owner.places:
            if p.region != region:
                continue
            # in units of 1/columns of a call and 1/lines of a byte
            for x, wide in _cells(p.first * columns, (p.last + 1) * columns, calls):
                for y, high in _cells(p.offset * lines, (p.offset + p.bytes) * lines, arena):
                    cell = area[lines - 1 - y][x]
                    cell[k] = cell.get(k, 0) + wide * high
    half = calls * arena / 2
    return [[max(c, key=lambda k: c[k]) if sum(c.values()) >= half else _FREE for c in line] for line in area]


def _cells(start: int, end: int, size: int) -> list[tuple[int, int]]:
    """(cell, units in it) of the units [start, end), `size` of them in a cell."""
    return [
        (k, min(end, (k + 1) * size) - max(start, k * size))
        for k in range(start // size, -(-end // size))
        if end > start
    ]


def _mark(owner: Owner, coloured: bool) -> str:
    """An owner's colour, or its letter."""
    if owner.index is None:
        return _EXTRA[coloured]
    if coloured:
        return f"color({_COLOURS[owner.index % len(_COLOURS)]})"
    return ascii_letters[owner.index % len(ascii_letters)]


def _blocks(upper: Sequence[int], lower: Sequence[int], marks: Sequence[str]) -> Line:
    """Two rows of cells as one line of half blocks."""
    runs: list[tuple[str, str]] = []
    for (a, b), group in groupby(zip(upper, lower, strict=True)):
        count = len(list(group))
        if a == b == _FREE:
            runs.append((" " * count, ""))
        elif a == b:
            runs.append(("█" * count, marks[a]))
        elif b == _FREE:
            runs.append(("▀" * count, marks[a]))
        elif a == _FREE:
            runs.append(("▄" * count, marks[b]))
        else:
            runs.append(("▀" * count, f"{marks[a]} on {marks[b]}"))
    return runs


def _letters(line: Sequence[int], marks: Sequence[str]) -> Line:
    return [("".join("." if k == _FREE else marks[k] for k in line), "")]


def _peak_line(report: PlanReport, columns: int, margin: int, coloured: bool) -> Line:
    """A mark above the peak's call, and what it says on the side that has room."""
    x = (2 * report.peak.call + 1) * columns // (2 * len(report.calls))
    mark, text = "▼" if coloured else "v", peak_text(report)
    if x + 2 + len(text) <= columns:
        return [(" " * (margin + x), ""), (mark, "bold red"), (f" {text}", "bold")]
    return [(f"{text} ".rjust(margin + x), "bold"), (mark, "bold red")]


def _axis(report: PlanReport, columns: int, margin: int, coloured: bool) -> list[Line]:
    """The axis of time with a tick where a segment begins, and its layers where there is room."""
    line, tick, corner = ("─", "┬", "└") if coloured else ("-", "+", "+")
    axis, labels = [line] * columns, ""
    for span in spans(report):
        x = span.first * columns // len(report.calls)
        axis[x] = tick
        if x >= len(labels) and x + len(span.label) <= columns:
            labels = f"{labels:<{x}}{span.label} "
    name = "layer"[: margin - 1]
    return [
        [(f"{0:>{margin - 2}} {corner}", ""), ("".join(axis), "")],
        [(f"{name:<{margin}}", "dim"), (labels, "")],
    ]


def _legend(found: Sequence[Owner], marks: Sequence[str], width: int, coloured: bool) -> list[Line]:
    """Whose output has which colour or letter."""
    start = "output of layer:"
    lines: list[list[tuple[str, str]]] = [[(start, "dim")]]
    used = len(start)
    named = [(o.label, mark) for o, mark in zip(found, marks, strict=True) if o.index is not None]
    if len(named) < len(found):
        named.append(("scratch, state", _EXTRA[coloured]))
    for label, mark in named:
        runs = [(" ■", mark), (f" {label}", "")] if coloured else [(f"  {mark} {label}", "")]
        size = sum(len(text) for text, _ in runs)
        if used + size > width:
            lines.append([])
            used = 0
        lines[-1] += runs
        used += size
    return list(lines)
