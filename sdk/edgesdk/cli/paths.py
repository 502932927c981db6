# SPDX-License-Identifier: Apache-2.0
"""Places to write to, checked before the work whose result goes there."""

from __future__ import annotations

import os
from pathlib import Path

from edgesdk.errors import FILE_WRITE, EdgeError
from edgesdk.text import printable


def check_file(path: Path) -> None:
    """Raise EdgeError FILE_WRITE where no file can be written."""
    if path.is_dir():
        raise _refused(path, "it is a folder")
    if not path.parent.is_dir():
        raise _refused(path, f"there is no folder {printable(str(path.parent))}")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise _refused(path, "permission denied")


def check_folder(path: Path) -> None:
    """Raise EdgeError FILE_WRITE where no folder is and none can be made."""
    there = next(p for p in (path, *path.absolute().parents) if p.exists())
    if not there.is_dir():
        raise _refused(path, f"{printable(str(there))} is a file, not a folder")
    if not os.access(there, os.W_OK):
        raise _refused(path, "permission denied")


def _refused(path: Path, why: str) -> EdgeError:
    return EdgeError(FILE_WRITE, f"{printable(str(path))} cannot be written", why=why)
