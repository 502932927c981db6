# SPDX-License-Identifier: Apache-2.0
"""The command `edgesdk` as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, its JSON, the seconds it took, the time (of time.time) at its end."""

    code: int
    value: dict[str, Any]
    seconds: float
    at: float

    @property
    def error(self) -> str:
        """The error's id."""
        return str(self.value["error"]["id"])


def edgesdk(*arguments: str | Path, environment: Mapping[str, str] | None = None) -> Ended:
    """Runs a command line with --json."""
    command = [sys.executable, "-c", "from edgesdk.cli.main import main; main()", *map(str, arguments), "--json"]
    dropped = ("EDGESDK_BOARD", "EDGESDK_PORT")
    inherited = {k: v for k, v in os.environ.items() if k not in dropped}
    begin = time.monotonic()
    done = subprocess.run(
        command, env={**inherited, **(environment or {})}, capture_output=True, text=True, timeout=300, check=False
    )
    seconds = time.monotonic() - begin
    assert "Traceback" not in done.stderr
    return Ended(done.returncode, json.loads(done.stdout), seconds, time.time())


class NoCompiler:
    """An environment in which no library is built yet and every compiler leaves a note that it was started."""

    def __init__(self, directory: Path) -> None:
        self._note = directory / "compiled"
        programs = directory / "bin"
        programs.mkdir()
        for name in ("cc", "gcc", "arm-none-eabi-gcc", "riscv64-unknown-elf-gcc"):
            program = programs / name
            program.write_text(f"#!/bin/sh\necho {name} >> '{self._note}'\nexit 1\n")
            program.chmod(0o755)
        path = f"{programs}{os.pathsep}{os.environ['PATH']}"
        self.environment = {"PATH": path, "CC": str(programs / "cc"), "XDG_CACHE_HOME": str(directory / "cache")}

    @property
    def started(self) -> bool:
        """Whether any compiler was."""
        return self._note.exists()
