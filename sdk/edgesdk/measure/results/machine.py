# SPDX-License-Identifier: Apache-2.0
"""Boards, tools, settings and ports: what surrounds a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class BoardInfo:
    """A board that edgesdk knows.

    Args:
        ram, flash: region name -> bytes.
        emulator: the machine's name in the emulator, None where there is none.
        status: what it has been tried on, in words.
        arena: the RAM regions that hold arenas, fastest first.
        reserve: region -> bytes kept free of models.
        uart: the serial line, in words.
        programmers: the tools that program it, best first.
    """

    id: str
    name: str
    chip: str
    core: str
    ram: Mapping[str, int]
    flash: Mapping[str, int]
    emulator: str | None
    status: str
    arena: tuple[str, ...] = ()
    reserve: Mapping[str, int] = field(default_factory=dict)
    uart: str = ""
    programmers: tuple[str, ...] = ()


@dataclass(frozen=True)
class BoardList:
    """Boards in the order of their ids."""

    boards: tuple[BoardInfo, ...]


@dataclass(frozen=True)
class ToolInfo:
    """A tool on this machine: `path` and `version` are None where it is missing; `serves` are board ids."""

    name: str
    path: str | None
    version: str | None
    serves: tuple[str, ...]


@dataclass(frozen=True)
class ToolList:
    """The tools that the boards need."""

    tools: tuple[ToolInfo, ...]


@dataclass(frozen=True)
class Check:
    """One line of `doctor`: "ok", "missing" (nothing works without it) or "optional" (some things do not)."""

    name: str
    status: str
    detail: str
    fix: str = ""


@dataclass(frozen=True)
class Setting:
    """A setting in force and where it comes from: a flag, an environment variable, a file, or the default."""

    name: str
    value: str | None
    source: str


@dataclass(frozen=True)
class DoctorReport:
    """What this installation has and lacks."""

    version: str
    checks: tuple[Check, ...]
    settings: tuple[Setting, ...]
    precedence: tuple[str, ...]


@dataclass(frozen=True)
class MonitorResult:
    """A text conversation with a board: what was sent, and the lines that came back."""

    port: str
    sent: tuple[str, ...]
    lines: tuple[str, ...]
