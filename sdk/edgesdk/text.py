# SPDX-License-Identifier: Apache-2.0
"""Strings from outside (models, ports, files) made safe to show."""

from __future__ import annotations


def printable(name: str, limit: int = 60) -> str:
    """`name` with control characters, terminal escapes and unprintable code points escaped, shortened in the middle.

    Args:
        name: any string.
        limit: most characters of the result.
    """
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in name)
    if len(shown) <= limit:
        return shown
    head = (limit - 3) // 2
    return f"{shown[:head]}...{shown[len(shown) - (limit - 3 - head) :]}"
