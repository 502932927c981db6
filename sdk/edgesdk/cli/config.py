# SPDX-License-Identifier: Apache-2.0
"""Settings that need not be typed every time: which board, which port, and where each value came from."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

from edgesdk.errors import USAGE, EdgeError
from edgesdk.measure.results import Setting

NAMES = ("board", "port")
PROJECT_FILE = "edgesdk.toml"
PRECEDENCE = (
    "the flag",
    "the environment (EDGESDK_BOARD, EDGESDK_PORT)",
    f"{PROJECT_FILE} in this folder or above",
    "the user's config.toml",
    "the default",
)


def settings(flags: Mapping[str, str | None] | None = None) -> dict[str, Setting]:
    """Every setting in force.

    Args:
        flags: values given on the command line; None where not given.

    Raises:
        EdgeError: USAGE where a settings file is not valid.
    """
    files = [(str(path), _read(path)) for path in (_project_file(), _user_file()) if path is not None]
    found = {}
    for name in NAMES:
        variable = f"EDGESDK_{name.upper()}"
        candidates = [
            ((flags or {}).get(name), f"--{name}"),
            (os.environ.get(variable), variable),
            *((values.get(name), path) for path, values in files),
        ]
        chosen = next(((value, source) for value, source in candidates if value), (None, "default"))
        found[name] = Setting(name, *chosen)
    return found


def _project_file() -> Path | None:
    here = Path.cwd()
    return next((p for folder in (here, *here.parents) if (p := folder / PROJECT_FILE).is_file()), None)


def _user_file() -> Path | None:
    base = os.environ.get("XDG_CONFIG_HOME")
    path = (Path(base) if base else Path.home() / ".config") / "edgesdk" / "config.toml"
    return path if path.is_file() else None


def _read(path: Path) -> dict[str, str]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise EdgeError(USAGE, "the settings file cannot be read", where=str(path), why=str(error)) from None
    for name, value in values.items():
        if name not in NAMES or not isinstance(value, str):
            raise EdgeError(
                USAGE,
                f"{name!r} is no setting" if name not in NAMES else f"{name!r} must be a string",
                where=str(path),
                tries=(f"settings are: {', '.join(NAMES)}",),
            )
    return values
