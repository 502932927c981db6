# SPDX-License-Identifier: Apache-2.0
"""Firmware that was built, and programmed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from edgesdk.measure.results.accounts import FlashAccount, RamAccount


@dataclass(frozen=True)
class BuildResult:
    """A firmware image on disk.

    Args:
        directory: where everything was written; `elf` and `files` lie in it.
        ram, flash: from the ELF; ram.stack is None, since nothing ran.
    """

    board: str
    model: str
    optimize: str
    input: str
    model_crc32: str
    plan_crc32: str
    directory: Path
    elf: Path
    files: tuple[Path, ...]
    compiler: str
    ram: RamAccount
    flash: FlashAccount
    stream: int | None = None
    output: str = "resident"


@dataclass(frozen=True)
class FlashResult:
    """A board that was programmed, reset, greeted, and runs this very model and plan.

    Args:
        port: serial port or socket on which it answers; it has ended again unless `kept`.
        pid: process of the emulator that was kept.
    """

    board: str
    emulated: bool
    model: str
    optimize: str
    input: str
    model_crc32: str
    plan_crc32: str
    port: str
    kept: bool
    ram: RamAccount
    flash: FlashAccount
    pid: int | None = None
    stream: int | None = None
    output: str = "resident"
