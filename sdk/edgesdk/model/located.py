# SPDX-License-Identifier: Apache-2.0
"""Adds the place in a model to the errors raised about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from edgesdk.errors import EdgeError
from edgesdk.text import printable


@contextmanager
def located(where: str) -> Iterator[None]:
    """Errors that leave this block without a place get this one."""
    try:
        yield
    except EdgeError as error:
        error.where = error.where or where
        raise


def layer_place(index: int, op: str, name: str = "") -> str:
    """A layer by its index, operator and first output's name, safe to show."""
    place = f"layer {index} ({printable(op)})"
    return f"{place}, tensor '{printable(name)}'" if name else place
