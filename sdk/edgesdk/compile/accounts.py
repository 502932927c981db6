# SPDX-License-Identifier: Apache-2.0
"""Where a firmware's flash and RAM go, read from its ELF.

The linker scripts (firmware/ports/edge.ld.jinja, firmware/ports/host/accounts.ld) put what belongs together into one
output section; this file holds the tables both sides follow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from elftools.common.exceptions import ELFError
from elftools.elf.constants import SH_FLAGS
from elftools.elf.elffile import ELFFile

from edgesdk.boards import Board
from edgesdk.errors import BUILD_FAILED, EdgeError

# Archives whose code and constants are `code`: runtime and kernels, start-up and drivers, compiler support.
CODE_ARCHIVES = ("libedge_core.a", "libedge_port.a", "libgcc.a")
# Members whose constants are `weights`: all of model.c. Everything else is the application's.
WEIGHTS_PATTERN = "*libedge_model.a:model_*"

# Output sections, by account; an account's sections also start with its names followed by a dot or underscore.
_FLASH: Mapping[str, str] = {".edge_code": "code", ".edge_weights": "weights", ".edge_app": "app"}
_RAM: Mapping[str, str] = {
    ".edge_arena": "arena",
    ".edge_ctx": "runtime",
    ".edge_model_bss": "runtime",
    ".edge_stack": "stack",
    ".edge_app": "app",
}
_ARENA = ".edge_arena."  # and the region's name


@dataclass(frozen=True)
class FlashBytes:
    """Loadable bytes. `total` is counted from the ELF's segments; `other` is what no account claims: 0."""

    code: int
    weights: int
    app: int
    total: int
    other: int


@dataclass(frozen=True)
class RamBytes:
    """Bytes of RAM. `stack` is what is reserved for it; `regions` are the bytes occupied, by region name, `arenas` the
    arena's part of them where it has any."""

    arena: int
    runtime: int
    app: int
    stack: int
    total: int
    other: int
    regions: Mapping[str, int]
    arenas: Mapping[str, int]


@dataclass(frozen=True)
class Accounts:
    """Both accounts of one ELF."""

    flash: FlashBytes
    ram: RamBytes


@dataclass(frozen=True)
class _Section:
    name: str
    address: int
    bytes: int
    loaded: bool  # has contents in the file


def read_accounts(elf: Path, board: Board) -> Accounts:
    """The accounts of a firmware built for a board.

    Raises:
        EdgeError: BUILD_FAILED where the file is not such an ELF.
    """
    try:
        with elf.open("rb") as stream:
            file = ELFFile(stream)
            sections = [
                _Section(s.name, s["sh_addr"], s["sh_size"], s["sh_type"] != "SHT_NOBITS")
                for s in file.iter_sections()
                if s["sh_flags"] & SH_FLAGS.SHF_ALLOC and s["sh_size"] > 0
            ]
            segments = [
                (s["p_vaddr"], s["p_filesz"], s["p_memsz"]) for s in file.iter_segments() if s["p_type"] == "PT_LOAD"
            ]
    except (OSError, ELFError) as error:
        raise EdgeError(BUILD_FAILED, "the firmware is not an ELF file", where=str(elf), why=str(error)) from None
    if board.build.arch == "host":
        return _process(sections)

    flash = dict.fromkeys(_FLASH.values(), 0)
    ram = dict.fromkeys(_RAM.values(), 0)
    for section in sections:
        in_ram = _region(board, section.address, "ram") is not None
        if section.loaded and (account := _account(section.name, _FLASH)):
            flash[account] += section.bytes
        if in_ram and (account := _account(section.name, _RAM)):
            ram[account] += section.bytes
    arenas = {s.name.removeprefix(_ARENA): s.bytes for s in sections if s.name.startswith(_ARENA)}
    regions = {region.name: 0 for region in board.memory if region.kind == "ram"}
    for address, _, size in segments:
        name = _region(board, address, "ram")
        if name is not None:
            regions[name] += size
    return _sum(flash, ram, sum(size for _, size, _ in segments), sum(regions.values()), regions, arenas)


def _process(sections: list[_Section]) -> Accounts:
    """The host's ELF also holds what the C library and the system need of a process: the application's."""
    flash = dict.fromkeys(_FLASH.values(), 0)
    ram = dict.fromkeys(_RAM.values(), 0)
    for section in sections:
        claimed = _account(section.name, _RAM)
        if claimed or not section.loaded:
            ram[claimed or "app"] += section.bytes
        else:
            flash[_account(section.name, _FLASH) or "app"] += section.bytes
    total = sum(ram.values())
    return _sum(flash, ram, sum(flash.values()), total, {"RAM": total}, {"RAM": ram["arena"]})


def _account(section: str, table: Mapping[str, str]) -> str | None:
    for name, account in table.items():
        if section == name or section.startswith((f"{name}.", f"{name}_")):
            return account
    return None


def _region(board: Board, address: int, kind: str) -> str | None:
    for region in board.memory:
        if region.kind == kind and region.base <= address < region.end:
            return region.name
    return None


def _sum(
    flash: Mapping[str, int],
    ram: Mapping[str, int],
    loaded: int,
    occupied: int,
    regions: Mapping[str, int],
    arenas: Mapping[str, int],
) -> Accounts:
    return Accounts(
        FlashBytes(**flash, total=loaded, other=loaded - sum(flash.values())),
        RamBytes(**ram, total=occupied, other=occupied - sum(ram.values()), regions=regions, arenas=arenas),
    )
