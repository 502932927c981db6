# SPDX-License-Identifier: Apache-2.0
"""What `build` and `flash` made, as a few lines."""

from __future__ import annotations

from edgesdk.measure.results import BuildResult, FlashResult
from edgesdk.report.accounts import account_blocks
from edgesdk.report.document import Document, Facts


def render_build(result: BuildResult) -> Document:
    """Where the image lies and what it occupies."""
    facts = (
        ("model", f"{result.model} (CRC-32 {result.model_crc32}, plan {result.plan_crc32})"),
        ("board", result.board),
        ("compiler", result.compiler),
        ("firmware", str(result.elf)),
    )
    return [Facts(facts), *account_blocks(result.ram, result.flash)]


def render_flash(result: FlashResult) -> Document:
    """What runs on the board, and where it answers."""
    end = "" if result.kept or not result.emulated else "; the emulator has ended, --keep leaves it running"
    if result.pid is not None:
        end = f"; process {result.pid}, which `kill {result.pid}` ends"
    facts = (
        ("model", f"{result.model} (CRC-32 {result.model_crc32}, plan {result.plan_crc32})"),
        ("board", f"{result.board}{' (emulated)' if result.emulated else ''} runs it"),
        ("port", f"{result.port}{end}"),
    )
    return [Facts(facts), *account_blocks(result.ram, result.flash)]
