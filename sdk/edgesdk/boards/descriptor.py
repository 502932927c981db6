# SPDX-License-Identifier: Apache-2.0
"""What a board file (boards/<id>.toml) says; docs/porting.md shows how one is made."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

_Text = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,200}$")]
_Symbol = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,31}$")]
_Define = Annotated[str, StringConstraints(pattern=r"^EDGE_[A-Z0-9_]{1,60}$")]
_Folder = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
_Flag = Annotated[str, StringConstraints(pattern=r"^-m[a-z0-9][a-zA-Z0-9_.=+-]*$")]
_MachineName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
_Word = Annotated[int, Field(ge=0, le=0xFFFF_FFFF)]
_Bytes = Annotated[int, Field(ge=0, le=1 << 32)]

Core = Literal["cortex-m0", "cortex-m3", "cortex-m4", "cortex-m7", "cortex-m33", "cortex-m55", "rv32imac", "host"]

_SPEEDS = ("fast", "normal", "slow")
# Kernel families by core, best first. Every M33 here has the DSP extension.
_FAMILIES: Mapping[Core, tuple[str, ...]] = {
    "cortex-m0": ("packed", "portable"),
    "cortex-m3": ("packed", "portable"),
    "cortex-m4": ("dsp", "portable"),
    "cortex-m7": ("dsp", "portable"),
    "cortex-m33": ("dsp", "portable"),
    "cortex-m55": ("mve", "dsp", "portable"),
    "rv32imac": ("packed", "portable"),
    "host": ("portable",),
}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Memory(_Part):
    """One region. `speed` is relative to the board's other regions of the same kind."""

    name: _Symbol
    base: _Word
    bytes: Annotated[int, Field(ge=1, le=1 << 32)]
    kind: Literal["flash", "ram"]
    speed: Literal["fast", "normal", "slow"]

    @property
    def end(self) -> int:
        """One past its last address."""
        return self.base + self.bytes


class FlashTiming(_Part):
    """What reading the flash takes at the board's clock; cycle estimates are made from it.

    Args:
        wait_states: cycles more than one, for each read of the array.
        line_bytes: what one read brings, and a line of the caches.
        code_lines, code_ways: of the instruction cache; 0: none but the line read last.
        data_lines, data_ways: of the cache for loads from flash.
        shared: the instruction cache serves loads too.
        prefetch: the line after the one that runs is read ahead.
        source: where the numbers are from.
    """

    wait_states: Annotated[int, Field(ge=0, le=31)]
    line_bytes: Annotated[int, Field(ge=4, le=64)] = 16
    code_lines: Annotated[int, Field(ge=0, le=4096)] = 0
    code_ways: Annotated[int, Field(ge=0, le=256)] = 0
    data_lines: Annotated[int, Field(ge=0, le=4096)] = 0
    data_ways: Annotated[int, Field(ge=0, le=256)] = 0
    shared: bool = False
    prefetch: bool = False
    source: _Text

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.line_bytes & (self.line_bytes - 1):
            raise ValueError("line_bytes: must be a power of two")
        for name, lines, ways in (("code", self.code_lines, self.code_ways), ("data", self.data_lines, self.data_ways)):
            if (ways == 0) != (lines == 0) or (ways and lines % ways):
                raise ValueError(f"{name}_ways: must divide {name}_lines, and both be 0 or neither")
        if self.shared and self.data_lines:
            raise ValueError("data_lines: a shared cache is the instruction cache")
        return self


class Placement(_Part):
    """Which region holds what. `arena` lists the RAM regions a plan may use, fastest first: what does not fit the first
    goes on to the next."""

    code: _Symbol
    weights: _Symbol
    stack: _Symbol
    arena: tuple[_Symbol, ...] = Field(min_length=1, max_length=4)


class Build(_Part):
    """How its firmware is compiled: flags that name the core, port folders, definitions the port reads."""

    arch: Literal["arm", "riscv", "host"]
    flags: tuple[_Flag, ...]
    ports: tuple[_Folder, ...] = Field(min_length=1)
    defines: Mapping[_Define, _Word] = {}


class Uart(_Part):
    """The serial line the application speaks on, 8 data bits, no parity, 1 stop bit."""

    name: _Text
    base: _Word
    baud: Annotated[int, Field(ge=1200, le=10_000_000)]


class Reserve(_Part):
    """Bytes kept free of models. `ram_bytes` covers stack and application, `flash_bytes` all code."""

    stack_bytes: Annotated[int, Field(ge=512, le=1 << 24, multiple_of=16)]
    ram_bytes: _Bytes
    flash_bytes: _Bytes


class App(_Part):
    """Sizes of the serial application: longest frame payload, operators it can time, its copy of an input."""

    payload_bytes: Annotated[int, Field(ge=128, le=32768)]
    profile_ops: Annotated[int, Field(ge=1, le=65535)]
    db_bytes: _Bytes


class Emulator(_Part):
    """The QEMU machine. One instruction takes 2**icount_shift ns of its time."""

    program: Literal["qemu-system-arm", "qemu-system-riscv32"]
    machine: _MachineName
    cpu: _MachineName | None = None
    icount_shift: Annotated[int, Field(ge=0, le=10)]

    @property
    def ns_per_instruction(self) -> int:
        """Nanoseconds of emulated time per instruction."""
        return 1 << self.icount_shift


class Programmer(_Part):
    """An external tool that programs the board. `{elf}` and `{port}` in its command stand for the two; `install` says
    where it comes from."""

    command: tuple[_Text, ...] = Field(min_length=1)
    install: _Text


class Board(_Part):
    """A board file, checked.

    Args:
        status: what it has been tried on, in words.
        clock_hz: of the core, after the port has set it up.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    title: _Text
    chip: _Text
    core: Core
    clock_hz: Annotated[int, Field(ge=1, le=0xFFFF_FFFF)]
    status: _Text
    build: Build
    memory: tuple[Memory, ...] = Field(min_length=2, max_length=8)
    placement: Placement
    uart: Uart
    reserve: Reserve
    app: App
    emulator: Emulator | None = None
    flash_timing: FlashTiming | None = None
    programmers: tuple[Programmer, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        by_name = {region.name: region for region in self.memory}
        if len(by_name) != len(self.memory):
            raise ValueError("memory: two regions have the same name")
        for region in self.memory:
            if region.end > 1 << 32:
                raise ValueError(f"memory: {region.name} ends beyond 4 GiB")
        ordered = sorted(self.memory, key=lambda region: region.base)
        for low, high in itertools.pairwise(ordered):
            if low.end > high.base:
                raise ValueError(f"memory: {low.name} and {high.name} overlap")
        p = self.placement
        places = [("code", p.code, "flash"), ("weights", p.weights, "flash"), ("stack", p.stack, "ram")]
        places += [("arena", name, "ram") for name in p.arena]
        for what, name, kind in places:
            if name not in by_name:
                raise ValueError(f"placement.{what}: there is no region {name}")
            if by_name[name].kind != kind:
                raise ValueError(f"placement.{what}: {name} is not {kind}")
        if len(set(p.arena)) != len(p.arena):
            raise ValueError("placement.arena: a region is listed twice")
        for first, then in itertools.pairwise(p.arena):
            if _SPEEDS.index(by_name[then].speed) < _SPEEDS.index(by_name[first].speed):
                raise ValueError(f"placement.arena: {then} is faster than {first} and must come before it")
        for flag in self.build.flags if self.core != "host" else ():
            if flag.startswith("-mcpu=") and flag.removeprefix("-mcpu=").split("+")[0] != self.core:
                raise ValueError(f"build.flags: {flag} is not core {self.core}")
        if self.reserve.stack_bytes > self.reserve.ram_bytes:
            raise ValueError("reserve.ram_bytes: is less than the stack alone")
        if self.reserve.ram_bytes > by_name[p.stack].bytes:
            raise ValueError(f"reserve.ram_bytes: is more than {p.stack} has")
        if self.reserve.flash_bytes > by_name[p.code].bytes:
            raise ValueError(f"reserve.flash_bytes: is more than {p.code} has")
        return self

    @property
    def families(self) -> tuple[str, ...]:
        """Kernel families its core runs, best first."""
        return _FAMILIES[self.core]

    @property
    def reserve_ram_bytes(self) -> int:
        """RAM kept for stack and application, in the stack's region."""
        return self.reserve.ram_bytes

    @property
    def reserve_flash_bytes(self) -> int:
        """Flash kept for code."""
        return self.reserve.flash_bytes

    @property
    def flash_bytes(self) -> int:
        """Bytes of the regions that hold code and weights."""
        return sum(self.region(name).bytes for name in {self.placement.code, self.placement.weights})

    @property
    def ns_per_instruction(self) -> int:
        """Nanoseconds of emulated time per instruction, 0 where the board has no emulator."""
        return self.emulator.ns_per_instruction if self.emulator else 0

    def region(self, name: str) -> Memory:
        """The region of this name; it must exist."""
        return next(region for region in self.memory if region.name == name)

    def ram_bytes(self, name: str) -> int:
        """Size of a RAM region."""
        return self.region(name).bytes
