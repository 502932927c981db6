# SPDX-License-Identifier: Apache-2.0
"""From a model file to a firmware image on disk."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from edgesdk.boards import Board
from edgesdk.compile.build import Firmware, build_firmware
from edgesdk.emit import EmittedModel, emit_app
from edgesdk.errors import FILE_WRITE, EdgeError
from edgesdk.measure.accounts import check_reserves, flash_account, ram_account
from edgesdk.measure.prepare import Prepared, prepare
from edgesdk.measure.results import BuildResult
from edgesdk.model.plan import Options


def build(model: Path, board: Board, options: Options, output: Path, *, ram: int | None = None) -> BuildResult:
    """Plans, emits and compiles a model into `output`: firmware.elf and the generated C sources.

    Raises:
        EdgeError: as `prepare` does, TOOL_MISSING, BUILD_FAILED, BUILD_OVERFLOW, FILE_WRITE.
    """
    prepared = prepare(model, board, options, ram)
    sources = emit_sources(prepared)
    with tempfile.TemporaryDirectory(prefix="edgesdk-") as scratch:
        firmware = build_prepared(prepared, sources, Path(scratch))
        for name, text in sources.items():
            (Path(scratch) / name).write_text(text)
        _publish(Path(scratch), [firmware.elf.name, *sources], output)
    plan = prepared.plan
    return BuildResult(
        board=board.id,
        model=model.name,
        optimize=options.optimize,
        input=options.input,
        model_crc32=f"{plan.graph.crc32:08x}",
        plan_crc32=f"{plan.crc32:08x}",
        directory=output,
        elf=output / firmware.elf.name,
        files=tuple(output / name for name in sorted(sources)),
        compiler=firmware.compiler,
        ram=ram_account(board, firmware.accounts),
        flash=flash_account(board, firmware.accounts),
        stream=options.stream,
        output=options.output,
    )


def emit_sources(prepared: Prepared) -> Mapping[str, str]:
    """The generated C files of a firmware with this one model."""
    return emit_app([EmittedModel(prepared.plan, prepared.prefix)])


def build_prepared(prepared: Prepared, sources: Mapping[str, str], output: Path) -> Firmware:
    """The firmware of a planned model, in `output`, held against the board file's reserves."""
    firmware = build_firmware(prepared.board, sources, output)
    if prepared.board.build.arch != "host":
        check_reserves(prepared.board, firmware.accounts)
    return firmware


def _publish(scratch: Path, names: Sequence[str], output: Path) -> None:
    """Copies finished files into `output`: each under a temporary name first, then all renamed: a failure leaves
    the folder as it was and nobody ever finds half a file."""
    staged = [(output / f".{name}.{os.getpid()}", output / name) for name in names]
    try:
        output.mkdir(parents=True, exist_ok=True)
        for (temporary, _), name in zip(staged, names, strict=True):
            shutil.copy(scratch / name, temporary)
        for temporary, target in staged:
            temporary.replace(target)
    except OSError as error:
        for temporary, _ in staged:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
        raise EdgeError(FILE_WRITE, f"{output} cannot be written", why=error.strerror or "") from None
