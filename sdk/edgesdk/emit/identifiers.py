# SPDX-License-Identifier: Apache-2.0
"""C identifiers from file names, which may hold anything."""

from __future__ import annotations

import re
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
