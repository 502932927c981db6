# SPDX-License-Identifier: Apache-2.0
"""What `build` and `flash` made, as a few lines."""

from __future__ import annotations

from collections.abc import Sequence

from edgesdk.measure.results import BuildResult, FirmwareModel, FlashResult
from edgesdk.report.accounts import account_blocks
from edgesdk.report.document import Document, Facts


def _models(models: Sequence[FirmwareModel]) -> list[tuple[str, str]]:
    return [("model", f"{m.model} (CRC-32 {m.model_crc32}, plan {m.plan_crc32})") for m in models]


def render_build(result: BuildResult) -> Document:
    """Where the image lies and what it occupies."""
    facts = (
        *_models(result.models),
        ("board", result.board),
        ("compiler", result.compiler),
        ("firmware", str(result.elf)),
        ("sources", ", ".join(path.name for path in result.files)),
    )
    return [Facts(facts), *account_blocks(result.ram, result.flash)]


def render_flash(result: FlashResult) -> Document:
    """What runs on the board, and where it answers."""
    end = "" if result.kept or not result.emulated else "; the emulator has ended, --keep leaves it running"
    if result.pid is not None:
        end = f"; process {result.pid}, which `kill {result.pid}` ends"
    runs = "runs it" if len(result.models) == 1 else "runs them"
    facts = (
        *_models(result.models),
        ("board", f"{result.board}{' (emulated)' if result.emulated else ''} {runs}"),
        ("port", f"{result.port}{end}"),
    )
    return [Facts(facts), *account_blocks(result.ram, result.flash)]
