# SPDX-License-Identifier: Apache-2.0
"""Shows documents: with lines and colour on a terminal, as plain lines anywhere else.

Every string is escaped here, so that nothing from a model, a port or a file can steer a terminal.
"""

from __future__ import annotations

import os
from typing import TextIO, TypeVar

from edgesdk.report.document import Bar, Block, Document, Drawing, Facts, Table
from edgesdk.text import printable

_LINE_LIMIT = 500
_GAP = "  "
_FANCY_GAP = 3  # what rich puts between columns
_T = TypeVar("_T")
_BAR_WIDTH = 30
_DRAWING_WIDTH = 100  # where there is no terminal


def is_fancy(stream: TextIO) -> bool:
    """Whether a stream is a terminal that wants colour: none of NO_COLOR, CI and TERM=dumb is set."""
    quiet = os.environ.get("NO_COLOR") or os.environ.get("CI") or os.environ.get("TERM") == "dumb"
    return not quiet and stream.isatty()


def show(document: Document, stream: TextIO) -> None:
    """Writes a document to a stream."""
    if is_fancy(stream):
        _show_fancy(document, stream)
    else:
        stream.write(plain_text(document))


def plain_text(document: Document) -> str:
    """A document as plain lines: columns aligned by spaces, nothing cut to a terminal's width."""
    return "\n".join(line for block in document for line in _plain_lines(block)) + "\n"


def _plain_lines(block: Block) -> list[str]:
    match block:
        case Table():
            return _plain_table(block)
        case Facts():
            width = max((len(name) for name, _ in block.pairs), default=0)
            return [f"{name:<{width}}  {printable(value, _LINE_LIMIT)}".rstrip() for name, value in block.pairs]
        case Bar():
            full = _full(block)
            return [f"{_bar_label(block)}  [{'#' * full}{'.' * (_BAR_WIDTH - full)}]  {_bar_numbers(block)}"]
        case Drawing():
            lines = block.draw(_DRAWING_WIDTH, False)
            return ["".join(printable(text, _LINE_LIMIT) for text, _ in line).rstrip() for line in lines]
        case _:
            return [printable(block, _LINE_LIMIT)]


def _cells(table: Table) -> list[tuple[str, ...]]:
    """All rows with the total, escaped and shortened."""
    rows = [*table.rows, *([table.total] if table.total else [])]
    return [
        tuple(printable(cell, column.limit) for cell, column in zip(row, table.columns, strict=True)) for row in rows
    ]


def fitting(table: Table, width: int) -> Table:
    """The table without the columns that a terminal of `width` characters has no room for."""
    while sum(_widths(table)) + _FANCY_GAP * (len(table.columns) - 1) > width:
        drop = max(range(len(table.columns)), key=lambda i: table.columns[i].drop)
        if table.columns[drop].drop == 0:
            break
        table = Table(
            _without(table.columns, drop),
            tuple(_without(row, drop) for row in table.rows),
            _without(table.total, drop) if table.total else None,
        )
    return table


def _without(row: tuple[_T, ...], index: int) -> tuple[_T, ...]:
    return row[:index] + row[index + 1 :]


def _widths(table: Table) -> list[int]:
    lines = [tuple(column.title for column in table.columns), *_cells(table)]
    return [max(map(len, column)) for column in zip(*lines, strict=True)]


def _plain_table(table: Table) -> list[str]:
    lines = [tuple(column.title for column in table.columns), *_cells(table)]
    widths = _widths(table)
    return [
        _GAP.join(
            cell.rjust(width) if column.right else cell.ljust(width)
            for cell, width, column in zip(line, widths, table.columns, strict=True)
        ).rstrip()
        for line in lines
    ]


def _full(bar: Bar) -> int:
    return min(_BAR_WIDTH, round(_BAR_WIDTH * bar.used / bar.limit)) if bar.limit else _BAR_WIDTH


def _bar_label(bar: Bar) -> str:
    return printable(bar.label).ljust(12)


def _bar_numbers(bar: Bar) -> str:
    share = f" ({100 * bar.used / bar.limit:.1f}%)" if bar.limit else ""
    return f"{bar.used:,} of {bar.limit:,} bytes{share}"


def _show_fancy(document: Document, stream: TextIO) -> None:
    # rich is imported only where it is used: half of the start-up time of a short command.
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    console = Console(file=stream, highlight=False, markup=False, emoji=False)
    for block in document:
        match block:
            case Table():
                shown = fitting(block, console.width)
                table = RichTable(box=SIMPLE_HEAD, show_footer=False, show_edge=False, pad_edge=False)
                for column, width in zip(shown.columns, _widths(shown), strict=True):
                    side = "right" if column.right else "left"
                    least = width if column.drop == 0 else None  # numbers and names are never cut
                    table.add_column(column.title, justify=side, min_width=least, overflow="ellipsis", no_wrap=True)  # type: ignore[arg-type]
                cells = _cells(shown)
                for i, row in enumerate(cells):
                    last = shown.total is not None and i == len(cells) - 1
                    if last:
                        table.add_section()
                    table.add_row(*(Text(cell) for cell in row), style="bold" if last else None)
                console.print(table)
            case Facts():
                width = max((len(name) for name, _ in block.pairs), default=0)
                for name, value in block.pairs:
                    console.print(Text.assemble((f"{name:<{width}}  ", "dim"), printable(value, _LINE_LIMIT)))
            case Bar():
                full = _full(block)
                colour = "red" if block.used > block.limit else "green"
                console.print(
                    Text.assemble(
                        (f"{_bar_label(block)}  ", "dim"),
                        ("█" * full, colour),
                        ("░" * (_BAR_WIDTH - full), "dim"),
                        f"  {_bar_numbers(block)}",
                    )
                )
            case Drawing():
                for line in block.draw(console.width, True):
                    runs = ((printable(text, _LINE_LIMIT), colour) for text, colour in line)
                    console.print(Text.assemble(*runs, no_wrap=True))
            case _:
                console.print(Text(printable(block, _LINE_LIMIT)))
