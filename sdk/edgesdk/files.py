# SPDX-License-Identifier: Apache-2.0
"""Files that are there as a whole or not at all."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from edgesdk.errors import FILE_WRITE, EdgeError
from edgesdk.text import printable


def write_file(path: Path, data: bytes) -> None:
    """Writes a file under a temporary name and renames it: a failure leaves what was there.

    Raises:
        EdgeError: FILE_WRITE.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise EdgeError(FILE_WRITE, f"{printable(str(path))} cannot be written", why=error.strerror or "") from None
