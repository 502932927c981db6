# SPDX-License-Identifier: Apache-2.0
"""RAM and flash as lines and bars."""

from __future__ import annotations

from collections.abc import Sequence

from edgesdk.measure.results import FlashAccount, RamAccount
from edgesdk.report.document import Bar, Block, Facts


def account_blocks(ram: RamAccount, flash: FlashAccount) -> list[Block]:
    """Where RAM and flash go, with bars of what is used at all. `other` shows only when an account is wrong."""
    parts = [("arena", ram.arena), ("runtime", ram.runtime), ("stack", ram.stack), ("app", ram.app)]
    ram_line = f"{_sum(parts)} = {ram.total:,} bytes{_other(ram.other)}"
    if len(ram.arenas) > 1:
        ram_line += f"; the arena is {', '.join(f'{size:,} in {region}' for region, size in ram.arenas.items())}"
    if ram.watermark is not None:
        ram_line += f"; {ram.watermark:,} bytes of the arena touched"
    flash_parts = [("code", flash.code), ("weights", flash.weights), ("app", flash.app)]
    flash_line = f"{_sum(flash_parts)} = {flash.total:,} bytes{_other(flash.other)}"
    blocks: list[Block] = [Facts((("RAM", ram_line), ("flash", flash_line)))]
    blocks += [Bar(region, use.used, use.limit) for region, use in ram.regions.items() if use.used > 0]
    if flash.limit is not None:
        blocks.append(Bar("flash", flash.total, flash.limit))
    return blocks


def _sum(parts: Sequence[tuple[str, int | None]]) -> str:
    return " + ".join(f"{name} {size:,}" for name, size in parts if size is not None)


def _other(size: int) -> str:
    return f" and {size:,} bytes that no account explains" if size else ""
