# SPDX-License-Identifier: Apache-2.0
"""What a report consists of, before anyone decides how it is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Args:
        right: numbers stand at its right.
        limit: the most characters a cell shows.
        drop: the columns with the highest go first where a terminal is too narrow; those with 0 stay whole.
    """

    title: str
    right: bool = False
    limit: int = 60
    drop: int = 0


@dataclass(frozen=True)
class Table:
    """Rows of text. `total` is set apart below them."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Bar:
    """How much of something is used."""

    label: str
    used: int
    limit: int


@dataclass(frozen=True)
class Facts:
    """Names and values, one a line."""

    pairs: tuple[tuple[str, str], ...]


Line = Sequence[tuple[str, str]]
"""Runs of text, each with a colour of rich's; "" is the terminal's own."""


@dataclass(frozen=True)
class Drawing:
    """Lines made for a width.

    Args:
        draw: (characters in a line, whether there are colours) -> the lines.
    """

    draw: Callable[[int, bool], Sequence[Line]]


Block = str | Table | Bar | Facts | Drawing
Document = Sequence[Block]
"""Blocks from top to bottom. No string in it is trusted: whoever shows it escapes it."""


def count(value: int | None) -> str:
    """A count with separators; empty where it is not known."""
    return "" if value is None else f"{value:,}"


def shape(value: Sequence[int]) -> str:
    """A tensor's shape, as 1x25x5x64; a scalar is "scalar"."""
    return "x".join(str(d) for d in value) or "scalar"


def ratio(part: float | None, whole: int) -> str:
    """part / whole with two digits; empty where either is missing."""
    return f"{part / whole:.2f}" if part is not None and whole else ""


def percent(part: float | None, whole: float) -> str:
    """part of whole in percent with one digit; empty where either is missing."""
    return f"{100 * part / whole:.1f}" if part is not None and whole else ""
