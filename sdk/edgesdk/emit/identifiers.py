# SPDX-License-Identifier: Apache-2.0
"""C identifiers from file names, which may hold anything."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

LONGEST = 32


def identifier(name: str) -> str:
    """Lower-case letters, digits and underscores from a model's file name; "model" where nothing is left."""
    stem = PurePosixPath(name.replace("\\", "/")).name
    stem = stem.removesuffix(".tflite")
    text = re.sub(r"[^a-z0-9]+", "_", stem.lower()).strip("_")[:LONGEST].strip("_")
    if not text:
        return "model"
    # The firmware's own names begin with edge.
    return f"m_{text}" if text[0].isdigit() or text.startswith("edge") else text


def unique_identifiers(names: Sequence[str]) -> list[str]:
    """One identifier per name, in order; repeated ones get a number."""
    taken: list[str] = []
    for name in names:
        base, text, number = identifier(name), identifier(name), 2
        while text in taken:
            text, number = f"{base}_{number}", number + 1
        taken.append(text)
    return taken
