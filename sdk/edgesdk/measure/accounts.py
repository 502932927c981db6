# SPDX-License-Identifier: Apache-2.0
"""The ELF's accounts as results, and the board file's reserves held against them."""

from __future__ import annotations

from edgesdk.boards import Board
from edgesdk.compile.accounts import Accounts
from edgesdk.errors import BUILD_OVERFLOW, EdgeError
from edgesdk.measure.results import FlashAccount, RamAccount, RegionUse


def ram_account(board: Board, accounts: Accounts, stack: int | None = None, watermark: int | None = None) -> RamAccount:
    """Where the RAM goes.

    Args:
        stack: the painted stack's high-water mark, None before the firmware ran.
        watermark: arena bytes touched by a painted run, None before it ran.
    """
    ram = accounts.ram
    regions = {
        name: RegionUse(
            used - (ram.stack - (stack or 0) if name == board.placement.stack else 0), board.ram_bytes(name)
        )
        for name, used in ram.regions.items()
    }
    return RamAccount(
        arena=ram.arena,
        runtime=ram.runtime,
        stack=stack,
        app=ram.app,
        total=ram.arena + ram.runtime + (stack or 0) + ram.app,
        other=ram.other,
        regions=regions,
        watermark=watermark,
        arenas=ram.arenas,
    )


def flash_account(board: Board, accounts: Accounts) -> FlashAccount:
    """Where the flash goes."""
    flash = accounts.flash
    return FlashAccount(flash.code, flash.weights, flash.app, flash.total, flash.other, limit=board.flash_bytes)


def check_reserves(board: Board, accounts: Accounts) -> None:
    """Raise EdgeError BUILD_OVERFLOW where stack and application outgrew what the board file reserves for them.

    Code depends on the model's kernels: the plan reckons with what the board file says, the linker has the last word.
    """
    need, limit = accounts.ram.app + accounts.ram.stack, board.reserve_ram_bytes
    if need > limit:
        raise EdgeError(
            BUILD_OVERFLOW,
            f"stack and application need {need:,} bytes of RAM, {board.id} reserves {limit:,}",
            where=board.id,
            tries=("raise reserve.ram_bytes in the board file",),
        )
