# SPDX-License-Identifier: Apache-2.0
"""Errors as text: the id and everything known on one line, then at most three things to try."""

from __future__ import annotations

from edgesdk.measure.results import ErrorInfo
from edgesdk.text import printable

_LIMIT = 400
_WHY_LINES = 40


def error_text(error: ErrorInfo) -> str:
    """An error for people. A cause of several lines (a compiler's) follows the first line, indented."""
    why, *more = error.why.strip().splitlines()[:_WHY_LINES] or [""]
    if more:
        why, more = "", [why, *more]
    first = f"{error.id}: {printable(error.what, _LIMIT)}"
    if error.where:
        first += f" ({printable(error.where, _LIMIT)})"
    if why:
        first += f": {printable(why, _LIMIT)}"
    lines = [first, *(f"    {printable(line, _LIMIT)}" for line in more)]
    if error.tries:
        lines += ["Things to try:", *(f"  - {printable(text, _LIMIT)}" for text in error.tries)]
    return "\n".join(lines)
