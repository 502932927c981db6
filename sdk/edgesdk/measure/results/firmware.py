# SPDX-License-Identifier: Apache-2.0
"""Firmware that was built, and programmed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from edgesdk.measure.results.accounts import FlashAccount, RamAccount


@dataclass(frozen=True)
class FirmwareModel:
    """One of a firmware's models: its file's name, and the two CRCs by which hosts know it."""

    model: str
    model_crc32: str
    plan_crc32: str


@dataclass(frozen=True)
class BuildResult:
    """A firmware image on disk.

    Args:
        models: they run one after another in one arena.
        directory: where everything was written; `elf` and `files` lie in it.
        ram, flash: from the ELF; ram.stack is None, since nothing ran.
    """

    board: str
    models: tuple[FirmwareModel, ...]
    optimize: str
    input: str
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
    """A board that was programmed, reset, greeted, and runs these very models and plans.

    Args:
        port: serial port or socket on which it answers; it has ended again unless `kept`.
        pid: process of the emulator that was kept.
    """

    board: str
    emulated: bool
    models: tuple[FirmwareModel, ...]
    optimize: str
    input: str
    port: str
    kept: bool
    ram: RamAccount
    flash: FlashAccount
    pid: int | None = None
    stream: int | None = None
    output: str = "resident"
