# SPDX-License-Identifier: Apache-2.0
"""Where the firmware sources and board files are: in the checkout first, in the installed wheel second."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent.parent


def _find(name: str) -> Path:
    # An editable install does not show the wheel's force-included copies, hence the checkout first.
    beside = _CHECKOUT / name
    if (_CHECKOUT / "pyproject.toml").is_file() and beside.is_dir():
        return beside
    return _PACKAGE / f"_{name}"


def firmware_dir() -> Path:
    """The folder of the C sources."""
    return _find("firmware")


def boards_dir() -> Path:
    """The folder of the board files."""
    return _find("boards")
